"""Inter, as drawn into pictures: which letters it has, and how to shorten a line."""

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

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
    """Leave one line of what the font can draw: no line breaks, emoji or letters it lacks."""
    return " ".join("".join(c for c in " ".join(text.split()) if _is_drawn(c, font)).split())


def _is_drawn(letter: str, font: ImageFont.FreeTypeFont) -> bool:
    return letter == " " or (letter.isprintable() and _glyph(letter, font) != _glyph(MISSING, font))


@cache
def _glyph(letter: str, font: ImageFont.FreeTypeFont) -> bytes:
    square = Image.new("L", (round(2 * font.size), round(2 * font.size)))
    ImageDraw.Draw(square).text((font.size / 2, 0), letter, font=font, fill=255)
    return square.tobytes()


def fitted(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """Shorten a line with an ellipsis until it fits; empty if nothing does."""
    if font.getlength(text) <= width:
        return text
    for end in range(len(text) - 1, 0, -1):
        short = text[:end].rstrip(" ·-,") + "…"
        if font.getlength(short) <= width:
            return short
    return ""
