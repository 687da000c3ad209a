"""Clips of a length, made of the few boxes that say it; a real one is made by the animatic."""

import struct
from pathlib import Path

_SCALE = 600


def mp4(folder: Path, *, seconds: float) -> Path:
    """Write the boxes of an MP4 that says how long it is, and holds no picture."""
    path = folder / "clip.mp4"
    mvhd = bytes(4 + 4 + 4) + struct.pack(">II", _SCALE, round(seconds * _SCALE)) + bytes(80)
    moov = _box(b"moov", _box(b"mvhd", mvhd))
    path.write_bytes(_box(b"ftyp", b"isom" + bytes(4)) + _box(b"mdat", bytes(1000)) + moov)
    return path


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content
