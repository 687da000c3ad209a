"""Compose the contact sheet: twelve frames of a take, each with its timecode."""

from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image, ImageDraw, features

from bot._media_probe import Footage
from bot._media_type import drawable, fitted, regular, semibold
from bot.media import Probe, Slate

PAPER = (17, 18, 20)
MATTE = (0, 0, 0)
BRIGHT = (240, 240, 240)
DIM = (150, 153, 158)
MARGIN, GAP, LABEL, HEADER = 32, 14, 26, 58
WIDEST, TALLEST, TALLEST_UPRIGHT = 384, 384, 420
FEWEST_PIXELS = 40
EVEN_FIGURES = ["tnum"] if features.check("raqm") else None


@dataclass(frozen=True)
class Still:
    """One frame for the sheet."""

    label: str
    image: Image.Image


def timecode(frame: int, seconds: float, probe: Probe) -> str:
    """Hours, minutes, seconds and frames; milliseconds where frames come unevenly."""
    if probe.variable_rate:
        minutes, rest = divmod(seconds, 60)
        return f"{int(minutes) // 60:02}:{int(minutes) % 60:02}:{rest:06.3f}"
    nominal = max(1, round(probe.fps))
    whole, left = divmod(frame, nominal)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}:{left:02}"


def placed(
    numbers: tuple[int, ...], images: Iterable[Image.Image], footage: Footage
) -> list[Still]:
    """Label the frames that came; those of a short clip repeat, and so does the last one read."""
    came = {
        number: Still(timecode(number, footage.times[number], footage.probe), image)
        for number, image in zip(sorted(set(numbers)), images, strict=False)
    }
    last = max(came, default=0)
    return [came[min(number, last)] for number in numbers] if came else []


def sheet(stills: list[Still], slate: Slate, probe: Probe) -> Image.Image:
    """Four columns and three rows, or three and four for an upright picture."""
    columns = 4 if probe.width >= probe.height else 3
    rows = len(stills) // columns
    across, down = _tile(probe.width, probe.height)
    cell = max(across, FEWEST_PIXELS * 5), max(down, FEWEST_PIXELS)
    page = Image.new(
        "RGB",
        (
            2 * MARGIN + columns * cell[0] + (columns - 1) * GAP,
            HEADER + rows * (cell[1] + LABEL) + (rows - 1) * GAP + MARGIN,
        ),
        PAPER,
    )
    pen = ImageDraw.Draw(page)
    _head(pen, slate, probe, page.width)
    for place, still in enumerate(stills):
        left = MARGIN + place % columns * (cell[0] + GAP)
        top = HEADER + place // columns * (cell[1] + LABEL + GAP)
        _place(page, pen, still, (left, top), cell, (across, down))
    return page


def _tile(width: int, height: int) -> tuple[int, int]:
    tallest = TALLEST if width >= height else TALLEST_UPRIGHT
    scale = min(WIDEST / width, tallest / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _place(
    page: Image.Image,
    pen: ImageDraw.ImageDraw,
    still: Still,
    corner: tuple[int, int],
    cell: tuple[int, int],
    tile: tuple[int, int],
) -> None:
    left, top = corner
    pen.rectangle((left, top, left + cell[0] - 1, top + cell[1] - 1), fill=MATTE)
    small = still.image.resize(  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it
        tile, Image.Resampling.LANCZOS, reducing_gap=2.0
    )
    page.paste(small, (left + (cell[0] - tile[0]) // 2, top + (cell[1] - tile[1]) // 2))
    pen.text(
        (left, top + cell[1] + 15),
        still.label,
        font=regular(14),
        fill=DIM,
        anchor="lm",
        features=EVEN_FIGURES,
    )


def _head(pen: ImageDraw.ImageDraw, slate: Slate, probe: Probe, width: int) -> None:
    middle, room = HEADER // 2, width - 2 * MARGIN
    small, bold = regular(15), semibold(18)
    where = "".join(
        f"  ·  {drawable(part, bold)}" for part in (slate.scene, slate.shot, slate.take)
    )
    facts = f"{probe.width} × {probe.height}   {probe.fps:g} fps   {probe.seconds:.1f} s"  # noqa: RUF001 - sizes are written with this sign
    facts = f"{facts}   {drawable(slate.hash8, small)}"
    left = room - small.getlength(facts) - bold.getlength(where) - 2 * GAP
    name = fitted(drawable(slate.production, bold), bold, left)
    pen.text((MARGIN, middle), name + where, font=bold, fill=BRIGHT, anchor="lm")
    pen.text((width - MARGIN, middle), facts, font=small, fill=DIM, anchor="rm")
