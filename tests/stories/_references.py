"""What stories about references share: pictures that are like no other, and what was logged."""

import io
import json
from typing import Any

from PIL import Image, ImageDraw
from sqlmodel import select

from bot.references import fetch_proposed
from storage import productions, references
from storage.models import Entry, Production
from storage.references import Asset
from tests.factories import all_shown
from tests.stage import TEAM, WORKSPACE, Stage
from tests.workspace.records import Message
from tests.workspace.seen import Seen
from tests.workspace.talking import Attached

SHORTCUT = "reference_from_message"


def a_face(seed: int, size: tuple[int, int] = (320, 240), form: str = "JPEG") -> bytes:
    """Draw a picture that is like no other of another seed, whatever its size."""
    width, height = size
    image = Image.new("RGB", size, (240, 236, 228))
    draw = ImageDraw.Draw(image)
    for count in range(6):
        place = (seed * 7919 + count * 104729) % 997 / 997
        other = (seed * 15485863 + count * 32452843) % 991 / 991
        shade = (int(250 * place), int(40 + 150 * other), (seed * 53 + count * 31) % 256)
        corner = place * width * 0.7, other * height * 0.7
        draw.ellipse((*corner, corner[0] + width * 0.4, corner[1] + height * 0.4), shade)
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def told(seen: Seen) -> str:
    """Read what one person was whispered."""
    blocks = [[each["text"], each.get("blocks")] for each in seen.ephemerals]
    return json.dumps(blocks, ensure_ascii=False)


async def entries(stage: Stage, kind: str) -> list[dict[str, Any]]:
    async with stage.studio.db.read() as session:
        found = (await session.exec(select(Entry).where(Entry.kind == kind))).all()
    return [json.loads(each.body) for each in found]


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
