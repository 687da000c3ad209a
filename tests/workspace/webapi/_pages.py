"""Cursors: a long list, a page at a time."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from tests.workspace.errors import SlackError
from tests.workspace.records import Json
from tests.workspace.webapi._call import Call

MOST = 1000
T = TypeVar("T")


def page(call: Call, whole: Sequence[T], *, default: int) -> tuple[Sequence[T], Json]:
    """Return the page that the cursor and limit ask for, and the metadata beside it."""
    start, limit = start_of(call), limit_of(call, default)
    following = start + limit
    cursor = cursor_to(following) if following < len(whole) else ""
    return whole[start:following], {"response_metadata": {"next_cursor": cursor}}


def limit_of(call: Call, default: int) -> int:
    """Return how many the caller wants, within reason."""
    limit = call.number("limit", default)
    if not 0 < limit <= MOST:
        raise SlackError("invalid_limit")
    return limit


def start_of(call: Call) -> int:
    """Return where the cursor points to."""
    cursor = call.text("cursor")
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error) as error:
        raise SlackError("invalid_cursor") from error


def cursor_to(position: int) -> str:
    """Return an opaque word for a position."""
    return base64.b64encode(f"next:{position}".encode()).decode()
