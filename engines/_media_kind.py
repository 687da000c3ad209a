"""Tell what a media file is from its first bytes, whatever its name says."""

from pathlib import Path

from ._picture import header_of

_ENOUGH = 16
_QUICKTIME = b"qt  "
_BEGINNINGS: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyp" + _QUICKTIME, "video/quicktime"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (4, b"moov", "video/quicktime"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
)


def mime_of(path: Path) -> str | None:
    """Name the MIME type of a picture, a clip or a sound; None for anything else or no file."""
    if picture := header_of(path):
        return picture.mime
    try:
        with path.open("rb") as file:
            head = file.read(_ENOUGH)
    except OSError:
        return None
    found = (mime for at, mark, mime in _BEGINNINGS if head[at:].startswith(mark))
    return next(found, None)
