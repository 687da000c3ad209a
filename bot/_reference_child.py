"""The child process behind bot.reference_files: what one file is, and its copy for showing."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot import _reference_documents as documents
from bot._media_confine import GIB, serve
from bot._media_sniff import head_of, is_video
from bot._reference_sniff import TAKEN, Content, ReferenceProblem, content_of
from bot.media import MediaProblem
from bot.pictures import PictureProblem


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Tell what a file is; leave a copy for showing on the desk and name it."""
    path, desk = Path(job["path"]), Path(job["desk"])
    content = content_of(path)
    try:
        told, form = _read(path, desk, content, job["ffmpeg"])
    except (MediaProblem, PictureProblem) as problem:
        raise ReferenceProblem(_reason(path, content, str(problem))) from problem
    suffixes: Iterable[str] = told.pop("suffixes")
    return told | {"form": form, "suffixes": sorted(suffixes), "size": path.stat().st_size}


def _read(path: Path, desk: Path, content: Content, ffmpeg: str) -> tuple[dict[str, Any], str]:
    """Load no decoder but the one it takes: this process is started for one file."""
    match content:
        case Content.PICTURE:
            from bot import _reference_picture as pictures  # noqa: PLC0415 - not for documents

            return asdict(pictures.read(path, desk)), "picture"
        case Content.CLIP:
            from bot import _reference_clip as clips  # noqa: PLC0415 - not for pictures

            return clips.read(path, desk, ffmpeg), "clip"
        case _:
            return asdict(documents.read(path, content)), "document"


def _reason(path: Path, content: Content, said: str) -> str:
    """Only of what says that it is a video is it worth telling what is wrong with it."""
    if content is Content.CLIP and not is_video(head_of(path)):
        return f"This is a file of unknown kind; send {TAKEN}."
    return said


if __name__ == "__main__":
    serve(work, ReferenceProblem, memory_bytes=4 * GIB)
