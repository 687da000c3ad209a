"""What an input of a form holds, whatever kind of input it is."""

from typing import Any

Json = dict[str, Any]
_SEVERAL = ("selected_users", "selected_conversations", "selected_channels", "files")
_ONE = (
    "selected_user", "selected_conversation", "selected_channel", "selected_date", "selected_time",
)  # fmt: skip


def value_of(state: Json) -> Any:
    """Give a text, a number as text, an option's value, a list of ids, or uploaded files."""
    if "selected_options" in state:
        options: list[Json] = state["selected_options"] or []
        return [each["value"] for each in options]
    for name in _SEVERAL:
        if name in state:
            return state[name] or []
    for name in _ONE:
        if name in state:
            return state[name] or ""
    option: Json = state.get("selected_option") or {}
    return option.get("value") if option else state.get("value")
