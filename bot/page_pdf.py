"""A sequence's page as PDF, set by Typst in a child process with bounded memory and time."""

import asyncio
import re
from pathlib import Path
from typing import Any

from bot._media_run import Lost, desk_in, in_child
from bot.page_view import PageView, Pictures
from bot.page_words import told

_ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
}


class PageProblem(Exception):  # noqa: N818 - a person reads it; it is no error of ours
    """The page could not be made; its text is one sentence for a person."""


async def pdf_of(
    view: PageView, pictures: Pictures, into: Path, *, limit_seconds: float = 60
) -> Path:
    """Put the page into a folder as `SQ010.pdf`: the same bytes for the same view.

    Letters that our own typeface lacks are taken from the machine's. Raises PageProblem, OSError if
    the disk is full.
    """
    async with desk_in(into, prefix=".page-") as desk:
        page = told(view)
        job = {
            "page": page,
            "pictures": await asyncio.to_thread(_laid, desk, pictures),
            "desk": str(await asyncio.to_thread(desk.resolve)),
            "limit_seconds": limit_seconds,
        }
        await _set(job, limit_seconds)
        name = re.sub(r"\W", "", page["code"], flags=re.ASCII)[:40] or "page"
        return await asyncio.to_thread((desk / "page.pdf").replace, into / f"{name}.pdf")


def _laid(desk: Path, pictures: Pictures) -> dict[str, str]:
    names = dict[str, str]()
    for place, (sha256, (mime, content)) in enumerate(pictures.items()):
        if mime in _ENDINGS:
            names[sha256] = f"{place}{_ENDINGS[mime]}"
            (desk / names[sha256]).write_bytes(content)
    return names


async def _set(job: dict[str, Any], limit_seconds: float) -> None:
    try:
        await in_child("bot._page_pdf_child", job, PageProblem, limit_seconds=limit_seconds)
    except TimeoutError:
        raise PageProblem(
            f"The page was given up: setting it took longer than {limit_seconds:g} seconds."
        ) from None
    except Lost as lost:
        raise PageProblem(f"The page could not be made: its typesetter {lost}.") from lost
