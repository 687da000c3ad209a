"""The child process behind bot.stills: one decode gives the poster, with the slate below it."""

from pathlib import Path
from typing import Any

from PIL import Image

from bot._media_confine import GIB, serve
from bot._media_slate import strip
from bot._picture_open import described, opened
from bot._picture_plain import plain
from bot.media import Slate
from bot.pictures import PictureProblem

LONG_SIDE = 2048
LARGEST_TYPE = 32
"""A poster is wider than a proxy, and is shown as small: its type grows with it."""
PAPER = (17, 18, 20)
LIGHT, DARK, SQUARE = (136, 138, 142), (116, 118, 122), 16
"""The chequers below what is transparent: black and white both stand out against them."""
ANIMATED = "This picture is animated; a still was ordered."


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Describe a still, and leave poster.jpg on the desk."""
    with opened(Path(job["original"]), ANIMATED) as image:
        told = described(image)  # before `plain`, after which a JPEG may say another size
        shown = framed(image, LONG_SIDE)
        page = _slated(shown, Slate(**job["slate"]))
    page.save(
        Path(job["desk"]) / "poster.jpg", quality=90, subsampling=0, optimize=True, progressive=True
    )
    return told


def framed(image: Image.Image, long_side: int) -> Image.Image:
    """Give an opened picture as a screen shows it, at most that long, without transparency."""
    shown = plain(image, long_side)
    return _on_chequers(shown) if shown.mode == "RGBA" else shown


def _on_chequers(image: Image.Image) -> Image.Image:
    tile = Image.new("RGB", (2 * SQUARE, 2 * SQUARE), LIGHT)
    tile.paste(DARK, (0, 0, SQUARE, SQUARE))
    tile.paste(DARK, (SQUARE, SQUARE, 2 * SQUARE, 2 * SQUARE))
    page = Image.new("RGB", image.size)
    for left in range(0, page.width, tile.width):
        for top in range(0, page.height, tile.height):
            page.paste(tile, (left, top))
    page.paste(image, (0, 0), image)
    return page


def _slated(image: Image.Image, slate: Slate) -> Image.Image:
    """Put the slate below the picture, where it covers nothing of what is judged."""
    below = strip(slate, *image.size, largest=LARGEST_TYPE)
    page = Image.new("RGB", (image.width, image.height + below.height), PAPER)
    page.paste(image, (0, 0))
    page.paste(below, (0, image.height), below)
    return page


if __name__ == "__main__":
    serve(work, PictureProblem, memory_bytes=2 * GIB)
