"""The answer to an order is lost, or somebody calls an order off: a person settles it, once."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.models import Take, TakeState
from tests.sandbox import Fault
from tests.stage import TEAM, elements, whispers
from tests.stories._engines import Engines, engines_opened, text_of
from tests.workspace.errors import SlackError
from tests.workspace.records import Message
from tests.workspace.seen import Seen

GEN45, RAY2 = "runway/gen4.5", "luma/ray-3.2"


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Engines]:
    async with engines_opened(database_url, tmp_path, only=("runway", "luma")) as stage:
        yield stage


@pytest.fixture
async def quick(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Engines]:
    only = ("runway", "luma", "comfyui")
    async with engines_opened(sqlite_url, tmp_path, only=only) as stage:
        yield stage


async def lost(stage: Engines) -> tuple[Take, Message]:
    """Order a take whose answer never comes; give it and its card."""
    stage.sandbox.next("runway", Fault.ANSWER_LOST)
    take = await stage.ended(await stage.order(await stage.scene(), GEN45))
    assert take.state is TakeState.AMBIGUOUS
    return take, await stage.card(take, "Not settled")


async def named(stage: Engines, card: Message, job_id: str, *, user: str = "jonas") -> Seen:
    """Press *It was placed: here is its id* and paste one."""
    await stage.slack.press("take_was_placed", channel=TEAM, ts=card.ts, user=user)
    return await stage.slack.submit({"job_id": job_id}, user=user)


async def again(stage: Engines, card: Message, *, user: str = "jonas") -> Seen:
    """Press *It was not placed: order again*."""
    return await stage.slack.press("take_not_placed", channel=TEAM, ts=card.ts, user=user)


async def test_a_lost_answer_is_shown_with_what_is_known_and_nothing_is_ordered_again(
    quick: Engines,
) -> None:
    _, card = await lost(quick)
    said = text_of(card)
    assert "It may or may not have been ordered, so nothing is ordered again by itself." in said
    assert "https://dev.runwayml.com" in said
    assert {"open_console", "take_was_placed", "take_not_placed", "take_elsewhere"} <= elements(
        card
    )
    assert len(quick.placed("runway")) == 1


async def test_what_was_not_placed_is_ordered_once_more(stage: Engines) -> None:
    stage.sandbox.next("runway", Fault.DROPPED)
    take = await stage.ended(await stage.order(await stage.scene(), GEN45))
    card = await stage.card(take, "Not settled")
    assert not stage.placed("runway")
    assert (await again(stage, card)).ok
    done = await stage.ended(take)
    assert (done.state, done.attempt) == (TakeState.WAITING, 1)
    assert [each.job_id for each in stage.placed("runway")] == [json.loads(done.handle)["id"]]


async def test_the_id_of_what_was_placed_fetches_that_very_job_and_orders_nothing(
    stage: Engines,
) -> None:
    take, card = await lost(stage)
    [placed] = stage.placed("runway")
    seen = await named(stage, card, f"  {placed.job_id} ")
    assert seen.is_closed, seen.errors
    done = await stage.ended(take)
    assert done.state is TakeState.WAITING, done.problem
    assert json.loads(done.handle)["id"] == placed.job_id
    assert done.sha256 is not None
    file = await stage.studio.files.bring(done.sha256, stage.studio.settings.data / "film")
    assert placed.job_id.encode() in file.read_bytes()  # the sandbox signs every film
    assert len(stage.placed("runway")) == 1


async def test_a_wrong_id_gets_one_sentence_and_the_take_stays_open(quick: Engines) -> None:
    take, card = await lost(quick)
    seen = await named(quick, card, "yesterday's")
    assert list(seen.errors) == ["job_id"]
    assert seen.errors["job_id"].count(". ") == 0
    await quick.slack.submit({"job_id": "00000000-0000-4000-8000-000000000000"}, user="jonas")
    card = await quick.card(take, "Not settled", "00000000-0000-4000-8000-000000000000")
    assert (await quick.take(take)).attempt == 1
    [placed] = quick.placed("runway")
    await named(quick, card, placed.job_id)
    assert (await quick.ended(take)).state is TakeState.WAITING
    assert len(quick.placed("runway")) == 1


async def test_the_id_of_another_take_is_refused_by_its_name(quick: Engines) -> None:
    first = await quick.ended(await quick.order(await quick.scene(), GEN45))
    _, card = await lost(quick)
    seen = await named(quick, card, json.loads(first.handle)["id"])
    assert seen.errors == {"job_id": "This job is SC010 T1 already. Look for another one."}


async def test_of_two_people_who_settle_it_at_once_one_wins(stage: Engines) -> None:
    take, card = await lost(stage)
    [placed] = stage.placed("runway")
    await stage.slack.press("take_was_placed", channel=TEAM, ts=card.ts, user="maya")
    pressed, sent = await asyncio.gather(
        again(stage, card), stage.slack.submit({"job_id": placed.job_id}, user="maya")
    )
    done = await stage.ended(take)
    assert (done.state, done.attempt) == (TakeState.WAITING, 1)
    refusals = [whispers(pressed), " ".join(sent.errors.values())]
    assert sum(bool(each) for each in refusals) == 1, refusals
    assert len(stage.placed("runway")) == (2 if sent.errors else 1)


async def test_two_presses_of_order_again_order_once(stage: Engines) -> None:
    take, card = await lost(stage)
    seen = await asyncio.gather(again(stage, card), again(stage, card, user="maya"))
    assert sorted(bool(whispers(each)) for each in seen) == [False, True]
    assert (await stage.ended(take)).state is TakeState.WAITING
    assert len(stage.placed("runway")) == 2  # the lost one, and one more


async def test_neither_a_viewer_nor_the_client_can_settle_it(quick: Engines) -> None:
    take, card = await lost(quick)
    for action in ("take_not_placed", "take_was_placed", "take_elsewhere"):
        seen = await quick.slack.press(action, channel=TEAM, ts=card.ts, user="sam")
        assert "may order" in whispers(seen), seen
        assert seen.view is None
    with pytest.raises(SlackError, match="not_in_channel"):
        await quick.slack.press("take_not_placed", channel=TEAM, ts=card.ts, user="dana")
    assert (await quick.take(take)).state is TakeState.AMBIGUOUS
    assert len(quick.placed("runway")) == 1


async def test_comfyui_settles_a_lost_answer_by_its_own_id(quick: Engines) -> None:
    quick.sandbox.next("comfyui", Fault.ANSWER_LOST)
    take = await quick.order(await quick.scene(), "comfyui/wan22_5b")
    assert (await quick.ended(take)).state is TakeState.WAITING
    assert len(quick.placed("comfyui")) == 1


async def cancelled(stage: Engines, take: Take, *words: str) -> Seen:
    card = await stage.card(take, "Cancel", *words)
    return await stage.slack.press("take_cancel", channel=TEAM, ts=card.ts, user="jonas", wait=2)


async def test_what_is_called_off_before_it_was_placed_is_never_placed(stage: Engines) -> None:
    stage.sandbox.always("runway", Fault.RATE_LIMIT)
    take = await stage.order(await stage.scene(), GEN45)
    async with asyncio.timeout(30):
        # It may be asked just then, and say so: a person tries again, as they were told.
        while (await stage.take(take)).state is not TakeState.CANCELLED:
            await stage.became(take, TakeState.ORDERED)
            await cancelled(stage, take)
    await stage.ended(take)
    stage.sandbox.well("runway")
    await asyncio.sleep(1.5)  # longer than the engine has asked us to wait
    assert not stage.placed("runway")
    assert (await stage.take(take)).state is TakeState.CANCELLED


async def test_an_engine_that_can_stop_stops(stage: Engines) -> None:
    stage.sandbox.pace.latency = 60
    take = await stage.order(await stage.scene(), GEN45)
    await stage.became(take, TakeState.RENDERING)
    await cancelled(stage, take, "The engine has been at work since")
    done = await stage.ended(take)
    assert done.state is TakeState.CANCELLED
    [job] = stage.sandbox.jobs("runway")
    assert job.canceled
    card = await stage.card(take, "Cancelled")
    assert elements(card) >= {"take_elsewhere"}


async def test_an_engine_that_cannot_stop_says_so_and_the_take_comes(quick: Engines) -> None:
    quick.sandbox.pace.latency = 60
    take = await quick.order(await quick.scene(), RAY2)
    await quick.became(take, TakeState.RENDERING)
    seen = await cancelled(quick, take, "The engine has been at work since")
    assert whispers(seen) == "This engine cannot be stopped once it works. The take comes."
    [job] = quick.sandbox.jobs("luma")
    job.finish()
    assert (await quick.ended(take)).state is TakeState.WAITING


async def test_nobody_cancels_an_order_whose_answer_is_on_its_way(quick: Engines) -> None:
    quick.sandbox.pace.answers_after = 1.0
    take = await quick.order(await quick.scene(), GEN45)
    card = await quick.card(take, "Cancel")
    await quick.became(take, TakeState.PLACING)
    seen = await quick.slack.press("take_cancel", channel=TEAM, ts=card.ts, user="jonas", wait=2)
    assert "is being placed this moment" in whispers(seen)
    quick.sandbox.pace.answers_after = 0
    assert (await quick.ended(take)).state is TakeState.WAITING
    assert len(quick.placed("runway")) == 1
