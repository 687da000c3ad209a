"""A character or a location has one sheet of its pictures: whole, upright, each with its title."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot._comparison_sheet import PANEL
from bot._media_sheet import PAPER
from bot._reference_sheet_page import HEADER, TALLEST, WIDEST, Place, page, plan_for
from bot.reference_sheet import Cell, SheetProblem, drawn_sheet
from tests.bot._clips import is_near

RED, BLUE, GREEN = (253, 0, 0), (0, 0, 254), (0, 127, 0)
STEP = 6
Shade = tuple[int, int, int]


def spots(sheet: Image.Image, shade: Shade) -> list[tuple[int, int]]:
    """Find where a sheet has a colour, looking at every sixth pixel."""
    across, down = sheet.width // STEP, sheet.height // STEP
    small = sheet.convert("RGB").resize((across, down), Image.Resampling.NEAREST)  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it
    raw = small.tobytes()
    pixels = ((at, tuple(raw[3 * at : 3 * at + 3])) for at in range(across * down))
    return [
        (at % across * STEP, at // across * STEP) for at, seen in pixels if is_near(seen, shade, 30)
    ]


def shape_of(seen: list[tuple[int, int]]) -> float:
    wide = max(x for x, _ in seen) - min(x for x, _ in seen) + STEP
    return wide / (max(y for _, y in seen) - min(y for _, y in seen) + STEP)


def kept(at: Path, shade: Shade, size: tuple[int, int], **options: object) -> Path:
    Image.new("RGB", size, shade).save(at, "JPEG", quality=95, **options)
    return at


async def test_pictures_are_shown_whole_and_upright(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x112] = 6
    cells = [
        Cell(kept(tmp_path / "a", RED, (1600, 900)), "Front", "R12 v1"),
        Cell(kept(tmp_path / "b", BLUE, (1600, 900), exif=turned), "Profile", "R12 v1"),
        Cell(kept(tmp_path / "c", GREEN, (500, 500)), "Close", "R12 v2"),
    ]
    path = await drawn_sheet(cells, "Mira", "R12 · character", tmp_path / "out")
    assert path == tmp_path / "out" / "references.jpg"
    with Image.open(path) as sheet:
        assert sheet.format == "JPEG"
        for shade, shape in ((RED, 16 / 9), (BLUE, 9 / 16), (GREEN, 1)):
            assert shape_of(spots(sheet, shade)) == pytest.approx(shape, rel=0.05)
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["references.jpg"]


async def test_what_cannot_be_shown_costs_only_its_own_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    cells = [
        Cell(kept(tmp_path / "a", RED, (400, 300)), "Front", ""),
        Cell(broken, "Broken", ""),
        Cell(tmp_path / "gone", "Gone", ""),
        Cell(None, "Release.pdf", "PDF document, 3 pages"),
    ]
    path = await drawn_sheet(cells, "Mira", "", tmp_path / "out")
    with Image.open(path) as sheet:
        assert spots(sheet, RED)
        assert spots(sheet, PANEL)


async def test_of_many_pictures_the_first_two_dozen_are_shown(tmp_path: Path) -> None:
    red, blue = kept(tmp_path / "a", RED, (90, 160)), kept(tmp_path / "b", BLUE, (90, 160))
    cells = [Cell(red, "One", "")] * 24 + [Cell(blue, "Late", "")]
    with Image.open(await drawn_sheet(cells, "Mira", "", tmp_path / "out")) as sheet:
        assert spots(sheet, RED)
        assert not spots(sheet, BLUE)


async def test_without_a_picture_there_is_no_sheet(tmp_path: Path) -> None:
    with pytest.raises(SheetProblem, match="no picture yet"):
        await drawn_sheet([], "Mira", "", tmp_path / "out")


def test_a_long_caption_never_runs_into_its_neighbour() -> None:
    words = "A very long name of a picture that goes on and on " * 4
    tall = Image.new("RGB", (300, 600), RED)
    places = [Place(words, words, tall, ""), Place("", "", tall, "")]
    drawn = page(places, words, words)
    plan = plan_for([tall.size] * 2, 2)
    (left, top), (right, _) = plan.corner(0), plan.corner(1)
    between = drawn.crop((left + plan.cell[0] + 3, top, right, drawn.height))
    assert between.getcolors() == [(between.width * between.height, PAPER)]
    head = drawn.crop((drawn.width - 40, 0, drawn.width, HEADER))
    assert head.getcolors() == [(head.width * head.height, PAPER)]


SIZE = st.tuples(st.integers(1, 9000), st.integers(1, 9000))


@settings(deadline=None)
@given(st.lists(SIZE, max_size=24), st.integers(0, 24))
def test_any_pictures_fit_on_a_sheet(sizes: list[tuple[int, int]], without: int) -> None:
    count = min(24, max(1, len(sizes) + without))
    plan = plan_for(sizes[:count], count)
    assert plan.page[0] <= WIDEST
    assert plan.page[1] <= TALLEST
    assert plan.columns * plan.rows >= count
    assert min(plan.cell) >= 100
    corners = [plan.corner(at) for at in range(count)]
    assert len(set(corners)) == count
    assert all(
        x >= 0 and x + plan.cell[0] <= plan.page[0] and y + plan.cell[1] < plan.page[1]
        for x, y in corners
    )
