"""A thread becomes the form of a scene, and no word of it is lost."""

import itertools
import json
import re
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.briefs import LABELS, LONGEST_INPUT, Brief, ThreadMessage, read_brief

FIXTURE = Path(__file__).parent / "fixtures" / "thread_brief.json"
TEXTS = [f.name for f in fields(Brief) if f.name not in {"seconds", "ratio", "overflowed"}]


def said(*texts: str) -> list[ThreadMessage]:
    """Let one person say these things, one after the other."""
    return [ThreadMessage("U1", text, f"1700000000.{n:06}") for n, text in enumerate(texts)]


def read(*texts: str) -> Brief:
    return read_brief(said(*texts))


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))


def everything(brief: Brief) -> set[str]:
    return words(" ".join(str(getattr(brief, name)) for name in TEXTS))


@pytest.fixture
def aurora() -> Brief:
    lines: list[dict[str, Any]] = json.loads(FIXTURE.read_text())
    messages = [
        ThreadMessage(
            author=line["user"],
            text=line["text"],
            ts=str(number),
            is_bot=line.get("bot", False),
            is_edited=line.get("edited", False),
            files=tuple(line.get("files", ())),
        )
        for number, line in enumerate(lines)
    ]
    return read_brief(messages, names={"U_DIRECTOR": "Dana"})


def test_a_messy_thread_becomes_a_filled_form(aurora: Brief) -> None:
    assert aurora.title == "Aurora: rooftop opener"
    assert aurora.purpose == "Mira decides to leave. One look, no dialogue."
    assert aurora.change == "she stops waiting for the call and picks up the jacket"
    assert aurora.must_carry.startswith("the jacket logo readable")
    assert aurora.must_not_show == "other brands, alcohol, the client's old logo"


def test_two_labels_on_one_line_fill_two_fields(aurora: Brief) -> None:
    assert aurora.rights.endswith("DACH + PT, until 2027-03-31.")
    assert aurora.disclosure == "client wants the AI label visible on social."


def test_a_later_line_stands_and_the_earlier_one_is_kept_as_source(aurora: Brief) -> None:
    assert aurora.feeling == "relief first, then fear"
    assert "relief, a bit of fear" in aurora.source_text


def test_what_nobody_labelled_becomes_the_brief(aurora: Brief) -> None:
    assert "@Dana can you frame it?" in aurora.brief
    assert "> keep her centred\nyes. dusk, not night." in aurora.brief
    assert "board 12 (https://example.com/boards/aurora-12)" in aurora.brief
    assert "prompt idea: rooftop at dusk, 35mm" in aurora.brief
    assert "```" not in aurora.brief


def test_camera_seconds_and_ratio_are_proposed_from_loose_talk(aurora: Brief) -> None:
    assert (aurora.camera, aurora.seconds, aurora.ratio) == ("slow push in", 6.0, "16:9")


def test_bots_pictures_and_applause_are_source_and_not_brief(aurora: Brief) -> None:
    assert "Reminder" not in aurora.brief
    assert "B_CALENDAR (bot): Reminder: review at 16:00" in aurora.source_text
    assert "[files: mira_face_v2.png, jacket_flat.jpg]" in aurora.source_text
    assert ":+1:" not in aurora.brief
    assert "U_PRODUCER: :+1: go" in aurora.source_text


@pytest.mark.parametrize(("field", "label"), [(f, la) for f, ls in LABELS.items() for la in ls])
def test_every_label_is_understood_in_any_case(field: str, label: str) -> None:
    value = {"seconds": "7 s", "ratio": "9:16"}.get(field, "Mira waits")
    expected = {"seconds": 7.0, "ratio": "9:16"}.get(field, "Mira waits")
    for written in (label, label.upper(), label.lower(), label.replace("'", "\u2019")):
        assert getattr(read(f"{written}: {value}"), field) == expected


@pytest.mark.parametrize(
    "line",
    [
        "*Purpose:* she leaves",
        "*Purpose*: she leaves",
        "*Purpose: she leaves*",
        "_Purpose:_ she leaves",
        "*_Purpose_:* she leaves",
        "Purpose - she leaves",
        "Purpose \u2013 she leaves",
        "Purpose \u2014 she leaves",
        "Purpose\uff1a she leaves",
        "Purpose (why): she leaves",
        "\u2022 Purpose: she leaves",
        "- *Purpose:* she leaves",
        "* Purpose: she leaves",
        "1. Purpose: she leaves",
        "## Purpose: she leaves",
        ":dart: *Purpose:* she leaves",
        "\U0001f3af Purpose: she leaves",
        "Purpose:\nshe leaves",
        "Purpose\nshe leaves",
        "*Purpose*\n\nshe leaves",
        "```Purpose: she leaves```",
        "&gt; Purpose: she leaves",
        "Purpose:\n&gt; she leaves",
    ],
)
def test_people_may_write_a_label_as_they_like(line: str) -> None:
    assert read(line).purpose == "she leaves"


@pytest.mark.parametrize(
    "line",
    [
        "action-packed opener",
        "he takes action: jumps",
        "the camera: I will bring it",
        "~Action: jumps~",
        "/scene - jumps",
        "#brand - jumps",
        "@action - jumps",
    ],
)
def test_a_word_that_is_no_label_stays_in_the_brief(line: str) -> None:
    assert read(line) == replace(Brief(), brief=line, source_text=f"U1: {line}")


def test_a_field_goes_on_until_the_next_label_or_the_end_of_the_message() -> None:
    brief = read(
        "Must not show:\n\u2022 alcohol\n\u2022 other brands\nAction: jumps\nand lands", "go on"
    )
    assert brief.must_not_show == "\u2022 alcohol\n\u2022 other brands"
    assert brief.action == "jumps\nand lands"
    assert brief.brief == "go on"


def test_labels_on_one_line_split_in_any_case_after_a_pause() -> None:
    brief = read("rights: web only. disclosure: visible, *brand:* Northwind | SAFETY: no smoking")
    assert brief.rights == "web only."
    assert brief.disclosure == "visible"
    assert brief.brand == "Northwind"
    assert brief.safety == "no smoking"


def test_a_quote_fills_a_field_but_replaces_nothing() -> None:
    brief = read("Purpose: she leaves", "&gt; Purpose: she stays\nno, see above")
    assert brief.purpose == "she leaves"
    assert brief.brief == "no, see above"
    assert "she stays" in brief.source_text


def test_a_length_with_conditions_keeps_its_conditions() -> None:
    brief = read("Seconds: 6, but 8 if the client asks\nnight only\nRatio: as the film")
    assert (brief.seconds, brief.ratio) == (6.0, None)
    assert "Seconds: 6, but 8 if the client asks" in brief.brief
    assert "night only" in brief.brief
    assert "Ratio: as the film" in brief.brief
    assert read("Ratio: 16:9 / 9:16").brief == "Ratio: 16:9 / 9:16"
    assert read("Ratio: vertical", "Seconds: 6 s").brief == ""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6", 6), ("6.5 s", 6.5), ("6,5 sec", 6.5), ("0:06", 6), ("1:30", 90), ("1 min", 60),
        ("1 min 30", 90), ("six seconds", 6), ("15s", 15), ("0", None), ("99999", None),
    ],
)  # fmt: skip
def test_a_labelled_length_is_read(text: str, seconds: float | None) -> None:
    assert read(f"Length: {text}").seconds == seconds


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("16:9", "16:9"), ("9 x 16", "9:16"), ("1920x1080", "16:9"), ("1080\u00d71920", "9:16"),
        ("2.39:1", "2.39:1"), ("vertical", "9:16"), ("square", "1:1"), ("0:0", None), ("any", None),
    ],
)  # fmt: skip
def test_a_labelled_ratio_is_read(text: str, ratio: str | None) -> None:
    assert read(f"Ratio: {text}").ratio == ratio


def test_a_time_of_day_is_no_ratio_and_a_decade_no_length() -> None:
    brief = read("an 80s look, review at 16:00, call at 9:30")
    assert (brief.seconds, brief.ratio) == (None, None)


def test_a_label_beats_what_is_only_mentioned() -> None:
    brief = read("slow push in, 6 seconds, 16:9", "Camera: static\nSeconds: 8\nRatio: 1:1")
    assert (brief.camera, brief.seconds, brief.ratio) == ("static", 8.0, "1:1")


@pytest.mark.parametrize("line", ["*Night run*", "*Night run* for the launch", "# Night run"])
def test_a_bold_first_line_is_the_title(line: str) -> None:
    brief = read(line, "*This late* comes second")
    assert brief.title == "Night run"
    assert "This late comes second" in brief.brief


def test_one_stressed_word_is_no_title_and_a_labelled_title_wins() -> None:
    assert read("*Please* look at this").title == ""
    labelled = read("*Night run*\nTitle: Day run\nmore talk")
    assert (labelled.title, labelled.brief) == ("Day run", "Night run\nmore talk")


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("ask <@U2>", "ask @Dana"),
        ("ask <@U9>", "ask @U9"),
        ("ask <@U9|max>", "ask @max"),
        ("in <#C1|aurora>", "in #aurora"),
        ("in <#C1>", "in #C1"),
        ("see <https://x.test/b|board>", "see board (https://x.test/b)"),
        ("see <https://x.test/b>", "see https://x.test/b"),
        ("see <http://x.test|x.test>", "see http://x.test"),
        ("mail <mailto:a@x.test|a@x.test>", "mail a@x.test"),
        ("hey <!here> now", "hey @here now"),
        ("hey <!subteam^S1|@editors>", "hey @editors"),
        ("due <!date^1700000000^{date}|14 Nov>", "due 14 Nov"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        (
            "so *bold _both_* `code` snake_case_v2.png 2 * 3 * 4",
            "so bold both code snake_case_v2.png 2 * 3 * 4",
        ),
        ("not ~this~ :fire:", "not ~this~ :fire:"),
        ("https://x.test/_a_/b", "https://x.test/_a_/b"),
    ],
)
def test_slack_markup_is_shown_as_people_see_it(markup: str, shown: str) -> None:
    brief = read_brief(said(markup), names={"U2": "Dana"})
    assert brief.brief == shown
    assert brief.source_text == f"U1: {shown}"


def test_deleted_messages_are_left_out_and_edited_ones_show_their_newest_text() -> None:
    first, second, third = said("Action: jumps", "secret", "[other]")
    newest = replace(first, text="Action: lands", is_edited=True)
    gone = replace(second, is_deleted=True)
    brief = read_brief([first, second, third, newest, gone])
    assert brief.action == "lands"
    assert brief.source_text == "U1 (edited): Action: lands\n\nU1: [other]"


def test_the_first_message_repeated_on_every_page_is_read_once() -> None:
    parent, reply, answer = said("rooftop at dusk", "yes, dusk", "no, noon")
    assert read_brief([parent, reply, parent, answer]).brief == (
        "rooftop at dusk\nyes, dusk\nno, noon"
    )


@pytest.mark.parametrize(
    "text", [":+1:", "+1", "\U0001f44d\U0001f3fd", "Thanks!", "sounds good :tada:", "<@U2> go"]
)
def test_applause_is_no_brief(text: str) -> None:
    assert read(text).brief == ""


def test_a_text_too_long_for_its_input_is_cut_aloud_and_kept_whole() -> None:
    long = " ".join(f"word{n}" for n in range(1200))
    brief = read(f"Purpose: {long}")
    assert brief.overflowed == ("purpose",)
    assert len(brief.purpose) <= LONGEST_INPUT
    assert long in brief.source_text


def test_three_hundred_replies_and_a_huge_message_are_read_at_once() -> None:
    replies = [f"reply {n}: slow push in, *Camera:* take {n}" for n in range(300)]
    started = time.perf_counter()
    brief = read(*replies, "x" * 10_000, "_a " * 3_333, "Purpose: " * 1_000)
    assert time.perf_counter() - started < 5
    assert brief.camera == "take 299"
    assert "x" * 10_000 in brief.source_text
    assert "brief" in brief.overflowed


WORD = st.text("abcdefgh\u00e9\u0142\u4e2d", min_size=1, max_size=6)
LABEL = st.sampled_from([label for labels in LABELS.values() for label in labels])
GLUE = st.sampled_from(
    [" ", " *", "* ", "_ ", ": ", "\n", "\n\u2022 ", "\n&gt; ", " `", "```", ". ", ", "]
)
MARKUP = st.builds("<https://{}.test|{}>".format, WORD, WORD) | st.builds("<@U1|{}>".format, WORD)
TOKEN = WORD | MARKUP | LABEL.map("{}:".format) | LABEL.map("*{}:*".format) | LABEL
TEXT = st.lists(st.tuples(TOKEN, GLUE), max_size=20).map(lambda parts: "".join(map("".join, parts)))


@given(st.lists(TEXT, max_size=5))
@settings(deadline=None)
def test_no_word_of_a_person_is_ever_lost(texts: list[str]) -> None:
    brief = read(*texts)
    written = words(" ".join(texts).replace("&gt;", " "))
    assert written <= everything(brief) | {"u1"}


@given(st.lists(st.text(max_size=200) | TEXT, max_size=4), st.booleans())
@settings(deadline=None)
def test_any_text_at_all_is_read_and_fits_the_form(texts: list[str], is_edited: bool) -> None:  # noqa: FBT001 (hypothesis passes it)
    brief = read_brief([ThreadMessage("U", text, "1", is_edited=is_edited) for text in texts])
    filled = [str(getattr(brief, name)) for name in TEXTS if name != "source_text"]
    assert all(len(value) <= LONGEST_INPUT for value in filled)
    assert brief.seconds is None or 0 < brief.seconds <= 3600


VALUES = {field: f"the {field.replace('_', ' ')} itself" for field in LABELS} | {
    "seconds": "7",
    "ratio": "4:5",
}


@given(st.permutations(sorted(VALUES)), st.sets(st.integers(1, 14)))
@settings(deadline=None)
def test_the_order_of_labels_does_not_matter(order: list[str], cuts: set[int]) -> None:
    lines = [f"{LABELS[field][0]}: {VALUES[field]}" for field in order]
    edges = [0, *sorted(cuts), len(lines)]
    brief = read(*("\n".join(lines[a:b]) for a, b in itertools.pairwise(edges)))
    assert {f: str(getattr(brief, f)).removesuffix(".0") for f in VALUES} == VALUES
