"""A digest's message is one Slack accepts, short, and has its way out on it."""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# (the SDK's blocks are untyped dictionaries)
import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.digest import (
    Digest,
    Families,
    Family,
    Figures,
    Finding,
    Tally,
    ToDo,
    Waiting,
    compose_daily,
    compose_weekly,
)
from handlers.cards._parts import Json
from handlers.cards.digest import PREFS, digest_card, digest_text

WAITING = tuple(
    Waiting(f"Scene 0{n} take {n}", f"https://x.test/{n}", "Maya", 20 + n) for n in range(6)
)
FIGURES = Figures(
    period="Week 47 · 16\u201322 Nov",
    waiting=WAITING,
    made=119,
    approved=67,
    rejected=40,
    retaken=9,
    by_reason=Counter({"artefacts": 30, "motion": 10, "off brief": 5, "other": 4}),
    median_seconds=30 * 3600,
    spend_cents=7812,
    approved_seconds=252,
    by_family=(
        Family("neon-noir v3", made=55, approved=21, rejected=31, waiting=3),
        Family("rain-window", made=4, approved=1, rejected=3),
        Family("dusk", made=60, approved=45, rejected=15),
    ),
)
QUIET = Figures(period="Week 48 · 23\u201329 Nov")

DAY = replace(FIGURES, period="Friday 20 Nov")


def some(digest: Digest | None) -> Digest:
    assert digest is not None
    return digest


DAILY = some(compose_daily(DAY, FIGURES, title="Aurora launch", zone="Europe/Berlin"))
WEEKLY = some(compose_weekly(FIGURES, (FIGURES,), title="Aurora launch", zone="Europe/Berlin"))
SILENT = some(compose_weekly(QUIET, (QUIET,), title="Aurora launch", zone="Europe/Berlin"))
ALL = [DAILY, WEEKLY, SILENT]


def accepted(block: Json) -> Json:
    """Have Slack's own SDK read a block, check its limits, and write it again."""
    parsed = Block.parse(block)
    assert parsed is not None
    parsed.validate_json()
    return parsed.to_dict()


def texts(part: Any) -> list[str]:
    """List every text that a person reads on the card."""
    if isinstance(part, list):
        return [text for item in part for text in texts(item)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if isinstance(part.get("text"), str) else []
    return own + [t for key, item in part.items() if key != "accessory" for t in texts(item)]


def words(blocks: list[Json]) -> int:
    read = re.sub(r"<[^|>]*\|", " ", " ".join(texts(blocks))).split()
    return sum(any(map(str.isalnum, word)) for word in read)


def chart(blocks: list[Json]) -> Json:
    [found] = [block for block in blocks if block["type"] == "data_visualization"]
    return found


@pytest.mark.parametrize("digest", ALL)
@pytest.mark.parametrize("classic", [True, False])
def test_slack_accepts_every_block(digest: Digest, classic: bool) -> None:  # noqa: FBT001 (pytest names it)
    blocks = digest_card(digest, subscription_id="sub1", classic=classic)
    for block in blocks:
        if block["type"] == "data_visualization":
            continue  # the SDK has no model of it yet
        assert accepted(block) == block


@pytest.mark.parametrize(("digest", "most"), [(DAILY, 100), (WEEKLY, 200), (SILENT, 50)])
def test_a_digest_is_short(digest: Digest, most: int) -> None:
    assert words(digest_card(digest, subscription_id="sub1")) <= most


@pytest.mark.parametrize("digest", ALL)
def test_every_digest_can_be_changed_paused_and_stopped_on_its_first_text(digest: Digest) -> None:
    blocks = digest_card(digest, subscription_id="sub1")
    first = next(block for block in blocks if block["type"] == "section")
    menu = first["accessory"]
    assert (menu["type"], menu["action_id"]) == ("overflow", "digest_prefs")
    assert [(o["text"]["text"], o["value"]) for o in menu["options"]] == [
        ("Change time or time zone", "time:sub1"),
        ("Weekly only", "weekly:sub1"),
        ("Pause for 7 days", "pause7:sub1"),
        ("Stop this digest", "off:sub1"),
    ]
    assert len(PREFS) <= 5


def test_the_first_text_is_what_waits_and_the_second_the_finding() -> None:
    told = [block for block in digest_card(DAILY) if block["type"] == "section"]
    assert told[0]["text"]["text"].startswith(
        "*6 things wait for your yes or no*\n• <https://x.test/5|Scene 05"
    )
    assert told[0]["text"]["text"].endswith("(asked by Maya, 23 h ago)\n• and 3 more")
    assert told[1]["text"]["text"].startswith("*neon-noir v3* loses more takes than the average")


def test_the_week_has_one_chart_whose_labels_agree() -> None:
    block = chart(digest_card(WEEKLY))
    categories = block["chart"]["axis_config"]["categories"]
    assert block["chart"]["type"] == "bar"
    assert categories == ["dusk", "neon-noir v3", "rain-window"]
    assert {s["name"]: [p["value"] for p in s["data"]] for s in block["chart"]["series"]} == {
        "Approved": [45, 21, 1],
        "Turned down": [15, 31, 3],
    }
    assert all([p["label"] for p in s["data"]] == categories for s in block["chart"]["series"])


def test_a_slack_without_charts_gets_the_same_numbers_in_words() -> None:
    blocks = digest_card(WEEKLY, classic=True)
    assert "data_visualization" not in {block["type"] for block in blocks}
    assert "• dusk: 45 approved, 15 turned down" in " ".join(texts(blocks))


def test_a_quiet_week_is_one_line_with_its_menu() -> None:
    assert [block["type"] for block in digest_card(SILENT)] == ["section", "context"]


def test_names_in_a_digest_mention_nobody_and_forge_no_link() -> None:
    evil = "<!channel> *&* <https://evil.test|click>\nx"
    figures = Figures(
        period="Friday 20 Nov",
        waiting=(
            Waiting(evil, "https://x.test/a|b>c", evil, 3),
            Waiting(evil, "javascript:x", "", 1),
        ),
        made=20,
        by_family=(Family(evil, 20, 0, 20), Family("dusk", 60, 60, 0)),
    )
    for digest in (
        compose_daily(figures, title="Aurora launch", zone="Europe/Berlin"),
        compose_weekly(figures, title="Aurora launch", zone="Europe/Berlin"),
    ):
        blocks = digest_card(some(digest), classic=True)
        links = re.findall(r"<([^>]*)>", " ".join(texts(blocks)) + digest_text(some(digest)))
        assert [link.partition("|")[0] for link in links] == ["https://x.test/a%7Cb%3Ec"]


@given(st.lists(st.text(max_size=30), max_size=20))
def test_the_axis_never_has_two_labels_alike_nor_one_too_long(names: list[str]) -> None:
    bars = tuple(Family(name, 2, 1, 1) for name in [*names, "f 2", "f", "f", ""])
    block = chart(
        digest_card(Digest("weekly", "W", "t", (ToDo((), 0), Families("", "", bars)), "f"))
    )
    labels = block["chart"]["axis_config"]["categories"]
    assert len(set(labels)) == len(bars)
    assert all(0 < len(label) <= 20 for label in labels)


def test_the_longest_digest_stays_within_slacks_limits() -> None:
    long = "m" * 3000
    parts = (ToDo(WAITING, 9), Finding(long, long), Tally(long, long), Families(long, long, ()))
    for block in digest_card(Digest("weekly", long, long, parts, long)):
        assert accepted(block)
        assert all(len(text) <= 3000 for text in texts(block))
    assert len(json.dumps(digest_card(WEEKLY))) < 12_000
