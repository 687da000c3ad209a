"""A licence ends overnight, and everything that depends on it says so until a producer decides."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.holds import reconsider
from storage import held, references, takes
from storage.models import Reason, Ruling, TakeState, Verdict
from tests.databases import sqlite_copy
from tests.factories import a_take, all_shown
from tests.stage import CLIENT, TEAM, WORKSPACE, Stage, elements, whispers
from tests.stories._rights import (
    NIGHT,
    Nights,
    Rights,
    circled,
    decide,
    everywhere,
    move_out,
    new_rights,
    opened_nights,
    renew,
    says,
    used,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nights(
    sqlite_ready: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Stage, Nights]]:
    folder = tmp_path_factory.mktemp("rights")
    async with opened_nights(sqlite_copy(sqlite_ready, folder), folder) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def both_nights(
    long_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Stage, Nights]]:
    async with opened_nights(long_database_url, tmp_path_factory.mktemp("rights")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def rights(nights: tuple[Stage, Nights]) -> AsyncIterator[Rights]:
    yield await new_rights(*nights)
    await move_out(nights[0])


@pytest_asyncio.fixture(loop_scope="module")
async def rights_with_client(nights: tuple[Stage, Nights]) -> AsyncIterator[Rights]:
    yield await new_rights(*nights, client=True)
    await move_out(nights[0])


@pytest_asyncio.fixture(loop_scope="module")
async def both_rights(both_nights: tuple[Stage, Nights]) -> AsyncIterator[Rights]:
    yield await new_rights(*both_nights, client=True)
    await move_out(both_nights[0])


async def test_a_licence_ends_overnight_and_every_dependent_surface_says_so(
    both_rights: Rights,
) -> None:
    rights = both_rights
    made, (circle, waiting, _) = await everywhere(rights)
    assert not rights.lines("n hold")
    await rights.sleep()

    assert "*On hold.* Mira: expired" in says(circle)
    assert "take_approve" not in elements(waiting)
    assert "take_reject" in elements(waiting)
    [head] = [each for each in rights.stage.messages(TEAM) if each.ts == rights.card.ts]
    assert ":no_entry: *On hold*" in says(head)
    assert "*On hold:* T3, T2, T1. Mira: expired" in says(head)
    [line] = rights.stage.cards_with("hold_decide", TEAM)
    assert "3 takes that used it are on hold" in says(line)
    assert "Circle takes: SC010 SH010 T1" in says(line)
    assert "*On hold:*" in await said(rights, "approved")
    assert "*SC010* Rooftop opener  ·  On hold" in await said(rights, "list")
    home = await rights.stage.slack.home(user="jonas")
    assert "SC010 T2 Rooftop opener: on hold" in str(home.home)
    [entry] = await rights.log("release.expired")
    assert (entry["facts"]["held"], entry["facts"]["code"]) == (3, "L1")
    states = [(await rights.now(each)).state for each in made]
    assert states == [TakeState.APPROVED, TakeState.WAITING, TakeState.WITH_CLIENT]


async def test_the_client_sees_a_hold_and_nothing_of_why(rights_with_client: Rights) -> None:
    rights = rights_with_client
    await everywhere(rights)
    await rights.sleep()
    on_hold = rights.lines("On hold; the team is on it", CLIENT)
    assert len(on_hold) == 2
    for each in on_hold:
        assert "client_approve" not in elements(each)
        assert not re.search(r"Mira Holt|\bL1\b|licence|expired", says(each))


async def said(rights: Rights, text: str, user: str = "jonas") -> str:
    """Say it, and give everything that was answered."""
    seen = await rights.stage.slack.command("/scene", text, user=user, channel=TEAM)
    return str([each.get("blocks") or each["text"] for each in seen.ephemerals])


async def test_between_midnight_and_the_sweep_no_approval_slips_through(
    rights_with_client: Rights,
) -> None:
    rights = rights_with_client
    mira = await rights.reference()
    await rights.release(mira, ends=rights.in_days(0))
    plain, plain_card = await rights.take()
    first, first_card = await rights.take(mira)
    late, late_card = await rights.take(mira)
    await rights.press("take_approve", first_card, "jonas")
    await all_shown(rights.stage)
    [client] = rights.stage.cards_with("client_approve", CLIENT)
    rights.nights.ahead += NIGHT

    seen = await rights.press("take_approve", late_card, "jonas")
    assert "L1 has expired" in whispers(seen)
    assert "A producer decides whether it stands: `/scene rights`." in whispers(seen)
    seen = await rights.press("take_more", late_card, "jonas", value=f"approve:{late.id}")
    assert seen.view is None
    seen = await rights.press("client_approve", client, "dana")
    assert whispers(seen) == "This take is on hold. The team is on it, and you need do nothing."
    await rights.press("take_approve", plain_card, "jonas")
    states = [(await rights.now(each)).state for each in (plain, first, late)]
    assert states == [TakeState.WITH_CLIENT, TakeState.WITH_CLIENT, TakeState.WAITING]
    refused = await rights.log("press.refused")
    assert [each["facts"]["why"] for each in refused] == ["rights"] * 3
    await all_shown(rights.stage)
    assert len(rights.stage.cards_with("hold_decide", TEAM)) == 1


async def test_what_is_on_hold_can_still_be_turned_down(rights: Rights) -> None:
    mira = await rights.reference()
    await rights.release(mira, ends=rights.in_days(0))
    take, card = await rights.take(mira)
    await rights.sleep()
    await rights.press("take_reject", card, "jonas")
    await rights.stage.slack.submit({"reason": "rights"}, user="jonas")
    assert (await rights.now(take)).state is TakeState.REJECTED


async def test_what_a_take_was_worked_from_holds_it_too(rights: Rights) -> None:
    mira = await rights.reference()
    await rights.release(mira, ends=rights.in_days(0))
    source, _ = await rights.take(mira)
    worked, card = await rights.take(mira, via=source)
    await rights.sleep()
    assert "*On hold.* Mira: expired" in says(card)
    async with rights.stage.studio.db.read() as session:
        by_take = await held.used_by(session, WORKSPACE, [source.id, worked.id])
    assert [len(by_take[each.id][0].holds) for each in (source, worked)] == [1, 1]


async def test_a_take_that_stands_may_be_approved_and_the_ruling_is_in_the_log(
    rights: Rights,
) -> None:
    mira, circle, circle_card = await circled(rights)
    waiting, card = await rights.take(mira)
    pulled, pulled_card = await rights.take(mira)
    await rights.sleep()
    [line] = rights.stage.cards_with("hold_decide", TEAM)
    opened = await rights.press("hold_decide", line, "maya")
    assert opened.view
    [menu] = [each for each in opened.view["blocks"] if each.get("block_id") == "takes"]
    assert [each["value"] for each in menu["element"]["options"]] == [
        circle.id, waiting.id, pulled.id,
    ]  # fmt: skip
    rights.stage.slack.state.modals.clear()

    seen = await decide(rights, ruling="pulled", takes=[pulled.id])
    assert seen.is_closed, seen
    assert "take_approve" not in elements(pulled_card)
    assert "*Pulled.* Mira: expired" in says(pulled_card)
    assert "Agreed by mail" in says(pulled_card)
    assert (await decide(rights, ruling="stands")).is_closed
    assert "*Stands nevertheless.* Mira: expired" in says(circle_card)
    await rights.press("take_approve", card, "jonas")
    assert (await rights.now(waiting)).state is TakeState.APPROVED
    assert rights.stage.cards_with("hold_decide", TEAM) == []
    assert "Ruled so far: 2 stand, 1 pulled." in says(line)
    entries = await rights.log("hold.ruled")
    assert [each["facts"]["ruling"] for each in entries] == ["pulled", "stands", "stands"]
    assert {each["facts"]["role"] for each in entries} == {"owner"}
    assert "Agreed" not in str(entries)


async def test_only_a_producer_decides_what_is_on_hold(rights: Rights) -> None:
    await circled(rights)
    await rights.sleep()
    seen = await decide(rights, "jonas", ruling="stands")
    assert "Only owners and producers of this production may decide about rights" in whispers(seen)
    assert await rights.log("hold.ruled") == []


async def test_more_takes_than_a_menu_lists_are_decided_by_one_form(rights: Rights) -> None:
    mira = await rights.reference(needs_release=True)
    async with rights.stage.studio.db.begin() as session:
        made = [await a_take(session, rights.scene, at=rights.nights()) for _ in range(130)]
        await references.keep_uses(session, [used(take, mira) for take in made])
        await reconsider(session, rights.production, [mira], at=rights.nights())
    await all_shown(rights.stage)
    [line] = rights.stage.cards_with("hold_decide", TEAM)
    assert "130 takes that used it are on hold" in says(line)
    assert (await decide(rights, ruling="stands")).is_closed
    assert "Ruled so far: 130 stand, 0 pulled." in says(line)
    assert len(await rights.log("hold.ruled")) == 130


async def test_a_circle_take_that_is_pulled_loses_its_approval(rights: Rights) -> None:
    mira = await rights.reference()
    await rights.release(mira, ends=rights.in_days(0))
    take, card = await rights.take(mira)
    before = card.blocks
    await rights.press("take_approve", card, "jonas")
    await rights.sleep()
    assert (await decide(rights, ruling="pulled")).is_closed
    assert (await rights.now(take)).state is TakeState.WAITING
    async with rights.stage.studio.db.read() as session:
        last = (await takes.decisions(session, take))[-1]
    assert (last.verdict, last.reason) == (Verdict.WITHDRAW, Reason.RIGHTS)
    assert last.note == "Agreed by mail"
    assert len(await rights.log("take.withdrawn")) == 1
    [entry] = await rights.log("hold.ruled")
    assert entry["facts"]["ruling"] == Ruling.PULLED.value
    assert entry["sha256"] == take.sha256
    [head] = [each for each in rights.stage.messages(TEAM) if each.ts == rights.card.ts]
    assert "Circle take" not in says(head)
    assert "take_approve" not in elements(card)
    card.blocks = before
    seen = await rights.press("take_approve", card, "maya")
    assert "A producer pulled this take." in whispers(seen)


async def test_of_two_producers_the_second_hears_who_was_faster(
    both_rights: Rights,
) -> None:
    rights = both_rights
    await rights.stage.slack.command("/scene", "setup", user="maya", channel=TEAM)
    crew = {"producer": [rights.stage.slack.person("lin").id]}
    await rights.stage.slack.submit(crew, user="maya")
    await circled(rights)
    await rights.sleep()
    [line] = rights.stage.cards_with("hold_decide", TEAM)
    for user in ("maya", "lin"):
        assert (await rights.press("hold_decide", line, user)).view
    wishes = {"maya": "stands", "lin": "pulled"}
    seen = await asyncio.gather(
        *(
            rights.stage.slack.submit({"ruling": ruling, "reason": "Mine"}, user=user)
            for user, ruling in wishes.items()
        )
    )
    assert sorted(each.is_closed for each in seen) == [False, True]
    faster = "maya" if seen[0].is_closed else "lin"
    told = str(next(each.errors for each in seen if not each.is_closed))
    assert f"<@{rights.stage.slack.person(faster).id}> was faster" in told
    [entry] = await rights.log("hold.ruled")
    assert entry["facts"]["ruling"] == wishes[faster]


async def test_a_release_that_is_renewed_lets_everything_go(rights: Rights) -> None:
    _, take, card = await circled(rights)
    await rights.sleep()
    [line] = rights.stage.cards_with("hold_decide", TEAM)
    assert (await renew(rights, ends=rights.in_days(40))).is_closed
    await all_shown(rights.stage)
    assert "On hold" not in says(card)
    assert "No take waits for a ruling" in says(line)
    async with rights.stage.studio.db.read() as session:
        assert await held.open_causes(session, rights.production) == []
    assert (await rights.now(take)).state is TakeState.APPROVED
    assert len(await rights.log("release.changed")) == 1
