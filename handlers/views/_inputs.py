"""The few inputs that every form is made of."""

from typing import Any

from handlers.cards._parts import Json, cut, option, plain

_LONGEST = 3000
_MOST_OPTIONS = 100
"""What Slack takes in one menu, or under one of its headings."""


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
    """Make a text input: `lines` makes it tall, `hint` explains, `optional` lets it be empty.

    Another `action` than before makes Slack forget what stood in it when a form is drawn again.
    """
    element: Json = {
        "type": "plain_text_input",
        "action_id": more.pop("action", "value"),
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
    return _one(block_id, label, {"options": offered}, offered, **more)


def grouped(
    block_id: str, label: str, groups: dict[str, list[tuple[str, str]]], **more: Any
) -> Json:
    """Make a select of (text, value) pairs under headings; `value` is the one chosen at first."""
    drawn = _drawn(groups)
    offered = [each for group in drawn for each in group["options"]]
    return _one(block_id, label, {"option_groups": drawn}, offered, **more)


def several(block_id: str, label: str, options: list[tuple[str, str]], **more: Any) -> Json:
    """Make a select of any number of (text, value) pairs; `values` are those chosen at first."""
    offered = [option(shown, value) for shown, value in options[:_MOST_OPTIONS]]
    return _several(block_id, label, {"options": offered}, offered, **more)


def several_grouped(
    block_id: str, label: str, groups: dict[str, list[tuple[str, str]]], **more: Any
) -> Json:
    """Make a select of any number of (text, value) pairs under headings; see `several`."""
    drawn = _drawn(groups)
    offered = [each for group in drawn for each in group["options"]]
    return _several(block_id, label, {"option_groups": drawn}, offered, **more)


def _drawn(groups: dict[str, list[tuple[str, str]]]) -> list[Json]:
    return [
        {"label": plain(name, 75), "options": [option(*each) for each in options[:_MOST_OPTIONS]]}
        for name, options in groups.items()
        if options
    ]


def _one(block_id: str, label: str, menu: Json, offered: list[Json], **more: Any) -> Json:
    wanted, action = more.pop("value", None), more.pop("action", "value")
    element: Json = {"type": "static_select", "action_id": action, **menu}
    if first := next((each for each in offered if each["value"] == wanted), None):
        element["initial_option"] = first
    return _input(block_id, label, element, **more)


def _several(block_id: str, label: str, menu: Json, offered: list[Json], **more: Any) -> Json:
    wanted = set(more.pop("values", ()))
    element: Json = {
        "type": "multi_static_select",
        "action_id": more.pop("action", "value"),
        **menu,
    }
    if most := more.pop("most", 0):
        element["max_selected_items"] = most
    if placeholder := more.pop("placeholder", ""):
        element["placeholder"] = plain(placeholder, 150)
    if chosen := [each for each in offered if each["value"] in wanted]:
        element["initial_options"] = chosen
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
        **({"dispatch_action": True} if more.get("dispatch") else {}),
        **hint,
    }
