"""What an app answers to an external select: its options, held against Slack's limits."""

from typing import cast

from tests.workspace.blocks import checked_message_blocks
from tests.workspace.errors import SlackError
from tests.workspace.records import Json

LEAST_TYPED = 3
"""How much must be typed before the app is asked, where the element does not say."""


def least_typed(element: Json) -> int:
    """Return how many characters must be typed before the app is asked."""
    return int(element.get("min_query_length", LEAST_TYPED))


def options_in(answer: Json) -> list[Json]:
    """Return the options of an answer, those of its groups included.

    A SlackError names what Slack's client would not show; the client itself only says that
    nothing could be loaded.
    """
    if ("options" in answer) == ("option_groups" in answer):
        raise SlackError("invalid_options")
    groups = cast("list[Json]", answer.get("option_groups") or [])
    options = cast("list[Json]", answer.get("options") or [])
    if not groups and not options:
        return []
    menu = {"option_groups": groups} if groups else {"options": options}
    element = {"type": "static_select", "action_id": "offered", **menu}
    checked_message_blocks([{"type": "actions", "elements": [element]}], [])
    return [*options, *(option for group in groups for option in group["options"])]
