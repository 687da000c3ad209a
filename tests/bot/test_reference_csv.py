"""A list of references: whatever stands in it, every line is read or named with its problem."""

import csv
import io
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reference_csv import HEADINGS, Listing, leaves, read
from storage.models import ReferenceKind

CELL = st.text(max_size=20)
NAME = st.text("abcdefgh -_*?", min_size=1, max_size=12).filter(str.strip)


def written(rows: Iterable[Iterable[str]]) -> bytes:
    """Write a list as a spreadsheet does."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def said(listing: Listing) -> list[str]:
    return [str(each) for each in listing.problems]


def one(text: str) -> list[str]:
    """Read a line under the four columns that there must be; give what is wrong with it."""
    return said(read(f"code,kind,title,files\n{text}\n".encode()))


KNOWN = ["code", "kind", "title", "files", "status", "scenes", "starts", "ends"]


@given(st.lists(st.lists(CELL, max_size=8), max_size=6), st.sampled_from([[], [KNOWN]]))
def test_any_cells_are_read_or_named(rows: list[list[str]], head: list[list[str]]) -> None:
    listing = read(written(head + rows))
    assert listing.problems or listing.rows
    for each in listing.problems:
        assert each.text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_named(data: bytes) -> None:
    assert read(data).problems or read(data).rows


@given(
    st.lists(
        st.tuples(st.integers(1, 999), st.sampled_from(ReferenceKind), NAME, NAME),
        min_size=1,
        unique_by=lambda row: row[0],
    )
)
def test_what_was_written_is_what_is_read(
    rows: list[tuple[int, ReferenceKind, str, str]],
) -> None:
    cells = [
        [f"r{number:02}", kind.value.upper(), title, f"{file};"]
        for number, kind, title, file in rows
    ]
    listing = read(b"\xef\xbb\xbf" + written([["Code", "KIND", " title ", "files"], *cells]))
    assert not listing.problems
    assert [(each.number, each.kind, each.title) for each in listing.rows] == [
        (number, kind, title.strip()) for number, kind, title, _ in rows
    ]
    assert [each.patterns for each in listing.rows] == [(row[3].strip(),) for row in rows]
    assert [each.line for each in listing.rows] == list(range(2, len(rows) + 2))


@given(st.text("./\\abC:~", max_size=12), st.sampled_from(["/", "\\"]))
def test_no_name_leads_out_of_the_folder(name: str, sign: str) -> None:
    assert leaves(f"a{sign}..{sign}{name}")
    assert leaves(f"{sign}{name}")
    assert leaves(f"C:{sign}{name}")


@pytest.mark.parametrize("heading", ["colour", "Status ", "needs release", "time-of-day"])
def test_a_heading_is_known_whatever_its_spaces_or_named_with_the_nearest(heading: str) -> None:
    problems = said(read(written([["code", "kind", "title", "files", heading]])))
    if heading == "colour":
        assert problems[0].startswith("line 1: there is no column colour.")
    else:
        assert problems == ["The list has headings and nothing else."]


def test_wrong_headings_are_named_with_the_nearest_known_one() -> None:
    problems = said(read(b"code,kind,titel,files,code\n"))
    assert problems == [
        "line 1: there is no column titel. Did you mean title?",
        "line 1: the column code is there 2 times.",
        "line 1: the column title is missing.",
    ]
    assert "Save the list with commas" in said(read(b"code;kind;title;files\n"))[0]


def test_a_day_in_another_format_is_named_by_its_line_and_column() -> None:
    head = b"code,kind,title,files,holder,starts,ends\n"
    listing = read(head + b'R1,character,"Mira,\nthe first",a.jpg,Ada,2026-01-01,2027-01-01\n'
                   b"R2,character,Tom,b.jpg,Ada,11/30/2026,2027-01-01\n"
                   b"R3,character,Ann,c.jpg,Ada,2026-01-01,\n"
                   b"R4,character,Eve,d.jpg,,2026-01-01,perpetual\n")  # fmt: skip
    assert said(listing) == [
        "line 4: starts is 11/30/2026: Write the day as year, month and day: 2026-11-30.",
        "line 5: ends is empty: say when it ends, or perpetual.",
        "line 6: holder is empty: Say who gives the permission.",
    ]


def test_a_field_of_another_kind_is_named() -> None:
    listing = read(b"code,kind,title,files,geography\nR1,character,Mira,a.jpg,north\n")
    assert said(listing) == ["line 2: a character has no geography."]


def test_each_problem_of_a_line_is_told() -> None:
    assert one("R0,x,,/a.jpg") == [
        "line 2: /a.jpg is not within the folder.",
        "line 2: code is R0: a code is R1, R2 and so on.",
        "line 2: kind is x: say character, location, object, brand or style.",
        "line 2: title is empty.",
    ]
    assert one("R1,style,Dusk,a.jpg,more") == ["line 2: it has 5 cells, and there are 4 columns."]
    assert one("R1,style,Dusk,a.jpg,,") == []
    assert one("R1,style,Dusk,a.jpg\n\nr01,style,Dawn,b.jpg") == [
        "line 4: R1 is in line 2 already."
    ]


def test_every_heading_is_known_once() -> None:
    assert len(set(HEADINGS)) == len(HEADINGS)
    assert said(read(b"")) == ["The list is empty."]
    assert said(read(b"\xff\xfe\x00")) == ["The list is not in UTF-8. Save it as CSV UTF-8."]
