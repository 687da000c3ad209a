"""Read how long an MP4 or QuickTime clip says it is, without decoding it and without a library."""

import struct
from pathlib import Path
from typing import BinaryIO

from ._job import Ref

_HEADER = 8
_WHOLE_FILE, _LARGE = 0, 1
_MOST_BOXES = 1000


def length_of(ref: Ref) -> float | None:
    """Give a reference's length in seconds, as told or as its file says; None if nobody does."""
    if ref.seconds is not None:
        return ref.seconds
    return None if ref.path is None else seconds_of(ref.path)


def seconds_of(path: Path) -> float | None:
    """Give a clip's length in seconds; None if it is no such clip or does not say."""
    try:
        with path.open("rb") as file:
            moov = _found(file, b"moov", path.stat().st_size)
            mvhd = moov and _found(file, b"mvhd", moov)
            return _length(file.read(32)) if mvhd else None
    except (OSError, struct.error):
        return None


def _found(file: BinaryIO, wanted: bytes, end: int) -> int | None:
    """Walk from box to box; stop inside the wanted one and give where it ends."""
    for _ in range(_MOST_BOXES):
        start = file.tell()
        if start + _HEADER > end:
            return None
        size, kind = struct.unpack(">I4s", file.read(_HEADER))
        if size == _LARGE:
            (size,) = struct.unpack(">Q", file.read(8))
        after = end if size == _WHOLE_FILE else start + size
        if kind == wanted:
            return after
        if after <= start:
            return None
        file.seek(after)
    return None


def _length(head: bytes) -> float | None:
    if head[0] == 1:
        scale, length = struct.unpack(">IQ", head[20:32])
    else:
        scale, length = struct.unpack(">II", head[12:20])
    return length / scale if scale and length else None
