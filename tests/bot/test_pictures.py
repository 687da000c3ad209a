"""Reference pictures are known by their content, and refused before they can do harm."""

import io
import struct
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from bot.pictures import PictureProblem, inspect, thumbnail
from tests.bot._clips import color, drawn, is_near

ORIENTATION = 0x112


def picture(mode: str = "RGB") -> Image.Image:
    """Return a small picture, red above and blue below."""
    made = Image.new("RGB", (60, 40), (220, 30, 30))
    made.paste((30, 30, 220), (0, 20, 60, 40))
    return made.convert(mode)


def claiming(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose header claims a size."""

    def checksum(data: bytes) -> bytes:
        return struct.pack(">I", zlib.crc32(data))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + checksum(kind + data)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99)))
    return b"\x89PNG\r\n\x1a\n" + content + chunk(b"IEND", b"")


async def problem_of(path: Path) -> str:
    with pytest.raises(PictureProblem) as told:
        await inspect(path)
    with pytest.raises(PictureProblem):
        await thumbnail(path, path.parent / "out")
    assert list((path.parent / "out").iterdir()) == []
    return str(told.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
async def test_a_picture_is_known_by_its_content(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "named_wrongly.txt"
    picture().save(path, kind)
    seen = await inspect(path)
    assert (seen.format, seen.width, seen.height) == (kind, 60, 40)
    assert not any((seen.has_alpha, seen.is_animated, seen.exif_rotated))


async def test_a_picture_from_a_camera_on_its_side_is_shown_upright(tmp_path: Path) -> None:
    path, exif = tmp_path / "camera.jpg", Image.Exif()
    exif[ORIENTATION] = 6
    picture().save(path, exif=exif)
    seen = await inspect(path)
    assert (seen.width, seen.height, seen.exif_rotated) == (40, 60, True)
    with Image.open(await thumbnail(path, tmp_path / "out")) as small:
        assert small.size == (40, 60)
        assert is_near(color(small, 0.9, 0.5), (220, 30, 30))
        assert not small.getexif()


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "LA", "RGBA"])
async def test_a_thumbnail_looks_the_same_whatever_the_mode(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("in.tif" if mode == "CMYK" else "in.png")
    picture(mode).save(path)
    small_at = await thumbnail(path, tmp_path / "out", long_side=30)
    with Image.open(small_at) as small, picture(mode).convert("RGB") as whole:
        assert small.mode == ("RGBA" if mode in {"LA", "RGBA"} else "RGB")
        assert small.size == (30, 20)
        assert is_near(color(small, 0.5, 0.2), color(whole, 0.5, 0.2), 80)


async def test_sixteen_bits_of_grey_keep_their_light(tmp_path: Path) -> None:
    path = tmp_path / "deep.png"
    Image.new("I;16", (40, 40), 40_000).save(path)
    with Image.open(await thumbnail(path, tmp_path / "out")) as small:
        assert is_near(color(small, 0.5, 0.5), (156, 156, 156), 4)


async def test_a_wide_gamut_is_brought_home(tmp_path: Path) -> None:
    path = tmp_path / "lab.tif"
    lab, srgb = (ImageCms.ImageCmsProfile(ImageCms.core.createProfile(n)) for n in ("LAB", "sRGB"))
    converted = ImageCms.profileToProfile(picture(), srgb, lab, outputMode="LAB")
    assert converted
    converted.save(path, icc_profile=lab.tobytes())
    with Image.open(await thumbnail(path, tmp_path / "out")) as small:
        assert is_near(color(small, 0.5, 0.2), (220, 30, 30), 12)


async def test_a_broken_colour_profile_is_no_reason_to_refuse(tmp_path: Path) -> None:
    path = tmp_path / "odd.jpg"
    picture().save(path, icc_profile=b"junk" * 50)
    with Image.open(await thumbnail(path, tmp_path / "out")) as small:
        assert is_near(color(small, 0.5, 0.2), (220, 30, 30))


async def test_a_thumbnail_is_never_larger_and_never_replaces_its_original(tmp_path: Path) -> None:
    path = tmp_path / "face.jpg"
    picture().save(path)
    before = path.read_bytes()
    small_at = await thumbnail(path, tmp_path)
    with Image.open(small_at) as small:
        assert small.size == (60, 40)
    assert small_at != path
    assert path.read_bytes() == before


async def test_two_hundred_megapixels_are_refused_from_the_header(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(claiming(20_000, 10_000))
    started = time.monotonic()
    assert "more than 100 megapixels" in await problem_of(path)
    path.write_bytes(claiming(60_000, 60_000))
    assert "more than 100 megapixels" in await problem_of(path)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
async def test_an_animated_picture_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "moves"
    picture().save(path, kind, save_all=True, append_images=[picture().rotate(180)])
    assert await problem_of(path) == "The picture is animated; send one frame of it, or a video."


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
async def test_a_cut_off_picture_is_refused(tmp_path: Path, kind: str) -> None:
    whole = io.BytesIO()
    Image.effect_noise((200, 200), 50).save(whole, kind)
    path = tmp_path / "cut"
    path.write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    assert "damaged" in await problem_of(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This is an empty file (0 bytes), not a picture."),
        (b"<html>sign in</html>", "This is a web page (HTML), not a picture."),
        (b"%PDF-1.7" + bytes(99), "This is a PDF document, not a picture."),
        (bytes(range(1, 9)) * 99, "This is a file of unknown kind, not a picture."),
    ],
)
async def test_what_is_no_picture_is_named(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "face.png"
    path.write_bytes(content)
    assert await problem_of(path) == sentence


async def test_a_video_is_no_picture(tmp_path: Path) -> None:
    assert "This is a video" in await problem_of(drawn(tmp_path / "take.mp4"))


async def test_a_missing_file_is_the_machines_trouble_and_not_the_pictures(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await inspect(tmp_path / "gone.png")
