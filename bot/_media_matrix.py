"""Read how an MP4 or MOV wants to be turned, from its track header, without decoding a frame."""

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

PLAIN_HEADER, LONG_HEADER = 8, 16
CONTAINERS = (b"moov", b"trak")
MOST_BOXES = 10_000


def clockwise(path: Path, track_id: int) -> int:
    """Return 0, 90, 180 or 270: the degrees clockwise that players turn this track by."""
    with path.open("rb") as file:
        turns = (_turn(header, track_id) for header in _track_headers(file, path.stat().st_size))
        return next((turn for turn in turns if turn is not None), 0)


def _track_headers(file: BinaryIO, end: int) -> Iterator[bytes]:
    for _ in range(MOST_BOXES):
        at = file.tell()
        head = file.read(LONG_HEADER)
        if at + PLAIN_HEADER > end or len(head) < PLAIN_HEADER:
            return
        size, kind = struct.unpack_from(">I4s", head)
        skip = PLAIN_HEADER
        if size == 1 and len(head) == LONG_HEADER:
            size, skip = struct.unpack_from(">Q", head, PLAIN_HEADER)[0], LONG_HEADER
        size = size or end - at
        if size < skip:
            return
        file.seek(at + skip)
        if kind == b"tkhd":
            yield file.read(min(size - skip, 128))
        file.seek(at + skip if kind in CONTAINERS else at + size)


def _turn(header: bytes, track_id: int) -> int | None:
    wide = header[:1] == b"\x01"
    id_at, matrix_at = (20, 52) if wide else (12, 40)
    if len(header) < matrix_at + 36 or struct.unpack_from(">I", header, id_at)[0] != track_id:
        return None
    across, down = struct.unpack_from(">ii", header, matrix_at)
    return round(math.degrees(math.atan2(down, across)) / 90) * 90 % 360
