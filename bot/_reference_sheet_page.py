"""Compose the sheet of a reference's pictures: whole and upright, in rows, captions below."""

import math
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bot._comparison_sheet import BETWEEN, PANEL
from bot._media_sheet import BRIGHT, DIM, GAP, MARGIN, PAPER
from bot._media_type import drawable, fitted, regular, semibold

WIDEST, TALLEST = 2400, 2000
LEAST_WIDE = 760
LARGEST = 900
"""Longest side of a picture on the sheet."""
MOST_ENLARGED = 2.0
"""A tiny picture stays small, so that nobody takes it for a good one."""
BEST_SHAPE = 1.5
NARROWEST, BROADEST, EMPTY_SHAPE = 0.5, 2.4, 1.5
"""Shapes of a cell: beyond them a picture is shown with space around it."""
LEAST_ACROSS = 260
"""Of a cell: below that, a title would say nothing."""
TITLE, SUBTITLE, NAME, NOTE = 40, 26, 26, 21
"""Sizes of type: a wide sheet is shown small."""
HEADER, CAPTION, BELOW, SIDE = 112, 80, 30, 48
Corner = tuple[int, int]


@dataclass(frozen=True)
class Place:
    """A cell of the sheet, and why it has no picture if it has none."""

    title: str
    note: str
    image: Image.Image | None
    missing: str


@dataclass(frozen=True)
class Plan:
    """How the sheet is laid out, in pixels."""

    columns: int
    rows: int
    count: int
    cell: Corner

    @property
    def block(self) -> Corner:
        """Size of the cells together."""
        wide = self.columns * self.cell[0] + (self.columns - 1) * BETWEEN
        return wide, self.rows * (self.cell[1] + CAPTION) + (self.rows - 1) * BELOW

    @property
    def page(self) -> Corner:
        """Size of the whole sheet."""
        return max(self.block[0] + 2 * SIDE, LEAST_WIDE), HEADER + self.block[1] + MARGIN

    def corner(self, at: int) -> Corner:
        """Where a cell begins."""
        row, column = divmod(at, self.columns)
        left = (self.page[0] - self.block[0]) // 2
        top = HEADER + row * (self.cell[1] + CAPTION + BELOW)
        return left + column * (self.cell[0] + BETWEEN), top


def page(places: list[Place], title: str, subtitle: str) -> Image.Image:
    """Draw the sheet."""
    plan = plan_for([place.image.size for place in places if place.image], len(places))
    sheet = Image.new("RGB", plan.page, PAPER)
    pen = ImageDraw.Draw(sheet)
    _head(pen, title, subtitle, plan.page[0])
    for at, place in enumerate(places):
        left, top = plan.corner(at)
        _picture(sheet, pen, place, (left, top), plan.cell)
        _caption(pen, place, (left, top + plan.cell[1]), plan.cell[0])
    return sheet


def plan_for(sizes: list[tuple[int, int]], count: int) -> Plan:
    """Choose the columns that show the pictures largest on a sheet of about a screen's shape."""
    shapes = [width / height for width, height in sizes] or [EMPTY_SHAPE]
    usual = math.exp(sum(map(math.log, shapes)) / len(shapes))
    shape = min(max(usual, NARROWEST), BROADEST)
    return min((_plan(columns, count, shape) for columns in range(1, count + 1)), key=_oddness)


def _plan(columns: int, count: int, shape: float) -> Plan:
    rows = math.ceil(count / columns)
    wide = (WIDEST - 2 * SIDE - (columns - 1) * BETWEEN) / columns
    high = (TALLEST - HEADER - MARGIN) / rows - CAPTION - BELOW
    across = min(wide, high * shape, LARGEST, LARGEST * shape)
    return Plan(columns, rows, count, (int(across), int(across / shape)))


def _oddness(plan: Plan) -> tuple[bool, float]:
    """Weigh a page's shape and what is left empty on it; titles need a cell of some width."""
    wide, high = plan.page
    empty = 1 - plan.count / (plan.columns * plan.rows)
    return plan.cell[0] < LEAST_ACROSS, abs(math.log(wide / high / BEST_SHAPE)) + 2 * empty


def _head(pen: ImageDraw.ImageDraw, title: str, subtitle: str, width: int) -> None:
    middle, right = HEADER // 2, width - SIDE
    bold, plain = semibold(TITLE), regular(SUBTITLE)
    room = right - SIDE
    name = fitted(drawable(title, bold), bold, room * 2 / 3)
    left = SIDE + round(bold.getlength(name)) + 2 * GAP
    facts = fitted(drawable(subtitle, plain), plain, right - left)
    pen.text((SIDE, middle), name, font=bold, fill=BRIGHT, anchor="lm")
    pen.text((right, middle), facts, font=plain, fill=DIM, anchor="rm")


def _picture(
    sheet: Image.Image, pen: ImageDraw.ImageDraw, place: Place, corner: Corner, cell: Corner
) -> None:
    left, top = corner
    pen.rectangle((left, top, left + cell[0] - 1, top + cell[1] - 1), fill=PANEL)
    if place.image is None:
        at = left + cell[0] // 2, top + cell[1] // 2
        pen.text(at, place.missing, font=regular(NAME), fill=DIM, anchor="mm")
        return
    scale = min(cell[0] / place.image.width, cell[1] / place.image.height, MOST_ENLARGED)
    tile = max(1, round(place.image.width * scale)), max(1, round(place.image.height * scale))
    small = place.image.resize(  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it
        tile, Image.Resampling.LANCZOS, reducing_gap=2.0
    )
    sheet.paste(small, (left + (cell[0] - tile[0]) // 2, top + (cell[1] - tile[1]) // 2))


def _caption(pen: ImageDraw.ImageDraw, place: Place, corner: Corner, room: int) -> None:
    left, top = corner
    bold, small = semibold(NAME), regular(NOTE)
    title = fitted(drawable(place.title, bold), bold, room)
    note = fitted(drawable(place.note, small), small, room)
    pen.text((left, top + 30), title, font=bold, fill=BRIGHT, anchor="lm")
    pen.text((left, top + 61), note, font=small, fill=DIM, anchor="lm")
