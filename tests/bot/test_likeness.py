"""Pictures that look alike are found, and others are not taken for them."""

import io
import random
from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from bot._reference_likeness import likeness_of
from bot.likeness import SAME, SIMILAR, Alike, alike, distance

HASH = st.integers(0, 2**64 - 1).map("{:016x}".format)
PICTURES = 60


def scene(seed: int) -> Image.Image:
    """Paint a picture that has a sky, a ground and things of many sizes in it, as films do."""
    chance = random.Random(seed)

    def shade() -> tuple[int, int, int]:
        return chance.randrange(256), chance.randrange(256), chance.randrange(256)

    wide, high = chance.choice([(960, 540), (540, 960), (720, 720), (900, 600)])
    made = Image.linear_gradient("L").resize((wide, high)).convert("RGB")  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it
    made = Image.blend(made, Image.new("RGB", made.size, shade()), 0.6)
    pen = ImageDraw.Draw(made)
    pen.rectangle((0, int(high * chance.uniform(0.4, 0.8)), wide, high), fill=shade())
    for _ in range(chance.randrange(4, 14)):
        x, y = chance.randrange(wide), chance.randrange(high)
        across, down = (
            chance.randrange(wide // 16, wide // 2),
            chance.randrange(high // 16, high // 2),
        )
        shape = chance.choice([pen.ellipse, pen.rectangle])
        shape((x - across // 2, y - down // 2, x + across // 2, y + down // 2), fill=shade())
    return made.filter(ImageFilter.GaussianBlur(chance.choice([0, 1, 4])))


def resized(image: Image.Image) -> Image.Image:
    return image.resize((image.width // 3, image.height // 3))  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it


def recompressed(image: Image.Image) -> Image.Image:
    held = io.BytesIO()
    image.save(held, "JPEG", quality=35)
    return Image.open(held).convert("RGB")


def tinted(image: Image.Image) -> Image.Image:
    return Image.blend(image, Image.new("RGB", image.size, (255, 190, 120)), 0.08)


def brightened(image: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(1.12)


def cropped(image: Image.Image) -> Image.Image:
    x, y = image.width // 50, image.height // 50
    return image.crop((x, y, image.width - x, image.height - y))


CHANGES: list[Callable[[Image.Image], Image.Image]] = [
    resized, recompressed, tinted, brightened, cropped,
]  # fmt: skip


def share(values: list[int], most: int) -> float:
    return sum(value <= most for value in values) / len(values)


def badge(seed: int) -> Image.Image:
    """Paint a symmetrical mark on white, as logos are."""
    chance, made = random.Random(seed), Image.new("RGB", (600, 600), "white")
    pen = ImageDraw.Draw(made)
    for _ in range(chance.randrange(2, 6)):
        x, y = chance.randrange(300), chance.randrange(600)
        across, down = chance.randrange(15, 100), chance.randrange(15, 100)
        shape = chance.choice([pen.ellipse, pen.rectangle])
        colour = chance.randrange(200), chance.randrange(200), chance.randrange(200)
        shape((x - across, y - down, x + across, y + down), fill=colour)
    made.paste(ImageOps.mirror(made.crop((0, 0, 300, 600))), (300, 0))
    return made


@pytest.mark.parametrize("paint", [scene, badge])
def test_the_thresholds_tell_copies_from_other_pictures(
    paint: Callable[[int], Image.Image],
) -> None:
    pictures = [paint(seed) for seed in range(PICTURES)]
    hashes = [likeness_of(picture) for picture in pictures]
    assert all(hashes)
    for change in CHANGES:
        near = [
            distance(known, likeness_of(change(picture)))
            for known, picture in zip(hashes, pictures, strict=True)
        ]
        print(
            f"{paint.__name__} {change.__name__:>12}: farthest {max(near):2}, "
            f"same {share(near, SAME):.0%}, similar {share(near, SIMILAR):.0%}"
        )
        assert share(near, SIMILAR) >= 0.95
        assert change is cropped or share(near, SAME) >= 0.95
    others = [distance(one, other) for one, other in combinations(hashes, 2)]
    print(
        f"{paint.__name__}: {len(others)} pairs of others, nearest {min(others)}, "
        f"same {share(others, SAME):.2%}, similar {share(others, SIMILAR):.2%}"
    )
    assert share(others, SAME) <= 0.001
    assert share(others, SIMILAR) <= 0.01


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_picture_of_one_shade_is_like_nothing(mode: str) -> None:
    flat = Image.new(mode, (640, 360), (90, 90, 90))
    assert likeness_of(flat) == ""
    assert likeness_of(recompressed(flat.convert("RGB"))) == ""
    assert alike("", {"a": "", "b": "0" * 16}) == []
    assert alike("0" * 16, {"a": ""}) == []


def logo(colour: tuple[int, int, int]) -> Image.Image:
    made = Image.new("RGBA", (400, 300), (*colour, 0))
    pen = ImageDraw.Draw(made)
    pen.ellipse((40, 60, 200, 240), fill=(*colour, 255))
    pen.rectangle((180, 30, 360, 120), fill=(*colour, 255))
    return made


def test_a_transparent_logo_is_known_on_its_page() -> None:
    page = Image.new("RGB", (400, 300), "white")
    page.paste(logo((10, 10, 10)), (0, 0), logo((10, 10, 10)))
    assert distance(likeness_of(logo((10, 10, 10))), likeness_of(page)) <= SAME
    assert likeness_of(logo((255, 255, 255))) != "", "white on white would be nothing"


def near_first(found: list[Alike]) -> Iterator[int]:
    return (each.distance for each in found)


@given(HASH, st.dictionaries(st.text(max_size=3), HASH | st.just(""), max_size=8))
def test_what_is_alike_comes_nearest_first(one: str, others: dict[str, str]) -> None:
    found = alike(one, others | {"itself": one})
    assert found[0].distance == 0
    assert found[0].is_same
    assert list(near_first(found)) == sorted(near_first(found))
    assert all(each.distance <= SIMILAR for each in found)


@given(HASH, HASH, st.integers(0, 63))
def test_distance_counts_bits(a: str, b: str, bit: int) -> None:
    assert distance(a, b) == distance(b, a)
    assert distance(a, a) == 0
    assert distance(a, f"{int(a, 16) ^ 1 << bit:016x}") == 1
    assert distance(a, f"{int(a, 16) ^ (2**64 - 1):016x}") == 64
