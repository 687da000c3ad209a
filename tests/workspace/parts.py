"""Blocks, views and a clock that tests of the small Slack share."""

from typing import Any

from tests.workspace.records import Json


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def field(label: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": label.lower(),
        "label": plain(label),
        "element": element,
    } | more


def modal(*blocks: Json, **more: Any) -> Json:
    title, submit = plain("Scene"), plain("Make")
    return {
        "type": "modal",
        "callback_id": "scene",
        "title": title,
        "submit": submit,
        "blocks": list(blocks) or [{"type": "divider"}],
    } | more


TEXT: Json = {"type": "plain_text_input", "action_id": "text", "max_length": 20}
RATIO: Json = {
    "type": "static_select",
    "action_id": "ratio",
    "options": [option("wide"), option("tall")],
    "initial_option": option("wide"),
}


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now
