"""References through the real door: proposed, looked at, ruled on, cast, and renewed."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from bot.people import Actor
from bot.proposals import ReferenceForm, propose
from storage import references
from storage.models import ReferenceKind, ReferenceStatus
from tests.factories import a_picture, all_shown, scene_of
from tests.stage import TEAM, WORKSPACE, Stage, elements, whispers
from tests.stories._references import (
    SHORTCUT,
    a_face,
    assets_of,
    cards_of,
    entries,
    fetched,
    mentioned,
    newest,
    pressed,
    production_of,
    proposed,
    said,
    told,
)
from tests.workspace.seen import Seen
from tests.workspace.talking import Attached

pytestmark = pytest.mark.asyncio(loop_scope="module")
RESTRICTED, RETIRED = ReferenceStatus.RESTRICTED, ReferenceStatus.RETIRED


@pytest_asyncio.fixture(loop_scope="module")
async def stage(long_stage: Stage) -> AsyncIterator[Stage]:
    yield long_stage
    long_stage.slack.state.modals.clear()
    await all_shown(long_stage)


async def test_before_the_first_reference_the_list_says_how_to_begin(stage: Stage) -> None:
    assert "`/scene ref new` proposes one" in told(await said(stage, "ref"))
    assert "There is no R12 here" in told(await said(stage, "ref R12"))
    assert "Did you mean `sheet`?" in told(await said(stage, "ref sheets"))
    assert "Did you mean `approve`?" in told(await said(stage, "ref R12 aprove"))


async def test_a_kind_has_fields_of_its_own_and_a_form_keeps_what_was_written(
    stage: Stage,
) -> None:
    seen = await said(stage, "ref new Mira")
    assert seen.view
    assert {"trait_face", "trait_wardrobe", "trait_pose", "trait_proportion"} <= fields(seen)
    await stage.slack.press(
        "reference_kind", user="jonas", block_id="kind", value="location", wait=2
    )
    seen = await stage.slack.submit({"title": "Roof", "trait_geography": "North"}, user="jonas")
    assert not seen.errors, seen
    made = (await newest(stage)).reference
    assert (made.kind, made.fields) == ("location", {"geography": "North"})
    assert made.status is ReferenceStatus.PROPOSED


def fields(seen: Seen) -> set[str]:
    assert seen.view
    return {each["block_id"] for each in seen.view["blocks"] if each["type"] == "input"}


async def test_an_editor_proposes_and_a_director_approves(stage: Stage) -> None:
    made = await proposed(stage, "Jacket", Attached("jacket.jpg", a_face(3)), kind="object")
    refused = await pressed(stage, made, "reference_approve", "lin")
    assert "may approve references" in whispers(refused)
    seen = await pressed(stage, made, "reference_approve", "jonas")
    assert whispers(seen) == f"{made.reference.code} · Jacket is approved."
    now = await newest(stage)
    assert now.reference.status is ReferenceStatus.APPROVED
    assert now.reference.status_by == stage.slack.person("jonas").id
    [entry] = [
        each
        for each in await entries(stage, "reference.approved")
        if each["facts"]["reference"] == made.reference.id
    ]
    assert entry["facts"]["sha256s"] == [made.files[0].sha256]
    assert entry["facts"]["version"] == 1
    [card] = cards_of(stage, made)
    assert "reference_approve" not in elements(card)
    assert "Approved by" in str(card.blocks)


async def test_only_a_producer_restricts_and_says_why_and_the_log_only_commits_to_it(
    stage: Stage,
) -> None:
    made = await proposed(stage, "Vera", Attached("vera.jpg", a_face(4)))
    code = made.reference.code
    assert "may restrict or retire" in told(await said(stage, f"ref {code} restrict she left"))
    seen = await said(stage, f"ref {code} restrict", user="maya")
    assert "Say why" in told(seen)
    seen = await said(stage, f"ref {code} restrict she <left> us", user="maya")
    assert f"{code} · Vera is restricted" in told(seen)
    await all_shown(stage)
    [card] = cards_of(stage, made)
    assert "she &lt;left&gt; us" in str(card.blocks)
    [entry] = await entries(stage, "reference.restricted")
    assert "left" not in json.dumps(entry)
    assert len(entry["facts"]["reason"]) == 64
    assert "may restrict or retire" in told(await said(stage, f"ref {code} approve"))
    assert "is approved" in told(await said(stage, f"ref {code} approve", user="maya"))


async def test_a_menu_asks_for_the_reason_before_it_retires(stage: Stage) -> None:
    made = await proposed(stage, "Old logo", Attached("logo.png", a_face(5, form="PNG")))
    [card] = cards_of(stage, made)
    choice = f"retire:{made.reference.id}:0:1"
    where: Any = {"channel": TEAM, "ts": card.ts, "value": choice, "wait": 2}
    refused = await stage.slack.press("reference_more", user="jonas", **where)
    assert "may restrict or retire" in whispers(refused)
    seen = await stage.slack.press("reference_more", user="maya", **where)
    assert seen.view
    seen = await stage.slack.submit({"reason": " "}, user="maya")
    assert "Say why" in str(seen.errors)
    seen = await stage.slack.submit({"reason": "a new one is out"}, user="maya")
    assert seen.is_closed
    assert (await newest(stage)).reference.status is RETIRED
    scene = await scene_of(stage, await stage.open_scene(title="Too late"))
    seen = await said(stage, f"ref {made.reference.code} cast {scene.code}")
    assert "is retired. Choose another" in told(seen)


async def test_of_two_who_rule_at_once_the_second_hears_who_was_faster(stage: Stage) -> None:
    made = await proposed(stage, "Twice ruled", Attached("twice.jpg", a_face(6)))
    [card] = cards_of(stage, made)
    before = card.blocks
    assert "is restricted" in told(
        await said(stage, f"ref {made.reference.code} restrict wait for the lawyer", user="maya")
    )
    await all_shown(stage)
    card.blocks = before  # as on a screen that has not caught up
    seen = await pressed(stage, made, "reference_approve", "maya")
    maya = stage.slack.person("maya").id
    assert f"has meanwhile become restricted, by <@{maya}>. Nothing was changed." in whispers(seen)
    assert (await newest(stage)).reference.status is RESTRICTED


async def test_what_has_no_file_of_use_is_not_approved(stage: Stage) -> None:
    made = await proposed(stage, "Hollow", Attached("words.jpg", b"this is a letter"))
    seen = await pressed(stage, made, "reference_approve", "jonas")
    assert "has no file that can be used. Add a version with one." in whispers(seen)
    assert (await newest(stage)).reference.status is ReferenceStatus.PROPOSED


async def test_a_new_version_of_what_was_approved_waits_for_approval_again(stage: Stage) -> None:
    made = await proposed(stage, "Coat", Attached("coat.jpg", a_face(13)))
    code = made.reference.code
    await said(stage, f"ref {code} approve")
    seen = await said(stage, f"ref {code} version", user="lin")
    assert "With a new version it waits for approval again." in json.dumps(seen.view)
    seen = await stage.slack.submit({"note": " "}, user="lin")
    assert "Say what is different" in str(seen.errors)
    file = await uploaded(stage, "darker.jpg", a_face(14))
    wanted = {"note": "The coat is darker now.", "upload": [file]}
    assert (await stage.slack.submit(wanted, user="lin")).is_closed
    now = await fetched(stage)
    assert (now.reference.version, now.reference.status) == (2, ReferenceStatus.PROPOSED)
    assert [each.name for each in now.files] == ["coat.jpg", "darker.jpg"]
    assert now.files[0].sha256 == made.files[0].sha256
    async with stage.studio.db.read() as session:
        first = await references.asset(session, now.reference, number=1)
    assert [each.id for each in first.files] == [each.id for each in made.files]
    [card] = cards_of(stage, made)
    assert "The coat is darker now." in str(card.blocks)
    assert len(await entries(stage, "reference.renewed")) == 1


async def uploaded(stage: Stage, name: str, data: bytes) -> dict[str, Any]:
    """Upload a file as the form's own field does; give what Slack sends of it."""
    seen = await stage.slack.say("", user="lin", channel=TEAM, files=[Attached(name, data)])
    assert seen.ts
    [file_id] = stage.slack.message_at(seen.ts, TEAM).files
    return {"id": file_id, "name": name, "title": name, "mimetype": "image/jpeg"}


async def test_a_press_on_an_older_version_approves_nothing(stage: Stage) -> None:
    made = await proposed(stage, "Moving target", Attached("a.jpg", a_face(15)))
    [card] = cards_of(stage, made)
    before = card.blocks
    await said(stage, f"ref {made.reference.code} version", user="lin")
    await stage.slack.submit({"note": "Other light."}, user="lin")
    await fetched(stage)
    card.blocks = before
    seen = await pressed(stage, made, "reference_approve", "jonas")
    assert "has version 2 by now. Nothing was changed." in whispers(seen)
    assert (await newest(stage)).reference.status is ReferenceStatus.PROPOSED


async def test_a_list_beyond_twenty_is_turned_by_a_button(stage: Stage) -> None:
    form = ReferenceForm("Prop", kind=ReferenceKind.OBJECT)
    maya, production = stage.slack.person("maya").id, await production_of(stage)
    for count in range(20):
        await propose(
            stage.studio, Actor(WORKSPACE, maya, WORKSPACE), replace(form, title=f"Prop {count}"),
            channel_id=production.channel_id, key=f"prop {count}",
        )  # fmt: skip
    total = len(await assets_of(stage))
    seen = await said(stage, "ref")
    assert f"1 to 20 of {total}" in told(seen)
    [first] = seen.ephemerals
    seen = await stage.slack.press(
        "reference_page", channel=TEAM, ts=first["ts"], user="jonas", wait=2
    )
    assert f"21 to {min(total, 40)} of {total}" in told(seen)


async def test_a_reference_is_cast_in_other_scenes_and_taken_out_again(stage: Stage) -> None:
    made = await proposed(stage, "Bench", Attached("bench.jpg", a_face(16)))
    card = await stage.open_scene(title="On the bench")
    scene = await scene_of(stage, card)
    code = made.reference.code
    assert f"{scene.code} is made after {code}" in told(
        await said(stage, f"ref {code} cast {scene.code}")
    )
    await all_shown(stage)
    assert "Bench (proposed)" in str(card.blocks)
    assert "already in" in told(await said(stage, f"ref {code} cast {scene.code}"))
    seen = await mentioned(stage, f"ref {code} uncast", card.ts)
    assert "Takes keep what they were made after" in told(seen)
    await all_shown(stage)
    assert "Bench" not in str(card.blocks)


async def test_a_client_never_proposes(stage: Stage) -> None:
    words = await stage.slack.say(
        "x", user="sam", channel=TEAM, files=[Attached("x.jpg", a_picture())]
    )
    seen = await stage.slack.shortcut(SHORTCUT, user="sam", channel=TEAM, ts=words.ts)
    assert "may propose or change references" in json.dumps(seen.view)
