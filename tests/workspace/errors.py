"""How this Slack says no: one exception with Slack's own error code."""

from typing import Any

from tests.workspace.records import Json


class SlackError(Exception):
    """A refusal in Slack's words; `extra` is what stands beside `error` in the answer."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra: Json = extra

    def answer(self) -> Json:
        """Return the body that the Web API answers with."""
        return {"ok": False, "error": self.code, **self.extra}


def bad_arguments(*complaints: str) -> SlackError:
    """Return the refusal of arguments that are missing or malformed."""
    messages = [f"[ERROR] {complaint}" for complaint in complaints]
    return SlackError("invalid_arguments", response_metadata={"messages": messages})
