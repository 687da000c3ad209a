import pytest

from engines._animatic_slate import timecode, words_of
from engines._animatic_type import STRONG, clipped, font, paged, readable

FACE = font(STRONG, 27)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Café naïve", "Café naïve"),
        ("Ωμέγα Привет Łódź", "Ωμέγα Привет Łódź"),
        ("木のボートが漂う", "…"),
        ("She says 木の to him", "She says … to him"),
        ("Done \U0001f3ac now", "Done now"),
        ("\uff21\uff22", "AB"),
        ("a\x00b\u200bc\n\td", "abc d"),
        ("", ""),
    ],
)
def test_letters_without_a_font_never_become_boxes(text: str, shown: str) -> None:
    assert readable(text) == shown


@pytest.mark.parametrize("text", ["word " * 400, "x" * 3000, "a", "", "🎬"])
def test_text_of_any_length_fits_its_lines(text: str) -> None:
    for page in paged(readable(text), FACE, 400, lines=2, pages=2):
        assert len(page) <= 2
        assert all(FACE.getlength(line) <= 400 for line in page)


def test_a_long_text_is_dealt_over_pages_and_ends_in_an_ellipsis_if_it_must() -> None:
    pages = paged("one two three four five six " * 20, FACE, 400, lines=2, pages=3)
    assert len(pages) == 3
    assert pages[-1][-1].endswith("…")


def test_a_short_text_is_not_clipped() -> None:
    assert clipped("Mara walks.", FACE, 400) == "Mara walks."


def test_the_timecode_counts_24_frames_a_second() -> None:
    assert [timecode(frame) for frame in (0, 23, 24, 1439)] == [
        "00:00:00:00",
        "00:00:00:23",
        "00:00:01:00",
        "00:00:59:23",
    ]


def test_the_slate_falls_back_to_what_can_be_read() -> None:
    words = words_of({"action": "木の", "purpose": "She leaves."}, "A prompt", move="", sign="")
    assert words.action == "She leaves."
    assert words_of({}, "A prompt", move="push in", sign="in").action == "A prompt"
