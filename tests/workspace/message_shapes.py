"""How files and messages look as Slack's JSON."""

import re

from tests.workspace.records import Canvas, Channel, File, Json, Message
from tests.workspace.shapes import bot_json
from tests.workspace.state import SlackState

_REPLIERS_SHOWN = 5


def file_json(state: SlackState, file: File, *, origin: str) -> Json:
    """Return what files.info says, with the fields of pictures and videos."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    safe_name = re.sub(r"[^\w.-]+", "_", file.name).lower() or "file"
    private = f"{origin}/files-pri/{state.app.team_id}-{file.id}"
    told: Json = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": file.filetype,
        "pretty_type": file.filetype.upper(),
        "user": file.user_id,
        "user_team": state.members[file.user_id].team_id,
        "editable": False,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": True,
        "public_url_shared": False,
        "display_as_bot": False,
        "file_access": "visible",
        "url_private": f"{private}/{safe_name}",
        "url_private_download": f"{private}/download/{safe_name}",
        "permalink": f"{origin}/_page/files/{file.id}",
        "has_rich_preview": False,
        "shares": _shares(state, file),
        "channels": [one for one in file.shares if one.startswith("C")],
        "groups": [one for one in file.shares if one.startswith("G")],
        "ims": [one for one in file.shares if one.startswith("D")],
    }
    if file.alt_txt:
        told["alt_txt"] = file.alt_txt
    return told | _media_fields(file, thumb=f"{origin}/files-tmb/{state.app.team_id}-{file.id}")


def canvas_json(state: SlackState, canvas: Canvas, *, origin: str) -> Json:
    """Return what files.info says of a canvas."""
    name = f"{state.app.team_id}-{canvas.id}/canvas"
    return {
        "id": canvas.id,
        "created": canvas.created,
        "timestamp": canvas.created,
        "updated": canvas.updated,
        "name": canvas.title,
        "title": canvas.title,
        "mimetype": "application/vnd.slack-docs",
        "filetype": "quip",
        "pretty_type": "Canvas",
        "mode": "quip",
        "user": canvas.user_id,
        "editable": True,
        "size": len(canvas.markdown.encode()),
        "is_external": False,
        "url_private": f"{origin}/files-pri/{name}",
        "url_private_download": f"{origin}/files-pri/{name}",
        "permalink": f"{origin}/docs/{state.app.team_id}/{canvas.id}",
        "channels": [canvas.channel_id] if canvas.channel_id else [],
    }


def _media_fields(file: File, *, thumb: str) -> Json:
    if file.is_video:
        return {
            "media_display_type": "video",
            "mp4": f"{thumb}/file.mp4",
            "duration_ms": file.duration_ms,
            "thumb_video": f"{thumb}/thumb_video.jpeg",
            "thumb_video_w": file.thumb_width,
            "thumb_video_h": file.thumb_height,
        }
    if file.is_image and file.width:
        sizes = {f"thumb_{size}": f"{thumb}/thumb_{size}.jpeg" for size in (64, 80, 160, 360)}
        return sizes | {
            "original_w": file.width,
            "original_h": file.height,
            "thumb_360_w": file.thumb_width,
            "thumb_360_h": file.thumb_height,
        }
    return {}


def _shares(state: SlackState, file: File) -> Json:
    shares: Json = {}
    for channel_id, stamps in file.shares.items():
        channel = state.channels[channel_id]
        kind = "private" if channel.is_private or channel.is_im else "public"
        shares.setdefault(kind, {})[channel_id] = [
            _share(state, channel, ts) for ts in stamps if state.message(channel_id, ts)
        ]
    return shares


def _share(state: SlackState, channel: Channel, ts: str) -> Json:
    message = state.messages[channel.id][ts]
    told: Json = {"ts": ts, "channel_name": channel.name, "team_id": channel.team_id}
    told["share_user_id"] = message.user_id
    return told | {"thread_ts": message.thread_ts} if message.thread_ts else told


def message_json(
    state: SlackState, message: Message, *, origin: str, include_metadata: bool = False
) -> Json:
    """Return a message as history, replies and events carry it."""
    if message.deleted:
        return _tombstone(message) | thread_fields(state, message)
    told: Json = {
        "type": "message",
        "ts": message.ts,
        "text": message.text,
        "team": message.team_id,
    }
    optional: Json = {
        "user": message.user_id,
        "username": message.username,
        "subtype": message.subtype,
        "client_msg_id": message.client_msg_id,
        "bot_id": message.bot_id,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "edited": message.edited,
        "files": [file_json(state, state.files[one], origin=origin) for one in message.files],
        "reactions": reactions_json(message),
    }
    told |= {key: value for key, value in optional.items() if value}
    if message.bot_id == state.app.bot_id:
        told |= {"app_id": state.app.id, "bot_profile": bot_json(state)}
    if message.metadata and include_metadata:
        told["metadata"] = message.metadata
    return told | thread_fields(state, message)


def _tombstone(message: Message) -> Json:
    return {
        "type": "message",
        "subtype": "tombstone",
        "user": "USLACKBOT",
        "text": "This message was deleted.",
        "hidden": True,
        "ts": message.ts,
    }


def thread_fields(state: SlackState, message: Message) -> Json:
    """Return what ties a reply to its parent, or counts a parent's replies."""
    if message.is_reply and message.thread_ts is not None:
        parent = state.messages[message.channel_id].get(message.thread_ts)
        told: Json = {"thread_ts": message.thread_ts}
        return told | {"parent_user_id": parent.user_id} if parent else told
    replies = state.replies(message.channel_id, message.ts)
    if not replies:
        return {}
    repliers = list(dict.fromkeys(one.user_id for one in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(repliers),
        "reply_users": repliers[:_REPLIERS_SHOWN],
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def reactions_json(message: Message) -> list[Json]:
    """Return the emoji below a message with their people."""
    return [
        {"name": name, "users": list(users), "count": len(users)}
        for name, users in message.reactions.items()
    ]
