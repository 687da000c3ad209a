"""Tell from a file's first bytes what it is, whatever its name says."""

import re
from pathlib import Path

MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n", "a picture (PNG)"),
    (0, b"\xff\xd8\xff", "a picture (JPEG)"),
    (0, b"GIF8", "a picture (GIF)"),
    (8, b"WEBP", "a picture (WebP)"),
    (0, b"BM", "a picture (BMP)"),
    (0, b"II*\x00", "a picture (TIFF)"),
    (0, b"MM\x00*", "a picture (TIFF)"),
    (0, b"8BPS", "a picture (Photoshop)"),
    (4, b"ftypheic", "a picture (HEIC)"),
    (4, b"ftypheix", "a picture (HEIC)"),
    (4, b"ftyphevc", "a picture (HEIC)"),
    (4, b"ftypmif1", "a picture (HEIF)"),
    (4, b"ftypmsf1", "a picture (HEIF)"),
    (4, b"ftypavif", "a picture (AVIF)"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or a locked Office document"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
    (0, b"\xcf\xfa\xed\xfe", "a program"),
    (0, b"\xca\xfe\xba\xbe", "a program"),
    (0, b"ID3", "a sound file (MP3)"),
    (8, b"WAVE", "a sound file (WAV)"),
    (0, b"fLaC", "a sound file (FLAC)"),
)
MARKUP = re.compile(rb"\s*<(!doctype html|html|head|body)", re.IGNORECASE)
SUFFIXES = {
    "mp4": {"mp4", "m4v"},
    "mov": {"mov", "qt"},
    "webm": {"webm"},
    "matroska": {"mkv"},
    "avi": {"avi"},
    "mpegts": {"ts", "mts", "m2ts"},
}
KNOWN_SUFFIXES = set[str]().union(*SUFFIXES.values())


def head_of(path: Path) -> bytes:
    """Read the bytes that the other functions here look at."""
    with path.open("rb") as file:
        return file.read(4096)


def foreign(head: bytes) -> str | None:
    """Say what a file is that is certainly no video; None if it may be one."""
    if not head:
        return "an empty file (0 bytes)"
    for at, magic, name in MAGIC:
        if head.startswith(magic, at):
            return name
    return _written(head)


def is_video(head: bytes) -> bool:
    """Recognise the containers that engines deliver."""
    return head.startswith((b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba")) or (
        head.startswith(b"ftyp", 4) and not foreign(head)
    )


def _written(head: bytes) -> str | None:
    text = head.removeprefix(b"\xef\xbb\xbf")
    if MARKUP.match(text):
        return "a web page (HTML)"
    if text.lstrip().startswith((b"<?xml", b"<svg")):
        return "an XML document"
    if text.lstrip().startswith((b"{", b"[")) and b"\0" not in text:
        return "a JSON answer"
    if re.fullmatch(rb"[\t\n\r\x20-\x7e\x80-\xff]+", text):
        return "a text"
    return None


def container(format_name: str, head: bytes) -> str:
    """Reduce the demuxer's list of names to the one that a person would use."""
    if format_name.startswith("mov"):
        return "mov" if head.startswith(b"ftypqt", 4) or b"ftyp" not in head else "mp4"
    if format_name.startswith("matroska"):
        return "webm" if b"webm" in head[:64] else "matroska"
    return format_name.split(",", maxsplit=1)[0]


def misnamed(path: Path, container_name: str) -> str | None:
    """Say so if the name promises another kind of video than the content is."""
    said = path.suffix.lower().removeprefix(".")
    fitting = SUFFIXES.get(container_name, KNOWN_SUFFIXES)
    if said not in KNOWN_SUFFIXES or said in fitting or {said, container_name} <= {"mp4", "mov"}:
        return None
    return f"The file's name says .{said}, but its content is {container_name}."
