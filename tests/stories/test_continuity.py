"""A shot goes on from the take before it: its first order begins there and says what differs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from storage import references, scenes, takes
from storage.models import Reference, ReferenceStatus, Shot, Take, TakeState
from tests.factories import a_picture, a_version, all_shown, kept, scene_of
from tests.stage import CLIENT, TEAM, whispers
from tests.stories._engines import (
    Engines,
    blocks_of,
    engines_opened,
    prompt_in,
    text_of,
    told,
)
from tests.workspace.records import Json, Message

GEN45, TURBO = "runway/gen4.5", "runway/gen4_turbo"
WORDS = "Mira on the roof at dusk; she turns away."


@pytest_asyncio.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Engines]:
    async with engines_opened(database_url, tmp_path, only=("runway",)) as stage:
        yield stage


@pytest_asyncio.fixture
async def quick(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Engines]:
    async with engines_opened(sqlite_url, tmp_path, only=("runway",)) as stage:
        yield stage


async def shots_of(stage: Engines, card: Message) -> list[Shot]:
    scene = await scene_of(stage, card)
    async with stage.studio.db.read() as session:
        return await scenes.shots(session, scene)


async def head(stage: Engines, card: Message) -> str:
    """Give what the scene's card says once everything is shown."""
    await all_shown(stage)
    return text_of(next(each for each in stage.messages(TEAM) if each.ts == card.ts))


async def circled(stage: Engines, take: Take) -> Take:
    """Approve a take for the team and for the client."""
    for channel, action, user in (
        (TEAM, "take_approve", "jonas"),
        (CLIENT, "client_approve", "dana"),
    ):
        await all_shown(stage)
        [card] = [each for each in stage.cards_with(action, channel) if take.id in text_of(each)]
        await stage.slack.press(action, channel=channel, ts=card.ts, user=user, value=take.id)
    return await stage.became(take, TakeState.APPROVED)


async def next_shot(stage: Engines, card: Message) -> Json:
    """Press the button; give the form that opens."""
    seen = await stage.slack.press(
        "scene_next_shot", channel=TEAM, ts=card.ts, user="jonas", wait=2
    )
    assert seen.view, seen
    return seen.view


async def typed(stage: Engines, words: str) -> Json:
    """Type a command that opens a form; give the form."""
    seen = await stage.slack.command("/scene", words, user="jonas", channel=TEAM)
    assert seen.view, seen
    return seen.view


async def said(stage: Engines, words: str, card: Message, *, user: str = "jonas") -> str:
    """Mention the app in a scene's thread; give what it whispers."""
    bot = stage.slack.state.app.bot_user_id
    seen = await stage.slack.say(
        f"<@{bot}> {words}", user=user, channel=TEAM, thread_ts=card.ts, wait=3
    )
    return f"{whispers(seen)} {[each.get('blocks') for each in seen.ephemerals]}"


async def a_circle_take(stage: Engines) -> tuple[Message, Reference, Take]:
    """Open a scene with a reference, and circle a take that begins with it, in words of its own."""
    card = await stage.scene(seconds="4", action="Mira waits.")
    mira = await stage.a_reference(card, "Mira", a_picture())
    await stage.ordering(card, TURBO)
    take = await ordered(stage, prompt=WORDS, seed="77", first=mira.id)
    return card, mira, await circled(stage, await stage.ended(take))


async def ordered(stage: Engines, **values: str) -> Take:
    """Send the open order form; give the take."""
    before = {take.id for take in await stage.takes()}
    seen = await stage.sent(**values)
    assert seen.is_closed, seen.errors
    [take] = [take for take in await stage.takes() if take.id not in before]
    return take


def chosen(form: Json, block_id: str) -> str:
    return blocks_of(form)[block_id]["element"]["initial_option"]["value"]


async def planned(stage: Engines, **values: str) -> None:
    seen = await stage.sent(**values)
    assert seen.is_closed, seen.errors


async def test_the_next_shot_begins_with_the_setup_of_the_circle_take(stage: Engines) -> None:
    card, mira, first = await a_circle_take(stage)
    form = await next_shot(stage, card)
    assert form["title"]["text"] == "Shot SH020"
    assert "Goes on from SH010 T1" in told(form)
    await planned(stage, action="She goes.")

    order = await typed(stage, "take SC010")
    fields = blocks_of(order)
    [_, after] = await shots_of(stage, card)
    assert {name: chosen(order, name) for name in ("shot", "engine", "first")} == {
        "shot": after.id,
        "engine": TURBO,
        "first": mira.id,
    }
    assert prompt_in(order) == WORDS
    assert fields["seed"]["element"]["initial_value"] == "77"
    assert "Goes on from SH010 T1. Different:\n• action: Mira waits. → She goes.\n" in told(order)
    assert "• the prompt is still SH010 T1's own" in told(order)

    second = await ordered(stage)
    assert (second.shot_id, second.number) == (after.id, 1)
    done = await circled(stage, await stage.ended(second))
    [before, after] = await shots_of(stage, card)
    assert (before.circle_take_id, after.circle_take_id) == (first.id, done.id)
    scene = await head(stage, card)
    assert "Circle take SH010 T1" in scene
    assert "Circle take SH020 T1" in scene
    assert "*Approved*" in scene


async def test_every_answer_says_which_shot_it_speaks_of(quick: Engines) -> None:
    stage = quick
    card, _, _ = await a_circle_take(stage)
    assert "Circle take T1" in await head(stage, card)
    heard = await said(stage, "shot new", card)
    assert "SH020 of SC010 is planned as the shot before it. Goes on from SH010 T1" in heard
    assert "1 of 2 shots approved" in await head(stage, card)

    price = await said(stage, "take SH020 She goes.", card)
    assert "Nothing is ordered yet" in price
    _, after = await shots_of(stage, card)
    assert after.id in price
    heard = await said(stage, "take --engines animatic SH020 She goes.", card)
    assert "SH020 T1 of SC010 is ordered" in heard
    [take] = [each for each in await stage.takes() if each.shot_id == after.id]
    await stage.card(await stage.ended(take), "SC010 SH020")
    assert "She goes." in await setup_prompt(stage, take)
    await circled(stage, take)
    for words in ("approved", "approved SC010"):
        seen = await stage.slack.command("/scene", words, user="jonas", channel=TEAM)
        listed = str([each.get("blocks") for each in seen.ephemerals])
        assert "SH010 T1" in listed
        assert "SH020 T1" in listed
    seen = await stage.slack.command("/scene", "show SC010", user="jonas", channel=TEAM)
    assert "Circle take SH020 T1" in str(seen.ephemerals)
    seen = await stage.slack.command("/scene", "log SC010", user="jonas", channel=TEAM)
    assert "added SH020" in str(seen.ephemerals)
    assert "ordered SH020 T1 from animatic" in str(seen.ephemerals)


async def setup_prompt(stage: Engines, take: Take) -> str:
    async with stage.studio.db.read() as session:
        return (await takes.setup_of(session, take)).prompt


async def test_the_command_chooses_the_shot_and_so_does_the_form(quick: Engines) -> None:
    stage = quick
    card, _, _ = await a_circle_take(stage)
    await next_shot(stage, card)
    await planned(stage, seconds="6")
    before, after = await shots_of(stage, card)
    form = await typed(stage, "take SC010 SH010")
    assert chosen(form, "shot") == before.id
    assert chosen(form, "engine") == "animatic"
    assert "Goes on" not in told(form)
    form = await stage.changed("shot", after.id)
    assert chosen(form, "engine") == TURBO
    assert prompt_in(form) == WORDS
    assert "Different:\n• seconds: 4 → 6" in told(form)
    form = await stage.changed("engine", GEN45)
    assert "model: gen4_turbo → gen4.5" in told(form)
    take = await ordered(stage)
    assert (take.shot_id, take.number, take.engine) == (after.id, 1, "runway")
    refused = await stage.slack.command("/scene", "take SC010 SH030", user="jonas", channel=TEAM)
    assert "There is no shot SH030 in SC010. It has SH010, SH020." in whispers(refused)


async def changed(stage: Engines, reference: Reference, **values: object) -> None:
    """Change a reference in the records, as its own forms do."""
    async with stage.studio.db.begin() as session:
        held = await references.hold(session, reference.workspace_id, reference.id)
        for name, value in values.items():
            setattr(held, name, value)
        session.add(held)


async def another_version(stage: Engines, reference: Reference) -> str:
    sha256 = await kept(stage, a_picture((80, 45)))
    await changed(stage, reference, version=2)
    async with stage.studio.db.begin() as session:
        held = await references.hold(session, reference.workspace_id, reference.id)
        await a_version(session, held, at=stage.studio.clock(), sha256=sha256)
    return sha256


async def a_ready_take(stage: Engines) -> tuple[Message, Reference]:
    """Open a scene with a reference, have a take made after it, and plan a shot after that."""
    card = await stage.scene()
    mira = await stage.a_reference(card, "Mira", a_picture())
    await stage.ordering(card, "animatic")
    await stage.ended(await ordered(stage))
    await next_shot(stage, card)
    await planned(stage)
    return card, mira


async def test_a_reference_with_a_new_version_is_said_to_be_different(quick: Engines) -> None:
    stage = quick
    _, mira = await a_ready_take(stage)
    form = await typed(stage, "take SC010 SH020")
    assert "Goes on from SH010 T1; nothing is different." in told(form)
    newer = await another_version(stage, mira)
    form = await typed(stage, "take SC010 SH020")
    assert "Different:\n• reference Mira: v1 " in told(form)
    assert f" → v2 {newer[:8]}" in told(form)

    await changed(stage, mira, status=ReferenceStatus.PROPOSED)
    form = await typed(stage, "take SC010 SH020")
    assert "Mira is proposed only: a producer or director approves it first." in told(form)
    assert "Different:\n• reference Mira: v1 " in told(form)
    assert "→ none" in told(form)


async def test_a_reference_that_was_retired_in_between_is_refused_in_words(quick: Engines) -> None:
    stage = quick
    _, mira = await a_ready_take(stage)
    await typed(stage, "take SC010 SH020")
    await changed(stage, mira, status=ReferenceStatus.RETIRED)
    assert await stage.refused() == {"references": "Mira is retired. Choose another reference."}
    form = await typed(stage, "take SC010 SH020")
    assert "Mira is retired. Choose another reference." in told(form)
    assert "references" not in blocks_of(form)
