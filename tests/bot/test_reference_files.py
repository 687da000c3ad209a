"""A reference's file is known by its bytes, shown plainly, and refused before it can do harm."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from bot.likeness import SAME, distance
from bot.reference_files import Examined, examine
from storage.models import FileForm
from tests.bot._clips import X264, color, copied, cut, drawn, ffmpeg, is_near
from tests.bot._reference_pictures import (
    BLUE,
    ORIENTATION,
    RED,
    deep_png,
    picture,
    problem_of,
    upright,
    wide_profile,
)


def shown(seen: Examined) -> Image.Image:
    assert seen.shown is not None
    with Image.open(seen.shown) as image:
        assert max(image.size) <= 1280
        assert not image.getexif()
        assert "icc_profile" not in image.info
        assert image.mode in {"RGB", "RGBA"}
        image.load()
        return image


async def test_a_camera_on_its_side_is_shown_upright_and_told(tmp_path: Path) -> None:
    seen = await examine(upright(tmp_path / "face"), tmp_path / "out", name="Mira.png")
    assert (seen.form, seen.width, seen.height) == (FileForm.PICTURE, 3000, 4000)
    assert seen.kind == "JPEG picture, 3000 × 4000"  # noqa: RUF001 - as people read it
    assert seen.size == (tmp_path / "face").stat().st_size
    assert seen.notes == (
        "Its name ends in .png, but it is a JPEG picture.",
        "It was taken with the camera turned; it is shown upright.",
    )
    small = shown(seen)
    assert small.size == (960, 1280)
    assert is_near(color(small, 0.9, 0.5), RED)
    assert is_near(color(small, 0.1, 0.5), BLUE)


async def test_colours_for_print_are_shown_as_a_screen_has_them(tmp_path: Path) -> None:
    path = tmp_path / "print.jpg"
    picture("CMYK").save(path)
    seen = await examine(path, tmp_path / "out")
    assert seen.notes == ("Its colours are for print (CMYK) and were converted for showing.",)
    assert is_near(color(shown(seen), 0.5, 0.2), RED)
    assert is_near(color(shown(seen), 0.5, 0.8), BLUE)


async def test_sixteen_bits_are_told_and_keep_their_light(tmp_path: Path) -> None:
    note = "It has 16 bits a channel; the copy for showing has 8."
    grey = tmp_path / "grey.png"
    Image.new("I;16", (40, 40), 40_000).save(grey)
    seen = await examine(grey, tmp_path / "out")
    assert (seen.notes, seen.likeness) == ((note,), "")
    assert is_near(color(shown(seen), 0.5, 0.5), (156, 156, 156), 4)
    seen = await examine(deep_png(tmp_path / "red.png"), tmp_path / "out")
    assert seen.notes == (note,)
    assert is_near(color(shown(seen), 0.5, 0.5), RED, 4)


async def test_what_is_transparent_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "logo.webp"
    made = picture("RGBA")
    made.paste((0, 0, 0, 0), (0, 0, 30, 40))
    made.save(path, lossless=True)
    seen = await examine(path, tmp_path / "out")
    assert seen.kind == "WebP picture, 60 × 40"  # noqa: RUF001 - as people read it
    assert seen.notes == ("Parts of it are transparent.",)
    small = shown(seen)
    assert small.getpixel((5, 5)) == (0, 0, 0, 0)
    assert is_near(color(small, 0.8, 0.2), RED, 4)


async def test_a_wide_gamut_is_really_converted(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    Image.new("RGB", (40, 40), (200, 100, 60)).save(path, icc_profile=wide_profile())
    seen = await examine(path, tmp_path / "out")
    assert seen.notes == ("Its colours are in the profile Wide P3, converted for showing.",)
    red, green, blue = color(shown(seen), 0.5, 0.5)
    assert red > 212, "the same numbers are a stronger red in P3 than on a plain screen"
    assert green < 98
    assert blue < 52


async def test_a_profile_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    note = "Its colour profile cannot be used; its colours are shown as they are stored."
    for name, mode, profile in (
        ("junk.jpg", "RGB", b"junk" * 50), ("print.tif", "CMYK", wide_profile()),
    ):  # fmt: skip
        picture(mode).save(tmp_path / name, icc_profile=profile)
        seen = await examine(tmp_path / name, tmp_path / "out")
        assert seen.notes[-1] == note
        assert is_near(color(shown(seen), 0.5, 0.2), RED)


async def test_the_same_picture_in_another_file_has_the_same_likeness(tmp_path: Path) -> None:
    made = Image.effect_mandelbrot((900, 600), (-2, -1.2, 1, 1.2), 60).convert("RGB")
    made.save(tmp_path / "one.png")
    turned = Image.Exif()
    turned[ORIENTATION] = 3
    made.rotate(180).resize((450, 300)).save(tmp_path / "two.jpg", quality=60, exif=turned)  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it
    one = await examine(tmp_path / "one.png", tmp_path / "out")
    two = await examine(tmp_path / "two.jpg", tmp_path / "out")
    assert len(one.likeness) == 16
    assert distance(one.likeness, two.likeness) <= SAME


async def test_a_clip_is_shown_by_the_frame_with_most_to_see(tmp_path: Path) -> None:
    path, black = tmp_path / "walk.mov", "color=black:s=320x180:r=24:d=2"
    ffmpeg(
        "-f", "lavfi", "-i", black, "-f", "lavfi", "-i", "testsrc2=r=24:s=320x180:d=1",
        "-filter_complex", "[0][1]concat", *X264, path,
    )  # fmt: skip
    seen = await examine(path, tmp_path / "out", name="walk.mp4")
    assert (seen.form, seen.likeness, seen.notes) == (FileForm.CLIP, "", ())
    assert seen.kind == "MOV clip, 320 × 180, 3.0 s"  # noqa: RUF001 - as people read it
    small = shown(seen)
    assert small.size == (320, 180)
    assert sum(small.convert("L").histogram()[200:]) > 1000, "it is not black"


async def test_an_upright_clip_is_shown_upright(tmp_path: Path) -> None:
    lying = drawn(tmp_path / "lying.mp4", "testsrc2=r=24:s=1920x1080:d=0.5")
    path = copied(lying, tmp_path / "up.mp4", "-display_rotation", "90")
    seen = await examine(path, tmp_path / "out", name="up.webm")
    assert (seen.width, seen.height) == (1080, 1920)
    assert shown(seen).size == (720, 1280)
    assert seen.notes == ("Its name ends in .webm, but it is an MP4 clip.",)


async def test_a_clip_that_is_cut_off_is_kept_as_far_as_it_goes_or_refused(tmp_path: Path) -> None:
    whole = drawn(tmp_path / "whole.mp4")
    assert "cut off" in await problem_of(cut(whole, tmp_path / "cut.mp4"))


async def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    bomb = deep_png(path).read_bytes()
    head = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 16, 2, 0, 0, 0)
    path.write_bytes(bomb[:12] + head + struct.pack(">I", zlib.crc32(head)) + bomb[33:])
    assert "more than 100 megapixels" in await problem_of(path)


async def test_a_missing_file_is_the_machines_trouble(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await examine(tmp_path / "gone.png", tmp_path / "out")
