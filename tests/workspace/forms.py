"""What a person enters into elements, in the shape that `state.values` has."""

from typing import Any, cast

from tests.workspace.block_rules import INPUTS
from tests.workspace.blocks import elements_of
from tests.workspace.records import Json

_ONE = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
_MANY = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "file_input": "files",
}
_OPTION = {"static_select", "external_select", "radio_buttons", "overflow"}
_OPTIONS = {"multi_static_select", "multi_external_select", "checkboxes"}
_STATELESS = {"button", "overflow", "workflow_button", "feedback_buttons", "icon_button"}


def initial_values(view: Json) -> Json:
    """Return `state.values` as it is before anybody touched the view."""
    values: Json = {}
    for block in cast("list[Json]", view.get("blocks", [])):
        for element in elements_of(block):
            if element["type"] not in _STATELESS:
                entered = {"type": element["type"]} | _initially(element)
                values.setdefault(block["block_id"], {})[element["action_id"]] = entered
    return values


def _initially(element: Json) -> Json:
    kind = str(element["type"])
    if kind in _OPTION:
        return {"selected_option": element.get("initial_option")}
    if kind in _OPTIONS:
        return {"selected_options": element.get("initial_options", [])}
    if kind in _ONE:
        name = _ONE[kind]
        return {name: element.get(name.replace("selected", "initial"))}
    if kind in _MANY:
        name = _MANY[kind]
        return {name: element.get(name.replace("selected", "initial"), [])}
    name = "rich_text_value" if kind == "rich_text_input" else "value"
    return {name: element.get("initial_value")}


def entered(element: Json, value: Any) -> Json:
    """Return what the element says once a person entered the value.

    Options are named by their value or their visible text; a LookupError names one that is not
    offered. An external select offers what it listed (`with_offered`) and what the app proposed.
    """
    kind = str(element["type"])
    if kind in _OPTION:
        return {"type": kind, "selected_option": _option(element, value)}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": [_option(element, one) for one in _all(value)]}
    if kind in _ONE:
        return {"type": kind, _ONE[kind]: value}
    if kind in _MANY:
        return {"type": kind, _MANY[kind]: _all(value)}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": value}
    return {"type": kind, "value": None if value in {None, ""} else str(value)}


def is_empty(entry: Json) -> bool:
    """Tell whether nothing was entered."""
    return not any(value for name, value in entry.items() if name != "type")


def refusal_of(element: Json, entry: Json) -> str | None:
    """Return what Slack's own client says about an entry before it bothers the app."""
    if element["type"] not in INPUTS:
        return None
    text = str(entry.get("value") or "")
    least, most = element.get("min_length"), element.get("max_length", 3000)
    if text and least and len(text) < least:
        return f"Must be at least {least} characters."
    if len(text) > most:
        return f"Must be no more than {most} characters."
    return _number_refusal(element, text) if element["type"] == "number_input" and text else None


def _number_refusal(element: Json, text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return "Enter a number."
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < float(least):
        return f"Must be at least {least}."
    return f"Must be no more than {most}." if most is not None and number > float(most) else None


def _all(value: Any) -> list[Any]:
    if value is None:
        return []
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _option(element: Json, value: Any) -> Json | None:
    if value is None or isinstance(value, dict):
        return cast("Json | None", value)
    for option in _offered(element):
        if value in {option["value"], option["text"]["text"]}:
            return option
    offered = ", ".join(option["value"] for option in _offered(element))
    raise LookupError(f"{value!r} is not offered; there is {offered}.")


def _offered(element: Json) -> list[Json]:
    grouped = [one for group in element.get("option_groups", []) for one in group["options"]]
    if not str(element["type"]).endswith("external_select"):
        return [*element.get("options", []), *grouped]
    proposed = [element.get("initial_option"), *element.get("initial_options", [])]
    return [*element.get("options", []), *(one for one in proposed if one)]


def with_offered(element: Json, offered: dict[tuple[str, str], list[Json]], block_id: str) -> Json:
    """Return an external select with what it has listed so far; anything else as it is."""
    if not str(element["type"]).endswith("external_select"):
        return element
    return element | {"options": offered.get((block_id, element["action_id"]), [])}
