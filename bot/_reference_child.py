"""The child process behind bot.reference_files: what one file is, and its copy for showing."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PIL import Image, ImageStat

from bot import _reference_documents as documents
from bot import _reference_picture as pictures
from bot._media_confine import GIB, serve
from bot._media_ffmpeg import Transcode
from bot._media_graph import sampling, still_size
from bot._media_probe import Footage, look
from bot._media_sniff import SUFFIXES, head_of, is_video
from bot._reference_sniff import TAKEN, Content, ReferenceProblem, content_of
from bot.media import MediaProblem
from bot.pictures import PictureProblem

EARLY_SECONDS = 30
"""A poster comes from the beginning: nobody waits for a long clip to be decoded."""
MOMENTS = 4


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Tell what a file is; leave a copy for showing on the desk and name it."""
    path, desk = Path(job["path"]), Path(job["desk"])
    content = content_of(path)
    try:
        match content:
            case Content.PICTURE:
                told, form = asdict(pictures.read(path, desk)), "picture"
            case Content.CLIP:
                told, form = _clip(path, desk, job["ffmpeg"]), "clip"
            case _:
                told, form = asdict(documents.read(path, content)), "document"
    except (MediaProblem, PictureProblem) as problem:
        raise ReferenceProblem(_reason(path, content, str(problem))) from problem
    suffixes: Iterable[str] = told.pop("suffixes")
    return told | {"form": form, "suffixes": sorted(suffixes), "size": path.stat().st_size}


def _reason(path: Path, content: Content, said: str) -> str:
    """Only of what says that it is a video is it worth telling what is wrong with it."""
    if content is Content.CLIP and not is_video(head_of(path)):
        return f"This is a file of unknown kind; send {TAKEN}."
    return said


def _clip(path: Path, desk: Path, ffmpeg: str) -> dict[str, Any]:
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
    shrink = min(1.0, pictures.LONG_SIDE / max(width, height))
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def _contrast(still: Image.Image) -> float:
    small = still.resize((64, 64))  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it
    return ImageStat.Stat(small.convert("L")).stddev[0]


if __name__ == "__main__":
    serve(work, ReferenceProblem, memory_bytes=4 * GIB)
