"""A finished take's colours are compared with a brand's palette, and noted in words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.colours import (
    ColourProblem,
    Dominant,
    Swatch,
    check,
    colours_of,
    compared,
    distance,
    merged,
    noted,
)
from tests.bot._clips import X264, drawn, ffmpeg

RED = Swatch("Aurora red", "#E4002B", 6)
BLUE = Swatch("Aurora blue", "#0033A0", 6)
COLOUR = st.integers(0, 0xFFFFFF).map("#{:06X}".format)
SEEN = st.lists(st.builds(Dominant, COLOUR, st.floats(0.01, 1)), max_size=24)


@pytest.mark.parametrize(
    ("one", "other", "away"),
    [("#FF0000", "#FF0000", 0), ("#FFFFFF", "#000000", 100), ("#FF0000", "#00FF00", 86.6)],
)
def test_distance_is_the_eyes(one: str, other: str, away: float) -> None:
    assert distance(one, other) == pytest.approx(away, abs=0.1)


def test_a_note_says_what_is_near_what_drifted_and_what_is_missing() -> None:
    palette = [RED, BLUE, Swatch("Ivory", "#FFFFF0", 2)]
    found = compared([Dominant("#D11A33", 0.4), Dominant("#F6F0DA", 0.3)], palette)
    assert noted(found) == (
        "Nearest to Aurora red #E4002B: #D11A33, 4.1 away, within 6. "
        "Nearest to Ivory #FFFFF0: #F6F0DA, 4.4 away, outside 2. "
        "Not seen: Aurora blue."
    )
    assert [each.is_within for each in found] == [True, False, False]
    assert noted(compared([], palette)) == "Not seen: Aurora red, Aurora blue, Ivory."
    assert noted(compared([Dominant("#000000", 1)], [])) == ""


async def test_a_stills_colours_come_with_their_shares(tmp_path: Path) -> None:
    path = tmp_path / "still"
    made = Image.new("RGB", (400, 300), RED.value)
    made.paste("#F2F2F2", (0, 0, 400, 90))
    made.paste(BLUE.value, (360, 200, 400, 300))
    made.save(path, "PNG")
    seen = await colours_of(path)
    assert [each.value for each in seen] == [RED.value, "#F2F2F2", BLUE.value]
    assert [each.share for each in seen] == pytest.approx([0.667, 0.3, 0.033], abs=0.01)


async def test_what_is_transparent_has_no_colour(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    made = Image.new("RGBA", (400, 300), (0, 255, 0, 0))
    made.paste((0, 51, 160, 255), (100, 100, 200, 200))
    made.save(path)
    assert await colours_of(path) == [Dominant(BLUE.value, 1.0)]
    Image.new("RGBA", (40, 30), (0, 255, 0, 0)).save(path)
    assert await colours_of(path) == []


async def test_the_whole_of_a_clip_counts(tmp_path: Path) -> None:
    path, half = tmp_path / "take.mp4", "color={}:s=320x180:r=24:d=1"
    ffmpeg(
        "-f", "lavfi", "-i", half.format("0xE4002B"), "-f", "lavfi", "-i", half.format("0x0033A0"),
        "-filter_complex", "[0][1]concat", *X264, path,
    )  # fmt: skip
    found = await check(path, [RED, BLUE, Swatch("Sun", "#FFC600", 6)])
    assert [each.is_within for each in found] == [True, True, False]
    assert [each.nearest and round(each.nearest.share, 1) for each in found[:2]] == [0.5, 0.5]
    assert noted(found).endswith("Not seen: Sun.")


async def test_without_a_palette_nothing_is_decoded(tmp_path: Path) -> None:
    assert await check(tmp_path / "gone.mp4", []) == []


async def test_a_file_that_has_no_colours_says_why(tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    path.write_bytes(b"<html>sign in</html>")
    with pytest.raises(ColourProblem, match="a web page"):
        await colours_of(path)
    path.write_bytes(drawn(tmp_path / "whole.mp4").read_bytes()[:3000])
    with pytest.raises(ColourProblem, match="cut off"):
        await colours_of(path)


@given(SEEN)
def test_shades_that_look_alike_count_once(colours: list[Dominant]) -> None:
    made = merged(colours)
    assert sum(each.share for each in made) == pytest.approx(sum(each.share for each in colours))
    assert [each.share for each in made] == sorted((e.share for e in made), reverse=True)
    assert {each.value for each in made} <= {each.value for each in colours}
    assert all(distance(a.value, b.value) > 3 for at, a in enumerate(made) for b in made[at + 1 :])


@given(SEEN, st.lists(st.builds(Swatch, st.text(min_size=1), COLOUR, st.floats(0, 20)), max_size=6))
def test_every_swatch_gets_its_nearest_colour(seen: list[Dominant], palette: list[Swatch]) -> None:
    found = compared(seen, palette)
    assert [each.swatch for each in found] == palette
    for each in found:
        assert (each.nearest is None) == (not seen)
        assert each.is_seen or not each.is_within
        assert all(each.distance <= distance(each.swatch.value, s.value) for s in seen)
