"""Scenes through the real door: commands, mentions, threads, and the form between them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.references import fetch_proposed
from storage import log as rows
from storage import references
from storage.models import Scene
from storage.references import Asset
from tests.factories import a_picture, all_shown, newest_scene, posted_take, scene_of
from tests.stage import TEAM, WORKSPACE, Stage, elements
from tests.workspace.records import Json, Message
from tests.workspace.seen import Seen
from tests.workspace.talking import Attached

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def stage(long_stage: Stage) -> AsyncIterator[Stage]:
    yield long_stage
    long_stage.slack.state.modals.clear()
    await all_shown(long_stage)


def told(seen: Seen) -> str:
    """Read what one person was whispered."""
    return json.dumps([[each["text"], each.get("blocks")] for each in seen.ephemerals])


async def said(stage: Stage, words: str, **more: Any) -> Seen:
    """Type `/scene words` as Jonas."""
    return await stage.slack.command("/scene", words, user="jonas", channel=TEAM, wait=2, **more)


async def mentioned(stage: Stage, words: str, thread_ts: str | None, user: str = "lin") -> Seen:
    """Say the same to `@circletake`."""
    text = f"<@{stage.slack.state.app.bot_user_id}> {words}"
    return await stage.slack.say(text, user=user, channel=TEAM, thread_ts=thread_ts, wait=3)


async def form_filled(stage: Stage, user: str) -> Json:
    """Wait until the form on the screen has fields; give what they hold."""
    user_id = stage.slack.person(user).id

    def top(_: object) -> Any:
        shown = stage.slack.state.modals.get(user_id, [])
        has_fields = shown and any(each["type"] == "input" for each in shown[-1].view["blocks"])
        return shown[-1] if has_fields else None

    view = await stage.slack.until(top, seconds=10)
    fields = {
        each["block_id"]: each["element"].get("initial_value")
        for each in view.view["blocks"]
        if each["type"] == "input"
    }
    return fields | {"": json.dumps(view.view["blocks"][0])}


async def test_before_the_first_scene_everything_says_how_to_begin(stage: Stage) -> None:
    assert "`/scene new` opens the first one" in told(await said(stage, "list"))
    assert "Nothing is approved yet" in told(await said(stage, "approved"))
    assert "There is no scene SC010 here" in told(await said(stage, "show SC010"))
    assert "Say which scene" in told(await said(stage, "log"))


async def test_a_new_scene_is_asked_for_its_intent_first(stage: Stage) -> None:
    seen = await said(stage, "new Rooftop opener")
    assert seen.view
    blocks = [each["block_id"] for each in seen.view["blocks"] if each["type"] == "input"]
    assert blocks[:2] == ["title", "purpose"]
    assert (await form_filled(stage, "jonas"))["title"] == "Rooftop opener"
    await stage.slack.close(user="jonas")


async def test_a_scene_is_listed_shown_and_told(stage: Stage) -> None:
    card = await stage.open_scene(title="Bridge <at> night", feeling="unease")
    scene = await scene_of(stage, card)
    listed = told(await said(stage, "list"))
    assert scene.code in listed
    assert "Bridge &lt;at&gt; night" in listed
    assert "No take yet" in listed
    assert "unease" in told(await said(stage, f"show {scene.code}"))
    assert "unease" in told(await said(stage, f"show {scene.number}"))
    log = told(await said(stage, f"log {scene.code.lower()}"))
    assert f"opened {scene.code}" in log
    assert "matches its seal" in log


async def test_help_lists_every_subcommand(stage: Stage) -> None:
    listed = told(await said(stage, "help"))
    for word in ("new", "list", "show", "take", "approved", "log", "note", "setup", "digest"):
        assert f"`{word}" in listed
    assert "`new`" in told(await said(stage, ""))


async def test_an_unknown_word_is_answered_with_the_nearest(stage: Stage) -> None:
    seen = await said(stage, "aproved")
    assert "Did you mean `approved`?" in told(seen)
    assert "There is no" in told(await said(stage, "xyzzy <!channel>"))


async def test_a_mention_in_a_thread_says_the_same_privately_in_that_thread(stage: Stage) -> None:
    card = await stage.open_scene(title="In its thread")
    await stage.settled()
    for words, wanted in (
        ("show", "In its thread"),
        ("log", "The log of"),
        ("note the lamps are too bright", "Noted on"),
        ("list", "In its thread"),
        ("aproved", "Did you mean"),
        ("help", "In a thread Slack knows no slash commands"),
    ):
        seen = await mentioned(stage, words, card.ts)
        assert wanted in told(seen), words
        assert [each["thread_ts"] for each in seen.ephemerals] == [card.ts]
        assert not seen.messages
    assert "left a note" in told(await mentioned(stage, "log", card.ts))


async def test_words_before_the_mention_and_other_people_in_it_do_not_matter(stage: Stage) -> None:
    card = await stage.open_scene(title="Asked in passing")
    await stage.settled()
    text = f"<@{stage.slack.person('jonas').id}> ask <@{stage.slack.state.app.bot_user_id}> show"
    seen = await stage.slack.say(text, user="lin", channel=TEAM, thread_ts=card.ts, wait=3)
    assert "Asked in passing" in told(seen)


async def test_a_mention_in_a_thread_offers_to_make_it_a_scene(stage: Stage) -> None:
    head = await stage.slack.say("*A thought*\nPurpose: she stays", user="lin", channel=TEAM)
    seen = await mentioned(stage, "new", head.ts)
    [offer] = seen.ephemerals
    await stage.slack.press("scene_from_here", channel=TEAM, ts=offer["ts"], user="lin")
    fields = await form_filled(stage, "lin")
    assert fields["title"] == "A thought"
    assert fields["purpose"] == "she stays"
    await stage.slack.submit({}, user="lin")
    await stage.settled()
    scene = await newest_scene(stage)
    assert scene.thread_ts == head.ts


async def messy_thread(stage: Stage) -> tuple[str, str]:
    """Let people talk as they do; give the thread's head and the name of a file in it."""
    slack = stage.slack
    head = await slack.say("*Rooftop opener*\nPURPOSE: Mira stays", user="maya", channel=TEAM)
    assert head.ts
    below: Any = {"channel": TEAM, "thread_ts": head.ts}
    await slack.edit(head.ts, "*Rooftop opener*\nPURPOSE: Mira leaves", channel=TEAM, user="maya")
    wrong = await slack.say("must carry: the red car", user="lin", **below)
    assert wrong.ts
    await slack.delete(wrong.ts, channel=TEAM, user="lin")
    slack.post_as_bot("Ticket AUR-12 was moved", channel=TEAM, thread_ts=head.ts)
    person = slack.person("lin").id
    text = f"must not show - other brands :no_entry: <@{person}> see <https://aurora.example|this>"
    await slack.say(text, user="jonas", **below)
    await slack.say("```seconds: 4```\n> feeling: relief", user="lin", **below)
    await slack.say("", user="lin", files=[Attached("dusk.jpg", a_picture())], **below)
    await slack.say("", user="lin", files=[Attached("notes.txt", b"not a picture")], **below)
    for number in range(300):
        room = slack.room(TEAM)
        reply = Message(
            ts=slack.state.next_ts(), channel_id=room.id, user_id=person, team_id=room.team_id,
            text=f"thought number {number}", thread_ts=head.ts,
        )  # fmt: skip
        slack.state.add_message(reply)
    return head.ts, "dusk.jpg"


async def test_a_thread_of_three_hundred_becomes_a_scene_and_nothing_is_lost(
    stage: Stage,
) -> None:
    head, picture = await messy_thread(stage)
    seen = await stage.slack.shortcut("scene_from_thread", user="maya", channel=TEAM, ts=head)
    assert seen.ok
    fields = await form_filled(stage, "maya")
    assert fields["title"] == "Rooftop opener"
    assert fields["purpose"] == "Mira leaves"
    assert "other brands" in fields["must_not_show"]
    assert fields["must_carry"] is None
    assert "1 picture will be proposed" in fields[""]
    assert "Too long for its field: brief" in fields[""]

    await stage.slack.submit({"seconds": "2"}, user="maya")
    await stage.slack.until(lambda _: _scene_card(stage, head), seconds=10)
    scene = await newest_scene(stage)
    assert scene.thread_ts == head
    for number in (0, 150, 299):
        assert f"thought number {number}" in scene.source_text
    assert "Ticket AUR-12 was moved" in scene.source_text
    assert "red car" not in scene.source_text
    assert picture in scene.source_text
    assert head.replace(".", "") in scene.source_link
    [kept] = await references_of(stage, scene)
    assert kept.files[0].sha256
    assert kept.reference.title == picture


def _scene_card(stage: Stage, head: str) -> Message | None:
    standing = [each for each in stage.messages(TEAM) if each.thread_ts == head]
    return next((each for each in standing if "scene_order" in elements(each)), None)


async def references_of(stage: Stage, scene: Scene) -> list[Asset]:
    """Fetch what was proposed, and give it."""
    while True:
        await fetch_proposed(stage.studio)
        async with stage.studio.db.read() as session:
            kept = await references.cast_in(session, scene)
        if all(file.sha256 or file.problem for each in kept for file in each.files):
            return kept


async def test_what_a_person_changes_in_the_form_is_what_counts(stage: Stage) -> None:
    head = await stage.slack.say("Purpose: as it was said", user="jonas", channel=TEAM)
    await stage.slack.shortcut("scene_from_thread", user="jonas", channel=TEAM, ts=head.ts)
    await form_filled(stage, "jonas")
    await stage.slack.submit({"title": "Mine", "purpose": "as I meant it"}, user="jonas")
    scene = await newest_scene(stage)
    assert scene.purpose == "as I meant it"
    assert "as it was said" in scene.source_text


async def test_somebody_who_has_left_does_not_keep_a_thread_from_being_read(stage: Stage) -> None:
    head = await stage.slack.say("Purpose: goes on without him", user="sam", channel=TEAM)
    stage.slack.fail_next("users.info", "user_not_found", times=1)
    await stage.slack.shortcut("scene_from_thread", user="jonas", channel=TEAM, ts=head.ts)
    fields = await form_filled(stage, "jonas")
    assert fields["purpose"] == "goes on without him"
    await stage.slack.close(user="jonas")


async def test_the_approved_take_is_found_by_command_and_in_its_thread(stage: Stage) -> None:
    card = await stage.open_scene(title="Approved here")
    take, posted = await posted_take(stage, card)
    await stage.slack.press("take_approve", channel=TEAM, ts=posted.ts, user="jonas")
    await stage.settled()
    [client] = stage.cards_with("client_approve", "aurora-client")
    await stage.slack.press("client_approve", channel="aurora-client", ts=client.ts, user="dana")
    await stage.settled()
    scene = await scene_of(stage, card)
    for seen in (
        await said(stage, "approved"),
        await said(stage, f"approved {scene.code}"),
        await mentioned(stage, "approved", card.ts),
    ):
        assert take.sha256
        assert take.sha256 in told(seen)
        assert stage.slack.person("dana").id in told(seen)


async def test_edits_and_deletions_in_the_channel_are_acknowledged_and_change_nothing(
    stage: Stage,
) -> None:
    async with stage.studio.db.read() as session:
        before = await rows.head_of(session, WORKSPACE)
    words = await stage.slack.say("nothing to do with us", user="sam", channel=TEAM)
    assert words.ts
    edited = await stage.slack.edit(words.ts, "still nothing", channel=TEAM, user="sam")
    gone = await stage.slack.delete(words.ts, channel=TEAM, user="sam")
    assert words.ok
    assert edited.ok
    assert gone.ok
    assert max(words.ms, edited.ms, gone.ms) < 1000
    async with stage.studio.db.read() as session:
        after = await rows.head_of(session, WORKSPACE)
    assert before
    assert after
    assert before.seq == after.seq


async def test_a_scene_is_corrected_by_those_who_may_and_the_log_says_what_changed(
    stage: Stage,
) -> None:
    card = await stage.open_scene(title="First words", feeling="unease")
    await all_shown(stage)
    refused = await stage.slack.press("scene_edit", channel=TEAM, ts=card.ts, user="sam", wait=2)
    assert "may open or change scenes" in told(refused)
    await stage.slack.press("scene_edit", channel=TEAM, ts=card.ts, user="lin")
    assert (await form_filled(stage, "lin"))["feeling"] == "unease"
    seen = await stage.slack.submit({"purpose": "  "}, user="lin")
    assert "No intent, no order" in seen.errors["purpose"]
    wanted = {"purpose": "Mira stays.", "seconds": "3", "title": "Last words"}
    assert (await stage.slack.submit(wanted, user="lin")).is_closed
    await all_shown(stage)
    scene = await scene_of(stage, card)
    assert (scene.title, scene.purpose, scene.feeling) == ("Last words", "Mira stays.", "unease")
    assert "Last words" in json.dumps(card.blocks)
    assert "3 s" in json.dumps(card.blocks)
    log = told(await said(stage, f"log {scene.code}"))
    assert "changed title, purpose, seconds" in log
    assert "Mira stays" not in log
