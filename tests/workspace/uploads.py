"""How bytes become a file: announced, received, completed, shared."""

import asyncio
import secrets
from collections.abc import AsyncIterator

from tests.workspace import acts, media
from tests.workspace.acts import Told
from tests.workspace.errors import SlackError
from tests.workspace.hub import Hub
from tests.workspace.records import File, Message
from tests.workspace.state import new_id


def announce(hub: Hub, name: str, *, size: int, user_id: str, alt_txt: str = "") -> File:
    """Open a place for bytes that are about to come."""
    mimetype, filetype = media.kind_of(name)
    file_id = new_id("F")
    file = File(
        id=file_id,
        name=name,
        title=name,
        mimetype=mimetype,
        filetype=filetype,
        size=size,
        path=hub.state.folder / file_id,
        user_id=user_id,
        alt_txt=alt_txt,
        created=int(hub.state.now),
        secret=secrets.token_hex(8),
    )
    hub.state.files[file.id] = file
    return file


async def receive(file: File, pieces: AsyncIterator[bytes]) -> int:
    """Write the bytes to disk as they come, and return how many they were."""
    received = 0
    with file.path.open("wb") as sink:
        async for piece in pieces:
            received += len(piece)
            sink.write(piece)
    return received


async def complete(hub: Hub, file: File, title: str = "") -> None:
    """Look at what came; from now on the file can be shared."""
    if not file.path.exists():
        raise SlackError("file_not_found")
    file.title = title or file.title
    file.size = file.path.stat().st_size
    file.is_complete = True
    if hub.probes_media:
        media.note(file, await asyncio.to_thread(media.probe, file))


def share(hub: Hub, message: Message, files: list[File]) -> list[Told]:
    """Post a message that carries files."""
    message.files = [file.id for file in files]
    message.subtype = message.subtype or "file_share"
    return acts.post(hub, message)
