import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engines._picture import header_of


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("a.png", "RGBA", {}),
        ("a.png", "I;16", {}),
        ("a.jpg", "RGB", {"quality": 70}),
        ("a.jpg", "CMYK", {"progressive": True}),
        ("a.gif", "P", {}),
        ("a.bmp", "RGB", {}),
        ("a.webp", "RGB", {}),
        ("a.webp", "RGB", {"lossless": True}),
        ("a.webp", "RGBA", {"exif": b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00"}),
        ("a.tif", "RGB", {}),
        ("a.tif", "CMYK", {"compression": "tiff_lzw"}),
    ],
)
def test_the_size_is_read_without_decoding(
    tmp_path: Path, name: str, mode: str, options: dict[str, Any]
) -> None:
    path = tmp_path / name
    Image.new(mode, (321, 123)).save(path, **options)
    header = header_of(path)
    assert header is not None
    assert (header.width, header.height) == (321, 123)


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"<html>not found</html>",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 16,
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"II*\x00\xff\xff\xff\xff",
        b"MM\x00*" + struct.pack(">I", 8) + struct.pack(">H", 9000),
    ],
)
def test_what_is_no_picture_has_no_header(tmp_path: Path, told: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(told)
    assert header_of(path) is None


def test_a_missing_file_has_no_header(tmp_path: Path) -> None:
    assert header_of(tmp_path / "gone.png") is None
