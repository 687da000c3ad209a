"""The perceptual hash of a picture; imported by child processes only."""

import imagehash
from PIL import Image, ImageStat

UNEVEN = 0.12, 0.08
"""How much is left off at the left and at the top. Half the hash of a symmetrical picture, as logos
are, would tell only of noise: 20 bits were seen to change when one was saved as JPEG."""
FLAT = 2.5
"""Deviation of light, of 255, below which a hash tells only of noise."""
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def likeness_of(image: Image.Image) -> str:
    """Hash an upright RGB or RGBA picture into 16 hex digits; empty if it is all one shade."""
    if image.mode != "RGBA":
        return _hashed(image)
    # On white, as on a page; on black what white would swallow.
    return _hashed(_on(image, WHITE)) or _hashed(_on(image, BLACK))


def _on(image: Image.Image, paper: tuple[int, int, int]) -> Image.Image:
    page = Image.new("RGB", image.size, paper)
    page.paste(image, (0, 0), image)
    return page


def _hashed(image: Image.Image) -> str:
    left, top = (int(side * part) for side, part in zip(image.size, UNEVEN, strict=True))
    uneven = image.convert("L").crop((left, top, *image.size))
    if ImageStat.Stat(uneven).stddev[0] < FLAT:
        return ""
    return str(imagehash.phash(uneven))
