"""The pictures of a page as small copies, made once and kept beside the work in progress."""

import asyncio
import shutil
from pathlib import Path

import structlog

from bot.page_view import PagePicture, PageView, Pictures
from bot.pictures import PictureProblem, thumbnail
from bot.studio import Studio
from storage._types import new_id

_MOST = 150
"""Pictures of one page; those beyond are drawn as missing."""
_LONG_SIDE = 720
"""Sharp at the size at which pages print them."""
_AT_ONCE = 2
_TYPES = {".jpg": "image/jpeg", ".png": "image/png"}
_tell = structlog.get_logger(__name__)


async def pictures(studio: Studio, view: PageView) -> Pictures:
    """Give the pictures that a page shows; those that cannot be had are left out."""
    limit = asyncio.Semaphore(_AT_ONCE)

    async def small(sha256: str) -> tuple[str, bytes] | None:
        async with limit:
            return await _small(studio, sha256)

    wanted = list(dict.fromkeys(each.sha256 for each in _shown(view)))[:_MOST]
    found = await asyncio.gather(*map(small, wanted))
    return {sha256: each for sha256, each in zip(wanted, found, strict=True) if each}


def _shown(view: PageView) -> list[PagePicture]:
    circles = (shot.circle for scene in view.scenes for shot in scene.shots if shot.circle)
    of_all = [circle.poster for circle in circles] + [each.picture for each in view.references]
    return [each for each in of_all if each is not None]


async def _small(studio: Studio, sha256: str) -> tuple[str, bytes] | None:
    shelf = studio.settings.engine_work / "page-pictures"
    try:
        path = await asyncio.to_thread(_kept, shelf, sha256) or await _made(studio, shelf, sha256)
        return _TYPES[path.suffix], await asyncio.to_thread(path.read_bytes)
    except (PictureProblem, FileNotFoundError, ValueError) as why:
        # The page says that a picture is missing; what it says in words is whole without it.
        _tell.warning("page.picture_left_out", sha256=sha256, why=str(why))
        return None


def _kept(shelf: Path, sha256: str) -> Path | None:
    places = (shelf / f"{sha256}{ending}" for ending in _TYPES)
    return next((each for each in places if each.is_file()), None)


async def _made(studio: Studio, shelf: Path, sha256: str) -> Path:
    folder = shelf / new_id()
    await asyncio.to_thread(folder.mkdir, parents=True)
    try:
        whole = await studio.files.bring(sha256, folder / sha256)
        copy = await thumbnail(whole, folder, long_side=_LONG_SIDE)
        return await asyncio.to_thread(copy.replace, shelf / f"{sha256}{copy.suffix}")
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
