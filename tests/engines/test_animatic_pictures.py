"""Pictures as people really send them."""

# Pillow leaves colour profiles open in its hints:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from engines._animatic_pictures import Unreadable, plate_of

FRAME = (320, 180)
ORANGE = (240, 140, 40)


def _plain(path: Path) -> None:
    Image.new("RGB", (640, 360), ORANGE).save(path, "PNG")


def _turned(path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (360, 640), ORANGE).save(path, "JPEG", exif=exif)


def _printed(path: Path) -> None:
    Image.new("RGB", (640, 360), ORANGE).convert("CMYK").save(path, "JPEG", quality=95)


def _deep(path: Path) -> None:
    Image.new("I;16", (640, 360), 40000).save(path, "PNG")


def _see_through(path: Path) -> None:
    Image.new("RGBA", (640, 360), (*ORANGE, 0)).save(path, "PNG")


def _moving(path: Path) -> None:
    first, second = (Image.new("RGB", (640, 360), ink) for ink in (ORANGE, (0, 0, 0)))
    first.save(path, "GIF", save_all=True, append_images=[second])


def _two_inks(path: Path) -> None:
    Image.new("1", (640, 360), 1).save(path, "PNG")


def _profiled(path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (640, 360), ORANGE).save(path, "PNG", icc_profile=profile)


def _badly_profiled(path: Path) -> None:
    Image.new("RGB", (640, 360), ORANGE).save(path, "PNG", icc_profile=b"nonsense")


@pytest.mark.parametrize(
    ("draw", "light"),
    [
        (_plain, 147),
        (_turned, 147),
        (_printed, 147),
        (_deep, 150),
        (_see_through, 40),
        (_moving, 147),
        (_two_inks, 235),
        (_profiled, 147),
        (_badly_profiled, 147),
    ],
)
def test_a_picture_of_any_make_becomes_a_plate_of_its_own_light(
    tmp_path: Path, draw: Callable[[Path], None], light: int
) -> None:
    path = tmp_path / "plate"
    draw(path)
    layer = plate_of(path, FRAME)
    assert layer.plate[0] >= FRAME[0]
    assert layer.plate[1] >= FRAME[1]
    middle = layer.planes.y.getpixel((layer.plate[0] // 2, layer.plate[1] // 2))
    assert middle == pytest.approx(light, abs=6)


def test_a_phones_picture_stands_upright(tmp_path: Path) -> None:
    path = tmp_path / "plate.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGB", (180, 320), (0, 0, 0))
    picture.paste((255, 255, 255), (0, 0, 180, 20))
    picture.save(path, "JPEG", exif=exif)
    light = plate_of(path, FRAME).planes.y
    assert light.getpixel((light.width - 4, light.height // 2)) == pytest.approx(235, abs=4)


def test_a_tall_picture_is_shown_whole_unless_the_camera_climbs_it(tmp_path: Path) -> None:
    path = tmp_path / "tall.png"
    Image.new("RGB", (300, 900), ORANGE).save(path)
    assert plate_of(path, FRAME).plate[1] < 300
    assert plate_of(path, FRAME, roams=(False, True)).plate[1] > 1000


def test_a_picture_cut_off_in_transit_is_named(tmp_path: Path) -> None:
    whole = io.BytesIO()
    Image.effect_noise((400, 400), 90).save(whole, "PNG")
    path = tmp_path / "plate.png"
    path.write_bytes(whole.getvalue()[:5000])
    with pytest.raises(Unreadable, match=r"plate\.png is not a picture we can read\."):
        plate_of(path, FRAME)
