"""What Slack finds out about an uploaded file: kind, size in pixels, length, and a poster."""

import io
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import av
from av.error import FFmpegError
from PIL import Image, UnidentifiedImageError

from tests.workspace.records import File

POSTER_SIZE = (480, 480)
_BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found; zeros where nothing could be read."""

    width: int = 0
    height: int = 0
    duration_ms: int = 0
    poster: bytes | None = None
    poster_size: tuple[int, int] = (0, 0)


def kind_of(name: str) -> tuple[str, str]:
    """Return the media type and Slack's file type for a file name."""
    mimetype = mimetypes.guess_type(name)[0] or _BINARY
    extension = Path(name).suffix.lower().lstrip(".") or "binary"
    return mimetype, {"jpeg": "jpg", "txt": "text"}.get(extension, extension)


def probe(file: File) -> Probe:
    """Read a picture or a video; what cannot be read is simply a file."""
    try:
        if file.is_video:
            return _video(file.path)
        return _picture(file.path) if file.is_image else Probe()
    except (
        FFmpegError,
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
    ):
        return Probe()


def note(file: File, found: Probe) -> None:
    """Write what was found into the record."""
    file.width, file.height, file.duration_ms = found.width, found.height, found.duration_ms
    file.thumb = found.poster
    file.thumb_width, file.thumb_height = found.poster_size


def _picture(path: Path) -> Probe:
    with Image.open(path) as picture:
        width, height = picture.size
        picture.draft("RGB", POSTER_SIZE)
        poster, size = _poster(picture)
    return Probe(width, height, 0, poster, size)


def _video(path: Path) -> Probe:
    with av.open(str(path)) as container:
        if not container.streams.video:
            return Probe()
        stream = container.streams.video[0]
        milliseconds = int((container.duration or 0) / 1000)
        frame = next(container.decode(stream), None)
        if frame is None:
            return Probe(stream.width, stream.height, milliseconds)
        poster, size = _poster(cast("Image.Image", cast("Any", frame).to_image()))
        return Probe(stream.width, stream.height, milliseconds, poster, size)


def _poster(picture: Image.Image) -> tuple[bytes, tuple[int, int]]:
    small = picture.convert("RGB")
    small.thumbnail(POSTER_SIZE)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80)
    return buffer.getvalue(), small.size
