"""`files.*`: uploads by URL, and what is known about a file."""

from typing import Any, cast

from tests.workspace import acts, uploads
from tests.workspace.blocks import checked_message_blocks
from tests.workspace.errors import SlackError, bad_arguments
from tests.workspace.limits import Tier
from tests.workspace.message_shapes import canvas_json, file_json
from tests.workspace.records import Canvas, Channel, File, Json, Message
from tests.workspace.webapi._call import Call, method

MAX_ALT_TEXT = 1000
MAX_CHANNELS = 100


@method("files.getUploadURLExternal", Tier.FOUR, "files:write")
def get_upload_url(call: Call) -> Json:
    """Hand out an address to send bytes to."""
    name, size = call.required("filename"), call.number("length", 0)
    if size <= 0:
        raise bad_arguments("must be greater than 0 [json-pointer:/length]")
    alt_txt = call.text("alt_txt")
    if len(alt_txt) > MAX_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    bot = call.state.app.bot_user_id
    file = uploads.announce(call.hub, name, size=size, user_id=bot, alt_txt=alt_txt)
    url = f"{call.hub.origin}/upload/v1/{file.id}/{file.secret}"
    return {"upload_url": url, "file_id": file.id}


@method("files.completeUploadExternal", Tier.FOUR, "files:write")
async def complete_upload(call: Call) -> Json:
    """Finish uploads; sharing happens a moment later, so `shares` is still empty here."""
    files = _uploaded(call)
    channels = _channels(call)
    thread_ts = _thread(call, channels)
    blocks = checked_message_blocks(call.value("blocks", "invalid_blocks_format"), _scopes(call))
    for file, title in files:
        await uploads.complete(call.hub, file, title)
    told = [file_json(call.state, file, origin=call.hub.origin) for file, _ in files]
    for channel in channels:
        message = _carrier(call, channel, thread_ts)
        message.blocks = blocks
        call.hub.delivery.spawn(_share_soon(call, message, [file for file, _ in files]))
    return {"files": told}


async def _share_soon(call: Call, message: Message, files: list[File]) -> None:
    message.ts = call.state.next_ts()
    uploads.share(call.hub, message, files)


@method("files.info", Tier.FOUR, "files:read")
def files_info(call: Call) -> Json:
    """Tell about a file that the app can see; a canvas is one too."""
    if canvas := _known_canvas(call):
        return {"file": canvas_json(call.state, canvas, origin=call.hub.origin), "comments": []}
    file = _known(call)
    told = file_json(call.state, file, origin=call.hub.origin)
    return {"file": told, "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.delete", Tier.THREE, "files:write")
def files_delete(call: Call) -> Json:
    """Delete one of the bot's own files."""
    file = _known(call)
    if file.user_id != call.state.app.bot_user_id:
        raise SlackError("cant_delete_file")
    acts.remove_file(call.hub, file)
    return {}


def _known_canvas(call: Call) -> Canvas | None:
    canvas = call.state.canvases.get(call.required("file"))
    if canvas is None or not call.state.shows_canvas(canvas):
        return None
    if canvas.deleted:
        raise SlackError("file_deleted")
    return canvas


def _known(call: Call) -> File:
    file = call.state.files.get(call.required("file"))
    if file is None or not file.is_complete:
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    is_own = file.user_id == call.state.app.bot_user_id
    if not is_own and not any(call.state.has_app(one) for one in file.shares):
        raise SlackError("file_not_found")
    return file


def _uploaded(call: Call) -> list[tuple[File, str]]:
    listed = call.value("files")
    if not isinstance(listed, list) or not listed:
        raise bad_arguments("missing required field: files")
    found: list[tuple[File, str]] = []
    for one in cast("list[dict[str, Any]]", listed):
        file = call.state.files.get(str(one.get("id")))
        if file is None or file.is_complete or not file.path.exists():
            raise SlackError("file_not_found")
        found.append((file, str(one.get("title") or "")))
    return found


def _channels(call: Call) -> list[Channel]:
    """Return where to share; the bot must be a member everywhere."""
    wanted = [one for one in call.text("channels").split(",") if one]
    wanted = wanted or [one for one in [call.text("channel_id")] if one]
    if len(wanted) > MAX_CHANNELS:
        raise SlackError("invalid_channel")
    rooms = [Call(call.hub, {"channel": one}).room() for one in wanted]
    if any(room.is_archived for room in rooms):
        raise SlackError("is_archived")
    return rooms


def _thread(call: Call, channels: list[Channel]) -> str | None:
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    if len(channels) != 1:
        raise bad_arguments("thread_ts needs exactly one channel")
    if call.state.message(channels[0].id, thread_ts) is None:
        raise SlackError("thread_not_found")
    return thread_ts


def _carrier(call: Call, channel: Channel, thread_ts: str | None) -> Message:
    app = call.state.app
    return Message(
        ts="",
        channel_id=channel.id,
        user_id=app.bot_user_id,
        team_id=app.team_id,
        text=call.text("initial_comment"),
        thread_ts=thread_ts,
        bot_id=app.bot_id,
    )


def _scopes(call: Call) -> list[str]:
    return call.state.app.scopes
