"""Every reader gets each digest once, of the right period, with the right figures, or none."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digest import Compared, Quiet, Tally
from bot.digests import send_owed
from bot.ports import RoomBusy, RoomClosed, RoomLimited
from storage.models import (
    DigestRun,
    RunState,
    Subscription,
    TakeState,
    Verdict,
)
from tests.bot._digest_house import MONDAY, TEAM, WORKSPACE, House, furnished, opened

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
TUESDAY_AT_NINE = MONDAY + DAY + 9 * HOUR
NEXT_MONDAY_AT_NINE = MONDAY + WEEK + 9 * HOUR


@pytest.fixture
async def quick_house(sqlite_url: str) -> AsyncIterator[House]:
    async with opened(sqlite_url) as studio:
        yield await furnished(studio)


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    async with opened(database_url) as studio:
        yield await furnished(studio)


async def state_of(
    house: House, reader: Subscription, period: str = "2026-11-16", kind: str = "daily"
) -> RunState | None:
    run = await house.run(reader, kind, period)
    return run.state if run else None


async def test_two_replicas_send_each_reader_one_digest(house: House, database_url: str) -> None:
    await house.take(MONDAY + 10 * HOUR)
    readers = [await house.reader(f"C{n}") for n in range(12)]
    house.clock.at = TUESDAY_AT_NINE
    async with opened(database_url, letters=house.letters, at=TUESDAY_AT_NINE) as other:
        await asyncio.gather(*(send_owed(each) for each in (house.studio, other) * 2))
    assert Counter(house.letters.addressees) == Counter(each.channel_id for each in readers)


async def test_a_restart_sends_nothing_again(house: House, database_url: str) -> None:
    await house.take(MONDAY + 10 * HOUR)
    await house.reader()
    for minute in range(3):
        house.clock.at = TUESDAY_AT_NINE + timedelta(minutes=minute)
        await send_owed(house.studio)
    later = TUESDAY_AT_NINE + HOUR
    async with opened(database_url, letters=house.letters, at=later) as restarted:
        await send_owed(restarted)
    assert house.letters.headings == ["Monday 16 Nov · Aurora launch"]


async def test_nothing_is_sent_before_the_hour(house: House) -> None:
    await house.take(MONDAY + 10 * HOUR)
    await house.reader(hour=9, minute=30)
    house.clock.at = TUESDAY_AT_NINE + timedelta(minutes=29)
    await send_owed(house.studio)
    assert house.letters.kept == []


async def test_who_stops_a_digest_in_the_last_moment_gets_none(house: House) -> None:
    await house.take(MONDAY + 10 * HOUR)
    readers = [await house.reader(f"C{n}") for n in range(8)]
    under_way, stopped = asyncio.Event(), asyncio.Event()

    async def wait(channel_id: str) -> None:
        if len(house.letters.begun) == 3:
            under_way.set()
        await stopped.wait()

    house.letters.before = wait
    house.clock.at = TUESDAY_AT_NINE
    sending = asyncio.create_task(send_owed(house.studio))
    await asyncio.wait_for(under_way.wait(), 10)
    begun = set(house.letters.begun)
    for reader in readers:
        reader.daily = False
    await house.keep(*readers)
    stopped.set()
    await sending
    assert set(house.letters.addressees) == begun
    unsent = [each for each in readers if each.channel_id not in begun]
    assert [await state_of(house, each) for each in unsent] == [None] * len(unsent)


async def test_a_paused_digest_pauses_and_a_weekly_one_comes_weekly(house: House) -> None:
    await house.take(MONDAY + 10 * HOUR)
    await house.reader("C0PAUSED", paused_until=NEXT_MONDAY_AT_NINE + DAY)
    await house.reader("C0WEEKLY", daily=False, weekly=True)
    for day in range(2, 8):
        house.clock.at = MONDAY + day * DAY + 9 * HOUR
        await send_owed(house.studio)
    assert house.letters.addressees == ["C0WEEKLY"]
    assert house.letters.headings == ["Week 47 · 16\u201322 Nov · Aurora launch"]


async def test_an_empty_day_sends_nothing_and_is_settled(house: House) -> None:
    reader = await house.reader()
    house.clock.at = TUESDAY_AT_NINE
    await send_owed(house.studio)
    assert house.letters.kept == []
    assert await state_of(house, reader) is RunState.EMPTY


async def test_a_quiet_week_has_one_line_a_second_says_it_pauses_and_then_there_is_silence(
    house: House,
) -> None:
    reader = await house.reader(weekly=True)
    take = await house.take(MONDAY + 10 * HOUR, state=TakeState.REJECTED)
    await house.decided(take, Verdict.REJECT, MONDAY + 11 * HOUR)
    for week in range(1, 5):
        house.clock.at = MONDAY + week * WEEK + 9 * HOUR
        await send_owed(house.studio)
    _, quiet, pausing = [view.digest.sections for _, view in house.letters.kept]
    assert isinstance(quiet[0], Quiet)
    assert "pauses" not in quiet[0].text
    assert isinstance(pausing[0], Quiet)
    assert "pauses until there is work again" in pausing[0].text
    assert await state_of(house, reader, "2026-W50", "weekly") is RunState.EMPTY


async def test_work_after_the_silence_brings_the_weekly_digest_back(house: House) -> None:
    await house.reader(daily=False, weekly=True)
    await house.take(MONDAY + 3 * WEEK)
    house.clock.at = NEXT_MONDAY_AT_NINE + 3 * WEEK
    await send_owed(house.studio)
    assert len(house.letters.kept) == 1


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 5, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 3, 29, tzinfo=UTC)),
    ],
)
async def test_the_hour_holds_while_the_clocks_change(
    quick_house: House, zone: str, day: datetime
) -> None:
    house = quick_house
    await house.take(day - 5 * DAY)
    await house.reader(zone=zone, hour=2, minute=30)
    seen: list[datetime] = []
    for hour in range(4 * 24):
        house.clock.at = day - 2 * DAY + (hour + 0.5) * HOUR
        before = len(house.letters.kept)
        await send_owed(house.studio)
        if len(house.letters.kept) > before:
            seen.append(house.clock.at.astimezone(ZoneInfo(zone)))
    days = [at.date() for at in seen]
    assert len(days) >= 4
    assert days == [days[0] + n * DAY for n in range(len(days))]
    assert len(set(house.letters.headings)) == len(days)
    late = [at.hour * 60 + at.minute - 150 for at in seen[1:]]
    assert all(0 <= minutes <= 90 for minutes in late)


async def test_the_week_over_new_year_is_whole_and_goes_by_its_own_number(house: House) -> None:
    await house.reader(daily=False, weekly=True)
    for day in (28, 30, 31):
        await house.take(datetime(2026, 12, day, 12, tzinfo=UTC))
    for day in (1, 3):
        await house.take(datetime(2027, 1, day, 12, tzinfo=UTC))
    await house.take(datetime(2027, 1, 4, 1, tzinfo=UTC))
    house.clock.at = datetime(2027, 1, 4, 9, tzinfo=UTC)
    await send_owed(house.studio)
    assert house.letters.headings == ["Week 53 · 28 Dec \u2013 3 Jan · Aurora launch"]
    [compared] = [s for s in house.letters.kept[0][1].digest.sections if isinstance(s, Compared)]
    assert dict(compared.rows)["Takes made"].startswith("5 ")


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/Los_Angeles", "Pacific/Apia"])
async def test_a_day_is_the_readers_day_to_the_minute(house: House, zone: str) -> None:
    midnight = datetime(2026, 11, 17, tzinfo=ZoneInfo(zone))
    await house.reader(zone=zone)
    for minutes in (-24 * 60, -1, 0, 1):
        await house.take(midnight + timedelta(minutes=minutes), state=TakeState.REJECTED)
    house.clock.at = midnight + 9 * HOUR
    await send_owed(house.studio)
    assert house.letters.headings == ["Monday 16 Nov · Aurora launch"]
    [tally] = [s for s in house.letters.kept[0][1].digest.sections if isinstance(s, Tally)]
    assert tally.text.startswith("2 takes made")


async def test_a_weekly_digest_tells_a_week_whatever_its_weekday(house: House) -> None:
    await house.reader(daily=False, weekly=True, weekday=3)
    for day in range(-1, 11):
        await house.take(MONDAY + day * DAY + HOUR, state=TakeState.REJECTED)
    house.clock.at = NEXT_MONDAY_AT_NINE
    await send_owed(house.studio)
    assert house.letters.kept == []
    house.clock.at = NEXT_MONDAY_AT_NINE + 3 * DAY
    await send_owed(house.studio)
    assert house.letters.headings == ["Week 47 · 16\u201322 Nov · Aurora launch"]
    [compared] = [s for s in house.letters.kept[0][1].digest.sections if isinstance(s, Compared)]
    assert dict(compared.rows)["Takes made"].startswith("7 · was 1")


async def test_a_digest_that_slack_refuses_is_kept_with_the_reason_and_not_repeated(
    house: House,
) -> None:
    await house.take(MONDAY + 10 * HOUR)
    reader = await house.reader()

    async def refuse(channel_id: str) -> None:
        raise RoomClosed("This channel is archived.")

    house.letters.before = refuse
    for minute in range(3):
        house.clock.at = TUESDAY_AT_NINE + timedelta(minutes=minute)
        await send_owed(house.studio)
    run = await house.run(reader, "daily", "2026-11-16")
    assert run
    assert (run.state, run.problem) == (RunState.FAILED, "This channel is archived.")
    assert house.letters.begun == [TEAM]


@pytest.mark.parametrize("trouble", [RoomBusy("lost"), RoomBusy("internal_error"), KeyError("x")])
async def test_a_digest_whose_answer_was_lost_is_unknown_and_not_repeated(
    house: House, trouble: Exception
) -> None:
    await house.take(MONDAY + 10 * HOUR)
    reader = await house.reader()

    async def lose(channel_id: str) -> None:
        raise trouble

    house.letters.before = lose
    for minute in range(3):
        house.clock.at = TUESDAY_AT_NINE + timedelta(minutes=minute)
        await send_owed(house.studio)
    assert await state_of(house, reader) is RunState.UNKNOWN
    assert house.letters.begun == [TEAM]


async def test_a_digest_that_met_a_rate_limit_is_tried_once_more_when_slack_says(
    house: House,
) -> None:
    await house.take(MONDAY + 10 * HOUR)
    reader = await house.reader()

    async def limit(channel_id: str) -> None:
        raise RoomLimited("Slack asks for patience.", retry_after=90)

    house.letters.before = limit
    for minute in range(6):
        house.clock.at = TUESDAY_AT_NINE + timedelta(minutes=minute)
        await send_owed(house.studio)
        assert len(house.letters.begun) == (1 if minute < 2 else 2)
    assert await state_of(house, reader) is RunState.FAILED


async def test_a_digest_that_met_a_rate_limit_arrives_the_second_time(house: House) -> None:
    await house.take(MONDAY + 10 * HOUR)
    reader = await house.reader()

    async def limit(channel_id: str) -> None:
        house.letters.before = None
        raise RoomLimited("Slack asks for patience.", retry_after=30)

    house.letters.before = limit
    for minute in range(3):
        house.clock.at = TUESDAY_AT_NINE + timedelta(minutes=minute)
        await send_owed(house.studio)
    assert house.letters.addressees == [TEAM]
    assert await state_of(house, reader) is RunState.SENT


async def test_a_digest_that_was_being_sent_when_the_app_died_is_unknown(house: House) -> None:
    await house.take(MONDAY + 10 * HOUR)
    reader = await house.reader()
    run = DigestRun(
        subscription_id=reader.id, kind="daily", period="2026-11-16",
        workspace_id=WORKSPACE, at=TUESDAY_AT_NINE,
    )  # fmt: skip
    await house.keep(run)
    house.clock.at = TUESDAY_AT_NINE + timedelta(minutes=9)
    await send_owed(house.studio)
    assert await state_of(house, reader) is RunState.SENDING
    house.clock.at = TUESDAY_AT_NINE + timedelta(minutes=11)
    await send_owed(house.studio)
    assert await state_of(house, reader) is RunState.UNKNOWN
    assert house.letters.kept == []


async def test_a_tick_that_is_cut_off_while_sending_repeats_nothing(house: House) -> None:
    await house.take(MONDAY + 10 * HOUR)
    reader = await house.reader()

    under_way = asyncio.Event()

    async def hang(channel_id: str) -> None:
        under_way.set()
        await asyncio.Event().wait()

    house.letters.before = hang
    house.clock.at = TUESDAY_AT_NINE
    sending = asyncio.create_task(send_owed(house.studio))
    await under_way.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    house.letters.before = None
    await send_owed(house.studio)
    assert await state_of(house, reader) is RunState.UNKNOWN
    assert house.letters.kept == []


async def test_one_broken_subscription_keeps_nobody_waiting(house: House) -> None:
    await house.take(MONDAY + 10 * HOUR)
    await house.reader("C0BROKEN", hour=99)
    await house.reader("C0UNKNOWN", zone="Mars/Olympus")
    await house.reader(TEAM)
    house.clock.at = TUESDAY_AT_NINE
    await send_owed(house.studio)
    assert sorted(house.letters.addressees) == [TEAM, "C0UNKNOWN"]
