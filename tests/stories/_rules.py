"""What stories about rules share: a book that counts, an order, and what somebody was shown."""

import json

from sqlmodel import col, select

from bot.people import Actor
from bot.rules import Text, write
from storage import productions
from storage._types import new_id
from storage.models import Entry, RuleBook
from storage.rules import newest
from tests.factories import newest_scene
from tests.stage import TEAM, WORKSPACE, Stage
from tests.workspace.records import Json, Message
from tests.workspace.seen import Seen


def shown_to(seen: Seen) -> str:
    """Read what one person was whispered."""
    return json.dumps(
        [[each["text"], each.get("blocks")] for each in seen.ephemerals], ensure_ascii=False
    )


def form_of(seen: Seen) -> str:
    """Read the form on somebody's screen."""
    assert seen.view, seen
    return json.dumps(seen.view["blocks"], ensure_ascii=False)


def first_value(seen: Seen, block_id: str) -> str:
    """Read what stands in a field of the form at first."""
    assert seen.view, seen
    [block] = [each for each in seen.view["blocks"] if each.get("block_id") == block_id]
    return str(block["element"].get("initial_value", ""))


async def said(stage: Stage, words: str, *, user: str = "maya") -> Seen:
    """Type `/scene words`."""
    return await stage.slack.command("/scene", words, user=user, channel=TEAM, wait=2)


async def written(stage: Stage, body: str, *, user: str = "maya") -> RuleBook:
    """Keep a rule book without its form."""
    actor = Actor(WORKSPACE, stage.slack.person(user).id, WORKSPACE)
    where = stage.slack.room(TEAM).id
    made = await write(stage.studio, actor, Text(body), channel_id=where, key=f"test:{new_id()}")
    assert made
    return made


async def counting(stage: Stage) -> RuleBook | None:
    """Give the edition that counts in the only production."""
    async with stage.studio.db.read() as session:
        [production] = await productions.every(session, WORKSPACE)
        return await newest(session, production)


async def order_form(stage: Stage, card: Message, *, user: str = "lin") -> Seen:
    """Open the order form with the scene's button."""
    seen = await stage.slack.press("scene_order", channel=TEAM, ts=card.ts, user=user, wait=2)
    assert seen.view, seen
    return seen


async def facts_of(stage: Stage, kind: str) -> list[Json]:
    """Read the log's entries of one kind, oldest first."""
    wanted = select(Entry).where(Entry.workspace_id == WORKSPACE, Entry.kind == kind)
    async with stage.studio.db.read() as session:
        found = (await session.exec(wanted.order_by(col(Entry.seq)))).all()
    return [json.loads(each.body) for each in found]


async def taken(stage: Stage) -> int:
    """Count the takes of the newest scene."""
    scene = await newest_scene(stage)
    return len([each for each in await stage.takes() if each.scene_id == scene.id])
