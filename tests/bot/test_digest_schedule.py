"""Every reader gets each digest once, at their own hour, whatever the clocks do."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest

from bot.digest_schedule import CATCH_UP, Period, due_daily, due_weekly, owed
from storage.models import Subscription

ODD_ZONES = [
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "America/New_York",
    "Europe/Berlin",
    "Africa/Cairo",
    "UTC",
]
TIMES = [(9, 0), (2, 30), (1, 30), (0, 0), (23, 45)]
CHANGES = [
    date(2026, 2, 15),
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 4, 24),
    date(2026, 9, 27),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 11, 1),
]
BERLIN = "Europe/Berlin"


def at(text: str, zone: str = "UTC") -> datetime:
    """Read a local moment into UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def day(text: str, *, zone: str = BERLIN, hour: int = 9, minute: int = 0) -> str | None:
    period = due_daily(zone=zone, hour=hour, minute=minute, now=at(text))
    return period.key if period else None


def week(text: str, *, zone: str = BERLIN, weekday: int = 0) -> str | None:
    period = due_weekly(zone=zone, hour=9, minute=0, weekday=weekday, now=at(text, zone))
    return period.key if period else None


def test_a_day_is_told_the_next_morning_and_not_a_minute_before() -> None:
    assert day("2026-11-21T07:59:59") is None
    assert day("2026-11-21T08:00") == "2026-11-20"


def test_a_digest_missed_for_half_a_day_is_let_go() -> None:
    assert day("2026-11-21T19:59") == "2026-11-20"
    assert day("2026-11-21T20:00") is None
    assert week("2026-11-24T20:59") == "2026-W47"
    assert week("2026-11-24T21:00") is None


def test_a_digest_is_never_sent_before_its_period_ended() -> None:
    for zone in ODD_ZONES:
        for hour, minute in TIMES:
            for tick in range(96 * 2):
                now = at("2026-10-24T00:00") + timedelta(minutes=15 * tick)
                period = due_daily(zone=zone, hour=hour, minute=minute, now=now)
                assert period is None or period.ends_at <= now
                late = due_weekly(zone=zone, hour=hour, minute=minute, weekday=5, now=now)
                assert late is None or late.ends_at <= now


@pytest.mark.parametrize("zone", ODD_ZONES)
@pytest.mark.parametrize("change", CHANGES)
def test_over_a_clock_change_no_day_is_told_twice_or_left_out(zone: str, change: date) -> None:
    dice = random.Random(f"{zone} {change}")
    start = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=4)
    for hour, minute in TIMES:
        sent: list[str] = []
        tick, end = start, start + timedelta(days=8)
        while tick < end:
            period = due_daily(zone=zone, hour=hour, minute=minute, now=tick)
            if period and period.key not in sent:
                sent.append(period.key)
            # now and then the app is down for some hours
            tick += timedelta(hours=8) if dice.random() < 0.02 else timedelta(minutes=20)
        first = date.fromisoformat(sent[0])
        assert sent == [(first + timedelta(n)).isoformat() for n in range(len(sent))]
        assert len(sent) in {8, 9}


def test_a_time_that_the_clock_skips_comes_after_the_gap() -> None:
    assert day("2026-03-08T07:29", zone="America/New_York", hour=2, minute=30) is None
    assert day("2026-03-08T07:30", zone="America/New_York", hour=2, minute=30) == "2026-03-07"


def test_a_time_that_comes_twice_is_taken_the_first_time() -> None:
    assert day("2026-11-01T05:29", zone="America/New_York", hour=1, minute=30) is None
    assert day("2026-11-01T05:30", zone="America/New_York", hour=1, minute=30) == "2026-10-31"
    assert day("2026-11-01T06:30", zone="America/New_York", hour=1, minute=30) == "2026-10-31"


def test_the_hour_stays_the_readers_own_across_summer_time() -> None:
    assert day("2026-10-24T07:00") == "2026-10-23"
    assert day("2026-10-25T07:59") is None
    assert day("2026-10-25T08:00") == "2026-10-24"


def test_a_half_hour_change_is_followed() -> None:
    assert day("2026-04-04T22:29", zone="Australia/Lord_Howe") is None
    assert day("2026-04-04T22:30", zone="Australia/Lord_Howe") == "2026-04-04"
    assert day("2026-04-03T22:00", zone="Australia/Lord_Howe") == "2026-04-03"


def test_apia_tells_the_29th_on_the_31st_for_it_had_no_30th() -> None:
    period = due_daily(zone="Pacific/Apia", hour=9, minute=0, now=at("2011-12-30T19:00"))
    assert period is not None
    assert period.key == "2011-12-29"
    assert period.ends_at - period.starts_at == timedelta(days=1)


def test_a_period_is_as_long_as_its_days_were() -> None:
    hours = [
        (Period("daily", first, BERLIN).ends_at - Period("daily", first, BERLIN).starts_at)
        / timedelta(hours=1)
        for first in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 20))
    ]
    assert hours == [23, 25, 24]
    autumn = Period("weekly", date(2026, 10, 19), BERLIN)
    assert autumn.ends_at - autumn.starts_at == timedelta(hours=7 * 24 + 1)


def test_periods_follow_each_other_without_a_gap() -> None:
    for zone in ODD_ZONES:
        lengths: list[tuple[Literal["daily", "weekly"], int]] = [("daily", 1), ("weekly", 7)]
        for kind, step in lengths:
            period = Period(kind, date(2026, 11, 23), zone)
            for _ in range(366 // step):
                assert period.previous.ends_at == period.starts_at
                period = period.previous


@pytest.mark.parametrize("weekday", range(7))
def test_the_week_told_is_the_last_whole_one_on_any_weekday(weekday: int) -> None:
    sent_on = date(2026, 11, 23) + timedelta(weekday)
    assert week(f"{sent_on}T08:59", weekday=weekday) is None
    assert week(f"{sent_on}T09:00", weekday=weekday) == "2026-W47"


def test_weeks_are_told_through_the_turn_of_the_year() -> None:
    mondays = ["2026-12-21", "2026-12-28", "2027-01-04", "2027-01-11"]
    keys = [week(f"{monday}T09:00") for monday in mondays]
    assert keys == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]


def test_a_period_is_named_as_people_name_it() -> None:
    assert Period("daily", date(2026, 11, 20), BERLIN).label == "Friday 20 Nov"
    assert Period("weekly", date(2026, 11, 16), BERLIN).label == "Week 47 · 16\u201322 Nov"
    turn = Period("weekly", date(2026, 12, 28), BERLIN)
    assert turn.label == "Week 53 · 28 Dec \u2013 3 Jan"


def test_an_unknown_zone_means_utc_and_not_silence() -> None:
    for zone in ("Mars/Olympus", "", "../etc", "Europe", "\0"):
        assert day("2026-11-21T09:00", zone=zone) == "2026-11-20"


def reader(**wishes: Any) -> Subscription:
    born: dict[str, Any] = {"started_at": at("2026-11-01T00:00"), "zone": BERLIN} | wishes
    return Subscription(workspace_id="T1", production_id="p1", channel_id="C1", **born)


def keys(subscription: Subscription, now: datetime) -> list[str]:
    return [period.key for period in owed(subscription, now=now)]


MONDAY = at("2026-11-23T09:00", BERLIN)


def test_a_reader_gets_what_they_asked_for() -> None:
    assert keys(reader(), MONDAY) == ["2026-11-22", "2026-W47"]
    assert keys(reader(daily=False), MONDAY) == ["2026-W47"]
    assert keys(reader(weekly=False), MONDAY) == ["2026-11-22"]
    assert keys(reader(daily=False, weekly=False), MONDAY) == []


def test_a_paused_reader_is_left_alone_until_the_pause_is_over() -> None:
    assert keys(reader(paused_until=MONDAY + timedelta(minutes=1)), MONDAY) == []
    assert keys(reader(paused_until=MONDAY), MONDAY) != []


def test_a_new_reader_gets_nothing_of_the_time_before() -> None:
    assert keys(reader(started_at=at("2026-11-23T00:01", BERLIN)), MONDAY) == []
    assert keys(reader(started_at=at("2026-11-22T23:59", BERLIN)), MONDAY) == [
        "2026-11-22",
        "2026-W47",
    ]


def test_a_reader_who_moves_is_told_no_day_twice() -> None:
    sent: list[str] = []
    for tick in range(24 * 6):
        now = at("2026-11-18T00:00") + timedelta(hours=tick)
        zone = "Pacific/Auckland" if now < at("2026-11-20T21:00") else "America/Los_Angeles"
        sent += [key for key in keys(reader(zone=zone, weekly=False), now) if key not in sent]
    assert len(sent) == len(set(sent))
    assert sent == sorted(sent)


def test_catching_up_is_shorter_than_the_period_itself() -> None:
    assert CATCH_UP["daily"] < timedelta(days=1)
    assert CATCH_UP["weekly"] < timedelta(days=7)
