"""What a sweep has to say about a term, whenever it runs and however long it did not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rights_sweep import due
from storage.models import Release
from storage.rights import Told

START, END = date(2026, 1, 1), date(2026, 11, 30)


def a_release(ends: date | None = END, starts: date = START) -> Release:
    return Release(
        id="r", workspace_id="T0", production_id="p", number=3, starts_on=starts, ends_on=ends,
        recorded_by="U0", recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def heard(release: Release, days: list[date]) -> list[tuple[str, date]]:
    """Sweep on these days; give what was said, and when."""
    told: set[Told] = set()
    said: list[tuple[str, date]] = []
    for today in days:
        while notice := due(release, today, recorded_on=date(2025, 12, 1), told=told):
            told.add(notice)
            said.append((notice[1], today))
    return said


def test_a_term_is_told_of_on_its_first_day_and_thirty_seven_and_one_day_before_its_end() -> None:
    days = [START + timedelta(days=number) for number in range(400)]
    assert heard(a_release(), days) == [
        ("begins", START),
        ("30", date(2026, 10, 31)),
        ("7", date(2026, 11, 23)),
        ("1", date(2026, 11, 29)),
        ("over", date(2026, 12, 1)),
    ]


@pytest.mark.parametrize(
    ("away_until", "first"),
    [(date(2026, 11, 28), "7"), (END, "1"), (date(2027, 3, 1), "over")],
)
def test_after_an_outage_only_the_most_urgent_is_told(away_until: date, first: str) -> None:
    said = heard(a_release(), [START, away_until])
    assert [word for word, _ in said] == ["begins", first]


def test_what_never_ends_is_never_reminded_of() -> None:
    days = [START + timedelta(days=number) for number in range(0, 4000, 7)]
    assert heard(a_release(None), days) == [("begins", START)]


def test_of_what_ran_when_it_was_recorded_no_beginning_is_told() -> None:
    assert due(a_release(), START, recorded_on=START, told=()) is None


@given(
    st.lists(st.integers(0, 500), max_size=40),
    st.integers(0, 400),
)
def test_nothing_is_told_twice_and_nothing_late(numbers: list[int], length: int) -> None:
    release = a_release(START + timedelta(days=length))
    said = heard(release, [START + timedelta(days=number) for number in sorted(numbers)])
    words = [word for word, _ in said]
    assert len(set(words)) == len(words)
    assert release.ends_on
    for word, on in said:
        left = (release.ends_on - on).days
        if word.isdigit():
            assert 0 <= left <= int(word)
        if word == "over":
            assert left < 0
