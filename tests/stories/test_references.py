"""References through the real door: proposed, looked at, ruled on, cast, and renewed."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from bot.people import Actor
from bot.proposals import ReferenceForm, propose
from bot.references import fetch_proposed
from storage import productions, references
from storage.models import FileForm, Production, ReferenceKind, ReferenceStatus
from storage.references import Asset
from tests.factories import a_picture, all_shown, scene_of
from tests.stage import TEAM, WORKSPACE, Stage, elements, whispers
from tests.stories._references import a_face, entries, told
from tests.workspace.records import Message
from tests.workspace.seen import Seen
from tests.workspace.talking import Attached

pytestmark = pytest.mark.asyncio(loop_scope="module")
SHORTCUT = "reference_from_message"
RESTRICTED, RETIRED = ReferenceStatus.RESTRICTED, ReferenceStatus.RETIRED


@pytest_asyncio.fixture(loop_scope="module")
async def stage(long_stage: Stage) -> AsyncIterator[Stage]:
    yield long_stage
    long_stage.slack.state.modals.clear()
    await all_shown(long_stage)


async def said(stage: Stage, words: str, user: str = "jonas") -> Seen:
    return await stage.slack.command("/scene", words, user=user, channel=TEAM, wait=2)


async def mentioned(stage: Stage, words: str, thread_ts: str | None, user: str = "jonas") -> Seen:
    text = f"<@{stage.slack.state.app.bot_user_id}> {words}"
    return await stage.slack.say(text, user=user, channel=TEAM, thread_ts=thread_ts, wait=3)


async def production_of(stage: Stage) -> Production:
    async with stage.studio.db.read() as session:
        [production] = await productions.every(session, WORKSPACE)
    return production


async def assets_of(stage: Stage) -> list[Asset]:
    """Give every reference of the production, oldest first."""
    production = await production_of(stage)
    async with stage.studio.db.read() as session:
        return await references.of_production(session, production, first=500)


async def newest(stage: Stage) -> Asset:
    return (await assets_of(stage))[-1]


async def fetched(stage: Stage) -> Asset:
    """Fetch what is yet to come, show it, and give the newest reference."""
    while any(
        not file.sha256 and not file.problem
        for each in await assets_of(stage)
        for file in each.files
    ):
        await fetch_proposed(stage.studio)
    await all_shown(stage)
    return await newest(stage)


async def proposed(
    stage: Stage, title: str, *files: Attached, thread: str | None = None, **values: Any
) -> Asset:
    """Propose a reference by the shortcut on a message with files; give it once it is here."""
    head = await stage.slack.say("look", user="lin", channel=TEAM, files=files, thread_ts=thread)
    seen = await stage.slack.shortcut(SHORTCUT, user="lin", channel=TEAM, ts=head.ts)
    assert seen.view, seen
    seen = await stage.slack.submit({"title": title, **values}, user="lin")
    assert not seen.errors, seen
    return await fetched(stage)


def cards_of(stage: Stage, asset: Asset, action: str = "reference_edit") -> list[Message]:
    """Give the posted cards of a reference."""
    return [
        each for each in stage.cards_with(action, TEAM) if asset.reference.id in str(each.blocks)
    ]


async def pressed(stage: Stage, asset: Asset, action: str, user: str, **more: Any) -> Seen:
    [card] = cards_of(stage, asset)
    seen = await stage.slack.press(action, channel=TEAM, ts=card.ts, user=user, wait=2, **more)
    await all_shown(stage)
    return seen


def threads(stage: Stage, thread_ts: str) -> str:
    """Read a thread."""
    said_there = [each for each in stage.messages(TEAM) if each.thread_ts == thread_ts]
    return json.dumps([each.blocks for each in said_there], ensure_ascii=False)


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


async def test_a_message_with_files_becomes_a_reference_that_is_cast_in_its_scene(
    stage: Stage,
) -> None:
    card = await stage.open_scene(title="Mira leaves")
    await all_shown(stage)
    scene = await scene_of(stage, card)
    files = (
        Attached("mira.jpg", a_face(1)),
        Attached("mira side.png", a_face(2, form="PNG")),
        Attached("notes.txt", b"She never smiles before SC030.\n"),
    )
    made = await proposed(stage, "Mira", *files, thread=card.ts, kind="character")
    assert [each.form for each in made.files] == [
        FileForm.PICTURE, FileForm.PICTURE, FileForm.DOCUMENT,
    ]  # fmt: skip
    assert all(each.sha256 for each in made.files)
    assert made.files[0].likeness
    assert made.files[0].shown_file_id
    [posted] = cards_of(stage, made)
    assert posted.thread_ts == card.ts
    text = json.dumps(posted.blocks, ensure_ascii=False)
    assert "2 pictures, 1 document" in text
    assert scene.code in text
    assert "slack_file" in text
    assert "Mira (proposed)" in json.dumps(card.blocks)


async def test_a_message_without_files_is_told_so(stage: Stage) -> None:
    words = await stage.slack.say("only words", user="lin", channel=TEAM)
    seen = await stage.slack.shortcut(SHORTCUT, user="lin", channel=TEAM, ts=words.ts)
    assert "This message has no file." in json.dumps(seen.view)


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


async def test_nearly_the_same_picture_is_said_once_and_on_the_card(stage: Stage) -> None:
    card = await stage.open_scene(title="Seen before")
    await all_shown(stage)
    first = await proposed(stage, "Harbour", Attached("one.jpg", a_face(7)), thread=card.ts)
    again = await proposed(
        stage, "Port", Attached("two.png", a_face(7, (640, 480), "PNG")), thread=card.ts
    )
    words = f"Looks like {first.reference.code} · Harbour (nearly the same picture)."
    assert threads(stage, card.ts).count(f"{again.reference.code} · Port*: {words}") == 1
    [posted] = cards_of(stage, again)
    assert words in str(posted.blocks)
    same = await proposed(stage, "Quay", Attached("three.jpg", a_face(7)), thread=card.ts)
    [posted] = cards_of(stage, same)
    assert f"This is the very file of {first.reference.code} · Harbour." in str(posted.blocks)


async def test_what_is_not_what_it_says_is_named_and_the_others_are_kept(stage: Stage) -> None:
    card = await stage.open_scene(title="Mixed bag")
    await all_shown(stage)
    made = await proposed(
        stage,
        "Bag",
        Attached("words.png", b"this is a letter"),
        Attached("fine.jpg", a_face(8)),
        Attached("half.jpg", a_face(9)[:400]),
        Attached("photo.png", a_face(10)),
        thread=card.ts,
    )
    assert [bool(each.sha256) for each in made.files] == [False, True, False, True]
    said_there = threads(stage, card.ts)
    assert "*words.png* is not used as a reference: Its name promises a picture" in said_there
    assert "*half.jpg* is not used as a reference: " in said_there
    assert "Its name ends in .png, but it is a JPEG picture." in said_there
    [posted] = cards_of(stage, made)
    assert "words.png" in str(posted.blocks)


async def test_a_file_deleted_before_it_was_fetched_costs_only_itself(stage: Stage) -> None:
    files = [Attached("gone.jpg", a_face(11)), Attached("here.jpg", a_face(12))]
    head = await stage.slack.say("two", user="lin", channel=TEAM, files=files)
    assert head.ts
    await stage.slack.shortcut(SHORTCUT, user="lin", channel=TEAM, ts=head.ts)
    await stage.slack.remove_file(stage.slack.message_at(head.ts, TEAM).files[0])
    await stage.slack.submit({"title": "Half gone"}, user="lin")
    made = await fetched(stage)
    assert "removed before it could be fetched" in made.files[0].problem
    assert made.files[1].sha256
    await pressed(stage, made, "reference_approve", "jonas")
    assert (await newest(stage)).reference.status is ReferenceStatus.APPROVED


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


async def test_many_pictures_share_one_card_and_one_press_approves_them(stage: Stage) -> None:
    card = await stage.open_scene(title="Twenty frames")
    await all_shown(stage)
    before = len(await assets_of(stage))
    files = [Attached(f"frame {count}.jpg", a_face(100 + count)) for count in range(5)]
    await proposed(stage, "", *files, thread=card.ts, together="each", kind="style")
    made = (await assets_of(stage))[before:]
    assert len(made) == 5
    assert not any(cards_of(stage, each) for each in made)
    [shared] = stage.cards_with("reference_approve_all", TEAM)
    assert shared.thread_ts == card.ts
    assert "Approve all 5" in str(shared.blocks)
    seen = await stage.slack.press(
        "reference_approve_all", channel=TEAM, ts=shared.ts, user="lin", wait=2
    )
    assert "may approve references" in whispers(seen)
    await stage.slack.press("reference_approve_all", channel=TEAM, ts=shared.ts, user="jonas")
    await all_shown(stage)
    made = (await assets_of(stage))[before:]
    assert {each.reference.status for each in made} == {ReferenceStatus.APPROVED}
    assert "waits for approval any more" in str(shared.blocks)
    assert "reference_approve_all" not in elements(shared)
    assert "frame 0 (in order)" in str(card.blocks)


async def test_what_shares_a_card_is_not_approved_unseen(stage: Stage) -> None:
    card = await stage.open_scene(title="Unseen")
    await all_shown(stage)
    files = [Attached(f"still {count}.jpg", a_face(200 + count)) for count in range(4)]
    await proposed(stage, "", *files, thread=card.ts, together="each")
    [shared] = stage.cards_with("reference_approve_all", TEAM)
    before = shared.blocks
    code = (await newest(stage)).reference.code
    await said(stage, f"ref {code} version", user="lin")
    await stage.slack.submit({"note": "Graded."}, user="lin")
    await fetched(stage)
    shared.blocks = before
    seen = await stage.slack.press(
        "reference_approve_all", channel=TEAM, ts=shared.ts, user="jonas", wait=2
    )
    assert "Others wait by now than you saw." in whispers(seen)
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


async def test_a_mention_offers_the_threads_files_by_a_button(stage: Stage) -> None:
    card = await stage.open_scene(title="By mention")
    await all_shown(stage)
    files = [Attached("lamp.jpg", a_face(17)), Attached("lamp.pdf.jpg", a_face(18))]
    await stage.slack.say("lamps", user="lin", channel=TEAM, thread_ts=card.ts, files=files)
    seen = await mentioned(stage, "ref new", card.ts, user="lin")
    [offer] = seen.ephemerals
    await stage.slack.press("reference_new", channel=TEAM, ts=offer["ts"], user="lin")
    await on_screen(stage, "lin", "lamp.jpg")
    seen = await stage.slack.submit({"title": "Lamp", "kind": "object"}, user="lin")
    assert not seen.errors, seen
    made = await fetched(stage)
    assert len(made.files) == 2
    scene = await scene_of(stage, card)
    async with stage.studio.db.read() as session:
        assert made.reference.id in {
            each.reference.id for each in await references.cast_in(session, scene)
        }


async def on_screen(stage: Stage, user: str, words: str) -> None:
    user_id = stage.slack.person(user).id

    def shown(_: object) -> bool:
        modals = stage.slack.state.modals.get(user_id, [])
        return bool(modals) and words in json.dumps(modals[-1].view)

    await stage.slack.until(shown, seconds=10)


async def test_a_contact_sheet_is_posted_where_it_was_asked_for(stage: Stage) -> None:
    card = await stage.open_scene(title="Sheet")
    await all_shown(stage)
    files = [Attached("left.jpg", a_face(19)), Attached("right.jpg", a_face(20))]
    made = await proposed(stage, "Nora", *files, thread=card.ts, kind="character")
    before = len(stage.messages(TEAM))
    await mentioned(stage, f"ref sheet {made.reference.code}", card.ts)
    await stage.settled()
    posted = [each for each in stage.messages(TEAM)[before:] if each.files]
    assert [each.thread_ts for each in posted] == [card.ts]
    seen = await said(stage, "ref sheet dragons")
    assert "There is no sheet of dragons" in whispers(seen)


async def test_a_client_never_proposes(stage: Stage) -> None:
    words = await stage.slack.say(
        "x", user="sam", channel=TEAM, files=[Attached("x.jpg", a_picture())]
    )
    seen = await stage.slack.shortcut(SHORTCUT, user="sam", channel=TEAM, ts=words.ts)
    assert "may propose or change references" in json.dumps(seen.view)
