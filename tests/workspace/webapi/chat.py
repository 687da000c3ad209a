"""`chat.*`: what the app says."""

from typing import cast

from tests.workspace import acts
from tests.workspace.blocks import checked_message_blocks
from tests.workspace.errors import SlackError
from tests.workspace.limits import Tier
from tests.workspace.message_shapes import message_json
from tests.workspace.records import Channel, Json, Message
from tests.workspace.webapi._call import Call, method

MAX_POSTED, MAX_UPDATED, MAX_MARKDOWN = 40_000, 4_000, 12_000
MAX_ATTACHMENTS = 100


@method("chat.postMessage", Tier.POSTING, "chat:write")
def post_message(call: Call) -> Json:
    """Post as the bot."""
    channel = _where(call)
    message = _drafted(call, channel)
    message.metadata = _metadata(call)
    thread_ts = _thread(call, channel)
    message.thread_ts = thread_ts
    if thread_ts and call.flag("reply_broadcast"):
        message.subtype, message.is_broadcast = "thread_broadcast", True
    acts.post(call.hub, message)
    return {"channel": channel.id, "ts": message.ts, "message": _told(call, message)}


@method("chat.postEphemeral", Tier.FOUR, "chat:write")
def post_ephemeral(call: Call) -> Json:
    """Post for one person's eyes."""
    channel = _where(call)
    user_id = call.required("user")
    if user_id not in channel.member_ids:
        raise SlackError("user_not_in_channel")
    message = _drafted(call, channel)
    message.ephemeral_to = user_id
    message.thread_ts = call.text("thread_ts") or None
    acts.post(call.hub, message)
    return {"message_ts": message.ts}


@method("chat.update", Tier.THREE, "chat:write")
def update(call: Call) -> Json:
    """Change one of the bot's own messages; text without blocks takes the blocks away."""
    channel = _where(call)
    message = _own(call, call.message(channel), "cant_update_message")
    text = call.text("text")
    if len(text) > MAX_UPDATED:
        raise SlackError("msg_too_long")
    draft = _drafted(call, channel, keeps=bool(message.files))
    changes: Json = {"text": draft.text, "blocks": draft.blocks, "attachments": draft.attachments}
    if "metadata" in call.arguments:
        changes["metadata"] = _metadata(call)
    acts.edit(call.hub, message, by=call.state.app.bot_user_id, **changes)
    told = {"channel": channel.id, "ts": message.ts, "text": message.text}
    return told | {"message": _told(call, message)}


@method("chat.delete", Tier.THREE, "chat:write")
def delete(call: Call) -> Json:
    """Take one of the bot's own messages away."""
    channel = _where(call)
    message = _own(call, call.message(channel), "cant_delete_message")
    acts.delete(call.hub, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", Tier.FREE)
def get_permalink(call: Call) -> Json:
    """Return the address of a message, here rather than at slack.com so that it opens."""
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"{call.hub.origin}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _where(call: Call) -> Channel:
    """Return the channel to write to; a user id stands for their direct message."""
    wanted = call.required("channel")
    if wanted in call.state.members:
        return call.state.direct_channel(call.state.app.bot_user_id, wanted)
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    may_drop_in = "chat:write.public" in call.state.app.scopes and not channel.is_private
    if not call.state.has_app(channel.id) and not may_drop_in:
        raise SlackError("not_in_channel")
    return channel


def _drafted(call: Call, channel: Channel, *, keeps: bool = False) -> Message:
    """Return the message that the arguments describe; `keeps` allows it to say nothing."""
    app = call.state.app
    markdown = call.text("markdown_text")
    blocks = checked_message_blocks(call.value("blocks", "invalid_blocks_format"), app.scopes)
    if markdown:
        blocks = _as_markdown(call, markdown)
    attachments = _attachments(call)
    text = call.text("text")[:MAX_POSTED]
    if not (text or blocks or attachments or keeps):
        raise SlackError("no_text")
    return Message(
        ts=call.state.next_ts(),
        channel_id=channel.id,
        user_id=app.bot_user_id,
        team_id=app.team_id,
        text=text or markdown,
        blocks=blocks,
        attachments=attachments,
        bot_id=app.bot_id,
    )


def _as_markdown(call: Call, markdown: str) -> list[Json]:
    if call.text("text") or call.value("blocks"):
        raise SlackError("markdown_text_conflict")
    if len(markdown) > MAX_MARKDOWN:
        raise SlackError("msg_too_long")
    block = {"type": "markdown", "text": markdown}
    return checked_message_blocks([block], call.state.app.scopes)


def _attachments(call: Call) -> list[Json]:
    attachments = cast("list[Json]", call.value("attachments", "invalid_attachments") or [])
    if len(attachments) > MAX_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for number, attachment in enumerate(attachments, start=1):
        attachment["id"] = number
        if "blocks" in attachment:
            scopes = call.state.app.scopes
            attachment["blocks"] = checked_message_blocks(attachment["blocks"], scopes)
    return attachments


def _metadata(call: Call) -> Json | None:
    metadata = call.value("metadata", "invalid_metadata_format")
    if not metadata:
        return None
    payload = metadata.get("event_payload")
    if not metadata.get("event_type") or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    return metadata


def _thread(call: Call, channel: Channel) -> str | None:
    """Return the thread to answer in, which must still be there."""
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    parent = call.state.messages[channel.id].get(thread_ts)
    if parent is None or parent.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    if parent.deleted and not call.state.replies(channel.id, thread_ts):
        raise SlackError("thread_not_found")
    if parent.is_reply:
        raise SlackError("cannot_reply_to_message")
    return thread_ts


def _own(call: Call, message: Message, refusal: str) -> Message:
    if message.bot_id != call.state.app.bot_id:
        raise SlackError(refusal)
    return message


def _told(call: Call, message: Message) -> Json:
    return message_json(call.state, message, origin=call.hub.origin, include_metadata=True)
