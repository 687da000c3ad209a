"""The strip burned into proxies, and the contact sheet, hold whatever a team calls its work."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot._media_graph import chosen, proxy_size, still_size
from bot._media_sheet import timecode
from bot._media_slate import strip
from bot._media_type import drawable, fitted, semibold
from bot.media import Colors, Probe, Slate

SLATE = Slate("Midnight Harbour", "SC020", "SH010", "T3", "2026-11-22", "in review", "9f3a1c7e")
LONG = "The Extraordinarily Long Autumn Campaign for Maison Étoilée de Saint-Germain"
PROBE = Probe(
    width=1920, height=1080, rotation=0, fps=23.976, fps_exact="24000/1001", frames=240,
    seconds=10.01, codec="h264", pixel_format="yuv420p", has_audio=False, container="mp4",
    variable_rate=False, colors=Colors("bt709", "bt709", "bt709", "tv"),
)  # fmt: skip


def test_a_wide_picture_carries_one_line_and_a_narrow_one_two() -> None:
    assert strip(SLATE, 1280, 720).height < strip(SLATE, 720, 1280).height <= 90


@pytest.mark.parametrize("production", ["", "X", LONG, "夜の港", "🎬 Harbour 🚢", "two\nlines"])
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (720, 720), (320, 240), (2, 2)])
def test_any_name_fits_any_picture(production: str, size: tuple[int, int]) -> None:
    drawn = strip(replace(SLATE, production=production), *size)
    assert drawn.width == size[0]
    assert drawn.height <= max(2, size[1] // 3)


def test_the_ends_of_a_long_line_stay_inside_the_picture() -> None:
    drawn = strip(replace(SLATE, production=LONG, status="approved with notes"), 720, 1280)
    edge = drawn.crop((0, 1, 8, drawn.height)), drawn.crop((712, 1, 720, drawn.height))
    assert all(len(side.getcolors() or []) == 1 for side in edge)


def test_letters_that_the_font_lacks_are_left_out_instead_of_drawn_as_boxes() -> None:
    assert drawable("Hafen 港 🎬  Łódź\nЯйця", semibold(20)) == "Hafen Łódź Яйця"


def test_a_shortened_name_says_so() -> None:
    font = semibold(20)
    short = fitted(LONG, font, 200)
    assert short.endswith("…")
    assert font.getlength(short) <= 200


@pytest.mark.parametrize(
    ("frame", "code"), [(0, "00:00:00:00"), (23, "00:00:00:23"), (24, "00:00:01:00")]
)
def test_a_timecode_counts_frames_as_an_editor_does(frame: int, code: str) -> None:
    assert timecode(frame, frame * 1001 / 24000, PROBE) == code


def test_a_timecode_of_uneven_frames_is_a_time() -> None:
    assert timecode(7, 61.25, replace(PROBE, variable_rate=True)) == "00:01:01.250"


@given(st.integers(min_value=1, max_value=200_000))
def test_a_sheet_runs_from_the_first_frame_to_the_last(frames: int) -> None:
    numbers = chosen(frames)
    assert len(numbers) == 12
    assert (numbers[0], numbers[-1]) == (0, frames - 1)
    steps = {b - a for a, b in pairwise(numbers)}
    assert max(steps) - min(steps) <= 1


@given(st.integers(1, 8192), st.integers(1, 8192))
def test_a_proxy_is_even_and_never_larger_than_its_take(width: int, height: int) -> None:
    across, down = proxy_size(width, height)
    assert across % 2 == down % 2 == 0
    assert across <= width + 1
    assert down <= height + 1
    assert min(across, down) <= 720
    assert still_size(width, height)[0] <= min(1280, width)
