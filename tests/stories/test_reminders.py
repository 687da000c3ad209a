"""Producers hear of a term that ends, once each time, and of one that begins."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.rights_sweep import sweep_rights
from storage.models import ReleaseKind, TakeState
from tests.factories import all_shown
from tests.stories._rights import NIGHT, Rights, circled, opened_rights, renew, says


@pytest.fixture
async def rights(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Rights]:
    async with opened_rights(sqlite_url, tmp_path) as opened:
        yield opened


async def test_producers_are_reminded_once_each_and_anew_of_a_longer_term(
    database_url: str, tmp_path: Path
) -> None:
    async with opened_rights(database_url, tmp_path) as rights:
        mira = await rights.reference()
        await rights.release(mira, ends=rights.in_days(31))
        _, card = await rights.take(mira)
        await rights.press("take_approve", card, "jonas")
        direct = rights.stage.slack.state.direct_channel(
            rights.stage.slack.state.app.bot_user_id, rights.stage.slack.person("maya").id
        )
        heard: list[int] = []
        for _ in range(32):
            rights.nights.ahead += NIGHT
            await asyncio.gather(*(sweep_rights(rights.stage.studio) for _ in range(3)))
            await sweep_rights(rights.stage.studio)
            await all_shown(rights.stage)
            heard.append(len(rights.lines("hourglass")))
        assert [day for day in range(1, 32) if heard[day] > heard[day - 1]] == [23, 29]
        assert heard[0] == 1
        reminders = rights.lines("hourglass")
        assert "ends in 7 days" in says(reminders[1])
        assert "R1 Mira" in says(reminders[1])
        assert "1 circle take depends on it" in says(reminders[1])
        assert "ends tomorrow" in says(reminders[2])
        assert len(rights.lines("has ended on")) == 1
        letters = rights.stage.slack.state.messages[direct.id].values()
        assert len([each for each in letters if "L1" in says(each)]) == 4


async def test_a_longer_term_is_reminded_of_anew(rights: Rights) -> None:
    await circled(rights)
    await sweep_rights(rights.stage.studio)
    await all_shown(rights.stage)
    assert len(rights.lines("hourglass")) == 1
    await renew(rights, ends=rights.in_days(7))
    await sweep_rights(rights.stage.studio)
    await sweep_rights(rights.stage.studio)
    await all_shown(rights.stage)
    assert [each.text.count("in 7 days") for each in rights.lines("hourglass")] == [0, 1]


async def test_a_release_that_begins_lets_go_what_waited_for_it(rights: Rights) -> None:
    mira = await rights.reference(needs_release=True)
    take, card = await rights.take(mira)
    starts, ends = rights.in_days(1), rights.in_days(90)
    await rights.release(mira, starts=starts, ends=ends, kind=ReleaseKind.LICENCE.value)
    await all_shown(rights.stage)
    assert "Mira: from" in says(card)
    await rights.sleep()
    assert "On hold" not in says(card)
    assert rights.lines("has begun")
    await rights.press("take_approve", card, "jonas")
    assert (await rights.now(take)).state is TakeState.APPROVED
