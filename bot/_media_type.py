"""Inter, as drawn into pictures: which letters it has, and how to shorten a line."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).parent / "fonts"
MISSING = "\U0010ffff"


@cache
def regular(size: int) -> ImageFont.FreeTypeFont:
    """For what is looked up."""
    return ImageFont.truetype(str(FONTS / "Inter_400Regular.ttf"), size)


@cache
def semibold(size: int) -> ImageFont.FreeTypeFont:
    """For what is looked for."""
    return ImageFont.truetype(str(FONTS / "Inter_600SemiBold.ttf"), size)


def drawable(text: str, font: ImageFont.FreeTypeFont) -> str:
    """One line of what the font can draw: no line breaks, emoji or letters it lacks."""
    line = " ".join(text.split())
    blank = bytes(font.getmask(MISSING))
    return " ".join("".join(c for c in line if _is_drawn(c, font, blank)).split())


def _is_drawn(letter: str, font: ImageFont.FreeTypeFont, blank: bytes) -> bool:
    return letter.isprintable() and (letter == " " or bytes(font.getmask(letter)) != blank)


def fitted(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """Shorten a line with an ellipsis until it fits; empty if nothing does."""
    if font.getlength(text) <= width:
        return text
    for end in range(len(text) - 1, 0, -1):
        short = text[:end].rstrip(" ·-–—") + "…"
        if font.getlength(short) <= width:
            return short
    return ""
