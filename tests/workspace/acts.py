"""What happens when somebody posts, edits, deletes or reacts: the record changes, the app hears.

Each act returns what it changed and the first delivery that told the app about it.
"""

import asyncio
import re

from tests.workspace import payloads
from tests.workspace.delivery import Outcome
from tests.workspace.errors import SlackError
from tests.workspace.hub import Hub
from tests.workspace.message_shapes import message_json
from tests.workspace.records import Channel, File, Json, Message
from tests.workspace.shapes import channel_type

Told = asyncio.Future[Outcome]
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_SUBSCRIPTIONS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


def post(hub: Hub, message: Message) -> list[Told]:
    """Put a message into its channel."""
    channel = hub.state.channels[message.channel_id]
    hub.state.add_message(message)
    if message.is_reply and message.thread_ts:
        hub.state.publish(
            {
                "kind": "message.changed",
                "channel_id": channel.id,
                "ts": message.thread_ts,
                "thread_ts": message.thread_ts,
            }
        )
    if message.ephemeral_to is not None:
        return []
    for file_id in message.files:
        hub.state.files[file_id].shares.setdefault(channel.id, []).append(message.ts)
    told = tell(hub, payloads.message_event(hub, message, channel), channel, message.team_id)
    if _names_the_app(hub, message) and not channel.is_im:
        event = payloads.mention_event(hub, message, channel)
        told += tell(hub, event, channel, message.team_id)
    for file_id in message.files:
        told += tell(hub, _file_event(hub, hub.state.files[file_id], channel), channel)
    return told


def edit(hub: Hub, message: Message, *, by: str, **changes: object) -> list[Told]:
    """Change a message in place and mark it as edited."""
    channel = hub.state.channels[message.channel_id]
    previous = message_json(hub.state, message, origin=hub.origin)
    for name, value in changes.items():
        setattr(message, name, value)
    message.edited = {"user": by, "ts": hub.state.next_ts()}
    hub.state.changed(message)
    if message.ephemeral_to is not None:
        return []
    event = payloads.changed_event(hub, message, channel, previous=previous)
    return tell(hub, event, channel, message.team_id)


def delete(hub: Hub, message: Message) -> list[Told]:
    """Take a message away; a thread keeps a tombstone in its place."""
    channel = hub.state.channels[message.channel_id]
    previous = message_json(hub.state, message, origin=hub.origin)
    message.deleted = True
    hub.state.changed(message, "message.deleted")
    if message.ephemeral_to is not None:
        return []
    event = payloads.deleted_event(hub, message, channel, previous=previous)
    return tell(hub, event, channel, message.team_id)


def react(hub: Hub, message: Message, user_id: str, emoji: str) -> list[Told]:
    """Add somebody's emoji."""
    people = message.reactions.setdefault(emoji, [])
    if user_id in people:
        raise SlackError("already_reacted")
    people.append(user_id)
    return _tell_reaction(hub, message, user_id, emoji, kind="reaction_added")


def unreact(hub: Hub, message: Message, user_id: str, emoji: str) -> list[Told]:
    """Take somebody's emoji away."""
    people = message.reactions.get(emoji, [])
    if user_id not in people:
        raise SlackError("no_reaction")
    people.remove(user_id)
    if not people:
        del message.reactions[emoji]
    return _tell_reaction(hub, message, user_id, emoji, kind="reaction_removed")


def join(hub: Hub, channel: Channel, user_id: str) -> list[Told]:
    """Let somebody into a channel."""
    channel.member_ids.add(user_id)
    hub.state.publish({"kind": "channel.changed", "channel_id": channel.id})
    event: Json = {
        "type": "member_joined_channel",
        "user": user_id,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": hub.state.members[user_id].team_id,
        "event_ts": hub.state.next_ts(),
    }
    return tell(hub, event, channel)


def remove_file(hub: Hub, file: File) -> None:
    """Delete a file; messages keep a tombstone in its place."""
    file.deleted = True
    file.path.unlink(missing_ok=True)
    hub.state.publish({"kind": "file.deleted", "file_id": file.id})
    for channel_id, stamps in file.shares.items():
        for ts in stamps:
            hub.state.changed(hub.state.messages[channel_id][ts])


def tell(hub: Hub, event: Json, channel: Channel | None, team_id: str | None = None) -> list[Told]:
    """Send an event if the app subscribed to it and is where it happened."""
    if channel is not None and hub.state.app.bot_user_id not in channel.member_ids:
        return []
    if _subscription(event, channel) not in hub.state.app.events:
        return []
    outer = team_id or hub.state.app.team_id
    body = payloads.envelope(hub.state, event, channel, team_id=outer)
    return [hub.delivery.tell(body)]


def _subscription(event: Json, channel: Channel | None) -> str:
    if event["type"] == "message" and channel is not None:
        return _SUBSCRIPTIONS[channel_type(channel)]
    return str(event["type"])


def _names_the_app(hub: Hub, message: Message) -> bool:
    return hub.state.app.bot_user_id in _MENTION.findall(message.text)


def _file_event(hub: Hub, file: File, channel: Channel) -> Json:
    return {
        "type": "file_shared",
        "channel_id": channel.id,
        "file_id": file.id,
        "user_id": file.user_id,
        "file": {"id": file.id},
        "event_ts": hub.state.next_ts(),
    }


def _tell_reaction(
    hub: Hub, message: Message, user_id: str, emoji: str, *, kind: str
) -> list[Told]:
    hub.state.changed(message, kind.replace("_", "."))
    channel = hub.state.channels[message.channel_id]
    ts = hub.state.next_ts()
    return tell(hub, payloads.reaction_event(kind, message, user_id, emoji=emoji, ts=ts), channel)
