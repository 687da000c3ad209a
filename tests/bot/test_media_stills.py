"""A still's file becomes a description and a poster with the slate below the picture."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from bot.media import MediaProblem, Slate, process
from bot.pictures import PictureProblem
from bot.stills import Developed, develop
from tests.bot._clips import color, drawn, ffmpeg, fingerprint, is_near
from tests.bot.test_pictures import claiming

SLATE = Slate("Midnight Harbour", "SC020", "SH010", "T3", "2026-11-22", "for review", "9f3a1c7e")
ORIENTATION = 0x112
RED, BLUE = (220, 30, 30), (30, 30, 220)


def picture(mode: str = "RGB", size: tuple[int, int] = (600, 400)) -> Image.Image:
    """Draw red above blue."""
    made = Image.new("RGB", size, RED)
    made.paste(BLUE, (0, size[1] // 2, *size))
    return made.convert(mode)


async def developed(original: Path) -> Developed:
    return await develop(original, SLATE, original.parent / "out")


async def problem_of(original: Path) -> str:
    with pytest.raises(PictureProblem) as told:
        await developed(original)
    into = original.parent / "out"
    assert await asyncio.to_thread(lambda: list(into.iterdir())) == []
    return str(told.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_still_is_known_by_its_content_and_its_original_is_never_touched(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "original"
    picture().save(path, kind)
    before = fingerprint(path)
    made = await developed(path)
    assert (made.picture.format, made.picture.width, made.picture.height) == (kind, 600, 400)
    assert fingerprint(path) == before
    assert list((tmp_path / "out").iterdir()) == [made.poster]


async def test_the_slate_lies_below_the_picture_and_covers_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "original"
    Image.new("RGB", (1280, 720), "white").save(path, "PNG")
    with Image.open((await developed(path)).poster) as poster:
        assert poster.width == 1280
        assert 740 < poster.height < 800
        assert min(color(poster, 0.01, 718 / poster.height)) > 250
        assert max(color(poster, 0.5, 1 - 3 / poster.height)) < 40
        lights = poster.convert("L").crop((0, 730, 1280, poster.height)).histogram()
        assert sum(lights[200:]) > 100, "the slate has writing on it"


async def test_a_large_still_gets_a_poster_of_2048_and_a_small_one_is_not_blown_up(
    tmp_path: Path,
) -> None:
    large, small = tmp_path / "large", tmp_path / "small"
    picture(size=(5000, 2500)).save(large, "JPEG")
    picture(size=(64, 48)).save(small, "PNG")
    made = await developed(large)
    assert (made.picture.width, made.picture.height) == (5000, 2500)
    with Image.open(made.poster) as poster:
        assert poster.width == 2048
    with Image.open((await developed(small)).poster) as poster:
        assert poster.width == 64


async def test_a_still_on_its_side_stands_upright(tmp_path: Path) -> None:
    path, exif = tmp_path / "original", Image.Exif()
    exif[ORIENTATION] = 6
    picture().save(path, "JPEG", exif=exif)
    made = await developed(path)
    assert (made.picture.width, made.picture.height) == (400, 600)
    with Image.open(made.poster) as poster:
        assert poster.width == 400
        assert is_near(color(poster, 0.9, 0.3), RED)
        assert is_near(color(poster, 0.1, 0.3), BLUE)
        assert not poster.getexif()


def _cmyk(path: Path) -> None:
    picture("CMYK").save(path, "JPEG")


def _grey_of_16_bits(path: Path) -> None:
    Image.new("I;16", (600, 400), 40_000).save(path, "PNG")


def _colour_of_16_bits(path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "color=0xDC1E1E:s=600x400,format=rgb48be", "-frames:v", "1",
           "-f", "image2", "-c:v", "png", path)  # fmt: skip


def _foreign_profile(path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.core.createProfile("LAB")).tobytes()
    picture().save(path, "PNG", icc_profile=lab)


@pytest.mark.parametrize(
    ("draw", "seen"),
    [
        (_cmyk, RED),
        (_grey_of_16_bits, (156, 156, 156)),
        (_colour_of_16_bits, RED),
        (_foreign_profile, RED),
    ],
)
async def test_a_poster_is_plain_whatever_the_still_is(
    tmp_path: Path, draw: Callable[[Path], None], seen: tuple[int, int, int]
) -> None:
    path = tmp_path / "original"
    draw(path)
    with Image.open((await developed(path)).poster) as poster:
        assert (poster.format, poster.mode, poster.info.get("icc_profile")) == ("JPEG", "RGB", None)
        assert is_near(color(poster, 0.5, 0.2), seen, 60)


async def test_what_is_transparent_shows_chequers_that_black_and_white_stand_out_from(
    tmp_path: Path,
) -> None:
    path = tmp_path / "original"
    Image.new("RGBA", (600, 400), (0, 0, 0, 0)).save(path, "PNG")
    made = await developed(path)
    assert made.picture.has_alpha
    with Image.open(made.poster) as poster:
        shades = {color(poster, (8 + 16 * x) / 600, 0.02)[0] for x in range(4)}
    assert all(80 < shade < 180 for shade in shades)
    assert max(shades) - min(shades) > 10


async def test_a_prompt_in_the_file_stays_out_of_the_poster(tmp_path: Path) -> None:
    path = tmp_path / "original"
    picture().save(path, "JPEG", comment=b"the secret prompt")
    assert b"the secret prompt" not in (await developed(path)).poster.read_bytes()


def _cut_off() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 300), 80).save(out, "PNG")
    return out.getvalue()[: out.tell() // 2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This is an empty file (0 bytes), not a picture."),
        (claiming(60_000, 60_000),
         "The picture has more than 100 megapixels; send a smaller one."),
        (_cut_off(), "The picture is damaged or cut off: not all of it is there."),
        (b"PK\x03\x04" + bytes(99), "This is a ZIP archive, not a picture."),
        (b"<!DOCTYPE html><html>403", "This is a web page (HTML), not a picture."),
    ],
)  # fmt: skip
async def test_a_file_that_is_no_still_is_named_in_one_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "original"
    path.write_bytes(content)
    assert await problem_of(path) == said


async def test_an_animated_picture_is_no_still(tmp_path: Path) -> None:
    path = tmp_path / "original"
    shades = [Image.new("RGB", (32, 32), (60 * shade, 0, 0)) for shade in range(4)]
    shades[0].save(path, "GIF", save_all=True, append_images=shades[1:], duration=80)
    assert await problem_of(path) == "This picture is animated; a still was ordered."


async def test_a_clip_is_no_still_and_a_still_is_no_clip(tmp_path: Path) -> None:
    clip, still = drawn(tmp_path / "clip.mp4"), tmp_path / "still"
    picture().save(still, "PNG")
    assert await problem_of(clip) == "This is a video, not a picture."
    with pytest.raises(MediaProblem, match="This is a picture \\(PNG\\), not a video"):
        await process(still, SLATE, tmp_path / "out")


PRORES = ("-c:v", "prores_ks", "-pix_fmt", "yuv422p10le", "-f", "mov")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-f", "webm")
HEVC = ("-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1", "-f", "mov")


@pytest.mark.parametrize(
    ("coding", "codec", "container"),
    [(PRORES, "prores", "mov"), (VP9, "vp9", "webm"), (HEVC, "hevc", "mov")],
)
async def test_clips_come_in_what_an_editor_works_with_as_well(
    tmp_path: Path, coding: tuple[str, ...], codec: str, container: str
) -> None:
    path = tmp_path / "original"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=r=24:s=320x180:d=0.5", *coding, path)
    made = await process(path, SLATE, tmp_path / "out")
    assert (made.probe.codec, made.probe.container, made.probe.frames) == (codec, container, 12)
    assert (made.probe.width, made.probe.height, made.probe.problem) == (320, 180, None)
