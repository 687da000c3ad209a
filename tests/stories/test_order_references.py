"""An order chooses among five hundred references, by name or code, and casts what it chose."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

from storage import castings, log, productions, references
from storage.models import Reference, ReferenceStatus, Scene, Take
from tests.factories import a_picture, a_reference, kept, newest_scene
from tests.stage import TEAM, WORKSPACE, whispers
from tests.stories._engines import Engines, blocks_of, engines_opened, told
from tests.workspace.records import Json, Message
from tests.workspace.seen import Seen

MANY = 500
HERE, ELSEWHERE = "In this scene", "Elsewhere in the production"


@pytest_asyncio.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Engines]:
    async with engines_opened(database_url, tmp_path, only=("runway",)) as stage:
        yield stage


@pytest_asyncio.fixture
async def quick(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Engines]:
    async with engines_opened(sqlite_url, tmp_path, only=("runway",)) as stage:
        yield stage


async def made(stage: Engines, scene: Scene, titles: list[str], **values: Any) -> list[Reference]:
    """Give a scene approved references whose pictures are kept."""
    sha256, now = await kept(stage, a_picture()), stage.studio.clock()
    async with stage.studio.db.begin() as session:
        return [
            await a_reference(session, scene, title, at=now, sha256=sha256, **values)
            for title in titles
        ]


async def a_large_production(stage: Engines) -> tuple[Message, dict[str, Reference]]:
    """Open a scene with one reference, in a production that has five hundred; give its card."""
    await stage.scene(title="Elsewhere")
    first = await newest_scene(stage)
    many = await made(stage, first, [f"Extra {number}" for number in range(1, MANY - 2)])
    miro, blocked = await made(stage, first, ["Miro in the rain", "Miranda"])
    card = await stage.scene()
    [mira] = await made(stage, await newest_scene(stage), ["Mira"])
    await changed(stage, blocked, needs_release=True)
    named = {"mira": mira, "miro": miro, "blocked": blocked, "extra": many[11]}
    return card, named


async def changed(stage: Engines, reference: Reference, **values: object) -> None:
    async with stage.studio.db.begin() as session:
        held = await references.hold(session, WORKSPACE, reference.id)
        for name, value in values.items():
            setattr(held, name, value)
        session.add(held)


async def cast_in_newest(stage: Engines) -> set[str]:
    async with stage.studio.db.read() as session:
        return {
            each.reference.title
            for each in await references.cast_in(session, await newest_scene(stage))
        }


def groups(seen: Seen) -> dict[str, list[str]]:
    """Give what a menu lists, under its headings."""
    assert seen.ok, seen
    return {
        group["label"]["text"]: [each["text"]["text"] for each in group["options"]]
        for group in seen.option_groups
    }


async def opened(stage: Engines, card: Message) -> Json:
    seen = await stage.slack.press("scene_order", channel=TEAM, ts=card.ts, user="jonas", wait=2)
    assert seen.view, whispers(seen)
    return seen.view


async def ordered(stage: Engines, **values: Any) -> Take:
    """Send the form, and wait for the take."""
    seen = await stage.sent(**values)
    assert seen.is_closed, seen.errors
    [take] = await stage.takes()
    return await stage.ended(take)


async def test_a_reference_is_typed_for_among_five_hundred_and_cast_by_the_order(
    stage: Engines,
) -> None:
    card, known = await a_large_production(stage)
    element = blocks_of(await opened(stage, card))["references"]["element"]
    assert element["type"] == "multi_external_select"
    assert [each["text"]["text"] for each in element["initial_options"]] == ["Mira · R500"]

    seen = await stage.slack.suggest("references", "", user="jonas")
    everything = groups(seen)
    assert everything[HERE] == ["Mira · R500"]
    assert len(everything[ELSEWHERE]) == 100
    seen = await stage.slack.suggest("references", "mir", user="jonas")
    assert groups(seen) == {HERE: ["Mira · R500"], ELSEWHERE: ["Miro in the rain · R498"]}
    seen = await stage.slack.suggest("references", "R12", user="jonas")
    assert "Extra 12 · R12" in groups(seen)[ELSEWHERE]
    seen = await stage.slack.suggest("references", "nobody", user="jonas")
    assert (seen.ok, seen.options) == (True, [])

    assert await cast_in_newest(stage) == {"Mira"}
    take = await ordered(stage, references=[known["mira"].id, known["miro"].id])
    assert await cast_in_newest(stage) == {"Mira", "Miro in the rain"}
    async with stage.studio.db.read() as session:
        used = await references.uses_of(session, take)
        entries = await log.of_scene(session, WORKSPACE, take.scene_id, last=20)
    assert {use.reference_id for use in used} == {known["mira"].id, known["miro"].id}
    [entry] = [json.loads(each.body) for each in entries if each.kind == "reference.cast"]
    assert entry["facts"] == {"reference": known["miro"].id, "code": "R498"}


async def test_a_scene_with_all_five_hundred_is_ordered_from_as_well(quick: Engines) -> None:
    stage = quick
    card = await stage.scene()
    many = await made(stage, await newest_scene(stage), [f"Look {each}" for each in range(MANY)])
    form = await opened(stage, card)
    element = blocks_of(form)["first"]["element"]
    assert element["type"] == "external_select"
    assert told(form).count("does not go along") == 8
    assert f"And {MANY - 12 - 8} more of the kind." in told(form)
    seen = await stage.slack.suggest("first", "look 499", user="jonas")
    assert groups(seen) == {HERE: ["Look 499 · R500"]}
    form = await stage.changed("engine", "runway/gen4_turbo")
    await stage.slack.suggest("first", "look 499", user="jonas")
    await ordered(stage, first=many[-1].id)


async def test_what_was_chosen_stays_when_another_engine_is(quick: Engines) -> None:
    stage = quick
    card, _ = await a_large_production(stage)
    await opened(stage, card)
    seen = await stage.slack.suggest("first", "miro", user="jonas")
    [choice] = seen.options
    stage.typed("first", choice, kind="selected_option")
    form = await stage.changed("engine", "runway/gen4_turbo")
    first = blocks_of(form)["first"]["element"]
    assert first["initial_option"]["text"]["text"] == "Miro in the rain · R498"


async def test_one_that_is_retired_meanwhile_is_refused_where_it_was_chosen(quick: Engines) -> None:
    stage = quick
    card, known = await a_large_production(stage)
    await opened(stage, card)
    await stage.slack.suggest("references", "miro", user="jonas")
    await changed(stage, known["miro"], status=ReferenceStatus.RETIRED)
    refused = await stage.refused(references=[known["miro"].id])
    assert refused == {"references": "Miro in the rain is retired. Choose another reference."}
    seen = await stage.slack.suggest("references", "miro", user="jonas")
    assert seen.options == []
    assert await cast_in_newest(stage) == {"Mira"}


async def test_a_small_production_lists_its_references(quick: Engines) -> None:
    stage = quick
    card = await stage.scene()
    await made(stage, await newest_scene(stage), ["Mira", "Roof"])
    element = blocks_of(await opened(stage, card))["references"]["element"]
    assert element["type"] == "multi_static_select"
    assert [each["text"]["text"] for each in element["options"]] == ["Mira", "Roof"]


async def test_another_productions_references_are_never_listed(quick: Engines) -> None:
    stage = quick
    card, _ = await a_large_production(stage)
    scene = await newest_scene(stage)
    async with stage.studio.db.begin() as session:
        here = await productions.get(session, WORKSPACE, scene.production_id)
        theirs = type(here)(
            workspace_id=WORKSPACE, name="Other", channel_id="C0OTHER00001",
            opened_by=here.opened_by, opened_at=here.opened_at,
        )  # fmt: skip
        session.add(theirs)
        await session.flush()
        made_there = await a_reference(session, scene, "Mirko", at=stage.studio.clock())
        made_there.production_id = theirs.id
        await castings.uncast(session, scene, made_there.id)
        session.add(made_there)
    await opened(stage, card)
    seen = await stage.slack.suggest("references", "mirk", user="jonas")
    assert seen.options == []
