"""`conversations.*`: channels and what was said there."""

from tests.workspace import acts
from tests.workspace.errors import SlackError
from tests.workspace.limits import Tier
from tests.workspace.message_shapes import message_json
from tests.workspace.records import Channel, Json, Message
from tests.workspace.shapes import channel_json
from tests.workspace.webapi._call import Call, method
from tests.workspace.webapi._pages import cursor_to, limit_of, page, start_of


@method("conversations.info", Tier.THREE)
def info(call: Call) -> Json:
    """Tell about a channel."""
    return {"channel": channel_json(call.state, call.channel("read"))}


@method("conversations.list", Tier.TWO, "channels:read", "groups:read", "im:read")
def list_all(call: Call) -> Json:
    """Tell about every channel of the kinds asked for."""
    kinds = set(call.text("types", "public_channel").split(","))
    found = [one for one in call.state.channels.values() if _is_listed(call, one, kinds)]
    if call.flag("exclude_archived"):
        found = [one for one in found if not one.is_archived]
    shown, metadata = page(call, found, default=100)
    return {"channels": [channel_json(call.state, one) for one in shown]} | metadata


def _is_listed(call: Call, channel: Channel, kinds: set[str]) -> bool:
    if channel.is_im:
        return "im" in kinds and call.state.has_app(channel.id)
    if channel.is_private:
        return "private_channel" in kinds and call.state.has_app(channel.id)
    return "public_channel" in kinds


@method("conversations.members", Tier.FOUR)
def members(call: Call) -> Json:
    """Tell who is in a channel, outsiders included."""
    channel = call.channel("read")
    shown, metadata = page(call, sorted(channel.member_ids), default=100)
    return {"members": list(shown)} | metadata


@method("conversations.history", Tier.THREE)
def history(call: Call) -> Json:
    """Tell what was said, newest first, without replies."""
    channel = call.room("history")
    said = [one for one in _kept(call, channel) if _is_between(call, one)]
    said = [one for one in said if not one.is_reply or one.is_broadcast]
    shown, metadata = page(call, said[::-1], default=100)
    has_more = bool(metadata["response_metadata"]["next_cursor"])
    told = [_told(call, one) for one in shown]
    return {"messages": told, "has_more": has_more, "pin_count": 0} | (metadata if has_more else {})


@method("conversations.replies", Tier.THREE)
def replies(call: Call) -> Json:
    """Tell a thread, oldest first; its first message opens every page."""
    channel = call.room("history")
    ts = call.required("ts")
    parent = call.state.messages[channel.id].get(ts)
    below = call.state.replies(channel.id, ts)
    if parent is None or parent.ephemeral_to is not None or (parent.deleted and not below):
        raise SlackError("thread_not_found")
    below = [one for one in below if _is_between(call, one)]
    start, limit = start_of(call), limit_of(call, MOST_REPLIES)
    following = start + max(limit - 1, 1)
    told = [_told(call, one) for one in [parent, *below[start:following]]]
    if following >= len(below):
        return {"messages": told, "has_more": False}
    metadata = {"next_cursor": cursor_to(following)}
    return {"messages": told, "has_more": True, "response_metadata": metadata}


MOST_REPLIES = 1000


@method("conversations.join", Tier.THREE, "channels:join")
def join(call: Call) -> Json:
    """Let the bot into a public channel."""
    channel = call.channel()
    if channel.is_private or channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if not call.state.has_app(channel.id):
        acts.join(call.hub, channel, call.state.app.bot_user_id)
    return {"channel": channel_json(call.state, channel)}


@method("conversations.open", Tier.THREE, "im:write")
def open_direct(call: Call) -> Json:
    """Open the direct message with one person."""
    users = [one for one in call.text("users").split(",") if one]
    if not users:
        return {"channel": {"id": call.channel().id}}
    if len(users) > 1:
        call.need("mpim:write")
    if any(one not in call.state.members for one in users):
        raise SlackError("user_not_found")
    channel = call.state.direct_channel(call.state.app.bot_user_id, *users)
    if call.flag("return_im"):
        return {"channel": channel_json(call.state, channel)}
    return {"channel": {"id": channel.id}}


def _kept(call: Call, channel: Channel) -> list[Message]:
    """Return what is still there, and the tombstones of threads."""
    return [
        one
        for one in call.state.messages[channel.id].values()
        if one.ephemeral_to is None and (not one.deleted or call.state.replies(channel.id, one.ts))
    ]


def _is_between(call: Call, message: Message) -> bool:
    oldest, latest = call.text("oldest", "0"), call.text("latest", "9999999999")
    try:
        moment, after, before = float(message.ts), float(oldest), float(latest)
    except ValueError as error:
        raise SlackError("invalid_ts_oldest") from error
    if call.flag("inclusive"):
        return after <= moment <= before
    return after < moment < before


def _told(call: Call, message: Message) -> Json:
    include_metadata = call.flag("include_all_metadata")
    return message_json(
        call.state, message, origin=call.hub.origin, include_metadata=include_metadata
    )
