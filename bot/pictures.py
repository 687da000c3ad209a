"""What a reference picture is, and a small, plain copy of it for people to look at.

Pillow opens the file in a child process with bounded memory; this module imports no decoder.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot._media_run import Lost, desk_in, in_child

LIMIT_SECONDS = 60


class PictureProblem(Exception):  # noqa: N818 - a person reads it; it is no error of ours
    """The file is no picture we take; its text is one sentence for a person."""


@dataclass(frozen=True)
class Picture:
    """What the content of a file is, whatever its name says."""

    format: str
    """Pillow's name: PNG, JPEG, WEBP, TIFF ..."""
    width: int
    """As shown, after the turn that the camera noted."""
    height: int
    mode: str
    has_alpha: bool
    is_animated: bool
    """Always False: an animated picture is refused."""
    exif_rotated: bool


async def inspect(path: Path) -> Picture:
    """Decode a picture to the last row and describe it, or raise PictureProblem."""
    return Picture(**await _told({"path": str(await asyncio.to_thread(path.resolve))}))


async def thumbnail(path: Path, into: Path, *, long_side: int = 1280) -> Path:
    """Put a copy into a folder: upright, sRGB, 8 bits, without metadata, never enlarged.

    It is called NAME-small.png if the picture may be transparent, else NAME-small.jpg.
    """
    async with desk_in(into, prefix=".picture-") as desk:
        source = str(await asyncio.to_thread(path.resolve))
        resolved = str(await asyncio.to_thread(desk.resolve))
        told = await _told({"path": source, "desk": resolved, "long_side": long_side})
        made = desk / told["name"]
        return await asyncio.to_thread(made.replace, into / f"{path.stem}-{made.name}")


async def _told(job: dict[str, Any]) -> dict[str, Any]:
    job = {**job, "limit_seconds": LIMIT_SECONDS}
    try:
        return await in_child(
            "bot._picture_child", job, PictureProblem, limit_seconds=LIMIT_SECONDS
        )
    except TimeoutError:
        raise PictureProblem("The picture was given up: reading it took too long.") from None
    except Lost as lost:
        raise PictureProblem(f"The picture cannot be read: its decoder {lost}.") from lost
