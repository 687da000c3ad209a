"""What a still is, and what people look at: its poster, with the slate below the picture.

The work happens in a child process with bounded memory; this module imports no decoder.
"""

import asyncio
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from bot._media_run import Lost, in_child
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
    await asyncio.to_thread(into.mkdir, parents=True, exist_ok=True)
    desk = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=".still-", dir=into))
    job = {
        "original": str(await asyncio.to_thread(original.resolve)),
        "slate": asdict(slate),
        "desk": str(await asyncio.to_thread(desk.resolve)),
        "limit_seconds": limit_seconds,
    }
    try:
        told = await in_child("bot._still_child", job, PictureProblem, limit_seconds=limit_seconds)
        poster = await asyncio.to_thread((desk / "poster.jpg").replace, into / "poster.jpg")
    except TimeoutError:
        raise PictureProblem(
            f"The picture was given up: preparing it took longer than {limit_seconds:g} seconds."
        ) from None
    except Lost as lost:
        raise PictureProblem(f"The picture cannot be read: its decoder {lost}.") from lost
    finally:
        await asyncio.to_thread(shutil.rmtree, desk, ignore_errors=True)
    return Developed(Picture(**told), poster)
