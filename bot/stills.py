"""What a still is, and what people look at: its poster, with the slate below the picture.

The work happens in a child process with bounded memory; this module imports no decoder.
"""

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot._media_run import Lost, desk_in, in_child
from bot.media import Slate
from bot.pictures import Picture, PictureProblem


@dataclass(frozen=True)
class Developed:
    """What a still's original is, and where its poster lies."""

    picture: Picture
    poster: Path


async def develop(
    original: Path, slate: Slate, into: Path, *, limit_seconds: float = 60
) -> Developed:
    """Describe a still and put poster.jpg into a folder: upright, sRGB, 8 bits, slated.

    Raises PictureProblem for what a person must hear about the file, OSError if the disk is full.
    """
    async with desk_in(into, prefix=".still-") as desk:
        told = await _told(original, slate, desk, limit_seconds)
        poster = await asyncio.to_thread((desk / "poster.jpg").replace, into / "poster.jpg")
    return Developed(Picture(**told), poster)


async def _told(original: Path, slate: Slate, desk: Path, limit_seconds: float) -> dict[str, Any]:
    job = {
        "original": str(await asyncio.to_thread(original.resolve)),
        "slate": asdict(slate),
        "desk": str(await asyncio.to_thread(desk.resolve)),
        "limit_seconds": limit_seconds,
    }
    try:
        return await in_child("bot._still_child", job, PictureProblem, limit_seconds=limit_seconds)
    except TimeoutError:
        raise PictureProblem(
            f"The picture was given up: preparing it took longer than {limit_seconds:g} seconds."
        ) from None
    except Lost as lost:
        raise PictureProblem(f"The picture cannot be read: its decoder {lost}.") from lost
