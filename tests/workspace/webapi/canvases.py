"""`canvases.*` and `conversations.canvases.create`.

The error codes are those of Slack's reference. Not certain: that a channel's canvas counts as the
one tab a free team has, and which code a free team's second tab is refused with by canvases.create.
"""

from typing import Any, cast

from tests.workspace import canvases
from tests.workspace.errors import SlackError, bad_arguments
from tests.workspace.limits import Tier
from tests.workspace.records import Canvas, Channel, Json
from tests.workspace.webapi._call import Call, method

_KINDS = {"h1", "h2", "h3", "any_header"}
_LEVELS = {"read", "write", "owner"}


@method("canvases.create", Tier.TWO, "canvases:write")
def create(call: Call) -> Json:
    """Make a canvas; with a channel it becomes one of its tabs."""
    plan = _plan(call)
    channel = _channel(call, "channel_id") if call.text("channel_id") else None
    if plan == "free" and channel is None:
        raise SlackError("free_teams_cannot_create_non_tabbed_canvases")
    if plan == "free" and channel and call.state.canvases_of(channel.id):
        raise SlackError("free_team_canvas_tab_already_exists")
    return {"canvas_id": _made(call, channel).id}


@method("conversations.canvases.create", Tier.TWO, "canvases:write")
def create_for_channel(call: Call) -> Json:
    """Make a channel's own canvas, of which there is one."""
    plan = _plan(call)
    channel = _channel(call, "channel_id")
    there = call.state.canvases_of(channel.id)
    if any(one.is_channels_own for one in there):
        raise SlackError("channel_canvas_already_exists")
    if plan == "free" and there:
        raise SlackError("free_team_canvas_tab_already_exists")
    made = _made(call, channel)
    made.is_channels_own = True
    return {"canvas_id": made.id}


@method("canvases.edit", Tier.THREE, "canvases:write")
def edit(call: Call) -> Json:
    """Do one operation; the reference says that more are not supported in one call."""
    plan = _plan(call)
    canvas = _known(call)
    changes = call.value("changes")
    if not isinstance(changes, list) or len(cast("list[Json]", changes)) != 1:
        raise bad_arguments("must provide an array of one change [json-pointer:/changes]")
    if plan == "free" and canvas.channel_id is None:
        raise SlackError("free_teams_cannot_edit_standalone_canvases")
    canvases.edit(call.hub, canvas, cast("list[Json]", changes)[0])
    return {}


@method("canvases.sections.lookup", Tier.THREE, "canvases:read")
def lookup(call: Call) -> Json:
    """Find sections; only their ids are told."""
    _plan(call)
    canvas = _known(call, deleted="canvas_deleted")
    given = call.value("criteria")
    criteria = cast("Json", given if isinstance(given, dict) else {})
    kinds: set[str] = set(criteria.get("section_types") or [])
    text = str(criteria.get("contains_text") or "")
    if not (kinds or text) or kinds - _KINDS:
        raise bad_arguments("invalid criteria [json-pointer:/criteria]")
    found = canvases.lookup(canvas, kinds=kinds, text=text)
    return {"sections": [{"id": one.id} for one in found]}


@method("canvases.delete", Tier.THREE, "canvases:write")
def delete(call: Call) -> Json:
    """Delete a canvas of the app's own."""
    _plan(call)
    canvas = _known(call)
    if canvas.user_id != call.state.app.bot_user_id:
        raise SlackError("restricted_action")
    canvases.remove(call.hub, canvas)
    return {}


@method("canvases.access.set", Tier.THREE, "canvases:write")
def set_access(call: Call) -> Json:
    """Say which channels or people may read or write."""
    _plan(call)
    canvas = _known(call)
    level = call.required("access_level")
    channels, people = _listed(call, "channel_ids"), _listed(call, "user_ids")
    if level not in _LEVELS or bool(channels) == bool(people):
        raise SlackError("invalid_parameters")
    if any(one not in call.state.channels for one in channels):
        raise SlackError("channel_not_found")
    if any(one not in call.state.members for one in people):
        raise SlackError("user_not_found")
    canvas.access.update(dict.fromkeys([*channels, *people], level))
    return {}


def _plan(call: Call) -> str:
    plan = call.state.canvas_rules.plan
    if plan == "none":
        raise SlackError("canvas_disabled_user_team")
    return plan


def _made(call: Call, channel: Channel | None) -> Canvas:
    content: Any = call.value("document_content") or {}
    if not isinstance(content, dict):
        raise bad_arguments("must provide an object [json-pointer:/document_content]")
    given = cast("Json", content)
    if given and given.get("type") != "markdown":
        raise bad_arguments("must be markdown [json-pointer:/document_content/type]")
    return canvases.create(
        call.hub,
        call.text("title"),
        str(given.get("markdown", "")),
        channel=channel,
        user_id=call.state.app.bot_user_id,
    )


def _channel(call: Call, name: str) -> Channel:
    return Call(call.hub, {"channel": call.required(name)}).room()


def _known(call: Call, *, deleted: str = "canvas_not_found") -> Canvas:
    canvas = call.state.canvases.get(call.required("canvas_id"))
    if canvas is None or not call.state.shows_canvas(canvas):
        raise SlackError("canvas_not_found")
    if canvas.deleted:
        raise SlackError(deleted)
    return canvas


def _listed(call: Call, name: str) -> list[str]:
    given: Any = call.arguments.get(name)
    if isinstance(given, list):
        return [str(one) for one in cast("list[object]", given)]
    return [one for one in str(given or "").split(",") if one]
