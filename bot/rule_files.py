"""Rule books that are longer than a form: posted as a file, and read from its thread."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import NotNow
from bot.ports import SharedFile
from bot.studio import Studio

SUFFIXES = (".yaml", ".yml")
_MOST = 1 << 20
"""Bytes that are fetched; a rule book is far shorter, and says so itself if it is not."""


async def posted(studio: Studio, channel_id: str, thread_ts: str) -> SharedFile | None:
    """Give the last rule book that was posted in a thread, if there is one."""
    thread = await studio.room.read_thread(channel_id, thread_ts)
    books = [each for each in thread.files if each.name.lower().endswith(SUFFIXES)]
    return books[-1] if books else None


async def text_of(studio: Studio, file: SharedFile) -> str:
    """Fetch a posted file and read it as text. Raises NotNow if it is none."""
    with TemporaryDirectory(prefix="circletake-rules-") as folder:
        path = Path(folder) / "rules.yaml"
        await studio.room.fetch_file(file.file_id, path, limit=_MOST)
        data = await asyncio.to_thread(path.read_bytes)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as wrong:
        told = f"{file.name[:80]} is no text in UTF-8. Save it as such and post it again."
        raise NotNow(told) from wrong
