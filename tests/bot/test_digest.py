"""A digest tells what waits and the one finding, and claims no more than the numbers carry."""

import random
from collections import Counter
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest import (
    Compared,
    Digest,
    Families,
    Family,
    Figures,
    Finding,
    Quiet,
    Tally,
    ToDo,
    Waiting,
    compose_daily,
    compose_weekly,
)
from bot.figures import Trend, spread_of, trend, trends, wasteful, wilson

S = TypeVar("S")
FRIDAY = Figures(
    period="Friday 20 Nov",
    waiting=(
        Waiting("Scene 07 take 4", "https://x.test/412", "Maya", 21),
        Waiting("Scene 02 take 1", "https://x.test/413", "", 70),
    ),
    made=14,
    approved=5,
    rejected=4,
    retaken=2,
    by_reason=Counter({"continuity": 4, "motion": 2}),
    median_seconds=3 * 3600,
    spend_cents=640,
    approved_seconds=21,
)
NEON = Family("neon-noir v3", made=55, approved=21, rejected=31, waiting=3)
RAIN = Family("rain-window", made=4, approved=1, rejected=3)
DUSK = Family("dusk", made=60, approved=45, rejected=15)
WEEK = Figures(
    period="Week 47 · 16\u201322 Nov",
    waiting=FRIDAY.waiting,
    made=119,
    approved=67,
    rejected=40,
    retaken=9,
    by_reason=Counter({"artefacts": 30, "motion": 10, "off brief": 5, "other": 4}),
    median_seconds=30 * 3600,
    spend_cents=7812,
    approved_seconds=252,
    by_family=(NEON, RAIN, DUSK),
)
EMPTY = Figures(period="Week 48 · 23\u201329 Nov")


def daily(figures: Figures, previous: Figures | None = None) -> Digest:
    digest = compose_daily(figures, previous, title="Aurora launch", zone="Europe/Berlin")
    assert digest is not None
    return digest


def weekly(figures: Figures, *earlier: Figures) -> Digest:
    digest = compose_weekly(figures, earlier, title="Aurora launch", zone="Europe/Berlin")
    assert digest is not None
    return digest


def only(kind: type[S], digest: Digest) -> S:
    [found] = [section for section in digest.sections if isinstance(section, kind)]
    return found


def rows(digest: Digest) -> dict[str, str]:
    return dict(only(Compared, digest).rows)


def test_an_empty_day_sends_nothing() -> None:
    assert compose_daily(Figures(period="Friday 20 Nov"), title="Aurora", zone="UTC") is None


def test_a_day_on_which_something_only_waits_is_told() -> None:
    digest = daily(replace(EMPTY, waiting=FRIDAY.waiting))
    assert only(ToDo, digest).headline == "2 things wait for your yes or no"
    assert only(Tally, digest).text == "nothing made, nothing decided, nothing spent"
    assert digest.text == ("Daily: 2 things wait for your yes or no. 0 takes made, 0 approved.")


def test_a_day_first_says_what_waits_longest_first() -> None:
    first = daily(FRIDAY).sections[0]
    assert isinstance(first, ToDo)
    assert [item.title for item in first.items] == ["Scene 02 take 1", "Scene 07 take 4"]


def test_only_three_of_many_waiting_are_listed_and_the_rest_counted() -> None:
    to_do = only(ToDo, daily(replace(FRIDAY, waiting=FRIDAY.waiting * 4)))
    assert (len(to_do.items), to_do.more) == (3, 5)
    assert to_do.headline == "8 things wait for your yes or no"


def test_the_finding_comes_second_and_there_is_only_one() -> None:
    assert daily(FRIDAY).sections[1] == Finding(
        "Continuity", "is the usual reason for turning takes down: 4 of 6."
    )
    assert isinstance(weekly(WEEK, WEEK).sections[1], Finding)


def test_a_day_without_a_finding_claims_none() -> None:
    digest = daily(replace(FRIDAY, by_reason=Counter({"motion": 2, "other": 2})))
    assert [type(section) for section in digest.sections] == [ToDo, Tally]


def test_a_day_is_told_in_one_line() -> None:
    assert only(Tally, daily(FRIDAY)).text == (
        "14 takes made, 5 approved, 6 turned down (continuity 4, motion 2), "
        "decided in 3 h (median) · $6.40 spent, $0.30 per approved second"
    )


def test_the_fallback_text_carries_the_finding() -> None:
    assert daily(FRIDAY).text == (
        "Daily: 2 things wait for your yes or no. Continuity is the usual reason for turning takes "
        "down: 4 of 6. 14 takes made, 5 approved, $6.40."
    )
    assert "neon-noir v3 loses more takes" in weekly(WEEK).text


def test_the_title_names_the_period_that_is_told() -> None:
    assert daily(FRIDAY).heading == "Friday 20 Nov · Aurora launch"
    assert weekly(WEEK).heading == "Week 47 · 16\u201322 Nov · Aurora launch"


def test_without_approved_seconds_no_price_of_one_is_made_up() -> None:
    figures = replace(FRIDAY, approved=0, approved_seconds=0)
    assert only(Tally, daily(figures)).text.endswith("no approved seconds yet, $6.40 spent")
    assert rows(weekly(figures))["Spend / approved second"] == (
        "no approved seconds yet, $6.40 spent"
    )
    free = weekly(replace(figures, spend_cents=0))
    assert rows(free)["Spend / approved second"] == "no approved seconds yet"


def test_the_price_of_an_approved_second_is_a_ratio_of_sums() -> None:
    before = replace(WEEK, spend_cents=4400, approved_seconds=100)
    assert rows(weekly(WEEK, before))["Spend / approved second"] == "$0.31 · was $0.44"


def test_every_figure_of_a_week_stands_beside_the_week_before() -> None:
    told = rows(weekly(WEEK, replace(WEEK, approved=20, made=115, retaken=2)))
    assert told["Takes made"] == "119 · was 115 · within normal variation"
    assert told["Takes approved"] == "67 · was 20 · up, likely real"
    assert told["Takes turned down"] == "49 · was 42 · within normal variation"
    assert told["Time to decision"] == "30 h (median) · was 30 h (median)"


def test_a_first_week_is_compared_with_nothing() -> None:
    assert rows(weekly(WEEK))["Takes made"] == "119"


def test_few_takes_are_too_few_to_compare() -> None:
    digest = weekly(replace(FRIDAY, by_reason={}), replace(FRIDAY, made=2))
    assert rows(digest)["Takes made"] == "14 · was 2 · too few to say"
    assert only(Finding, digest).subject == "Too few takes"


def test_a_steady_week_says_so() -> None:
    figures = replace(WEEK, by_family=(), by_reason={})
    assert only(Finding, weekly(figures, figures)) == Finding(
        "Nothing moved", "beyond normal variation."
    )


def test_a_change_is_told_in_percent_of_enough_and_never_as_the_ratio_itself() -> None:
    plain = replace(WEEK, by_family=(), by_reason={})
    grown = only(Finding, weekly(plain, replace(plain, approved=20)))
    assert grown.text == "are up, likely real: 67, was 20 (235% more)."
    small = only(Finding, weekly(plain, replace(plain, approved=19)))
    assert small.text == "are up, likely real: 67, was 19."
    shrunk = only(Finding, weekly(replace(plain, approved=20), plain))
    assert shrunk.text == "are down, likely real: 20, was 67 (70% fewer)."


def test_a_family_that_loses_more_than_the_team_is_named_with_its_numbers() -> None:
    assert only(Finding, weekly(WEEK, WEEK)) == Finding(
        "neon-noir v3",
        "loses more takes than the average: 31 of 52 decided takes turned down (likely 48% to "
        "70%), against 42% of all 116.",
    )
    families = only(Families, weekly(WEEK))
    assert families.subject == "neon-noir v3"
    assert families.answer == (
        "31 of 52 turned down. rain-window has 3 of 4 turned down, which is too few to judge."
    )


def test_seven_decided_takes_condemn_no_family() -> None:
    assert wasteful([Family("a", 7, 0, 7), DUSK]) is None
    assert wasteful([Family("a", 8, 0, 8), DUSK]) is not None


def test_a_family_is_not_judged_by_takes_that_wait() -> None:
    assert wasteful([Family("a", 80, 0, 7, waiting=73), DUSK]) is None


def test_a_lone_family_is_its_own_average() -> None:
    families = only(Families, weekly(replace(WEEK, by_family=(NEON,))))
    assert (families.subject, families.answer) == ("", "None stands out.")


def test_families_with_few_decisions_are_too_early_to_compare() -> None:
    families = only(Families, weekly(replace(WEEK, by_family=(Family("a", 9, 2, 1),))))
    assert families.answer == "Too early: no family has 8 decided takes yet."


def test_many_families_are_shown_by_size_and_the_rest_together() -> None:
    many = tuple(Family(f"f{n:02}", n + 1, n, 1) for n in range(12))
    bars = only(Families, weekly(replace(WEEK, by_family=many))).bars
    assert [bar.name for bar in bars][:2] == ["f11", "f10"]
    assert bars[-1] == Family("Other (4)", made=10, approved=6, rejected=4)


def test_quiet_weeks_are_one_line_then_a_pause_then_silence() -> None:
    assert only(Quiet, weekly(EMPTY, WEEK)).text == (
        "no new takes, no decisions, nothing waits for you."
    )
    assert "pauses" in only(Quiet, weekly(EMPTY, EMPTY, WEEK)).text
    assert compose_weekly(EMPTY, (EMPTY, EMPTY, WEEK), title="Aurora", zone="UTC") is None
    assert weekly(WEEK, EMPTY, EMPTY, EMPTY).sections


def test_a_digest_never_boasts() -> None:
    told = repr([daily(FRIDAY, FRIDAY), weekly(WEEK, WEEK), weekly(WEEK, FRIDAY)]).lower()
    assert not [word for word in ("significant", "winner", "inf", "nan") if word in told.split()]


def test_who_asked_is_named_only_where_something_waits() -> None:
    for section in weekly(WEEK, WEEK).sections[1:]:
        assert "Maya" not in repr(section)


def test_wilsons_range_is_the_textbooks() -> None:
    assert wilson(5, 10, z=1.959964) == pytest.approx((0.236593, 0.763407), abs=1e-6)
    assert wilson(0, 10, z=1.959964) == pytest.approx((0.0, 0.277533), abs=1e-6)
    assert wilson(10, 10)[1] == 1.0


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_within_its_range(share: tuple[int, int]) -> None:
    low, high = wilson(*share)
    assert 0 <= low <= share[0] / share[1] + 1e-12
    assert share[0] / share[1] - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (14, 15, Trend.TOO_FEW),
        (15, 15, Trend.NORMAL),
        (30, 0, Trend.UP),
        (0, 30, Trend.DOWN),
        (60, 50, Trend.NORMAL),
        (100, 50, Trend.UP),
    ],
)
def test_two_periods_are_compared_in_plain_words(now: int, before: int, said: Trend) -> None:
    assert trend(now, before) == said


def test_bursts_alone_raise_a_false_alarm_in_one_week_of_twenty() -> None:
    dice = random.Random(47)
    for mean in (60, 200, 1000):
        pairs = [
            [max(0, round(dice.gauss(mean, (3 * mean) ** 0.5))) for _ in "ab"] for _ in range(4000)
        ]
        alarms = sum(trend(a, b) is not Trend.NORMAL for a, b in pairs)
        assert 0.035 < alarms / 4000 < 0.065


def test_three_figures_at_once_raise_no_more_false_alarms_than_one() -> None:
    dice = random.Random(48)

    def burst() -> list[int]:
        return [max(0, round(dice.gauss(200, 600**0.5))) for _ in "ab"]

    weeks = [trends({name: burst() for name in "abc"}) for _ in range(3000)]
    alarms = sum(set(week.values()) != {Trend.NORMAL} for week in weeks)
    assert alarms / 3000 < 0.06


def test_the_spread_of_steady_weeks_is_learnt_from_them() -> None:
    assert spread_of([100, 101]) == 3.0
    assert spread_of([0, 0, 0, 0]) == 3.0
    assert spread_of([100, 101, 99, 100]) == 1.0
    assert spread_of([20, 180, 40, 160]) > 50


COUNT = st.integers(0, 10**6)
FAMILY = st.builds(Family, st.text(max_size=80), COUNT, COUNT, COUNT, COUNT)
ANY = st.builds(
    Figures,
    period=st.just("Week 1"),
    waiting=st.lists(
        st.builds(Waiting, st.text(), st.text(), st.text(), st.floats(0, 1e6)), max_size=5
    ).map(tuple),
    made=COUNT,
    approved=COUNT,
    rejected=COUNT,
    retaken=COUNT,
    by_reason=st.dictionaries(st.sampled_from(["motion", "other", "brand"]), COUNT),
    median_seconds=st.none() | st.floats(0, 1e8),
    spend_cents=COUNT,
    approved_seconds=st.floats(0, 1e6),
    by_family=st.lists(FAMILY, max_size=12).map(tuple),
)


@given(ANY, st.lists(ANY, max_size=5))
def test_any_figures_can_be_told(figures: Figures, earlier: list[Figures]) -> None:
    for digest in (
        compose_daily(figures, *earlier[:1], title="Aurora", zone="UTC"),
        compose_weekly(figures, earlier, title="Aurora", zone="UTC"),
    ):
        if digest:
            assert digest.text
            assert isinstance(digest.sections[0], ToDo | Quiet)
