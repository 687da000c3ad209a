"""The drill: an engine is switched off for good, and every record of its work is still whole."""

import json
from pathlib import Path

from bot.app import open_app
from storage.files import sha256_of
from storage.models import Take, TakeState
from tests.factories import all_shown
from tests.sandbox import Sandbox
from tests.stage import TEAM, settings_for
from tests.stories._engines import Engines, blocks_of, keys, prompt_in, told
from tests.workspace.records import Message
from tests.workspace.seen import Seen
from tests.workspace.server import SmallSlack


async def whispered(stage: Engines, text: str) -> str:
    """Ask with a slash command; give all that is answered, forms included."""
    seen: Seen = await stage.slack.command("/scene", text, user="jonas", channel=TEAM, wait=5)
    return json.dumps([seen.ephemerals, seen.view], ensure_ascii=False)


async def chosen(stage: Engines, card: Message, what: str) -> str:
    """Choose from a take's menu; give what is answered."""
    seen = await stage.slack.press(
        "take_more", channel=TEAM, ts=card.ts, user="jonas", value=what, wait=5
    )
    assert seen.ok, seen
    return json.dumps([seen.ephemerals, seen.messages, seen.view], ensure_ascii=False)


ONLY = ("runway", "google_veo")


async def test_an_engine_that_is_switched_off_harms_no_record_and_its_work_goes_on_elsewhere(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        SmallSlack(rate_limits=False, retry_delays=(0.0, 0.05, 0.05)) as slack,
        Sandbox(latency=0.1, only=ONLY) as sandbox,
    ):
        both = keys(sandbox, tmp_path, only=ONLY)
        one = {name: value for name, value in both.items() if not name.startswith("RUNWAY")}
        on = settings_for(slack, database_url, tmp_path, socket=True, engines=both)
        off = on.model_copy(update={"engine_variables": one})
        async with open_app(on) as app:
            card, running = await _under_way(Engines(slack, app, sandbox))
        async with open_app(off) as app:
            stage = Engines(slack, app, sandbox)
            assert "runway" not in stage.studio.engines
            await _everything_is_whole(stage, card)
            await _handed_to_a_person(stage, running)
            await _ordered_elsewhere(stage, card)
        async with open_app(on) as app:
            await _goes_on_by_its_id(Engines(slack, app, sandbox), running)


async def _under_way(stage: Engines) -> tuple[Message, Take]:
    """Approve one take of Runway's and leave another in the making; give card and take."""
    await stage.set_up(client=False)
    scene = await stage.scene(must_not_show="crowds")
    approved = await stage.ended(await stage.order(scene, "runway/gen4.5", seed="77"))
    card = await stage.card(approved, "Approve")
    await stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    stage.sandbox.pace.latency = 60
    running = await stage.order(scene, "runway/gen4.5", prompt="Mira, from behind.")
    running = await stage.became(running, TakeState.RENDERING)
    await all_shown(stage)
    return card, running


async def _handed_to_a_person(stage: Engines, running: Take) -> None:
    """Find the one in the making left open, with its id; nothing can be fetched meanwhile."""
    job_id = json.loads(running.handle)["id"]
    handed = await stage.ended(running)
    assert handed.state is TakeState.AMBIGUOUS
    card = await stage.card(handed, "was switched off while it made this", job_id)
    refused = await _named(stage, card, job_id)
    assert "is switched off" in " ".join(refused.errors.values())
    stage.slack.state.modals.clear()


async def _goes_on_by_its_id(stage: Engines, running: Take) -> None:
    """Switched on again, the very job is fetched, and nothing is ordered."""
    job_id = json.loads(running.handle)["id"]
    stage.sandbox.jobs("runway")[-1].finish()
    seen = await _named(stage, await stage.card(running, job_id), job_id)
    assert seen.is_closed, seen.errors
    done = await stage.ended(running)
    assert (done.state, json.loads(done.handle)["id"]) == (TakeState.WAITING, job_id)
    assert len(stage.placed("runway")) == 2


async def _named(stage: Engines, card: Message, job_id: str) -> Seen:
    await stage.slack.press("take_was_placed", channel=TEAM, ts=card.ts, user="jonas")
    return await stage.slack.submit({"job_id": job_id}, user="jonas")


async def _everything_is_whole(stage: Engines, card: Message) -> None:
    """Read the approved take in every way there is, and its bytes."""
    take = await stage.take_in(TakeState.APPROVED)
    assert take.sha256 is not None
    kept = await stage.studio.files.bring(take.sha256, stage.studio.settings.data / "kept")
    assert sha256_of(kept) == take.sha256
    await stage.card(take, "Approved", "gen4.5", "seed 77", take.sha256[:8])
    assert "T1" in await whispered(stage, "log SC010")
    assert "Rooftop opener" in await whispered(stage, "show SC010")
    assert take.sha256[:8] in await whispered(stage, "approved SC010")
    digest = await whispered(stage, "digest")
    assert "1 take made, 1 approved" in digest
    assert "$0.24 spent" in digest
    assert "gen4.5" in await chosen(stage, card, f"setup:{take.id}")
    await chosen(stage, card, f"sheet:{take.id}")
    await stage.slack.until(lambda _: _pictures_whispered(stage), seconds=15)
    stage.slack.state.modals.clear()


def _pictures_whispered(stage: Engines) -> list[Message]:
    """Give the pictures that were shown to one person; other messages may come in between."""
    said = stage.slack.state.messages[stage.slack.room(TEAM).id].values()
    return [
        each
        for each in said
        if each.ephemeral_to and any(block["type"] == "image" for block in each.blocks)
    ]


async def _ordered_elsewhere(stage: Engines, card: Message) -> None:
    """Order the approved take's setup again from the engine that is left, with its losses."""
    take = await stage.take_in(TakeState.APPROVED)
    await chosen(stage, card, f"elsewhere:{take.id}")
    form = await stage.changed("engine", "google_veo/veo-3.1-generate-001")
    assert "Mira decides to leave." in prompt_in(form)
    assert blocks_of(form)["seed"]["element"]["initial_value"] == "77"
    assert "2 s become 4 s: Google Veo makes 4 or 6 or 8 seconds." in told(form)
    stage.sandbox.pace.latency = 0.1
    before = {each.id for each in await stage.takes()}
    seen = await stage.sent()
    assert seen.is_closed, seen.errors
    [made] = [each for each in await stage.takes() if each.id not in before]
    assert (await stage.ended(made)).state is TakeState.WAITING
    [placed] = stage.sandbox.ledger.of("google_veo")
    assert placed.order.prompt
