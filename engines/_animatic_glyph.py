"""Draw the sign of a camera move: a small arrow that reads at a glance."""

import math
from collections.abc import Callable

from PIL import Image, ImageDraw

from ._animatic_planes import Mask

Point = tuple[float, float]
_FINE = 8
_STROKE = 0.085
_HEAD = 0.2


class _Pen:
    """Draws in a unit square, eight times finer than it will be shown."""

    def __init__(self, size: int) -> None:
        self.side = size * _FINE
        self.sheet = Image.new("L", (self.side, self.side), 0)
        self._draw = ImageDraw.Draw(self.sheet)

    def line(self, *points: Point, stroke: float = _STROKE) -> None:
        dots = [(x * self.side, y * self.side) for x, y in points]
        width = round(stroke * self.side)
        self._draw.line(dots, fill=255, width=width, joint="curve")
        for x, y in (dots[0], dots[-1]):
            self._draw.ellipse(
                (x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=255
            )

    def arrow(self, start: Point, end: Point) -> None:
        self.line(start, end)
        self.head(end, math.atan2(end[1] - start[1], end[0] - start[0]))

    def head(self, tip: Point, turn: float) -> None:
        for side in (math.tau * 0.375, -math.tau * 0.375):
            back = turn + side
            self.line(tip, (tip[0] + _HEAD * math.cos(back), tip[1] + _HEAD * math.sin(back)))

    def box(self, inset: float) -> None:
        low, high = inset * self.side, (1 - inset) * self.side
        width = round(_STROKE * self.side)
        self._draw.rounded_rectangle(
            (low, low, high, high), radius=self.side * 0.08, outline=255, width=width
        )

    def dot(self, middle: Point, radius: float) -> None:
        x, y, reach = middle[0] * self.side, middle[1] * self.side, radius * self.side
        self._draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)


def _inwards(pen: _Pen) -> None:
    for x, y in ((0.06, 0.06), (0.94, 0.06), (0.06, 0.94), (0.94, 0.94)):
        pen.arrow((x, y), (0.5 + (x - 0.5) * 0.3, 0.5 + (y - 0.5) * 0.3))


def _outwards(pen: _Pen) -> None:
    for x, y in ((0.06, 0.06), (0.94, 0.06), (0.06, 0.94), (0.94, 0.94)):
        pen.arrow((0.5 + (x - 0.5) * 0.3, 0.5 + (y - 0.5) * 0.3), (x, y))


def _sideways(pen: _Pen, sign: int) -> None:
    pen.arrow((0.5 - 0.42 * sign, 0.5), (0.5 + 0.42 * sign, 0.5))
    pen.line((0.5 - 0.42 * sign, 0.24), (0.5 - 0.42 * sign, 0.76))


def _upright(pen: _Pen, sign: int) -> None:
    pen.arrow((0.5, 0.5 - 0.42 * sign), (0.5, 0.5 + 0.42 * sign))
    pen.line((0.24, 0.5 - 0.42 * sign), (0.76, 0.5 - 0.42 * sign))


def _turning(pen: _Pen, sign: int) -> None:
    turns = [math.radians(200 + step * 5) for step in range(57)]
    ring = [(0.5 + sign * 0.4 * math.cos(turn), 0.52 + 0.4 * math.sin(turn)) for turn in turns]
    pen.line(*ring)
    last, before = ring[-1], ring[-4]
    pen.head(last, math.atan2(last[1] - before[1], last[0] - before[0]))
    pen.dot((0.5, 0.52), 0.1)


def _wave(pen: _Pen) -> None:
    steps = [step / 40 for step in range(41)]
    pen.line(*[(0.06 + 0.88 * t, 0.5 + 0.2 * math.sin(t * math.tau * 1.5)) for t in steps])


def _still(pen: _Pen) -> None:
    pen.box(0.14)
    pen.dot((0.5, 0.5), 0.11)


_DRAWN: dict[str, Callable[[_Pen], None]] = {
    "in": _inwards,
    "zoom_in": _inwards,
    "out": _outwards,
    "left": lambda pen: _sideways(pen, -1),
    "right": lambda pen: _sideways(pen, 1),
    "up": lambda pen: _upright(pen, -1),
    "down": lambda pen: _upright(pen, 1),
    "orbit_left": lambda pen: _turning(pen, -1),
    "orbit_right": lambda pen: _turning(pen, 1),
    "hand": _wave,
    "static": _still,
}


def glyph(name: str, size: int) -> Mask:
    """Draw one sign into an even square."""
    pen = _Pen(size)
    _DRAWN[name](pen)
    return Mask.of(pen.sheet.reduce(_FINE))
