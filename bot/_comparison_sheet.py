"""Compose the comparison sheet: takes beside or below each other, their moments in line."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bot._media_sheet import (
    BRIGHT,
    DIM,
    EVEN_FIGURES,
    FEWEST_PIXELS,
    GAP,
    MARGIN,
    PAPER,
    Still,
)
from bot._media_type import drawable, fitted, regular, semibold
from bot.comparison import Entrant, Title

WIDEST, TALLEST = 2400, 2400
LEAST_WIDE = 960
LARGEST_CELL = 620, 540
BEST_SHAPE = 1.5
PANEL = (26, 27, 31)
"""Below a frame of another shape, where black would look like a part of the film."""
LARGE, PLAIN, SMALL = 26, 21, 17
"""Sizes of type: a wide sheet is shown small."""
HEADER, LABEL = 74, 30
BETWEEN = 34
"""Between two takes; frames of one lie closer."""
WORDS_HIGH, LINE_HIGH = 112, 54
"""Of a take's words, in three lines or in one."""
Place = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """A take and its frames; none where there is nothing to see."""

    entrant: Entrant
    frames: list[Still]


@dataclass(frozen=True)
class Plan:
    """How the sheet is laid out, in pixels."""

    across: int
    """Takes beside each other."""
    down: int
    lies: bool
    """Whether a take's frames lie beside each other; else they stand below each other."""
    frames: int
    cell: Place

    @property
    def strip(self) -> Place:
        """Size of one take's frames."""
        width, height = self.cell[0], self.cell[1] + LABEL * (self.frames > 1)
        many, gaps = self.frames, (self.frames - 1) * GAP
        return (width * many + gaps, height) if self.lies else (width, height * many + gaps)

    @property
    def words(self) -> int:
        """Height of a take's words."""
        return LINE_HIGH if self.lies and self.frames > 1 else WORDS_HIGH

    @property
    def page(self) -> Place:
        """Size of the whole sheet."""
        wide = self.across * self.strip[0] + (self.across - 1) * BETWEEN + 2 * MARGIN
        high = self.down * (self.strip[1] + self.words) + (self.down - 1) * BETWEEN
        return max(wide, LEAST_WIDE), HEADER + high + MARGIN


def page(title: Title, rows: list[Row]) -> Image.Image:
    """Draw the sheet."""
    plan = plan_for([[still.image.size for still in row.frames] for row in rows])
    sheet = Image.new("RGB", plan.page, PAPER)
    pen = ImageDraw.Draw(sheet)
    _head(pen, title, len(rows), plan)
    left = (plan.page[0] - plan.across * (plan.strip[0] + BETWEEN) + BETWEEN) // 2
    for place, row in enumerate(rows):
        corner = (
            left + place % plan.across * (plan.strip[0] + BETWEEN),
            HEADER + place // plan.across * (plan.strip[1] + plan.words + BETWEEN),
        )
        _words(pen, row.entrant, corner, plan)
        _frames(sheet, pen, row, (corner[0], corner[1] + plan.words), plan)
    return sheet


def plan_for(sizes: list[list[Place]]) -> Plan:
    """Choose the layout that comes closest to a screen's shape, with frames as large as fit."""
    frames = max([len(each) for each in sizes] + [1])
    shapes = [width / height for each in sizes for width, height in each] or [16 / 9]
    shape = math.sqrt(min(shapes) * max(shapes))
    return min(_plans(len(sizes), frames, shape), key=_oddness)


def _oddness(plan: Plan) -> float:
    return abs(math.log(plan.page[0] / plan.page[1] / BEST_SHAPE))


def _plans(takes: int, frames: int, shape: float) -> Iterator[Plan]:
    if frames > 1:
        # Only so are the same moments of all takes in one line.
        arrangements = [(takes, False), (1, True)]
    else:
        arrangements = [(across, True) for across in range(1, takes + 1)]
    for across, lies in arrangements:
        down = math.ceil(takes / across)
        columns = across * (frames if lies else 1)
        rows = down * (1 if lies else frames)
        yield Plan(across, down, lies, frames, _cell(columns, rows, shape))


def _cell(columns: int, rows: int, shape: float) -> Place:
    wide = min(LARGEST_CELL[0], (WIDEST - 2 * MARGIN) // columns - BETWEEN)
    high = min(LARGEST_CELL[1], (TALLEST - HEADER - MARGIN) // rows - LABEL - GAP - LINE_HIGH)
    scale = min(wide / shape, high)
    # Very narrow frames would leave nothing to see; such a cell is wider than what it shows.
    return max(FEWEST_PIXELS, round(scale * shape)), max(FEWEST_PIXELS, round(scale))


def _head(pen: ImageDraw.ImageDraw, title: Title, count: int, plan: Plan) -> None:
    middle, small, bold = HEADER // 2, regular(PLAIN), semibold(LARGE)
    where = "".join(f"  ·  {drawable(part, bold)}" for part in (title.scene, title.shot))
    facts = f"{count} takes of one order   {title.date}"
    right = plan.page[0] - MARGIN
    room = right - MARGIN - small.getlength(facts) - bold.getlength(where) - 2 * GAP
    name = fitted(drawable(title.production, bold), bold, room)
    pen.text((MARGIN, middle), name + where, font=bold, fill=BRIGHT, anchor="lm")
    pen.text((right, middle), facts, font=small, fill=DIM, anchor="rm", features=EVEN_FIGURES)


def _words(pen: ImageDraw.ImageDraw, entrant: Entrant, corner: Place, plan: Plan) -> None:
    left, top = corner
    bold, plain = semibold(LARGE), regular(PLAIN)
    name = f"{entrant.code}   {drawable(entrant.engine, bold)}"
    model, facts = drawable(entrant.model, plain), drawable(entrant.facts, plain)
    room = plan.strip[0]
    if plan.words == WORDS_HIGH:
        _line(pen, (left, top + 20), fitted(name, bold, room), bold=True)
        _line(pen, (left, top + 53), fitted(model or facts, plain, room))
        if model:
            _line(pen, (left, top + 83), fitted(facts, plain, room))
        return
    middle = top + LINE_HIGH // 2
    _line(pen, (left, middle), name, bold=True)
    _line(pen, (left + round(bold.getlength(name)) + GAP, middle), model)
    _line(pen, (left + room, middle), facts, anchor="rm")


def _line(
    pen: ImageDraw.ImageDraw, at: Place, text: str, *, bold: bool = False, anchor: str = "lm"
) -> None:
    font, color = (semibold(LARGE), BRIGHT) if bold else (regular(PLAIN), DIM)
    pen.text(at, text, font=font, fill=color, anchor=anchor)


def _frames(
    sheet: Image.Image, pen: ImageDraw.ImageDraw, row: Row, corner: Place, plan: Plan
) -> None:
    left, top = corner
    if not row.frames:
        _nothing(pen, row.entrant, corner, plan)
        return
    step = (plan.cell[0] + GAP, 0) if plan.lies else (0, plan.cell[1] + LABEL + GAP)
    for place, still in enumerate(row.frames):
        at = left + place * step[0], top + place * step[1]
        _place(sheet, pen, still, at, plan.cell)


def _place(
    sheet: Image.Image, pen: ImageDraw.ImageDraw, still: Still, at: Place, cell: Place
) -> None:
    scale = min(cell[0] / still.image.width, cell[1] / still.image.height)
    tile = max(1, round(still.image.width * scale)), max(1, round(still.image.height * scale))
    small = still.image.resize(  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it
        tile, Image.Resampling.LANCZOS, reducing_gap=2.0
    )
    pen.rectangle((*at, at[0] + cell[0] - 1, at[1] + cell[1] - 1), fill=PANEL)
    sheet.paste(small, (at[0] + (cell[0] - tile[0]) // 2, at[1] + (cell[1] - tile[1]) // 2))
    below = at[0], at[1] + cell[1] + 18
    pen.text(below, still.label, font=regular(SMALL), fill=DIM, anchor="lm", features=EVEN_FIGURES)


def _nothing(pen: ImageDraw.ImageDraw, entrant: Entrant, corner: Place, plan: Plan) -> None:
    """Keep the place of a take that has no picture, quietly."""
    left, top = corner
    wide, high = plan.strip[0], plan.strip[1] - LABEL * (plan.frames > 1)
    pen.rectangle((left, top, left + wide - 1, top + high - 1), fill=PANEL)
    middle = left + wide // 2, top + high // 2
    ending = entrant.ending or "Not shown"
    reason = entrant.reason or "cannot be read"
    pen.text((middle[0], middle[1] - 18), ending, font=semibold(LARGE), fill=DIM, anchor="mm")
    small = regular(PLAIN)
    pen.text(
        (middle[0], middle[1] + 18), fitted(reason, small, wide - 2 * GAP), font=small, fill=DIM,
        anchor="mm",
    )  # fmt: skip
