"""What people send that cannot be used: one clear sentence in the right place, and nothing lost."""

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from bot.references import fetch_proposed
from storage import productions, references, scenes
from storage.models import Scene, Take
from tests.factories import a_picture, all_shown, newest_scene, posted_take, scene_of
from tests.stage import TEAM, WORKSPACE, Stage, whispers
from tests.workspace import payloads
from tests.workspace.records import Json
from tests.workspace.talking import Attached

pytestmark = pytest.mark.asyncio(loop_scope="module")
LONG = "x" * 10_000


@pytest_asyncio.fixture(loop_scope="module")
async def stage(long_stage: Stage) -> AsyncIterator[Stage]:
    yield long_stage
    long_stage.slack.state.modals.clear()
    await all_shown(long_stage)


async def count(stage: Stage) -> int:
    async with stage.studio.db.read() as session:
        [production] = await productions.every(session, WORKSPACE)
        return await scenes.count(session, production)


async def forced(stage: Stage, values: dict[str, str], *, user: str = "jonas") -> Json:
    """Send the open form with what Slack's own client would have refused."""
    view = stage.slack.state.modals[stage.slack.person(user).id][-1]
    for block_id, value in values.items():
        state = view.values.setdefault(block_id, {})
        action_id = next(iter(state), "value")
        state[action_id] = {"type": "plain_text_input", "value": value}
    hub = stage.slack.hub
    body = payloads.submission_body(hub, view, values=view.values, response_urls=[])
    outcome = await hub.delivery.ask("interactive", body)
    assert outcome.is_acknowledged
    return outcome.payload.get("errors") or {}


async def on_screen(stage: Stage, words: str, *, user: str = "jonas") -> str:
    """Wait until the form on the screen says something."""
    user_id = stage.slack.person(user).id

    def top(_: object) -> str:
        shown = stage.slack.state.modals.get(user_id) or [None]
        told = json.dumps(shown[-1].view, ensure_ascii=False) if shown[-1] else ""
        return told if words in told else ""

    return await stage.slack.until(top, seconds=10)


async def test_without_intent_the_form_says_so_at_its_field(stage: Stage) -> None:
    before = await count(stage)
    await stage.slack.command("/scene", "new", user="jonas", channel=TEAM)
    seen = await stage.slack.submit({"title": "Empty", "purpose": "   "}, user="jonas")
    assert seen.errors == {"purpose": "Write what this scene is for. No intent, no order."}
    seen = await stage.slack.submit({"purpose": "Found one."}, user="jonas")
    assert seen.is_closed
    assert await count(stage) == before + 1


@pytest.mark.parametrize("typed", ["0", "61", "soon", "nan", "inf", "-1"])
async def test_an_impossible_length_is_refused_at_its_field(stage: Stage, typed: str) -> None:
    await stage.slack.command("/scene", "new", user="jonas", channel=TEAM)
    wanted = {"title": "Long", "purpose": "To last.", "seconds": typed}
    seen = await stage.slack.submit(wanted, user="jonas")
    assert seen.errors == {"seconds": "A shot is 1 to 60 seconds long."}


async def test_ten_thousand_characters_are_refused_at_their_field(stage: Stage) -> None:
    await stage.slack.command("/scene", "new", user="jonas", channel=TEAM)
    seen = await stage.slack.submit({"title": "Long", "purpose": LONG}, user="jonas")
    assert seen.errors == {"purpose": "Must be no more than 3000 characters."}  # Slack's own words
    errors = await forced(stage, {"title": LONG, "purpose": LONG, "brief": LONG})
    assert set(errors) == {"title", "purpose", "brief"}
    assert "3,000 characters fit here; this has 10,000" in errors["purpose"]


async def test_a_scene_as_full_as_its_form_allows_is_still_shown(stage: Stage) -> None:
    full = "<&>" * 1000
    card = await stage.open_scene(
        title="<" * 150, purpose=full, change=full, feeling=full, must_carry=full,
        must_not_show=full, constraints=f"Brand: {full[7:]}", action=full, framing=full,
        camera=full, brief=full,
    )  # fmt: skip
    scene = await scene_of(stage, card)
    assert scene.purpose == full
    take, posted = await posted_take(stage, card)
    await stage.slack.press(
        "take_more", channel=TEAM, ts=posted.ts, user="jonas", value=f"approve:{take.id}"
    )
    await stage.slack.submit({"note": full}, user="jonas")
    await all_shown(stage)
    [client] = [
        each
        for each in stage.cards_with("client_approve", "aurora-client")
        if take.id in json.dumps(each.blocks)
    ]
    assert "&lt;&amp;&gt;" in json.dumps(client.blocks)
    assert "Approved by" in json.dumps(posted.blocks)


async def ordering(stage: Stage) -> None:
    card = await stage.open_scene(title="To order")
    await stage.slack.press("scene_order", channel=TEAM, ts=card.ts, user="jonas")


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("prompt", LONG, "3,000 characters fit here"),
        ("family", LONG, "40 characters fit here"),
        ("seconds", "nan", "A length in seconds"),
        ("seconds", "soon", "A length in seconds"),
        ("seconds", "3600", "not 3600"),
        ("seed", "²", "A seed is a whole number"),
        ("seed", "9" * 40, "A seed is a whole number"),
        ("seed", "-1", "A seed is a whole number"),
    ],
)
async def test_an_order_that_cannot_be_is_refused_at_its_field(
    stage: Stage, field: str, typed: str, told: str
) -> None:
    await ordering(stage)
    errors = await forced(stage, {field: typed})
    assert set(errors) == {field}
    assert told in errors[field]
    assert not [each for each in await stage.takes() if each.engine == "nothing"]


async def test_a_note_that_is_too_long_is_refused_and_nothing_decided(stage: Stage) -> None:
    take, card = await posted_take(stage, await stage.open_scene(title="Long note"))
    await stage.slack.press("take_reject", channel=TEAM, ts=card.ts, user="jonas")
    await _chosen(stage, "reason", "motion")
    errors = await forced(stage, {"note": LONG})
    assert "3,000 characters fit here" in errors["note"]
    assert (await _state(stage, take)) == "waiting"
    assert not await forced(stage, {"note": "Shorter."})
    assert (await _state(stage, take)) == "rejected"


async def _chosen(stage: Stage, block_id: str, value: str) -> None:
    view = stage.slack.state.modals[stage.slack.person("jonas").id][-1]
    chosen = {"text": {"type": "plain_text", "text": value}, "value": value}
    view.values[block_id]["value"] = {"type": "static_select", "selected_option": chosen}


async def _state(stage: Stage, take: Take) -> str:
    [found] = [each for each in await stage.takes() if each.id == take.id]
    return found.state.value


async def test_a_production_needs_a_name_that_fits(stage: Stage) -> None:
    await stage.slack.command("/scene", "setup", user="maya", channel=TEAM)
    errors = await forced(stage, {"name": LONG}, user="maya")
    assert "at most 150 characters" in errors["name"]


def _huge() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(out, "PNG")
    return out.getvalue()


def _animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (32, 32), (60 * shade, 0, 0)) for shade in range(4)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=80)
    return out.getvalue()


async def with_pictures(stage: Stage, *files: Attached) -> tuple[str, Scene]:
    """Make a scene of a thread with files in it; give the thread and the scene."""
    head = await stage.slack.say(
        "Purpose: to be seen", user="jonas", channel=TEAM, files=list(files)
    )
    assert head.ts
    await stage.slack.shortcut("scene_from_thread", user="jonas", channel=TEAM, ts=head.ts)
    await on_screen(stage, "will be proposed")
    return head.ts, await newest_scene(stage)


async def fetched(stage: Stage, scene: Scene) -> dict[str, str]:
    """Fetch what was proposed; give each picture's problem by its name."""
    while True:
        await fetch_proposed(stage.studio)
        async with stage.studio.db.read() as session:
            kept = await references.cast_in(session, scene)
        if all(file.sha256 or file.problem for each in kept for file in each.files):
            return {each.reference.title: each.files[0].problem for each in kept}


async def test_pictures_that_are_none_are_named_in_the_thread_and_the_others_kept(
    stage: Stage,
) -> None:
    head, _ = await with_pictures(
        stage,
        Attached("sound.png", a_picture(form="PNG")),
        Attached("text.png", b"this is not a picture"),
        Attached("cut.jpg", a_picture((640, 360))[:300]),
        Attached("huge.png", _huge()),
        Attached("waving.gif", _animated()),
        Attached("<!channel>.png", b"nor is this"),
    )
    await stage.slack.submit({"title": "Six files", "seconds": "1"}, user="jonas")
    problems = await fetched(stage, await newest_scene(stage))
    assert [name for name, problem in problems.items() if not problem] == ["sound.png"]
    assert len(problems) == 6
    await all_shown(stage)
    told = "\n".join(
        json.dumps(each.blocks) for each in stage.messages(TEAM) if each.thread_ts == head
    )
    for name in ("text.png", "cut.jpg", "huge.png", "waving.gif", "&lt;!channel&gt;.png"):
        assert f"*{name}* is not used as a reference: " in told
    assert "<!channel>" not in told


async def test_a_file_removed_before_it_is_fetched_is_told_in_the_thread(stage: Stage) -> None:
    head, _ = await with_pictures(stage, Attached("gone.jpg", a_picture()))
    [file_id] = stage.slack.message_at(head, TEAM).files
    await stage.slack.remove_file(file_id)
    await stage.slack.submit({"title": "One file less", "seconds": "1"}, user="jonas")
    scene = await newest_scene(stage)
    assert scene.title == "One file less"
    assert "removed before it could be fetched" in (await fetched(stage, scene))["gone.jpg"]
    await all_shown(stage)
    told = [json.dumps(each.blocks) for each in stage.messages(TEAM) if each.thread_ts == head]
    assert any("removed before it could be fetched" in each for each in told)


async def test_a_deleted_thread_is_told_in_the_form(stage: Stage) -> None:
    head = await stage.slack.say("Purpose: soon gone", user="lin", channel=TEAM)
    assert head.ts
    bot = stage.slack.state.app.bot_user_id
    said: Any = {"channel": TEAM, "user": "lin"}
    seen = await stage.slack.say(f"<@{bot}> new", thread_ts=head.ts, wait=3, **said)
    [offer] = seen.ephemerals
    assert seen.ts
    await stage.slack.delete(seen.ts, **said)
    stage.slack.message_at(offer["ts"], TEAM).thread_ts = None
    await stage.slack.delete(head.ts, **said)
    await stage.slack.press("scene_from_here", channel=TEAM, ts=offer["ts"], user="lin")
    assert await on_screen(stage, "This thread has been deleted.", user="lin")


async def test_a_channel_without_the_app_is_named_at_its_field(stage: Stage) -> None:
    await stage.slack.command("/scene", "setup", user="maya", channel="general")
    seen = await stage.slack.submit({"name": "Nowhere"}, user="maya")
    assert "Circletake is not in this channel. Invite it" in seen.errors["name"]
    stage.slack.state.modals.clear()
    await stage.slack.command("/scene", "setup", user="maya", channel=TEAM)
    wanted = {"client_channel": stage.slack.room("general").id}
    seen = await stage.slack.submit(wanted, user="maya")
    assert "Circletake is not in this channel. Invite it" in seen.errors["client_channel"]


async def test_elsewhere_without_the_app_commands_and_shortcuts_say_what_to_do(
    stage: Stage,
) -> None:
    seen = await stage.slack.command("/scene", "new", user="jonas", channel="general", wait=2)
    assert "This channel has no production yet" in whispers(seen)
    words = await stage.slack.say("Purpose: here?", user="jonas", channel="general")
    await stage.slack.shortcut("scene_from_thread", user="jonas", channel="general", ts=words.ts)
    assert await on_screen(stage, "This channel has no production yet")


async def test_once_the_app_was_thrown_out_the_channel_says_to_invite_it(stage: Stage) -> None:
    room, bot = stage.slack.room(TEAM), stage.slack.state.app.bot_user_id
    words = await stage.slack.say("Purpose: later", user="jonas", channel=TEAM)
    room.member_ids.discard(bot)
    try:
        seen = await stage.slack.command("/scene", "new", user="jonas", channel=TEAM, wait=2)
        assert "Circletake is not in this channel. Invite it" in whispers(seen)
        await stage.slack.shortcut("scene_from_thread", user="jonas", channel=TEAM, ts=words.ts)
        assert await on_screen(stage, "Circletake is not in this channel")
    finally:
        room.member_ids.add(bot)


async def test_an_expired_trigger_is_told_privately_where_it_happened(stage: Stage) -> None:
    take, card = await posted_take(stage, await stage.open_scene(title="Too slow"))
    await all_shown(stage)
    stage.slack.fail_next("views.open", "expired_trigger_id", times=3)
    seen = await stage.slack.command("/scene", "new", user="jonas", channel=TEAM, wait=2)
    assert "longer than Slack waits. Please try again" in whispers(seen)
    seen = await stage.slack.press("take_reject", channel=TEAM, ts=card.ts, user="jonas", wait=2)
    assert "longer than Slack waits. Please try again" in whispers(seen)
    assert seen.ephemerals[0]["thread_ts"] == card.thread_ts
    seen = await stage.slack.shortcut(
        "scene_from_thread", user="jonas", channel=TEAM, ts=card.thread_ts, wait=2
    )
    assert "longer than Slack waits. Please try again" in whispers(seen)
    assert await _state(stage, take) == "waiting"


async def test_a_press_on_a_decided_take_says_who_decided(stage: Stage) -> None:
    take, card = await posted_take(stage, await stage.open_scene(title="Decided"))
    await all_shown(stage)
    blocks = card.blocks
    await stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="maya")
    await all_shown(stage)
    card.blocks = blocks  # as on a screen that has not caught up
    for action in ("take_approve", "take_reject"):
        seen = await stage.slack.press(action, channel=TEAM, ts=card.ts, user="jonas", wait=2)
        maya = stage.slack.person("maya").id
        assert whispers(seen) == f"T1 is with the client, by <@{maya}>. Nothing was changed."
    assert await _state(stage, take) == "with_client"


async def test_a_code_that_does_not_exist_is_answered_with_where_to_look(stage: Stage) -> None:
    for words in ("show SC990", "log 990", "take nonsense", "approved SC990"):
        seen = await stage.slack.command("/scene", words, user="jonas", channel=TEAM, wait=2)
        assert "`/scene list` shows those there are" in whispers(seen)
    seen = await stage.slack.command("/scene", "note", user="jonas", channel=TEAM, wait=2)
    assert "Say which scene" in whispers(seen)
