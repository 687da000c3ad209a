"""The few inputs that every form is made of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from handlers.cards._parts import Json, cut, option, plain

Choices = Sequence[tuple[str, str]]
"""The (text, value) pairs of a menu."""
Offer = Choices | dict[str, Choices]
"""What an external menu lists for what was typed: choices, or choices under headings."""
_LONGEST = 3000
_LONGEST_VALUE = 150
_BOX = 75
"""What Slack takes below a box."""
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
    offered = _options(options)
    return _several(block_id, label, {"options": offered}, offered, **more)


def several_grouped(
    block_id: str, label: str, groups: dict[str, list[tuple[str, str]]], **more: Any
) -> Json:
    """Make a select of any number of (text, value) pairs under headings; see `several`."""
    drawn = _drawn(groups)
    offered = [each for group in drawn for each in group["options"]]
    return _several(block_id, label, {"option_groups": drawn}, offered, **more)


def external(block_id: str, label: str, chosen: tuple[str, str] | None = None, **more: Any) -> Json:
    """Make a select whose choices we are asked for once `least` characters are typed.

    `chosen` is the (text, value) that stands there at first; `action` is what `Door.suggest` hears.
    """
    element = _typeahead("external_select", more)
    if chosen:
        element["initial_option"] = option(*chosen)
    return _input(block_id, label, element, **more)


def several_external(block_id: str, label: str, chosen: Choices = (), **more: Any) -> Json:
    """Make such a select of any number of choices, or of `most`; see `external`."""
    element = _typeahead("multi_external_select", more)
    if most := more.pop("most", 0):
        element["max_selected_items"] = most
    if chosen:
        element["initial_options"] = _options(chosen)
    return _input(block_id, label, element, **more)


def menu(found: object) -> Json:
    """Give what an external menu is answered: an `Offer` within Slack's limits, else nothing."""
    if isinstance(found, dict):
        groups = cast("dict[str, Choices]", found)
        return {"option_groups": _drawn(groups)}
    return {"options": _options(cast("Choices", found)) if isinstance(found, list) else []}


def _typeahead(kind: str, more: dict[str, Any]) -> Json:
    element: Json = {
        "type": kind,
        "action_id": more.pop("action", "value"),
        "min_query_length": more.pop("least", 0),
    }
    if placeholder := more.pop("placeholder", ""):
        element["placeholder"] = plain(placeholder, 150)
    return element


def _options(choices: Choices) -> list[Json]:
    """Draw what Slack would take: a value cannot be cut, and a choice without a text is none."""
    fit = [each for each in choices if each[0] and 0 < len(each[1]) <= _LONGEST_VALUE]
    return [option(*each) for each in fit[:_MOST_OPTIONS]]


def _drawn(groups: Mapping[str, Choices]) -> list[Json]:
    return [
        {"label": plain(name, 75), "options": options}
        for name, choices in list(groups.items())[:_MOST_OPTIONS]
        if (options := _options(choices))
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


def checks(block_id: str, label: str, boxes: Iterable[tuple[str, str, str]], **more: Any) -> Json:
    """Make boxes to tick, each of (text, value, what is written small below it, if anything)."""
    drawn: list[Json] = []
    for shown, value, below in boxes:
        small = {"description": plain(below, _BOX)} if below else {}
        drawn.append(option(shown, value) | small)
    element: Json = {"type": "checkboxes", "action_id": more.pop("action", "value")}
    return _input(block_id, label, {**element, "options": drawn}, **more)


def uploads(block_id: str, label: str, most: int, **more: Any) -> Json:
    """Make a place for files from somebody's own machine; `Submission.files` gives them."""
    element: Json = {"type": "file_input", "action_id": "value", "max_files": most}
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
