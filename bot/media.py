"""What a take's file is, and what people look at: its poster, contact sheet and slated proxy.

The work happens in a child process that decodes the original once, so that neither a hostile file
nor a long one can hurt the app. This module imports no decoder.
"""

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot._media_run import Lost, desk_in, in_child


class MediaProblem(Exception):  # noqa: N818 - a person reads it; it is no error of ours
    """The file gives no take; its text is one sentence for a person."""


@dataclass(frozen=True)
class Slate:
    """The identity burned into every frame of a proxy."""

    production: str
    scene: str
    shot: str
    take: str
    date: str
    status: str
    hash8: str


@dataclass(frozen=True)
class Colors:
    """The colour tags of a file, in ffmpeg's words; "unspecified" where it has none."""

    primaries: str
    transfer: str
    matrix: str
    range: str


@dataclass(frozen=True)
class Probe:
    """What the original is. Its size is as shown: upright, in square pixels."""

    width: int
    height: int
    rotation: int
    """Degrees clockwise that players turn the stored picture by."""
    fps: float
    fps_exact: str
    frames: int
    """Those that decode, not those that the file promises."""
    seconds: float
    codec: str
    pixel_format: str
    has_audio: bool
    container: str
    variable_rate: bool
    colors: Colors
    problem: str | None = None
    """One sentence on what is wrong with a file that could be used all the same."""


@dataclass(frozen=True)
class Processed:
    """A take's probe, and where its three derived files lie."""

    probe: Probe
    poster: Path
    sheet: Path
    proxy: Path


async def process(
    original: Path, slate: Slate, into: Path, *, limit_seconds: float = 300
) -> Processed:
    """Probe the original and put poster.jpg, sheet.jpg and proxy.mp4 into a folder, all or none.

    Raises MediaProblem for what a person must hear about the file, OSError if the disk is full.
    Files of an earlier run are replaced.
    """
    async with desk_in(into, prefix=".media-") as desk:
        return await _process(original, slate, desk, into, limit_seconds)


async def _process(
    original: Path, slate: Slate, desk: Path, into: Path, limit_seconds: float
) -> Processed:
    job = {
        "original": str(await asyncio.to_thread(original.resolve)),
        "slate": asdict(slate),
        "desk": str(await asyncio.to_thread(desk.resolve)),
        "ffmpeg": await asyncio.to_thread(ffmpeg_here),
        "limit_seconds": limit_seconds,
    }
    try:
        done = await in_child("bot._media_child", job, MediaProblem, limit_seconds=limit_seconds)
    except TimeoutError:
        raise MediaProblem(
            f"The video was given up: preparing it took longer than {limit_seconds:g} seconds."
        ) from None
    except Lost as lost:
        raise MediaProblem(f"The video cannot be read: its decoder {lost}.") from lost
    return Processed(_probe(done), *(_deliver(desk / name, into) for name in DELIVERED))


DELIVERED = ("poster.jpg", "sheet.jpg", "proxy.mp4")


def _deliver(made: Path, into: Path) -> Path:
    return made.replace(into / made.name)


def _probe(told: dict[str, Any]) -> Probe:
    known: dict[str, Any] = {**told, "colors": Colors(**told["colors"])}
    return Probe(**known)


def ffmpeg_here() -> str:
    """Name the ffmpeg that came with us; blocks, because it is asked for its version."""
    from imageio_ffmpeg import get_ffmpeg_exe  # noqa: PLC0415 - asks the binary its version once

    return get_ffmpeg_exe()
