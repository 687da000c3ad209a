"""Bad days on purpose: what the next call of a method will run into."""

from collections import deque
from dataclasses import dataclass

TIMEOUT = "timeout"
DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Fault:
    """`what` is an HTTP status, one of Slack's error codes, `timeout` or `dropped`.

    `timeout` never answers and does nothing; `dropped` does the thing and then hangs up.
    """

    what: int | str
    retry_after: int = 1


class Faults:
    """What is going to fail, by method; `upload` and `response_url` count as methods."""

    def __init__(self) -> None:
        self._next: dict[str, deque[Fault]] = {}

    def plan(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next calls of a method fail; `*` is any method."""
        self._next.setdefault(method, deque()).extend([fault] * times)

    def due(self, method: str) -> Fault | None:
        """Return the fault this call runs into, if one is planned."""
        for name in (method, "*"):
            if planned := self._next.get(name):
                return planned.popleft()
        return None
