"""A digest's figures are those of its period and its production, and previews tell the same."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.digest import Compared, ToDo
from bot.digest_figures import figures_of
from bot.digest_schedule import Period
from bot.digests import Kind, preview, preview_text, send_owed
from bot.figures import Figures
from storage.models import (
    CardKind,
    Production,
    Reason,
    Stage,
    TakeState,
    Verdict,
)
from tests.bot._digest_house import MONDAY, TEAM, WORKSPACE, House, furnished, opened

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
TUESDAY_AT_NINE = MONDAY + DAY + 9 * HOUR
NEXT_MONDAY_AT_NINE = MONDAY + WEEK + 9 * HOUR


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    async with opened(database_url) as studio:
        yield await furnished(studio)


async def figures(house: House, first: datetime = MONDAY, kind: Kind = "daily") -> Figures:
    period = Period(kind, first.date(), "UTC")
    [found] = await figures_of(house.studio, house.production, [period], at=house.clock.at)
    return found


async def test_a_day_in_figures(house: House) -> None:
    good = await house.take(MONDAY + HOUR, state=TakeState.APPROVED, cost_cents=120)
    bad = await house.take(MONDAY + 2 * HOUR, state=TakeState.REJECTED, cost_cents=80)
    again = await house.take(MONDAY + 3 * HOUR, state=TakeState.RETAKE, family="rain")
    await house.decided(good, Verdict.APPROVE, MONDAY + 2 * HOUR)
    await house.decided(bad, Verdict.REJECT, MONDAY + 5 * HOUR, reason=Reason.MOTION)
    await house.decided(again, Verdict.RETAKE, MONDAY + 5 * HOUR, reason=Reason.MOTION)
    day = await figures(house)
    assert (day.made, day.approved, day.rejected, day.retaken) == (3, 1, 1, 1)
    assert day.by_reason == {"motion": 2}
    assert (day.spend_cents, day.approved_seconds) == (200, 4.0)
    assert day.median_seconds == 2 * 3600
    told = {
        family.name: (family.made, family.approved, family.rejected) for family in day.by_family
    }
    assert told == {"neon-noir": (2, 1, 1), "rain": (1, 0, 1)}


async def test_a_days_cost_is_what_fell_due_on_it_for_takes_that_failed_too(house: House) -> None:
    exact: dict[str, Any] = {"cost_cents": 70, "cost_told": True}
    await house.take(MONDAY, state=TakeState.FAILED, came=False, **exact)
    late = await house.take(MONDAY + DAY + HOUR, spent_at=MONDAY + DAY - HOUR, cost_cents=30)
    await house.take(MONDAY, state=TakeState.CANCELLED, came=False, spent_at=None)
    monday, tuesday = await figures(house), await figures(house, MONDAY + DAY)
    assert (monday.made, monday.spend_cents, monday.table_cents) == (0, 100, 30)
    assert (tuesday.made, tuesday.spend_cents) == (1, 0)
    assert not monday.is_quiet
    told = await preview(house.studio, house.production, "daily", at=MONDAY + 23 * HOUR)
    assert told
    assert "about $1.00 spent" in str(told.sections)
    assert late.ready_at


async def test_an_approval_that_was_withdrawn_is_none(house: House) -> None:
    take = await house.take(MONDAY + HOUR)
    await house.decided(take, Verdict.APPROVE, MONDAY + 2 * HOUR)
    await house.decided(take, Verdict.WITHDRAW, MONDAY + 3 * HOUR)
    assert (await figures(house)).approved == 0
    await house.decided(take, Verdict.APPROVE, MONDAY + 4 * HOUR)
    day = await figures(house)
    assert (day.approved, day.approved_seconds, day.median_seconds) == (1, 4.0, 3 * 3600)


async def test_a_take_that_went_on_to_the_client_is_approved_when_the_client_says_so(
    house: House,
) -> None:
    take = await house.take(MONDAY + HOUR, state=TakeState.WITH_CLIENT)
    await house.card(take, CardKind.CLIENT_TAKE, "C0CLIENT")
    await house.decided(take, Verdict.APPROVE, MONDAY + 2 * HOUR)
    assert (await figures(house)).approved == 0
    await house.decided(take, Verdict.APPROVE, MONDAY + DAY, stage=Stage.CLIENT)
    assert (await figures(house)).approved == 0
    assert (await figures(house, MONDAY + DAY)).approved == 1
    assert (await figures(house, kind="weekly")).approved == 1


async def test_other_productions_are_not_counted(house: House) -> None:
    other = Production(
        workspace_id=WORKSPACE, name="Other", channel_id="C0OTHER", opened_by="U0MAYA",
        opened_at=MONDAY,
    )  # fmt: skip
    await house.keep(other)
    take = await house.take(MONDAY + HOUR, production_id=other.id)
    await house.decided(take, Verdict.REJECT, MONDAY + 2 * HOUR)
    assert (await figures(house)).is_quiet


async def test_every_waiting_take_is_counted_and_the_oldest_are_told_with_links(
    house: House,
) -> None:
    await house.reader()
    for hour in range(9):
        take = await house.take(MONDAY + hour * HOUR)
        await house.card(take, CardKind.TAKE)
    house.clock.at = TUESDAY_AT_NINE
    await send_owed(house.studio)
    [to_do] = [s for s in house.letters.kept[0][1].digest.sections if isinstance(s, ToDo)]
    assert to_do.headline == "9 things wait for your yes or no"
    assert [(each.title, each.hours) for each in to_do.items] == [
        ("SC010 T1 Rooftop opener", 33),
        ("SC010 T2 Rooftop opener", 32),
        ("SC010 T3 Rooftop opener", 31),
    ]
    assert {each.asked_by for each in to_do.items} == {"Maya"}
    assert to_do.items[0].link == f"https://x.test/{TEAM}/1790000000.000100"


async def test_a_take_with_the_client_does_not_wait_for_the_team(house: House) -> None:
    await house.take(MONDAY + HOUR, state=TakeState.WITH_CLIENT)
    assert (await figures(house)).waiting == ()


async def test_a_digest_goes_out_without_links_when_slack_has_none(house: House) -> None:
    await house.reader()
    await house.card(await house.take(MONDAY + HOUR), CardKind.TAKE)
    house.letters.linked = False
    house.clock.at = TUESDAY_AT_NINE
    await send_owed(house.studio)
    assert len(house.letters.kept) == 1


async def test_a_week_is_not_compared_with_one_before_the_production_was_open(
    database_url: str,
) -> None:
    async with opened(database_url) as studio:
        house = await furnished(studio, opened_at=MONDAY - 3 * DAY)
        await house.reader(daily=False, weekly=True)
        await house.take(MONDAY + HOUR)
        house.clock.at = NEXT_MONDAY_AT_NINE
        await send_owed(studio)
    [compared] = [s for s in house.letters.kept[0][1].digest.sections if isinstance(s, Compared)]
    assert dict(compared.rows)["Takes made"] == "1"


async def test_a_preview_tells_today_as_far_as_it_has_come(house: House) -> None:
    await house.take(MONDAY + HOUR)
    digest = await preview(house.studio, house.production, "daily", at=MONDAY + 2 * HOUR)
    assert digest
    assert digest.heading == "Monday 16 Nov · Aurora launch"


async def test_the_operator_reads_every_digest_as_plain_text(house: House) -> None:
    await house.take(MONDAY + HOUR)
    other = Production(
        workspace_id="T0ELSE", name="Borealis", channel_id="C0B", opened_by="U1", opened_at=MONDAY
    )
    await house.keep(other)
    house.clock.at = MONDAY + 2 * HOUR
    text = await preview_text(house.studio, None, "daily")
    assert "1 thing waits for your yes or no" in text
    assert "SC010 T1 Rooftop opener (asked by Maya, 1 h ago)" in text
    assert "Borealis: nothing to tell about today yet." in text
    assert "Borealis" not in await preview_text(house.studio, "Aurora launch", "weekly")
    assert "There are: Aurora launch, Borealis." in await preview_text(house.studio, "X", "daily")
