"""Requests that are not Slack's, and records that cannot be written just now."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from sqlalchemy import text

from bot.settings import BadSettings, read
from storage import log, productions
from storage.models import TakeState
from tests.factories import all_shown, posted_take
from tests.stage import TEAM, WORKSPACE, Stage, opened, whispers
from tests.workspace.records import Json, Message
from tests.workspace.seen import Seen

BUSY = "The records are busy. See whether it was done after all before you try again."
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def by_http(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened(sqlite_url, tmp_path, socket=False) as stage:
        yield stage


async def sent(stage: Stage, body: bytes, headers: dict[str, str], kind: str) -> int:
    """Send what somebody else made to the app's request URL; give the status."""
    assert stage.slack.request_url
    told = headers | {"Content-Type": kind}
    async with (
        aiohttp.ClientSession() as session,
        session.post(stage.slack.request_url, data=body, headers=told) as answer,
    ):
        return answer.status


def setup_form(stage: Stage) -> bytes:
    """Take the setup form that Maya has just sent, as it went over the wire."""
    [form] = [each for each in stage.slack.deliveries if each.body.get("type") == "view_submission"]
    return urlencode({"payload": json.dumps(form.body)}).encode()


async def facts(stage: Stage) -> Json:
    async with stage.studio.db.read() as session:
        made = await productions.every(session, WORKSPACE)
        return {"names": [each.name for each in made], "entries": await log.counted(session)}


async def test_forged_late_and_replayed_requests_change_nothing(by_http: Stage) -> None:
    stage, delivery = by_http, by_http.slack.hub.delivery
    await stage.set_up()
    body = setup_form(stage)
    before = await facts(stage)
    forged = body.replace(b"Aurora+launch", b"Mine+now")
    assert forged != body
    late = delivery.signed(forged, at=time.time() - 3600)
    early = delivery.signed(forged, at=time.time() + 3600)
    others = delivery.signed(body)  # a true signature, of other bytes
    wrong = delivery.signed(forged) | {"X-Slack-Signature": "v0=" + "0" * 64}
    for headers in (late, early, others, wrong, {}):
        assert await sent(stage, forged, headers, FORM) in {401, 403}
    assert await sent(stage, body, delivery.signed(body), FORM) == 200  # replayed in time
    assert await facts(stage) == before


async def test_what_is_signed_but_makes_no_sense_is_refused_and_the_app_goes_on(
    by_http: Stage,
) -> None:
    stage = by_http
    for body, kind in (
        (b"{not json", "application/json"),
        (b"payload=%7Bnot", FORM),
        (b"", FORM),
        (b"\xff\xfe\x00", "application/json"),
        (b'{"type": "event_callback", "event": {}}', "application/json"),
    ):
        assert await sent(stage, body, stage.slack.hub.delivery.signed(body), kind) >= 400
    await stage.set_up()
    seen = await stage.slack.command("/scene", "list", user="sam", channel=TEAM, wait=2)
    assert "No scenes yet" in whispers(seen)


async def everybody_tries(stage: Stage, card: Message) -> tuple[Seen, Seen, Seen, Seen]:
    """Press, send a form, read and react while the records are locked."""
    pressed = asyncio.create_task(
        stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas", wait=1)
    )
    wanted: Json = {"title": "While locked", "purpose": "To be kept."}
    form = asyncio.create_task(stage.slack.submit(wanted, user="jonas"))
    listed = await stage.slack.command("/scene", "list", user="sam", channel=TEAM, wait=1)
    reacted = await stage.slack.react("fire", ts=card.ts, channel=TEAM, user="lin")
    return await pressed, await form, listed, reacted


async def test_records_locked_by_somebody_else_are_told_in_time_and_nothing_is_lost(
    quick_stage: Stage, sqlite_url: str
) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    take, card = await posted_take(stage, await stage.open_scene())
    await all_shown(stage)
    await stage.slack.command("/scene", "new", user="jonas", channel=TEAM)

    with closing(another(sqlite_url)) as other:
        other.execute("BEGIN IMMEDIATE")
        pressed, form, listed, reacted = await everybody_tries(stage, card)
        other.rollback()
    assert pressed.ms < 3000
    assert whispers(pressed) == BUSY
    assert form.errors == {"title": BUSY}
    assert "Rooftop opener" in json.dumps(listed.ephemerals)  # reading needs no lock
    assert not reacted.ok  # so that Slack brings it again

    await stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    assert (await stage.slack.submit({}, user="jonas")).is_closed
    await all_shown(stage)
    assert (await stage.take_in(TakeState.APPROVED)).id == take.id
    with closing(another(sqlite_url)) as other:
        told = [kind for (kind,) in other.execute("SELECT kind FROM entry")]
    assert [told.count(kind) for kind in ("take.approved", "reaction.added", "scene.opened")] == [
        1, 1, 2,
    ]  # fmt: skip


def another(url: str) -> sqlite3.Connection:
    """Open the records as another process does."""
    return sqlite3.connect(url.removeprefix("sqlite:///"))


async def pragma(stage: Stage, name: str, value: int = 0) -> int:
    """Read or set something of the connection that the app writes with."""
    async with stage.studio.db.begin() as session:
        return await session.scalar(text(f"PRAGMA {name}={value}" if value else f"PRAGMA {name}"))


async def test_a_full_disk_is_told_and_what_was_there_stays(quick_stage: Stage) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    scene = await stage.open_scene()
    await all_shown(stage)
    await pragma(stage, "max_page_count", await pragma(stage, "page_count"))
    await stage.slack.command("/scene", "new", user="jonas", channel=TEAM)
    wanted: Json = {"title": "No room", "purpose": "p" * 3000, "brief": "b" * 3000}
    seen = await stage.slack.submit(wanted, user="jonas")
    for _ in range(10):
        if seen.errors:
            break
        await stage.slack.command("/scene", "new", user="jonas", channel=TEAM)
        seen = await stage.slack.submit(wanted, user="jonas")
    assert "The disk that holds the records is full. Nothing was changed" in str(seen.errors)
    listed = await stage.slack.command("/scene", "list", user="sam", channel=TEAM, wait=2)
    assert "Rooftop opener" in json.dumps(listed.ephemerals)

    await pragma(stage, "max_page_count", 1_000_000)
    assert (await stage.slack.submit({}, user="jonas")).is_closed
    await all_shown(stage)
    assert scene.ts in {each.ts for each in stage.messages(TEAM)}


async def test_records_behind_the_app_are_named_with_what_to_type(
    quick_stage: Stage, sqlite_url: str
) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    with closing(another(sqlite_url)) as other:
        other.execute("ALTER TABLE scene RENAME COLUMN feeling TO mood")
    await stage.slack.command("/scene", "new", user="jonas", channel=TEAM)
    wanted: Json = {"title": "Too new", "purpose": "To wait."}
    seen = await stage.slack.submit(wanted, user="jonas")
    assert "`circletake db upgrade`" in seen.errors["title"]
    with closing(another(sqlite_url)) as other:
        other.execute("ALTER TABLE scene RENAME COLUMN mood TO feeling")
    assert (await stage.slack.submit({}, user="jonas")).is_closed


def test_a_wrong_setting_is_named_with_its_default() -> None:
    with pytest.raises(BadSettings) as wrong:
        read({"CIRCLETAKE_PORT": "http", "CIRCLETAKE_LOG_FORMAT": "xml"})
    lines = str(wrong.value).splitlines()
    assert any("CIRCLETAKE_PORT is 'http'" in line and "3000" in line for line in lines)
    assert any("CIRCLETAKE_LOG_FORMAT is 'xml'" in line and "json" in line for line in lines)
