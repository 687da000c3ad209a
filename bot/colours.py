"""How a finished take's colours compare to a brand's palette: a note to people, never a verdict.

A child process finds the colours (bot/_colours_child.py); this module imports no decoder.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from bot._media_run import Lost, desk_in, in_child
from bot.media import ffmpeg_here

LIMIT_SECONDS = 120
ONE_COLOUR = 3.0
"""CIEDE2000 up to which two groups of pixels are one colour to an eye."""
LEAST_SHARE = 0.01
"""Of all pixels; less is an edge, or noise."""
DRIFT, LEAST_DRIFT = 3.0, 10.0
"""How many tolerances away, and at least how far, a colour may be one that has drifted."""


class ColourProblem(Exception):  # noqa: N818 - a person reads it; it is no error of ours
    """The colours of a file cannot be told; its text is one sentence for a person."""


@dataclass(frozen=True)
class Swatch:
    """A colour of a palette."""

    name: str
    value: str
    """As `#RRGGBB`, in sRGB."""
    tolerance: float
    """The CIEDE2000 distance that still counts as this colour; about 2 is barely seen."""


@dataclass(frozen=True)
class Dominant:
    """A colour that a take has, and its share of all it shows."""

    value: str
    share: float


@dataclass(frozen=True)
class Finding:
    """A swatch, and what of the take comes nearest to it."""

    swatch: Swatch
    nearest: Dominant | None
    """None where the take has no colour at all to compare."""
    distance: float

    @property
    def is_within(self) -> bool:
        """Whether the swatch is there, within its tolerance."""
        return self.nearest is not None and self.distance <= self.swatch.tolerance

    @property
    def is_seen(self) -> bool:
        """Whether something is there that may be meant to be the swatch."""
        reach = max(DRIFT * self.swatch.tolerance, LEAST_DRIFT)
        return self.nearest is not None and self.distance <= reach


async def check(path: Path, palette: Sequence[Swatch]) -> list[Finding]:
    """Compare a take's original, or a still of it, with a palette. Raises ColourProblem."""
    return compared(await colours_of(path), palette) if palette else []


async def colours_of(path: Path) -> list[Dominant]:
    """Tell what colours a picture or a clip has, the greatest share first.

    Give it the original: a slated poster or a labelled sheet has colours of its own.
    """
    async with desk_in(Path(gettempdir()), prefix="circletake-colours-") as desk:
        job = {
            "path": str(await asyncio.to_thread(path.resolve)),
            "desk": str(await asyncio.to_thread(desk.resolve)),
            "ffmpeg": await asyncio.to_thread(ffmpeg_here),
            "limit_seconds": LIMIT_SECONDS,
        }
        told = await _told(job)
    return merged([Dominant(value, share) for value, share in told["colours"]])


async def _told(job: dict[str, Any]) -> dict[str, Any]:
    try:
        return await in_child("bot._colours_child", job, ColourProblem, limit_seconds=LIMIT_SECONDS)
    except TimeoutError:
        raise ColourProblem("Looking at the colours took too long.") from None
    except Lost as lost:
        raise ColourProblem(f"The colours cannot be told: the file's decoder {lost}.") from lost


def merged(colours: Sequence[Dominant]) -> list[Dominant]:
    """Count shades that an eye takes for one as the one with the greatest share."""
    shares: dict[str, float] = {}
    for each in sorted(colours, key=lambda colour: -colour.share):
        like = (known for known in shares if distance(known, each.value) <= ONE_COLOUR)
        known = next(like, each.value)
        shares[known] = shares.get(known, 0.0) + each.share
    made = [Dominant(value, share) for value, share in shares.items() if share >= LEAST_SHARE]
    return sorted(made, key=lambda colour: -colour.share)


def compared(dominants: Sequence[Dominant], palette: Sequence[Swatch]) -> list[Finding]:
    """Find for each swatch the colour that comes nearest, in the palette's order."""
    return [_found(swatch, dominants) for swatch in palette]


def _found(swatch: Swatch, dominants: Sequence[Dominant]) -> Finding:
    far = [(distance(swatch.value, each.value), each) for each in dominants]
    if not far:
        return Finding(swatch, None, 0.0)
    near, nearest = min(far, key=lambda each: each[0])
    return Finding(swatch, nearest, near)


def distance(one: str, other: str) -> float:
    """CIEDE2000 between two colours written as `#RRGGBB`."""
    return _colour(one).delta_e(_colour(other), method="2000")


@lru_cache(maxsize=1024)
def _colour(value: str) -> Any:
    from coloraide import Color  # noqa: PLC0415 - most starts of the app need no palette

    return Color(value)


def noted(findings: Sequence[Finding]) -> str:
    """Say in a person's words what was found; empty for an empty palette."""
    seen = [_seen(each) for each in findings if each.is_seen]
    missing = ", ".join(each.swatch.name for each in findings if not each.is_seen)
    return " ".join([*seen, *([f"Not seen: {missing}."] if missing else [])])


def _seen(finding: Finding) -> str:
    swatch, nearest = finding.swatch, finding.nearest
    assert nearest is not None  # noqa: S101 - what is seen is there
    within = "within" if finding.is_within else "outside"
    return (
        f"Nearest to {swatch.name} {swatch.value.upper()}: {nearest.value}, "
        f"{finding.distance:.1f} away, {within} {swatch.tolerance:g}."
    )
