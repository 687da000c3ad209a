"""Draw the strip with a take's identity that every frame of its proxy carries."""

from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from bot._media_type import drawable, fitted, regular, semibold
from bot.media import Slate

BACKGROUND = (10, 11, 13, 196)
HAIRLINE = (255, 255, 255, 34)
BRIGHT = (255, 255, 255, 242)
DIM = (255, 255, 255, 178)
ACCENT = (255, 190, 92, 255)
DOT = (255, 255, 255, 90)
GAP = 1.25
SMALLEST, LARGEST = 10, 20
LETTERS_A_SIDE = 36
"""The type is this part of the picture's short side, so that it reads alike on every screen."""


@dataclass(frozen=True)
class Run:
    """One piece of text in one weight and colour."""

    text: str
    font: ImageFont.FreeTypeFont
    color: tuple[int, int, int, int]

    @property
    def width(self) -> float:
        """How far it reaches."""
        return self.font.getlength(self.text)


def strip(slate: Slate, width: int, height: int, *, largest: int = LARGEST) -> Image.Image:
    """Return the strip as wide as the picture: one line, or two where it is narrow.

    `largest` is the most that its type may measure, in pixels.
    """
    size = round(min(largest, max(SMALLEST, min(width, height) / LETTERS_A_SIDE)))
    lines = _lines(slate, width, size)
    tall = max(2, min(round(size * (0.9 + 1.5 * len(lines))), height // 3) // 2 * 2)
    image = Image.new("RGBA", (width, tall), BACKGROUND)
    pen = ImageDraw.Draw(image)
    pen.line((0, 0, width, 0), fill=HAIRLINE)
    first = tall / 2 - (len(lines) - 1) * size * 0.75
    for row, (left, right) in enumerate(lines):
        _draw(pen, left, right, width, size, first + row * size * 1.5)
    return image


Line = tuple[list[Run], list[Run]]


def _lines(slate: Slate, width: int, size: int) -> list[Line]:
    room, gap = width - 2 * _margin(size), size * GAP
    name, where, status, rest = _pieces(slate, size)
    wanted = _length([name, *where, *status, *rest], gap) + 2 * gap
    if wanted <= room or _length([*where, *status, *rest], gap) + 10 * size <= room:
        name = _shortened(name, room - (wanted - name.width))
        return [([name, *where], [*rest, *status])]
    status = [_shortened(run, room) for run in status]
    top = _shortened(name, room - _length(status, gap) - 2 * gap)
    while rest and _length([*where, *rest], gap) + gap > room:
        rest = rest[1:]
    return [([top], status), (where, rest)]


def _pieces(slate: Slate, size: int) -> tuple[Run, list[Run], list[Run], list[Run]]:
    bold, plain = semibold(size), regular(size)

    def run(text: str, font: ImageFont.FreeTypeFont, color: tuple[int, int, int, int]) -> Run:
        return Run(drawable(text, font), font, color)

    return (
        run(slate.production, bold, BRIGHT),
        [run(text, bold, BRIGHT) for text in (slate.scene, slate.shot, slate.take)],
        [run(slate.status.upper(), semibold(round(size * 0.85)), ACCENT)],
        [run(text, plain, DIM) for text in (slate.date, slate.hash8)],
    )


def _margin(size: int) -> float:
    return size * 1.1


def _length(runs: list[Run], gap: float) -> float:
    drawn = [run.width for run in runs if run.text]
    return sum(drawn) + gap * max(0, len(drawn) - 1)


def _shortened(run: Run, room: float) -> Run:
    return Run(fitted(run.text, run.font, room), run.font, run.color)


def _draw(
    pen: ImageDraw.ImageDraw,
    left: list[Run],
    right: list[Run],
    width: int,
    size: int,
    middle: float,
) -> None:
    gap = size * GAP
    _row(pen, left, _margin(size), middle, gap)
    _row(pen, right, width - _margin(size) - _length(right, gap), middle, gap)


def _row(
    pen: ImageDraw.ImageDraw, runs: list[Run], start: float, middle: float, gap: float
) -> None:
    at = start
    for run in [run for run in runs if run.text]:
        if at > start:
            pen.text((at - gap / 2, middle), "·", font=run.font, fill=DOT, anchor="mm")
        pen.text((at, middle), run.text, font=run.font, fill=run.color, anchor="lm")
        at += run.width + gap
