"""The geometry of a `data_visualization` block; a template turns it into an inline drawing."""

import math
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

Json = dict[str, Any]

WIDTH, HEIGHT = 600, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 592, 12, 206
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Mark:
    """A label at a place on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Shape:
    """One bar, slice or dot, with the words a pointer or a screen reader gets for it."""

    path: str
    tone: int
    words: str


@dataclass(frozen=True)
class Series:
    """One named colour: a line through its points, or a slice of the whole."""

    name: str
    tone: int
    points: tuple[tuple[float, float], ...] = ()

    @property
    def line(self) -> str:
        """The points as an SVG path."""
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in self.points) if self.points else ""

    @property
    def area(self) -> str:
        """The same line, closed down to the axis."""
        if not self.points:
            return ""
        return f"{self.line}L{self.points[-1][0]:.1f} {BOTTOM}L{self.points[0][0]:.1f} {BOTTOM}Z"


@dataclass(frozen=True)
class Chart:
    """Everything that the template draws."""

    kind: str
    title: str
    series: tuple[Series, ...]
    shapes: tuple[Shape, ...] = ()
    rows: tuple[Mark, ...] = ()
    columns: tuple[Mark, ...] = ()
    x_label: str = ""
    y_label: str = ""


def chart(block: Json) -> Chart:
    """Lay out a line, bar, area or pie chart."""
    drawn: Json = block.get("chart") or {}
    if drawn.get("type") == "pie":
        return _pie(str(block.get("title", "")), drawn.get("segments", []))
    return _axes(str(block.get("title", "")), drawn)


def _axes(title: str, drawn: Json) -> Chart:
    config: Json = drawn.get("axis_config") or {}
    given: list[Json] = drawn.get("series") or []
    labels = [str(one) for one in config.get("categories") or _labels(given)]
    values = [float(p["value"]) for one in given for p in one["data"]]
    floor, top, step = _scale(min([0.0, *values]), max([0.0, *values]))
    is_bar = drawn.get("type") == "bar"

    def y_of(value: float) -> float:
        return BOTTOM - (value - floor) / (top - floor) * (BOTTOM - TOP)

    x_of = _columns(len(labels), inset=is_bar)
    lines = tuple(
        Series(
            str(one["name"]),
            index + 1,
            tuple((x_of[i], y_of(float(p["value"]))) for i, p in enumerate(one["data"])),
        )
        for index, one in enumerate(given)
    )
    rows = round((top - floor) / step) + 1
    return Chart(
        kind=str(drawn.get("type", "line")),
        title=title,
        series=lines,
        shapes=_bars(lines, given, y_of(0), x_of) if is_bar else _dots(lines, given),
        rows=tuple(Mark(y_of(floor + step * n), _short(floor + step * n)) for n in range(rows)),
        columns=tuple(_thinned(labels, x_of)),
        x_label=str(config.get("x_label") or ""),
        y_label=str(config.get("y_label") or ""),
    )


def _labels(given: list[Json]) -> list[str]:
    return [str(point["label"]) for point in given[0]["data"]] if given else []


def _columns(count: int, *, inset: bool) -> list[float]:
    if inset or count < 2:
        wide = (RIGHT - LEFT) / max(count, 1)
        return [LEFT + wide * (n + 0.5) for n in range(count)]
    return [LEFT + 10 + (RIGHT - LEFT - 20) * n / (count - 1) for n in range(count)]


def _thinned(labels: list[str], x_of: list[float]) -> list[Mark]:
    room = (RIGHT - LEFT) / max(len(labels), 1)
    longest = max((len(one) for one in labels), default=0) * 6.5 + 10
    every = max(1, math.ceil(longest / room))
    return [Mark(x_of[n], text) for n, text in enumerate(labels) if n % every == 0]


def _scale(low: float, high: float) -> tuple[float, float, float]:
    spread = (high - low) or 1.0
    rough = spread / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(one * power for one in _STEPS if one * power >= rough * 0.999)
    return math.floor(low / step) * step, math.ceil(high / step - 1e-9) * step or step, step


def _bars(
    lines: tuple[Series, ...], given: list[Json], zero: float, x_of: list[float]
) -> tuple[Shape, ...]:
    slot = (RIGHT - LEFT) / max(len(x_of), 1)
    wide = min(slot * 0.72 / max(len(lines), 1), 44)
    shapes: list[Shape] = []
    for index, line in enumerate(lines):
        shift = (index - len(lines) / 2) * wide
        for (x, y), point in zip(line.points, given[index]["data"], strict=True):
            path = f"M{x + shift + 1:.1f} {zero:.1f}V{y:.1f}h{wide - 2:.1f}V{zero:.1f}Z"
            shapes.append(Shape(path, line.tone, _words(line.name, point)))
    return tuple(shapes)


def _dots(lines: tuple[Series, ...], given: list[Json]) -> tuple[Shape, ...]:
    return tuple(
        Shape(f"M{x:.1f} {y:.1f}h0", line.tone, _words(line.name, point))
        for index, line in enumerate(lines)
        for (x, y), point in zip(line.points, given[index]["data"], strict=True)
    )


def _words(name: str, point: Json) -> str:
    return f"{name}, {point['label']}: {_short(float(point['value']))}"


def _short(value: float) -> str:
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'k' else size):.3g}{letter}"
    return f"{value:.6g}"


def _pie(title: str, segments: list[Json]) -> Chart:
    values = [max(float(one["value"]), 0) for one in segments]
    whole = sum(values) or 1.0
    ends = [0.0, *accumulate(value / whole for value in values)]
    shares = [
        f"{one['label']} {value / whole:.0%}" for one, value in zip(segments, values, strict=True)
    ]
    return Chart(
        kind="pie",
        title=title,
        series=tuple(Series(words, n + 1) for n, words in enumerate(shares)),
        shapes=tuple(
            Shape(_slice(ends[n], ends[n + 1]), n + 1, words) for n, words in enumerate(shares)
        ),
    )


def _slice(start: float, end: float) -> str:
    end = min(end, start + 0.9999)
    (x1, y1), (x2, y2) = _around(start, 90), _around(end, 90)
    (x3, y3), (x4, y4) = _around(end, 52), _around(start, 52)
    large = int(end - start > 0.5)
    return (
        f"M{x1:.2f} {y1:.2f}A90 90 0 {large} 1 {x2:.2f} {y2:.2f}"
        f"L{x3:.2f} {y3:.2f}A52 52 0 {large} 0 {x4:.2f} {y4:.2f}Z"
    )


def _around(share: float, radius: float) -> tuple[float, float]:
    angle = 2 * math.pi * share - math.pi / 2
    return 100 + radius * math.cos(angle), 100 + radius * math.sin(angle)
