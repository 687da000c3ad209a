"""Read what a picture file says about itself, without decoding it and without any library."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_ENOUGH = 64
_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_JPEG_ALONE = frozenset({0x01, 0xFF, *range(0xD0, 0xD8)})


@dataclass(frozen=True, slots=True)
class Header:
    """The format and size that a file claims."""

    mime: str
    width: int
    height: int

    @property
    def pixels(self) -> int:
        """How many pixels decoding it would make."""
        return self.width * self.height


def header_of(path: Path) -> Header | None:
    """Read the header of a JPEG, PNG, GIF, WebP, BMP or TIFF file; None if it is none of them."""
    try:
        with path.open("rb") as file:
            head = file.read(_ENOUGH)
            found = _read(head, file)
    except (OSError, struct.error, IndexError):
        return None
    return found if found is not None and found.width > 0 and found.height > 0 else None


def _read(head: bytes, file: BinaryIO) -> Header | None:
    reader = next((read for begins, read in _READERS if head.startswith(begins)), None)
    return None if reader is None else reader(head, file)


def _png(head: bytes, _file: BinaryIO) -> Header | None:
    return Header("image/png", *struct.unpack(">II", head[16:24]))


def _gif(head: bytes, _file: BinaryIO) -> Header | None:
    return Header("image/gif", *struct.unpack("<HH", head[6:10]))


def _bmp(head: bytes, _file: BinaryIO) -> Header | None:
    width, height = struct.unpack("<ii", head[18:26])
    return Header("image/bmp", width, abs(height))


def _jpeg(_head: bytes, file: BinaryIO) -> Header | None:
    """Walk from marker to marker until one tells the size."""
    file.seek(2)
    while file.read(1) == b"\xff":
        marker = file.read(1)[0]
        while marker == 0xFF:  # noqa: PLR2004  markers may be padded
            marker = file.read(1)[0]
        if marker in _JPEG_ALONE:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if marker in _JPEG_SIZES:
            _, height, width = struct.unpack(">BHH", file.read(5))
            return Header("image/jpeg", width, height)
        file.seek(length - 2, 1)
    return None


def _webp(head: bytes, _file: BinaryIO) -> Header | None:
    match head[8:16].removeprefix(b"WEBP"):
        case b"VP8 ":
            width, height = struct.unpack("<HH", head[26:30])
            return Header("image/webp", width & 0x3FFF, height & 0x3FFF)
        case b"VP8L":
            (bits,) = struct.unpack("<I", head[21:25])
            return Header("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8X":
            width = int.from_bytes(head[24:27], "little") + 1
            height = int.from_bytes(head[27:30], "little") + 1
            return Header("image/webp", width, height)
        case _:
            return None


def _tiff(head: bytes, file: BinaryIO) -> Header | None:
    """Look for the two size tags in the first directory."""
    order = "<" if head[:2] == b"II" else ">"
    file.seek(struct.unpack(f"{order}I", head[4:8])[0])
    (count,) = struct.unpack(f"{order}H", file.read(2))
    sizes: dict[int, int] = {}
    for _ in range(min(count, 512)):
        entry = file.read(12)
        tag, kind = struct.unpack(f"{order}HH", entry[:4])
        if tag in {256, 257}:
            short = kind == 3  # noqa: PLR2004  TIFF's code for two bytes
            (sizes[tag],) = struct.unpack(
                order + ("H" if short else "I"), entry[8 : 10 if short else 12]
            )
    return Header("image/tiff", sizes.get(256, 0), sizes.get(257, 0))


_READERS: tuple[tuple[bytes, Callable[[bytes, BinaryIO], Header | None]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"GIF87a", _gif),
    (b"GIF89a", _gif),
    (b"\xff\xd8\xff", _jpeg),
    (b"RIFF", _webp),
    (b"BM", _bmp),
    (b"II*\x00", _tiff),
    (b"MM\x00*", _tiff),
)
