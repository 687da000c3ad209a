"""A sequence's page as a canvas takes it: short, and brought up to date section by section."""

import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.page_markdown import SECTION, marked, sections, summary
from bot.page_view import PageView
from tests.bot._page import EMPTY, hostile, rich


def section(view: PageView, name: str) -> str:
    return next(each.whole for each in sections(view) if each.name == name)


def test_a_page_is_told_in_named_sections() -> None:
    drawn = sections(rich()[0])
    assert [each.name for each in drawn] == [
        "story", "holds", "constraints", "scene SC010", "scene SC020", "scene SC030", "references",
        "approvals", "exports", "prompts", "about",
    ]  # fmt: skip
    assert len({each.heading for each in drawn}) == len(drawn)
    assert section(rich()[0], "scene SC020").startswith("## SC020 The pier\n\n- **Purpose:** Make")


def test_time_alone_changes_the_last_section_only() -> None:
    view, _ = rich()
    later = sections(replace(view, as_of=view.as_of + timedelta(hours=2)))
    changed = [a.name for a, b in zip(sections(view), later, strict=True) if a != b]
    assert changed == ["about"]


def test_a_circle_take_is_a_link_to_its_message() -> None:
    told = section(rich()[0], "scene SC010")
    assert "[circle take T3](https://aurora.slack.com/archives/C1/p17). Approved by Lin" in told
    assert "![" not in "".join(each.whole for each in sections(rich()[0]))


def test_an_empty_sequence_says_what_it_lacks() -> None:
    drawn = sections(EMPTY)
    assert [each.name for each in drawn] == ["story", "approvals", "about"]
    assert drawn[0].markdown == "The sequence has no story job yet."


def test_a_long_section_says_what_it_leaves_out_and_where_the_whole_is() -> None:
    view, _ = rich()
    prompts = (replace(view.scenes[0].prompts[0], prompt="rain " * 600),) * 60
    many = replace(
        view,
        scenes=(replace(view.scenes[0], prompts=prompts), view.scenes[1]),
        approvals=view.approvals * 30,
    )
    told = section(many, "prompts")
    assert re.search(r"\n\d\d more left out here\. The whole page: `circletake page SQ010`$", told)
    assert "SC020 SH010 T4" in told
    assert "and 80 more, on the whole page" in section(many, "approvals")
    assert all(len(each.markdown) <= SECTION for each in sections(many))


def test_what_people_wrote_stays_text_in_its_place() -> None:
    drawn = sections(hostile())
    whole = "\n".join(each.whole for each in drawn)
    assert "javascript" not in whole
    assert not re.search(r"(?<!\\)<", whole)
    assert r"\[l\](http://x)" in whole
    table = section(hostile(), "constraints").splitlines()[2:]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in table} == {6}


@given(st.text())
def test_marked_text_is_one_line_that_begins_and_contains_no_mark(text: str) -> None:
    told = marked(text)
    assert "\n" not in told
    assert not re.match(r"[#+>=-]|\d+[.)]", told)
    assert not re.search(r"[`*_\[\]<>|~]", re.sub(r"\\.", "", told))


def test_the_summary_says_where_the_sequence_stands() -> None:
    told = summary(rich()[0])
    assert told[0].startswith("*SQ010* The harbour wakes: 3 scenes, 3 of 5 shots with a circle")
    assert "SC010 The lamp: 2 of 2 shots with a circle take" in told
    assert told[-1].endswith("The whole page: `circletake page SQ010`")


def test_the_summary_escapes_what_people_wrote_and_stays_short() -> None:
    view = hostile()
    told = summary(replace(view, scenes=view.scenes * 40, holds=view.holds * 9))
    assert "<" not in "".join(told)
    assert "&lt;!channel&gt;" in "".join(told)
    assert "and 25 more scenes" in told
    assert "and 4 more on hold" in told
    assert len("\n".join(told)) < 8000
