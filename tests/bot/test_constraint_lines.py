"""Constraints are read one a line, and a line that cannot be read says why."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.constraint_lines import (
    INSIDE,
    Constraint,
    ConstraintKind,
    Effect,
    Surface,
    flat,
    read,
    written,
)

FREE = "No other brands on screen\nlegal: ask Jo\n[TBC] the jacket\n\n  - Rights: Mira is released"


def texts() -> st.SearchStrategy[str]:
    return st.text(min_size=1).map(flat).filter(lambda text: text and "(source:" not in text)


def surfaces(effect: Effect) -> st.SearchStrategy[frozenset[Surface]]:
    every = st.frozensets(st.sampled_from(Surface), min_size=1)
    return every.map(lambda at: at | {Surface.ORDER}) if effect is Effect.ASK else every


@st.composite
def constraints(draw: st.DrawFn) -> Constraint:
    effect = draw(st.sampled_from(Effect))
    source = draw(texts().map(lambda text: text.replace("(", "").strip()) | st.just(""))
    kind = draw(st.sampled_from(ConstraintKind))
    return Constraint(kind, draw(texts()), source, effect, draw(surfaces(effect)), "SC010")


def one(line: str) -> Constraint:
    [found], problems = read(line, "SC010")
    assert problems == []
    return found


def test_a_line_says_effect_places_kind_rule_and_source() -> None:
    line = "[block at export, client] Rights: no face of Mira after 2027 (source: release L3)"
    assert one(line) == Constraint(
        ConstraintKind.RIGHTS,
        "no face of Mira after 2027",
        "release L3",
        Effect.BLOCK,
        frozenset({Surface.EXPORT, Surface.CLIENT}),
        "SC010",
    )


def test_a_plain_line_informs_wherever_we_are_among_ourselves() -> None:
    found = one("Brand: the logo is never cut")
    assert (found.effect, found.at, found.source) == (Effect.INFORM, INSIDE, "")
    assert Surface.CLIENT not in found.at


@pytest.mark.parametrize(
    "line",
    [
        "[block at export and client] rights: x",
        "[Block AT Export, and client] RIGHTS : x",
        "\u2022 [block at client,export]Rights\uff1a x",
    ],
)
def test_people_may_write_a_line_as_they_like(line: str) -> None:
    assert written([one(line)]) == "[block at client, export] Rights: x"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("no face", "it says no kind; begin it with one of Rights:, Brand:, Safety:, Disclosure: "),
        ("Legal: no face", "it says no kind"),
        ("[block at export Rights: x", "its bracket is not closed"),
        ("[block] [ask] Rights: x", "it says no kind"),
        ("[blok] Rights: x", '"blok" is none of inform, ask and block. Did you mean block?'),
        ("[block at exprot] Rights: x", '"exprot" is none of order, review, client and export.'),
        ("[block on export] Rights: x", '"[block on export]" is not clear'),
        ("[block at] Rights: x", '"[block at]" is not clear'),
        ("[] Rights: x", '"" is none of inform, ask and block.'),
        ("[ask at export] Rights: x", "people are asked at the order"),
        ("Rights:", "Rights says nothing"),
        ("Rights: (source: release L3)", "Rights says nothing"),
    ],
)
def test_a_line_that_cannot_be_read_says_why_with_its_number(line: str, why: str) -> None:
    found, [problem] = read(f"Brand: y\n\n{line}", "SC010")
    assert [each.text for each in found] == ["y"]
    assert problem.startswith(f"Line 3: {why}")


def test_what_was_typed_before_there_was_a_grammar_is_still_read() -> None:
    found, problems = read(FREE, "SC010", forgiving=True)
    assert problems == []
    assert [(each.kind.value, each.text) for each in found] == [
        ("brand", "No other brands on screen"),
        ("brand", "legal: ask Jo"),
        ("brand", "[TBC] the jacket"),
        ("rights", "Mira is released"),
    ]
    assert {each.effect for each in found} == {Effect.INFORM}


def test_a_key_holds_through_spacing_case_level_and_effect_and_no_further() -> None:
    said = one("Rights: no  face of mira")
    assert said.key == read("[block] rights: No face of Mira (source: L3)", "SQ010")[0][0].key
    assert re.fullmatch("[0-9a-f]{16}", said.key)
    assert said.key != one("Safety: no face of mira").key
    assert said.key != one("Rights: no face of Mira Blum").key
    assert one("Rights: half a sign \ud800").key != said.key


@given(st.lists(constraints()))
def test_what_is_written_is_read_back(made: list[Constraint]) -> None:
    assert read(written(made), "SC010") == (made, [])


@given(st.text())
def test_no_line_is_lost_however_it_is_typed(text: str) -> None:
    found, problems = read(text, "SC010", forgiving=True)
    assert problems == []
    assert read(written(found), "SC010") == (found, [])
    strict, why = read(text, "SC010")
    assert len(strict) + len(why) == len(found)


@given(st.text(alphabet="[]()atblockexprs :,\n\u2022-sourceRights", max_size=60))
def test_no_odd_line_breaks_the_reading(text: str) -> None:
    found, _ = read(text, "SC010")
    assert read(written(found), "SC010") == (found, [])
