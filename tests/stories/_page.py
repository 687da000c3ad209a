"""Sequences with pages, for the stories about them."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from sqlmodel import col, func, select

from bot.page_keeper import keep_due
from storage import productions, sequences
from storage.models import (
    Export,
    Page,
    Placement,
    Production,
    Scene,
    Sequence,
    Take,
    Use,
)
from tests.factories import a_picture, a_reference, all_shown, kept, posted_take, scene_of
from tests.stage import TEAM, WORKSPACE, Stage
from tests.workspace.records import Canvas, Json, Message
from tests.workspace.seen import Seen

ROOT = Path(__file__).resolve().parents[2]
Known = dict[str, Any]
JOB = "Mira decides to stay."
BOOK = """
name: Aurora rules
constraints:
  - kind: disclosure
    text: Label as made with generative AI
    source: House guide
"""


async def circletake(stage: Stage, *words: str | Path) -> tuple[int, str]:
    """Type a command as the operator does, beside the running app."""
    settings = stage.studio.settings
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *map(str, words),
        cwd=settings.data,
        env={
            "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "CIRCLETAKE_DATA": str(settings.data),
            "CIRCLETAKE_DATABASE_URL": settings.database_url,
        },
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await child.communicate()
    return child.returncode or 0, out.decode()


async def current(stage: Stage) -> None:
    """Wait until no page is due, whoever brings it up to date."""
    due = select(func.count()).select_from(Page).where(col(Page.due_at).is_not(None))
    async with asyncio.timeout(20):
        while True:
            await stage.app.house.settle()
            await keep_due(stage.studio)
            async with stage.studio.db.read() as session:
                if not (await session.exec(due)).one():
                    break
            await asyncio.sleep(0.05)
    await all_shown(stage)


async def asked(stage: Stage, words: str = "page SQ010", user: str = "jonas") -> str:
    """Ask for a page; give all that was whispered."""
    seen: Seen = await stage.slack.command("/scene", words, user=user, channel=TEAM, wait=8)
    return json.dumps([[each["text"], each.get("blocks")] for each in seen.ephemerals])


async def production_of(stage: Stage) -> Production:
    async with stage.studio.db.read() as session:
        [production] = await productions.every(session, WORKSPACE)
    return production


async def told_job(stage: Stage, job: str = JOB) -> Sequence:
    """Write the sequence's story job and rules into the records, as its form does."""
    async with stage.studio.db.begin() as session:
        [production] = await productions.every(session, WORKSPACE)
        [sequence] = await sequences.every(session, production)
        sequence.title, sequence.story_job = "The rooftop", job
        sequence.visual_rules = "Dawn, never dusk"
        session.add(sequence)
    return sequence


async def a_page(stage: Stage) -> tuple[Scene, Take, Message, Canvas]:
    """Set up a production with a scene, a take before the team and a page; give them."""
    await stage.set_up(client=False)
    opened = await stage.open_scene(title="Rooftop opener")
    scene = await scene_of(stage, opened)
    take, card = await posted_take(stage, opened)
    sequence = await told_job(stage)
    async with stage.studio.db.begin() as session:
        await a_reference(session, scene, "Mira", at=stage.studio.clock())
    await asked(stage, f"page {sequence.code}")
    await current(stage)
    [canvas] = stage.slack.canvases(TEAM)
    return scene, take, card, canvas


def edits(feed: asyncio.Queue[Json]) -> int:
    """Count how often a canvas was changed since the feed began."""
    changes = [feed.get_nowait() for _ in range(feed.qsize())]
    return sum(each["kind"] == "canvas.changed" for each in changes)


async def exported(stage: Stage, scene: Scene, take: Take) -> None:
    """Put an export with a placement, and a reference with a real picture, into the records."""
    now, picture = stage.studio.clock(), await kept(stage, a_picture())
    known: Known = {"workspace_id": WORKSPACE, "production_id": scene.production_id}
    export = Export(
        **known, scene_id=scene.id, take_id=take.id, number=1, path="master.mov", sha256="1" * 64,
        exported_by=take.ordered_by, exported_at=now,
    )  # fmt: skip
    placed = Placement(
        **known, export_id=export.id, use=Use.LANDING_PAGE_HERO, title="The hero",
        url="https://example.com/hero", placed_on=now.date(), placed_by="U", placed_at=now,
    )  # fmt: skip
    async with stage.studio.db.begin() as session:
        await a_reference(session, scene, "The lamp", at=now, sha256=picture)
        session.add(export)
        await session.flush()
        session.add(placed)
