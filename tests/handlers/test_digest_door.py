"""A digest in Slack: it is posted with its menu, and the menu, the form and the command work."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.digests import send_owed
from storage.models import Scene, Setup, Shot, Subscription, Take, TakeState
from tests.stage import TEAM, WORKSPACE, Stage, whispers
from tests.workspace.records import Message
from tests.workspace.seen import Seen


@pytest.fixture
async def stage(quick_stage: Stage) -> Stage:
    await quick_stage.set_up(client=False)
    return quick_stage


async def waiting_take(stage: Stage) -> None:
    """Put a take before the team, without the film that nobody looks at here."""
    await stage.open_scene()
    async with stage.studio.db.begin() as session:
        shot = (await session.exec(select(Shot))).one()
        scene = (await session.exec(select(Scene))).one()
        setup = Setup(workspace_id=WORKSPACE, sha256="0" * 64, body="{}", engine="animatic")
        session.add(setup)
        await session.flush()
        session.add(
            Take(
                workspace_id=WORKSPACE, production_id=scene.production_id, scene_id=scene.id,
                shot_id=shot.id, setup_id=setup.id, number=1, state=TakeState.WAITING,
                engine="animatic", ordered_by=scene.opened_by, ordered_at=stage.studio.clock(),
                ready_at=stage.studio.clock(),
            )
        )  # fmt: skip


async def posted_digest(stage: Stage) -> Message:
    """Let it be tomorrow evening, and give the digest that is in the channel then."""
    await waiting_take(stage)
    now = stage.studio.clock()
    evening = now.replace(hour=18) + timedelta(days=1)
    before = len(stage.messages(TEAM))
    await send_owed(replace(stage.studio, clock=lambda: evening))
    [digest, *_] = stage.messages(TEAM)[before:]
    return digest


async def settings(stage: Stage) -> Subscription:
    async with stage.studio.db.read() as session:
        wanted = select(Subscription).where(Subscription.channel_id == stage.slack.room(TEAM).id)
        return (await session.exec(wanted)).one()


async def test_the_menu_on_a_digest_stops_it_and_says_how_to_undo_that(stage: Stage) -> None:
    """Lin was an editor, and is not any more."""
    digest = await posted_digest(stage)
    assert "1 thing waits for your yes or no" in digest.text
    value = f"off:{(await settings(stage)).id}"
    await stage.slack.command("/scene", "setup", user="maya", channel=TEAM)
    await stage.slack.submit({"editor": []}, user="maya")
    stranger = await stage.slack.press(
        "digest_prefs", channel=TEAM, ts=digest.ts, user="lin", value=value, wait=2
    )
    assert "Only the crew of Aurora launch may change this digest." in whispers(stranger)
    assert (await settings(stage)).daily
    seen = await stage.slack.press(
        "digest_prefs", channel=TEAM, ts=digest.ts, user="jonas", value=value, wait=2
    )
    assert whispers(seen) == "The digest is stopped. `/scene digest on` starts it again."
    assert not (await settings(stage)).daily


async def test_the_form_changes_time_and_zone_and_refuses_a_zone_that_is_none(
    stage: Stage,
) -> None:
    digest = await posted_digest(stage)
    seen = await stage.slack.press(
        "digest_prefs", channel=TEAM, ts=digest.ts, user="jonas",
        value=f"time:{(await settings(stage)).id}", wait=2,
    )  # fmt: skip
    assert seen.view, seen
    refused = await stage.slack.submit({"zone": "Mars"}, user="jonas")
    assert refused.errors == {"zone": "Mars is no time zone; write it like Europe/Berlin."}
    wanted = {"at": "17:45", "zone": "kathmandu", "rhythm": "both", "weekday": "4"}
    seen = await stage.slack.submit(wanted, user="jonas", wait=2)
    assert not seen.errors
    assert whispers(seen).startswith(
        "The digest comes every day at 17:45 (Asia/Kathmandu), and on Fridays for the week."
    )


async def test_the_command_shows_the_digest_and_changes_it(stage: Stage) -> None:
    async def said(text: str) -> Seen:
        return await stage.slack.command("/scene", text, user="jonas", channel=TEAM)

    assert "There is nothing to tell about today yet" in str((await said("digest")).ephemerals)
    await waiting_take(stage)
    shown = str((await said("digest")).ephemerals)
    assert "The digest comes every day at 09:00" in shown
    assert "1 thing waits for your yes or no" in shown
    assert "Only the weekly digest comes" in whispers(await said("digest weekly"))
    assert "The digest pauses until" in whispers(await said("digest pause"))
    assert "The digest comes every day" in whispers(await said("digest on"))
    assert "`/scene digest me off` stops it." in whispers(await said("digest me"))
    assert "There is no `digest hourly`." in whispers(await said("digest hourly"))
    assert (await said("digest time")).view
