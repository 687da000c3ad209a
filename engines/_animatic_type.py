"""Set text: the fonts we ship, lines that fit, and letters we can really draw."""
# Pillow's hints name numpy, which is not installed:
# pyright: reportUnknownMemberType=false

import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont
REGULAR = "Inter-Regular.ttf"
STRONG = "Inter-SemiBold.ttf"
_FOLDER = Path(__file__).parent / "_fonts"
_GAP = "\u2026"
_NEVER_DRAWN = "\U0010fffe"


@lru_cache(maxsize=64)
def font(name: str, size: int) -> Font:
    """Open a font at a size in pixels, with one layout engine whatever the machine offers."""
    return ImageFont.truetype(str(_FOLDER / name), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _is_drawn(letter: str) -> bool:
    return letter == " " or _look_of(letter) != _look_of(_NEVER_DRAWN)


def _look_of(letter: str) -> bytes:
    sheet = Image.new("L", (48, 32))
    ImageDraw.Draw(sheet).text((8, 24), letter, font=font(REGULAR, 20), fill=255, anchor="ls")
    return sheet.tobytes()


def readable(text: str) -> str:
    """Keep what the fonts can draw; a run of other letters becomes one ellipsis, never boxes."""
    kept: list[str] = []
    for letter in unicodedata.normalize("NFC", " ".join(text.split())):
        if unicodedata.category(letter)[0] == "C":
            continue
        for part in (letter, _plain(letter)):
            if part and all(_is_drawn(one) for one in part):
                kept.append(part)
                break
        else:
            if _leaves_a_gap(letter) and kept[-1:] != [_GAP]:
                kept.append(_GAP)
    return " ".join("".join(kept).split())


def says_something(text: str) -> bool:
    """Whether anything is left to read."""
    return any(letter.isalnum() for letter in text)


def _plain(letter: str) -> str:
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _leaves_a_gap(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LN"


def clipped(text: str, face: Font, width: float) -> str:
    """Shorten one line until it fits."""
    if face.getlength(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = face.getlength(text[:middle].rstrip() + _GAP) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip(" ,.;:") + _GAP


def wrapped(text: str, face: Font, width: float) -> list[str]:
    """Break text into lines at spaces; a word longer than a line is clipped."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(clipped(word, face, width))
    return lines


def paged(text: str, face: Font, width: float, *, lines: int, pages: int) -> list[list[str]]:
    """Deal text out over pages of a few lines; what the last page cannot hold is elided."""
    whole = wrapped(text, face, width)
    if 1 < len(whole) <= lines:
        return [_balanced(text, face, width, len(whole))]
    dealt = [whole[start : start + lines] for start in range(0, len(whole), lines)]
    if len(dealt) > pages:
        too_much = " ".join(whole[pages * lines - 1 : pages * lines + 1])
        dealt = dealt[:pages]
        dealt[-1][-1] = clipped(too_much, face, width)
    return dealt


def _balanced(text: str, face: Font, width: float, lines: int) -> list[str]:
    """Break lines so that none is left with a single word."""
    narrow = width
    while narrow > width * 0.55 and len(wrapped(text, face, narrow - width * 0.02)) == lines:
        narrow -= width * 0.02
    return wrapped(text, face, narrow)
