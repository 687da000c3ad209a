"""What can be done with a canvas, by the app and by hand. Every canvas is a file too."""

import secrets
from typing import Any

from tests.workspace.canvas_text import complaint_about, kind_of, said_in, sections_of
from tests.workspace.errors import SlackError, bad_arguments
from tests.workspace.hub import Hub
from tests.workspace.records import Canvas, Channel, Json, Section
from tests.workspace.state import new_id

HEADERS = {"h1", "h2", "h3"}
_BESIDE = {"insert_before": 0, "insert_after": 1}


def create(hub: Hub, title: str, markdown: str, *, channel: Channel | None, user_id: str) -> Canvas:
    """Make a canvas; with a channel it is one of the channel's tabs."""
    canvas = Canvas(
        id=new_id("F"),
        title=title or "Untitled",
        user_id=user_id,
        channel_id=channel.id if channel else None,
        sections=written(hub, markdown, "canvas_creation_failed"),
        created=int(hub.state.now),
    )
    hub.state.canvases[canvas.id] = canvas
    return _changed(hub, canvas)


def edit(hub: Hub, canvas: Canvas, change: Json) -> None:
    """Do one operation."""
    operation = change.get("operation")
    if operation == "rename":
        canvas.title = _markdown(change, "title_content")
    elif operation == "delete":
        canvas.sections.pop(_position(canvas, change))
    elif operation == "replace" and not change.get("section_id"):
        canvas.sections = _content(hub, change)
    else:
        _write(hub, canvas, change, operation)
    _changed(hub, canvas)


def remove(hub: Hub, canvas: Canvas) -> None:
    """Delete a canvas for good."""
    canvas.deleted = True
    _changed(hub, canvas)


def lookup(canvas: Canvas, *, kinds: set[str], text: str) -> list[Section]:
    """Find sections by the kind of heading they are, and by what they say, top to bottom."""
    wanted = HEADERS if "any_header" in kinds else kinds
    return [
        one
        for one in canvas.sections
        if (not wanted or kind_of(one.markdown) in wanted) and text in said_in(one.markdown)
    ]


def written(hub: Hub, markdown: str, refusal: str) -> list[Section]:
    """Make sections of Markdown, or refuse it."""
    if complaint := complaint_about(markdown):
        raise SlackError(refusal, detail=complaint)
    apart = hub.state.canvas_rules.items_apart
    return [
        Section(f"temp:C:{secrets.token_hex(14)}", one)
        for one in sections_of(markdown, items_apart=apart)
    ]


def _write(hub: Hub, canvas: Canvas, change: Json, operation: Any) -> None:
    if operation == "insert_at_start":
        canvas.sections[:0] = _content(hub, change)
    elif operation == "insert_at_end":
        canvas.sections += _content(hub, change)
    elif operation in _BESIDE:
        at = _position(canvas, change) + _BESIDE[operation]
        canvas.sections[at:at] = _content(hub, change)
    elif operation == "replace":
        at = _position(canvas, change)
        canvas.sections[at : at + 1] = _content(hub, change)
    else:
        raise bad_arguments("unknown operation [json-pointer:/changes/0/operation]")


def _content(hub: Hub, change: Json) -> list[Section]:
    markdown = _markdown(change, "document_content")
    most = hub.state.canvas_rules.edit_characters
    if most and len(markdown) > most:
        raise SlackError("canvas_editing_failed", detail="Content too long")
    return written(hub, markdown, "canvas_editing_failed")


def _markdown(change: Json, name: str) -> str:
    given = change.get(name)
    if not isinstance(given, dict) or "markdown" not in given:
        raise bad_arguments(f"missing required field: {name} [json-pointer:/changes/0]")
    return str(given["markdown"])  # pyright: ignore[reportUnknownArgumentType] - JSON


def _position(canvas: Canvas, change: Json) -> int:
    wanted = change.get("section_id")
    if not wanted:
        raise bad_arguments("missing required field: section_id [json-pointer:/changes/0]")
    for index, section in enumerate(canvas.sections):
        if section.id == wanted:
            return index
    raise SlackError("canvas_editing_failed", detail="Invalid section_id")


def _changed(hub: Hub, canvas: Canvas) -> Canvas:
    canvas.updated = int(hub.state.now)
    change = {"kind": "canvas.changed", "canvas_id": canvas.id, "channel_id": canvas.channel_id}
    hub.state.publish(change)
    return canvas
