"""Sequences through the real door: what they say holds for their scenes."""

import json

import pytest

from storage import cards, productions, sequences
from storage.models import CardKind, Sequence
from tests.factories import scene_of
from tests.stage import TEAM, WORKSPACE, Stage
from tests.stories._rules import facts_of, form_of, said, shown_to, written
from tests.workspace.seen import Seen

LINES = "[block at export] Rights: no face of Mira (source: release L3)\nBrand: zip closed"


@pytest.fixture
async def ready(quick_stage: Stage) -> Stage:
    await quick_stage.set_up()
    return quick_stage


async def opened(stage: Stage, title: str, **values: str) -> Seen:
    """Open a sequence as Lin."""
    await said(stage, "sequence new", user="lin")
    return await stage.slack.submit({"title": title, **values}, user="lin", wait=2)


async def changed(stage: Stage, code: str, **values: str) -> Seen:
    """Change a sequence as Jonas."""
    await said(stage, f"sequence {code}", user="jonas")
    return await stage.slack.submit(dict(values), user="jonas", wait=2)


async def draws_of(stage: Stage, scene_id: str) -> int:
    """Count how often a scene's card was asked for."""
    async with stage.studio.db.read() as session:
        card = await cards.of_subject(session, WORKSPACE, CardKind.SCENE, scene_id)
    assert card
    return card.wanted


async def every(stage: Stage) -> list[Sequence]:
    async with stage.studio.db.read() as session:
        [production] = await productions.every(session, WORKSPACE)
        return await sequences.every(session, production)


async def test_sequences_are_opened_listed_and_changed(stage: Stage) -> None:
    await stage.set_up()
    assert "There is none yet" in shown_to(await said(stage, "sequence"))
    seen = await opened(
        stage, "The way home", story_job="She leaves <for> good.", constraints=LINES
    )
    assert seen.is_closed, seen.errors
    await opened(stage, "The way back", inherits="SQ010")
    listed = shown_to(await said(stage, "sequence"))
    assert "*SQ010*  The way home\\nShe leaves &lt;for&gt; good.\\nno scene yet" in listed
    assert "no scene yet  ·  inherits from SQ010" in listed
    assert (await changed(stage, "sq20", feeling="relief")).is_closed
    first, second = await every(stage)
    assert (second.inherits_id, second.feeling) == (first.id, "relief")
    opening, _ = await facts_of(stage, "sequence.opened")
    assert "leaves" not in json.dumps(opening)
    assert opening["facts"]["fields"] == "title, story job, constraints"
    [change] = await facts_of(stage, "sequence.changed")
    assert change["facts"]["fields"] == "feeling"
    assert "There is no sequence SQ090 here" in shown_to(await said(stage, "sequence SQ090"))


async def test_a_circle_is_refused_in_one_sentence_at_its_field(ready: Stage) -> None:
    await opened(ready, "One")
    await opened(ready, "Two", inherits="SQ010")
    await opened(ready, "Three", inherits="SQ020")
    seen = await changed(ready, "SQ010", inherits="SQ030")
    assert seen.errors == {
        "inherits": "SQ010 inherits from SQ030, which inherits from SQ020, which inherits from "
        "SQ010. Choose another sequence to inherit from."
    }
    assert (await every(ready))[0].inherits_id is None


async def test_constraints_that_cannot_be_read_stand_at_their_field_with_their_line(
    ready: Stage,
) -> None:
    seen = await opened(ready, "One", constraints="Brand: zip closed\nno face of Mira")
    assert seen.errors["constraints"].startswith("Line 2: it says no kind")
    assert await every(ready) == []


async def test_only_those_who_may_change_scenes_open_sequences(ready: Stage) -> None:
    seen = await said(ready, "sequence new", user="sam")
    assert "may open or change scenes" in shown_to(seen)
    assert await every(ready) == []


async def test_a_mention_is_told_where_forms_open(ready: Stage) -> None:
    text = f"<@{ready.slack.state.app.bot_user_id}> sequence new"
    seen = await ready.slack.say(text, user="lin", channel=TEAM, wait=3)
    assert "type `/scene sequence` in the channel" in shown_to(seen)


async def test_the_buttons_of_the_list_open_the_forms(ready: Stage) -> None:
    await opened(ready, "One", must_carry="the jacket")
    [listed] = (await said(ready, "sequence")).ephemerals
    for action, words in (("sequence_edit", "the jacket"), ("sequence_new", "Story job")):
        seen = await ready.slack.press(action, channel=TEAM, ts=listed["ts"], user="maya", wait=2)
        assert words in form_of(seen)
        await ready.slack.close(user="maya", clear=True)


async def test_a_scene_that_departs_from_its_sequence_says_why(ready: Stage) -> None:
    card = await ready.open_scene(feeling="unease")
    await changed(ready, "SQ010", title="One", feeling="relief")
    seen = await ready.slack.press("scene_order", channel=TEAM, ts=card.ts, user="lin", wait=2)
    assert "SC010 departs from what it inherits in feeling and does not say why" in form_of(seen)
    seen = await ready.slack.submit({}, user="lin")
    assert "does not say why" in seen.errors["prompt"]
    await ready.slack.close(user="lin", clear=True)
    await ready.slack.press("scene_edit", channel=TEAM, ts=card.ts, user="lin", wait=2)
    seen = await ready.slack.submit({"purpose": "Mira stays."}, user="lin")
    assert "Write why, or clear it" in seen.errors["overrides"]
    seen = await ready.slack.submit({"overrides": "The relief comes later."}, user="lin")
    assert seen.is_closed, seen.errors
    await ready.slack.press("scene_order", channel=TEAM, ts=card.ts, user="lin", wait=2)
    assert (await ready.slack.submit({}, user="lin")).is_closed


async def test_a_change_draws_the_cards_of_its_scenes_and_of_its_heirs_again(
    ready: Stage,
) -> None:
    await opened(ready, "One")
    await opened(ready, "Two", inherits="SQ010")
    card = await ready.open_scene(sequence="SQ020")
    await ready.settled()
    scene = await scene_of(ready, card)
    assert scene.sequence_id == (await every(ready))[1].id
    before = await draws_of(ready, scene.id)
    await changed(ready, "SQ010", must_carry="the jacket")
    assert await draws_of(ready, scene.id) == before + 1
    await written(ready, "intent:\n  feeling: relief\n")
    assert await draws_of(ready, scene.id) == before + 2
