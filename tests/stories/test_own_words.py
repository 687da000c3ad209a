"""Whose words a prompt is in: compiled ones follow the intent, a person's own stay as they are."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from bot.desks import order_of
from storage import takes
from storage.models import Take
from tests.factories import all_shown
from tests.stage import TEAM
from tests.stories._engines import Engines, engines_opened, prompt_in, told
from tests.workspace.records import Json, Message

WORDS = "Mira on the roof at dusk; she turns away."


@pytest_asyncio.fixture
async def quick(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Engines]:
    async with engines_opened(sqlite_url, tmp_path, only=("runway",)) as stage:
        yield stage


async def edited(stage: Engines, card: Message, purpose: str) -> None:
    """Change what a scene is for."""
    await all_shown(stage)
    await stage.slack.press("scene_edit", channel=TEAM, ts=card.ts, user="jonas")
    seen = await stage.slack.submit({"purpose": purpose}, user="jonas")
    assert seen.is_closed, seen.errors


async def after_an_edit(stage: Engines, **values: str) -> tuple[Take, Json]:
    """Order a take, change the scene's purpose; give the take, and the next shot's order."""
    card = await stage.scene()
    await stage.ordering(card, "runway/gen4.5")
    assert (await stage.sent(**values)).is_closed
    [take] = await stage.takes()
    await stage.ended(take)
    await edited(stage, card, "Mira stays.")
    await stage.slack.press("scene_next_shot", channel=TEAM, ts=card.ts, user="jonas", wait=2)
    assert (await stage.sent()).is_closed
    return take, await next_order(stage)


async def next_order(stage: Engines) -> Json:
    """Open the order form of the second shot."""
    seen = await stage.slack.command("/scene", "take SC010 SH020", user="jonas", channel=TEAM)
    assert seen.view, seen
    return seen.view


async def test_compiled_words_are_compiled_anew_once_the_intent_is_another(
    quick: Engines,
) -> None:
    _, form = await after_an_edit(quick)
    assert prompt_in(form) == "Mira stays."
    assert "• purpose: Mira decides to leave. → Mira stays." in told(form)
    assert "own" not in told(form)


async def test_a_persons_own_words_stay_when_the_intent_is_another(quick: Engines) -> None:
    _, form = await after_an_edit(quick, prompt=WORDS)
    assert prompt_in(form) == WORDS
    assert "• the prompt is still SH010 T1's own" in told(form)


async def test_a_setup_of_before_is_told_by_its_words_and_in_doubt_is_a_persons_own(
    quick: Engines,
) -> None:
    take, _ = await after_an_edit(quick)
    async with quick.studio.db.begin() as session:
        setup = await takes.setup_of(session, take)
        body = setup.content()
        del body["own_words"]
        setup.body = json.dumps(body)
        session.add(setup)
    form = await next_order(quick)
    assert prompt_in(form) == "Mira decides to leave."


async def test_a_compiled_prompt_is_nobodys_own_where_its_engine_is_switched_off(
    quick: Engines,
) -> None:
    take, _ = await after_an_edit(quick)
    engines = {name: each for name, each in quick.studio.engines.items() if name != "runway"}
    order = await order_of(replace(quick.studio, engines=engines), take)
    assert (order.engine, order.prompt) == ("animatic", "")
