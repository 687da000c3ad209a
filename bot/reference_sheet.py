"""A contact sheet of a character's or a location's pictures, each with its title.

It is drawn in a child process with bounded memory; this module imports no decoder.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot._media_run import Lost, desk_in, in_child

LIMIT_SECONDS = 120
MOST_CELLS = 24
NAME = "references.jpg"


class SheetProblem(Exception):  # noqa: N818 - a person reads it; it is no error of ours
    """The sheet could not be drawn; its text is one sentence for a person."""


@dataclass(frozen=True)
class Cell:
    """A picture of the sheet, and what stands below it."""

    path: Path | None
    """None for what has no picture, such as a document: its place says so."""
    title: str
    note: str


async def drawn_sheet(cells: Sequence[Cell], title: str, subtitle: str, into: Path) -> Path:
    """Put references.jpg into a folder: of more than 24 cells the first 24. Raises SheetProblem.

    A picture that cannot be read costs only its own place.
    """
    if not cells:
        raise SheetProblem("There is no picture yet to draw a sheet of.")
    async with desk_in(into, prefix=".sheet-") as desk:
        await _composed(cells, title, subtitle, desk)
        return await asyncio.to_thread((desk / NAME).replace, into / NAME)


async def _composed(cells: Sequence[Cell], title: str, subtitle: str, desk: Path) -> None:
    job = {
        "cells": await asyncio.to_thread(lambda: [_told(cell) for cell in cells[:MOST_CELLS]]),
        "title": title,
        "subtitle": subtitle,
        "desk": str(await asyncio.to_thread(desk.resolve)),
        "limit_seconds": LIMIT_SECONDS,
    }
    try:
        await in_child("bot._reference_sheet_child", job, SheetProblem, limit_seconds=LIMIT_SECONDS)
    except TimeoutError:
        raise SheetProblem("Drawing the sheet took too long.") from None
    except Lost as lost:
        raise SheetProblem(f"The sheet cannot be drawn: its decoder {lost}.") from lost


def _told(cell: Cell) -> dict[str, str | None]:
    return {**asdict(cell), "path": str(cell.path.resolve()) if cell.path else None}
