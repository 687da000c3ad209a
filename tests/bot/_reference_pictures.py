"""Pictures as cameras, printers and studios save them, for tests about references' files."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from bot.reference_files import ReferenceProblem, examine

ORIENTATION = 0x112
RED, BLUE = (220, 30, 30), (30, 30, 220)


def picture(mode: str = "RGB") -> Image.Image:
    """Return a small picture, red above and blue below."""
    made = Image.new("RGB", (60, 40), RED)
    made.paste(BLUE, (0, 20, 60, 40))
    return made.convert(mode)


def wide_profile() -> bytes:
    """Write an ICC profile by hand: Display P3's primaries with a plain gamma of 2.2."""

    def number(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(number, values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    name = b"Wide P3\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78 + 4),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.5151, 0.2412, -0.0011),
        b"gXYZ": xyz(0.2920, 0.6922, 0.0419),
        b"bXYZ": xyz(0.1571, 0.0666, 0.7841),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
    }  # fmt: skip
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += tag + struct.pack(">II", at + len(body), len(content))
        body += padded
    head = struct.pack(
        ">I4sI4s4s4s", at + len(body), b"lcms", 0x02100000, b"mntr", b"RGB ", b"XYZ "
    )
    head += bytes(12) + b"acsp" + bytes(28)
    head += number(0.9642) + number(1.0) + number(0.8249) + bytes(48)
    return head + struct.pack(">I", len(tags)) + table + body


def deep_png(to: Path) -> Path:
    """Write a PNG of 16 bits a channel, which Pillow reads but does not write: all of one red."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    row = b"\0" + struct.pack(">HHH", 0xDC42, 0x1E1E, 0x1E1E) * 32
    to.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 20, 16, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * 20))
        + chunk(b"IEND", b"")
    )
    return to


def upright(to: Path) -> Path:
    """Save a large picture as a camera on its side does."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "A camera"
    made = Image.new("RGB", (4000, 3000), RED)
    made.paste(BLUE, (0, 1500, 4000, 3000))
    made.save(to, "JPEG", exif=exif)
    return to


async def problem_of(path: Path) -> str:
    with pytest.raises(ReferenceProblem) as told:
        await examine(path, path.parent / "out")
    assert list((path.parent / "out").iterdir()) == [], "nothing is left behind"
    return str(told.value)
