"""A clip as a reference: what it is, and the picture that stands for it."""

from pathlib import Path
from typing import Any

from PIL import Image, ImageStat

from bot._media_ffmpeg import Transcode
from bot._media_graph import sampling, still_size
from bot._media_probe import Footage, look
from bot._media_sniff import SUFFIXES
from bot._reference_picture import LONG_SIDE
from bot.media import MediaProblem

EARLY_SECONDS = 30
"""A poster comes from the beginning: nobody waits for a long clip to be decoded."""
MOMENTS = 4


def read(path: Path, desk: Path, ffmpeg: str) -> dict[str, Any]:
    """Tell what a clip is and leave its poster on the desk. Raises MediaProblem."""
    footage = look(path)
    probe = footage.probe
    _poster(path, desk, ffmpeg, footage).save(
        desk / "shown.jpg", quality=88, optimize=True, progressive=True
    )
    size = f"{probe.width} × {probe.height}"  # noqa: RUF001 - sizes are written with this sign
    return {
        "kind": f"{probe.container.upper()} clip, {size}, {probe.seconds:.1f} s",
        "width": probe.width,
        "height": probe.height,
        "shown": "shown.jpg",
        "suffixes": SUFFIXES.get(probe.container, set[str]()),
        "notes": (probe.problem,) if probe.problem and "name" not in probe.problem else (),
    }


def _poster(path: Path, desk: Path, ffmpeg: str, footage: Footage) -> Image.Image:
    """Of a few frames near the beginning take the one with the most to see."""
    size = _fitted(*still_size(footage.probe.width, footage.probe.height))
    command = sampling(ffmpeg, path, footage, frames=_moments(footage), size=size)
    run = Transcode(command, desk)
    stills = list(run.stills(size))
    run.dismiss()
    if not stills:
        raise MediaProblem("The video has no frame that can be read.")
    return max(stills, key=_contrast)


def _moments(footage: Footage) -> tuple[int, ...]:
    early = sum(1 for time in footage.times if time <= EARLY_SECONDS)
    return tuple((2 * place + 1) * early // (2 * MOMENTS) for place in range(MOMENTS))


def _fitted(width: int, height: int) -> tuple[int, int]:
    shrink = min(1.0, LONG_SIDE / max(width, height))
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def _contrast(still: Image.Image) -> float:
    small = still.resize((64, 64))  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it
    return ImageStat.Stat(small.convert("L")).stddev[0]
