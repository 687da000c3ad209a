"""The few inputs that every form is made of."""

from typing import Any

from handlers.cards._parts import Json, cut, option, plain

_LONGEST = 3000


def modal(callback_id: str, title: str, blocks: list[Json], **more: Any) -> Json:
    """Make a modal; `submit` is the text of its button, without which it has none."""
    submit = more.pop("submit", None)
    buttons = {"submit": plain(submit, 24)} if submit else {}
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain("Cancel" if submit else "Close", 24),
        "blocks": blocks,
        **buttons,
        **more,
    }


def text(block_id: str, label: str, value: str = "", **more: Any) -> Json:
    """Make a text input: `lines` makes it tall, `hint` explains, `optional` lets it be empty."""
    element: Json = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": more.pop("lines", False),
        "max_length": more.pop("most", _LONGEST),
    }
    if value:
        element["initial_value"] = cut(value, element["max_length"])
    if placeholder := more.pop("placeholder", ""):
        element["placeholder"] = plain(placeholder, 150)
    return _input(block_id, label, element, **more)


def choice(block_id: str, label: str, options: list[tuple[str, str]], **more: Any) -> Json:
    """Make a select of (text, value) pairs; `value` is the one chosen at first."""
    offered = [option(shown, value) for shown, value in options]
    wanted = more.pop("value", None)
    element: Json = {"type": "static_select", "action_id": "value", "options": offered}
    first = next((each for each in offered if each["value"] == wanted), None)
    if first:
        element["initial_option"] = first
    return _input(block_id, label, element, **more)


def people(block_id: str, label: str, user_ids: set[str], **more: Any) -> Json:
    """Make a select of several people."""
    element: Json = {"type": "multi_users_select", "action_id": "value"}
    if user_ids:
        element["initial_users"] = sorted(user_ids)
    return _input(block_id, label, element, **more)


def channel(block_id: str, label: str, channel_id: str | None, **more: Any) -> Json:
    """Make a select of one channel."""
    element: Json = {"type": "conversations_select", "action_id": "value"}
    element["filter"] = {"include": ["public", "private"], "exclude_bot_users": True}
    if channel_id:
        element["initial_conversation"] = channel_id
    return _input(block_id, label, element, **more)


def _input(block_id: str, label: str, element: Json, **more: Any) -> Json:
    hint = {"hint": plain(more["hint"], 2000)} if more.get("hint") else {}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
        "optional": more.get("optional", False),
        **hint,
    }
