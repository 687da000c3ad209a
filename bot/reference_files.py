"""What a reference's file is, by its bytes, and a small plain copy of it for people to look at.

A child process with bounded memory opens it; this module imports no decoder.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot._media_run import Lost, desk_in, in_child
from bot._reference_sniff import ReferenceProblem as ReferenceProblem  # noqa: PLC0414 - ours to give
from bot.media import ffmpeg_here
from storage.models import FileForm

LIMIT_SECONDS = 120


@dataclass(frozen=True)
class Examined:
    """What a file of a reference turned out to be."""

    form: FileForm
    kind: str
    """In a person's words: `JPEG picture, 4000 by 3000`, with its sign."""
    width: int
    """As shown, upright; 0 for a document."""
    height: int
    size: int
    likeness: str
    """Of a picture, for bot.likeness; empty where it would tell nothing."""
    shown: Path | None
    """Upright, sRGB, 8 bits, no metadata, at most 1280 a side; a clip's poster; no document's."""
    notes: tuple[str, ...]
    """Sentences that are worth telling to whoever brought the file."""


async def examine(path: Path, into: Path, *, name: str = "") -> Examined:
    """Tell what a file is and put its copy for showing into a folder, or raise ReferenceProblem.

    `name` is what people call the file, if that is not the path's own name; it decides nothing,
    but a name that promises something else is worth a note. Raises OSError for the machine's
    troubles.
    """
    async with desk_in(into, prefix=".reference-") as desk:
        told = await _told(path, desk)
        if shown := told.get("shown"):
            target = into / f"{path.stem}-{shown}"
            shown = await asyncio.to_thread((desk / shown).replace, target)
    return _examined(told, shown, name or path.name)


async def _told(path: Path, desk: Path) -> dict[str, Any]:
    job = {
        "path": str(await asyncio.to_thread(path.resolve)),
        "desk": str(await asyncio.to_thread(desk.resolve)),
        "ffmpeg": await asyncio.to_thread(ffmpeg_here),
        "limit_seconds": LIMIT_SECONDS,
    }
    try:
        return await in_child(
            "bot._reference_child", job, ReferenceProblem, limit_seconds=LIMIT_SECONDS
        )
    except TimeoutError:
        raise ReferenceProblem("The file was given up: reading it took too long.") from None
    except Lost as lost:
        raise ReferenceProblem(f"The file cannot be read: its decoder {lost}.") from lost


def _examined(told: dict[str, Any], shown: Path | None, name: str) -> Examined:
    return Examined(
        form=FileForm(told["form"]),
        kind=told["kind"],
        width=told.get("width", 0),
        height=told.get("height", 0),
        size=told["size"],
        likeness=told.get("likeness", ""),
        shown=shown,
        notes=(*_misnamed(name, told), *told["notes"]),
    )


KNOWN = {
    "avif", "bmp", "gif", "jpg", "jpeg", "png", "tif", "tiff", "webp", "heic", "psd", "svg",
    "mp4", "m4v", "mov", "qt", "webm", "mkv", "avi", "mts", "m2ts", "mp3", "wav",
    "pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ppt", "pptx", "zip", "exe",
}  # fmt: skip
"""Endings that promise something; any other says nothing about what a file is."""


def _misnamed(name: str, told: dict[str, Any]) -> list[str]:
    said = Path(name).suffix.lower().removeprefix(".")
    fitting = {*told["suffixes"]}
    if said not in KNOWN or said in fitting or (said in QUICKTIME and fitting & QUICKTIME):
        return []
    what = told["kind"].partition(",")[0]
    return [f"Its name ends in .{said}, but it is {_article(what)} {what}."]


QUICKTIME = {"mp4", "m4v", "mov", "qt"}
"""Programs confuse these two, and nobody is hurt."""


def _article(what: str) -> str:
    return "an" if what[0] in "AO" or what.startswith("MP4") else "a"
