"""Files that become references: fetched, looked at, compared, and shown with the others."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.people import Actor
from bot.proposals import ReferenceForm, SharedFile, propose
from bot.references import fetch_proposed
from storage import references
from storage.models import FileForm, ReferenceStatus
from tests.factories import all_shown, scene_of
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
    threads,
)
from tests.workspace.talking import Attached

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def stage(long_stage: Stage) -> AsyncIterator[Stage]:
    yield long_stage
    long_stage.slack.state.modals.clear()
    await all_shown(long_stage)


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


@dataclass
class Counting:
    """A room that counts how many files are fetched at once."""

    room: Any
    now: int = 0
    most: int = 0

    async def fetch_file(self, file_id: str, sink: Path, *, limit: int) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.room.fetch_file(file_id, sink, limit=limit)
        finally:
            self.now -= 1


async def test_a_few_files_are_fetched_at_once_and_told_of_in_their_order(stage: Stage) -> None:
    files = [Attached(f"roll {count}.jpg", a_face(300 + count)) for count in range(6)]
    head = await stage.slack.say("a roll", user="lin", channel=TEAM, files=files)
    assert head.ts
    ids = stage.slack.message_at(head.ts, TEAM).files
    shared = tuple(SharedFile(each, f"{each}.jpg", "image/jpeg") for each in ids)
    production, lin = await production_of(stage), stage.slack.person("lin").id
    await propose(
        stage.studio, Actor(WORKSPACE, lin, WORKSPACE), ReferenceForm("Roll", files=shared),
        channel_id=production.channel_id, key="a roll",
    )  # fmt: skip
    room = Counting(stage.studio.room)
    await fetch_proposed(replace(stage.studio, room=room))
    made = await fetched(stage)
    assert all(each.sha256 for each in made.files)
    assert 1 < room.most <= 4
    read = sorted(made.files, key=lambda each: each.id)
    kept = [
        each["facts"]["position"]
        for each in await entries(stage, "reference.kept")
        if each["facts"]["reference"] == made.reference.id
    ]
    assert kept == [each.position for each in read]
