"""A digest's readers say when, how often and whether they want it, and nobody says it for them."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.digest_preferences import (
    Times,
    Wish,
    may_set,
    set_preference,
    set_times,
    standing,
    subscribe,
)
from bot.digests import send_owed
from bot.errors import BadForm, NotAllowed, NotNow
from bot.people import Actor
from bot.ports import Profile
from bot.zones import NoSuchZone, zone_named
from storage.models import Entry, Subscription
from tests.bot._digest_house import MONDAY, TEAM, WORKSPACE, House, Letters, furnished, opened

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY_AT_TEN = MONDAY + DAY + 10 * HOUR
MAYA = Actor(WORKSPACE, "U0MAYA", WORKSPACE)
JONAS = Actor(WORKSPACE, "U0JONAS", WORKSPACE)
STRANGER = Actor(WORKSPACE, "U0WHO", WORKSPACE)
CLIENT = Actor(WORKSPACE, "U0KIM", "T0CLIENT")
HALF_PAST_SEVEN = Times(7, 30, "Asia/Kathmandu", 4, daily=True, weekly=False)


class Lobby(Letters):
    """Letters, and people who live in Berlin."""

    async def profile(self, user_id: str) -> Profile:
        return Profile(user_id, WORKSPACE, user_id.title(), "Europe/Berlin")


@pytest.fixture
async def house(sqlite_url: str) -> AsyncIterator[House]:
    async with opened(sqlite_url, letters=Lobby()) as studio:
        made = await furnished(studio)
        made.clock.at = TUESDAY_AT_TEN
        yield made


async def days_sent(house: House, *, first: int, last: int) -> list[int]:
    """Tick every hour; give the days of November on which digests came."""
    seen: list[int] = []
    for hour in range(first * 24, last * 24):
        house.clock.at = datetime(2026, 11, 1, tzinfo=MONDAY.tzinfo) + hour * HOUR - DAY
        before = len(house.letters.kept)
        await send_owed(house.studio)
        seen += [house.clock.at.day] * (len(house.letters.kept) - before)
    return seen


async def test_weekly_only_ends_the_daily_digest_and_says_how_to_undo_it(house: House) -> None:
    reader = await house.reader(weekly=True)
    said = await set_preference(house.studio, MAYA, reader.id, Wish.WEEKLY, key="1")
    assert said == (
        "Only the weekly digest comes, on Mondays at 09:00 (UTC). "
        "`/scene digest on` brings the daily one back."
    )
    after = await house.standing(reader)
    assert (after.daily, after.weekly) == (False, True)


async def test_a_pause_lasts_seven_days_and_ends_at_the_readers_hour(house: House) -> None:
    reader = await house.reader()
    await house.take(MONDAY)
    said = await set_preference(house.studio, JONAS, reader.id, Wish.PAUSE, key="1")
    assert said.startswith("The digest pauses until Tuesday 24 Nov.")
    assert await days_sent(house, first=18, last=26) == [24, 25]


async def test_a_stopped_digest_stays_stopped_and_starting_it_owes_nothing_of_before(
    house: House,
) -> None:
    reader = await house.reader()
    await house.take(MONDAY)
    said = await set_preference(house.studio, JONAS, reader.id, Wish.OFF, key="1")
    assert said == "The digest is stopped. `/scene digest on` starts it again."
    assert await days_sent(house, first=18, last=20) == []
    house.clock.at = datetime(2026, 11, 19, 12, tzinfo=MONDAY.tzinfo)
    await set_preference(house.studio, JONAS, reader.id, Wish.ON, key="2")
    await send_owed(house.studio)
    assert house.letters.kept == []


@pytest.mark.parametrize("actor", [STRANGER, CLIENT])
async def test_only_the_crew_may_change_the_channels_digest(house: House, actor: Actor) -> None:
    reader = await house.reader()
    with pytest.raises(NotAllowed, match="Only the crew of Aurora launch"):
        await set_preference(house.studio, actor, reader.id, Wish.OFF, key="1")
    assert (await house.standing(reader)).daily
    async with house.studio.db.read() as session:
        kinds = [entry.kind for entry in (await session.exec(select(Entry))).all()]
    assert kinds == ["press.refused"]


async def test_a_persons_digest_is_theirs_alone(house: House) -> None:
    await subscribe(house.studio, JONAS, TEAM, Wish.ON, personally=True, key="1")
    async with house.studio.db.read() as session:
        [own] = (await session.exec(select(Subscription))).all()
    assert (own.channel_id, own.zone) == ("U0JONAS", "Europe/Berlin")
    with pytest.raises(NotAllowed):
        await set_preference(house.studio, MAYA, own.id, Wish.OFF, key="2")
    said = await set_preference(house.studio, JONAS, own.id, Wish.OFF, key="3")
    assert said.endswith("`/scene digest me` starts it again.")


async def test_who_has_left_the_crew_may_still_stop_their_own_digest(house: House) -> None:
    reader = await house.reader("U0WHO")
    await set_preference(house.studio, STRANGER, reader.id, Wish.OFF, key="1")
    assert not (await house.standing(reader)).daily


async def test_who_has_left_the_crew_is_told_no_more_figures(house: House) -> None:
    await house.reader("U0WHO")
    await house.reader("U0JONAS")
    await house.take(MONDAY)
    await send_owed(house.studio)
    assert house.letters.addressees == ["U0JONAS"]


@pytest.mark.parametrize("actor", [STRANGER, CLIENT])
async def test_nobody_outside_the_crew_gets_a_digest(house: House, actor: Actor) -> None:
    for personally in (True, False):
        with pytest.raises(NotAllowed):
            await subscribe(house.studio, actor, TEAM, Wish.ON, personally=personally, key="1")
    with pytest.raises(NotAllowed):
        await standing(house.studio, actor, TEAM)


async def test_subscribing_twice_is_subscribing_once(house: House) -> None:
    for key in ("1", "2", "2"):
        await subscribe(house.studio, MAYA, TEAM, Wish.ON, personally=False, key=key)
    async with house.studio.db.read() as session:
        assert len((await session.exec(select(Subscription))).all()) == 1
        assert len((await session.exec(select(Entry))).all()) == 2


async def test_a_delivery_that_slack_repeats_does_not_move_the_pause(house: House) -> None:
    reader = await house.reader()
    await set_preference(house.studio, MAYA, reader.id, Wish.PAUSE, key="1")
    house.clock.at += DAY
    said = await set_preference(house.studio, MAYA, reader.id, Wish.PAUSE, key="1")
    assert said.startswith("The digest pauses until Tuesday 24 Nov.")


async def test_another_time_and_zone_hold_from_the_next_digest_on(house: House) -> None:
    reader = await house.reader()
    await house.take(MONDAY)
    said = await set_times(house.studio, MAYA, reader.id, HALF_PAST_SEVEN, key="1")
    assert said.startswith("The digest comes every day at 07:30 (Asia/Kathmandu).")
    house.clock.at = datetime(2026, 11, 18, 1, 44, tzinfo=MONDAY.tzinfo)
    await send_owed(house.studio)
    assert house.letters.headings == []
    house.clock.at += timedelta(minutes=1)
    await send_owed(house.studio)
    assert house.letters.headings == ["Tuesday 17 Nov · Aurora launch"]


async def test_moving_to_another_zone_repeats_no_day(house: House) -> None:
    reader = await house.reader()
    await house.take(MONDAY)
    await send_owed(house.studio)
    west = Times(1, 0, "America/Los_Angeles", 0, daily=True, weekly=False)
    await set_times(house.studio, MAYA, reader.id, west, key="1")
    for hour in range(24):
        house.clock.at = TUESDAY_AT_TEN + hour * HOUR
        await send_owed(house.studio)
    assert len(set(house.letters.headings)) == len(house.letters.headings)


async def test_a_zone_that_nobody_knows_is_refused_at_its_field(house: House) -> None:
    reader = await house.reader()
    wrong = Times(9, 0, "Europe/Berln", 0, daily=True, weekly=True)
    with pytest.raises(BadForm) as refused:
        await set_times(house.studio, MAYA, reader.id, wrong, key="1")
    assert refused.value.fields == {
        "zone": "Europe/Berln is no time zone; write it like Europe/Berlin. "
        "Did you mean Europe/Berlin?"
    }
    assert (await house.standing(reader)).zone == "UTC"


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("berlin", "Europe/Berlin"),
        (" america/new york ", "America/New_York"),
        ("São_Paulo", None),
        ("GMT+1", None),
        ("Mars", None),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_understood_by_its_city_and_never_guessed(typed: str, zone: str | None) -> None:
    if zone:
        assert zone_named(typed) == zone
        return
    with pytest.raises(NoSuchZone, match="is no time zone"):
        zone_named(typed)


async def test_a_digest_that_is_gone_is_said_to_be_gone(house: House) -> None:
    with pytest.raises(NotNow, match="not in our records"):
        await may_set(house.studio, MAYA, "0" * 24)
