"""One picture that compares the takes of an order: the same moments of each, side by side.

The work happens in a child process with bounded memory; this module imports no decoder.
"""

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot._media_run import Lost, desk_in, in_child
from bot.media import MediaProblem, ffmpeg_here


@dataclass(frozen=True)
class Entrant:
    """A take as the sheet shows it: its words, and its original or why there is none."""

    code: str
    engine: str
    model: str
    facts: str
    """Length, ratio and price."""
    original: Path | None = None
    still: bool = False
    ending: str = ""
    """In a word, how a take ended that has no picture."""
    reason: str = ""
    """In three words, why."""


@dataclass(frozen=True)
class Title:
    """What stands at the head of the sheet."""

    production: str
    scene: str
    shot: str
    date: str


async def compare(
    title: Title, entrants: list[Entrant], into: Path, *, limit_seconds: float
) -> Path:
    """Put comparison.jpg into a folder. Raises MediaProblem if it could not be made."""
    async with desk_in(into, prefix=".comparison-") as desk:
        await _composed(title, entrants, desk, limit_seconds)
        made = desk / "comparison.jpg"
        return await asyncio.to_thread(made.replace, into / made.name)


async def _composed(
    title: Title, entrants: list[Entrant], desk: Path, limit_seconds: float
) -> None:
    job: dict[str, Any] = {
        "title": asdict(title),
        "entrants": [_told(each) for each in entrants],
        "desk": str(await asyncio.to_thread(desk.resolve)),
        "ffmpeg": await asyncio.to_thread(ffmpeg_here),
        "limit_seconds": limit_seconds,
    }
    try:
        await in_child("bot._comparison_child", job, MediaProblem, limit_seconds=limit_seconds)
    except TimeoutError:
        raise MediaProblem(f"Comparing took longer than {limit_seconds:g} seconds.") from None
    except Lost as lost:
        raise MediaProblem(f"The takes cannot be compared: their decoder {lost}.") from lost


def _told(entrant: Entrant) -> dict[str, Any]:
    original = str(entrant.original.resolve()) if entrant.original else None
    return {**asdict(entrant), "original": original}
