"""Who spent what on what, what is left at the engines, and the price of what a mention asks."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from storage.models import TakeState
from tests.factories import all_shown, scene_of
from tests.sandbox import Fault
from tests.sandbox import Stage as Call
from tests.stage import CLIENT, TEAM
from tests.stories._engines import Engines, text_of, told
from tests.stories._money import CENTS, RUNWAY, budgeted, priced_opened, read, spend
from tests.workspace.records import Message


@pytest.fixture
async def quick_stage(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Engines]:
    async with priced_opened(sqlite_url, tmp_path) as stage:
        yield stage


async def test_the_account_says_who_spent_what_on_what_and_how_sure_it_is(
    quick_stage: Engines,
) -> None:
    stage = quick_stage
    await budgeted(stage, soft="1", hard="100")
    first = await stage.scene(seconds="5", title="Rooftop <opener>")
    await stage.ended(await stage.order(first, RUNWAY))
    await stage.ended(await stage.order(first, "animatic"))
    second = await stage.scene(seconds="5", title="The lift")
    dream = stage.studio.engines["luma_dream_machine"]
    model = dream.models()[0]
    by_table = await stage.ended(await stage.order(second, f"luma_dream_machine/{model}"))
    assert by_table.cost_cents > 40
    assert not by_table.cost_told
    seen = read(await spend(stage))
    whole = CENTS + by_table.cost_cents
    assert f"about ${whole / 100:.2f} spent*, $0.00 promised" in seen
    assert f"${(10_000 - whole) / 100:.2f} of $100.00 are left" in seen
    assert "It is over the $1.00 that the team wanted to be told at." in seen
    assert "Runway: $0.60 spent  ·  1 take" in seen
    assert f"{dream.label}: about ${by_table.cost_cents / 100:.2f} spent  ·  1 take" in seen
    assert "Animatic: nothing spent  ·  1 take" in seen
    assert f"<@{stage.slack.person('jonas').id}>: about ${whole / 100:.2f} spent  ·  3" in seen
    assert "SC010 Rooftop &lt;opener&gt;: $0.60 spent  ·  2 takes" in seen
    assert "$0.60 by the engines' own figures." in seen
    assert f"About ${by_table.cost_cents / 100:.2f} by our price tables." in seen
    assert "Runway: 9,999,940 credits" in seen


async def test_orders_whose_price_nobody_knows_are_named_and_never_called_free(
    quick_stage: Engines,
) -> None:
    stage = quick_stage
    stage.sandbox.pace.latency = 2
    scene = await stage.scene(seconds="4")
    engine = stage.studio.engines["openai_videos"]
    take = await stage.order(scene, f"openai_videos/{engine.models()[0]}")
    seen = read(await spend(stage))
    assert "*Open orders whose price nobody knows*" in seen
    jonas = stage.slack.person("jonas").id
    assert f"SC010 {take.code}, {engine.label}, ordered by <@{jonas}>" in seen
    done = await stage.ended(take)
    assert done.state is TakeState.WAITING, done.problem
    seen = read(await spend(stage))
    assert "1 take came whose price nobody told." in seen
    assert "Open orders" not in seen
    assert "price unknown" in text_of(await stage.card(take, "take_approve"))
    assert "free" not in text_of(await stage.card(take))


async def test_an_account_without_orders_says_so_and_only_its_people_see_it(
    quick_stage: Engines,
) -> None:
    stage = quick_stage
    seen = read(await spend(stage))
    assert "Nothing is ordered yet, so nothing is spent or promised." in seen
    assert "This production has no budget. `/scene setup` gives it one." in seen
    assert "credits" in seen
    refused = read(await spend(stage, channel=CLIENT))
    assert "This is the client's channel." in refused
    assert "spent" not in refused
    await budgeted(stage, hard="100")
    await stage.slack.command("/scene", "setup", user="maya", channel=TEAM)
    await stage.slack.submit({"editor": []}, user="maya")
    refused = read(await spend(stage, user="lin"))
    assert "Only owners, producers, directors and editors of this production may" in refused
    assert "$" not in refused


async def test_an_engine_that_does_not_tell_what_is_left_is_named_with_its_reason(
    quick_stage: Engines,
) -> None:
    stage = quick_stage
    stage.sandbox.next("runway", Fault.AUTH, on=Call.DOOR)
    seen = read(await spend(stage))
    assert ":warning: Runway: " in seen
    assert "The operator checks the key." in seen
    assert "Luma Dream Machine: $100,000.00 left" in seen


@pytest.mark.parametrize(("slow", "told_late"), [(1.0, "credits"), (5.0, "within 2 seconds")])
async def test_what_slow_engines_tell_is_whispered_after_the_answer(
    quick_stage: Engines, slow: float, told_late: str
) -> None:
    stage = quick_stage
    stage.sandbox.pace.answers_after = slow
    answer = await stage.slack.command("/scene", "spend", user="jonas", channel=TEAM, wait=0.1)
    assert answer.ms < 2000
    assert "follows in a moment" in read(answer)
    jonas = stage.slack.person("jonas").id

    def whispered(_: object) -> Message | None:
        room = stage.slack.room(TEAM)
        all_of_it = stage.slack.state.messages[room.id].values()
        mine = [each for each in all_of_it if each.ephemeral_to == jonas]
        return next((each for each in mine if told_late in text_of(each)), None)

    later = await stage.slack.until(whispered, seconds=5)
    assert "Left at the engines" in text_of(later)
    stage.sandbox.pace.answers_after = 0


async def test_a_mention_of_what_costs_money_gives_the_price_and_a_button_that_opens_the_form(
    quick_stage: Engines,
) -> None:
    stage = quick_stage
    scene = await stage.scene(seconds="5")
    await all_shown(stage)
    us = stage.slack.state.app.bot_user_id
    words = f"<@{us}> take --engines {RUNWAY},luma a paper boat at dawn"
    seen = await stage.slack.say(words, user="lin", channel=TEAM, thread_ts=scene.ts, wait=3)
    answer = read(seen)
    assert "about *$0.60*" in answer
    assert "Nothing is ordered yet" in answer
    [whisper] = seen.ephemerals
    seen = await stage.slack.press("scene_order", channel=TEAM, ts=whisper["ts"], user="lin")
    assert seen.view, seen
    values: dict[str, Any] = {
        each["block_id"]: each["element"] for each in seen.view["blocks"] if each["type"] == "input"
    }
    assert values["engine"]["initial_option"]["value"] == RUNWAY
    [also] = values["also"]["initial_options"]
    assert also["value"].startswith("luma/")
    assert values["prompt"]["initial_value"] == "a paper boat at dawn"
    assert "about *$0.60*" in told(seen.view)
    assert (await stage.takes()) == []
    assert (await scene_of(stage, scene)).code == "SC010"


async def test_no_price_is_told_to_somebody_who_may_not_order(quick_stage: Engines) -> None:
    stage = quick_stage
    scene = await stage.scene(seconds="5")
    await stage.slack.command("/scene", "setup", user="maya", channel=TEAM)
    await stage.slack.submit({"editor": []}, user="maya")
    words = f"<@{stage.slack.state.app.bot_user_id}> take --engines {RUNWAY}"
    seen = await stage.slack.say(words, user="lin", channel=TEAM, thread_ts=scene.ts, wait=3)
    assert "may order takes" in read(seen)
    assert "$" not in read(seen)
