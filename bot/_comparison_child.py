"""The child process behind bot.comparison: a few frames of each take, on one sheet."""

from pathlib import Path
from typing import Any

from bot._comparison_sheet import Row, page
from bot._media_confine import GIB, serve
from bot._media_ffmpeg import Transcode
from bot._media_graph import sampling
from bot._media_probe import look
from bot._media_sheet import Still, placed
from bot._picture_open import opened
from bot._still_child import framed
from bot.comparison import Entrant, Title
from bot.media import MediaProblem
from bot.pictures import PictureProblem

MOMENTS = 4
LARGEST = 960
"""Longest side that a frame is decoded to; the sheet shows none larger."""


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Leave comparison.jpg on the desk."""
    entrants = [Entrant(**each) for each in job["entrants"]]
    desk, ffmpeg = Path(job["desk"]), str(job["ffmpeg"])
    rows = [_row(each, desk, ffmpeg) for each in entrants]
    made = page(Title(**job["title"]), rows)
    made.save(desk / "comparison.jpg", quality=88, optimize=True, progressive=True)
    return {"width": made.width, "height": made.height}


def _row(entrant: Entrant, desk: Path, ffmpeg: str) -> Row:
    if entrant.original is None:
        return Row(entrant, [])
    try:
        frames = _still(entrant) if entrant.still else _clip(entrant, desk, ffmpeg)
    except (MediaProblem, PictureProblem):
        frames = []
    return Row(entrant, frames)


def _still(entrant: Entrant) -> list[Still]:
    with opened(Path(str(entrant.original))) as image:
        return [Still("", framed(image, LARGEST))]


def _clip(entrant: Entrant, desk: Path, ffmpeg: str) -> list[Still]:
    original = Path(str(entrant.original))
    footage = look(original)
    frames, size = moments(footage.probe.frames), _fitted(footage.probe.width, footage.probe.height)
    run = Transcode(sampling(ffmpeg, original, footage, frames=frames, size=size), desk)
    stills = placed(frames, run.stills(size), footage)
    run.dismiss()
    return stills


def moments(frames: int) -> tuple[int, ...]:
    """Pick the middle of each quarter of a clip: never its first frame, which may be given."""
    return tuple((2 * place + 1) * frames // (2 * MOMENTS) for place in range(MOMENTS))


def _fitted(width: int, height: int) -> tuple[int, int]:
    shrink = min(1.0, LARGEST / max(width, height))
    return max(1, round(width * shrink)), max(1, round(height * shrink))


if __name__ == "__main__":
    serve(work, MediaProblem, memory_bytes=4 * GIB)
