"""What stories of the graph share: a scene, a reference, and takes that were made after it."""

import json
from typing import Any

from storage import log as rows
from storage import productions, references, takes
from storage.models import Reference, ReferenceUse, Scene, Take
from tests.factories import a_reference, all_shown, posted_take, scene_of
from tests.stage import TEAM, WORKSPACE, Stage
from tests.workspace.records import Message
from tests.workspace.seen import Seen


async def reference_in(stage: Stage, card: Message, title: str = "Mira", **more: Any) -> Reference:
    """Make an approved reference, cast in the scene of a card."""
    scene = await scene_of(stage, card)
    async with stage.studio.db.begin() as session:
        return await a_reference(session, scene, title, at=stage.studio.clock(), **more)


async def made_after(
    stage: Stage, card: Message, reference: Reference, *, version: int = 1, via: Take | None = None
) -> tuple[Take, Message]:
    """Put a take before the team that used a version of a reference; give it and its card."""
    take, posted = await posted_take(stage, card)
    use = ReferenceUse(
        workspace_id=WORKSPACE, take_id=take.id, reference_id=reference.id, version=version,
        sha256=f"{version:064x}", setup_id=take.setup_id, via_take_id=via.id if via else None,
    )  # fmt: skip
    async with stage.studio.db.begin() as session:
        await references.keep_uses(session, [use])
    return take, posted


async def approved(stage: Stage, card: Message, user: str = "jonas") -> None:
    """Approve the take of a card."""
    await stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user=user, wait=0.3)
    await all_shown(stage)


async def asked(stage: Stage, words: str, user: str = "maya") -> Seen:
    """Type `/scene words`."""
    return await stage.slack.command("/scene", words, user=user, channel=TEAM, wait=2)


def read(seen: Seen) -> str:
    """Give what one person was told."""
    shown = [[each["text"], each.get("blocks")] for each in seen.ephemerals]
    return json.dumps(shown, ensure_ascii=False)


def form_text(seen: Seen) -> str:
    """Give the words of the form that is open."""
    assert seen.view, read(seen)
    return json.dumps(seen.view["blocks"], ensure_ascii=False)


def thread_says(stage: Stage, head: Message, words: str) -> bool:
    """Say whether a line of a scene's thread has these words."""
    mine = [each for each in stage.messages(TEAM) if each.thread_ts == head.ts]
    return any(words in json.dumps([each.text, each.blocks], ensure_ascii=False) for each in mine)


async def logged(stage: Stage, kind: str) -> list[dict[str, Any]]:
    """Give the log's entries of one kind."""
    async with stage.studio.db.read() as session:
        every = [entry async for page in rows.whole(session, WORKSPACE) for entry in page]
    return [json.loads(entry.body) for entry in every if entry.kind == kind]


async def reference_now(stage: Stage, reference: Reference) -> Reference:
    """Give a reference as it is."""
    async with stage.studio.db.read() as session:
        found = await references.get(session, WORKSPACE, reference.id)
    assert found
    return found


async def take_now(stage: Stage, take: Take) -> Take:
    """Give a take as it is."""
    async with stage.studio.db.read() as session:
        found = await takes.get(session, WORKSPACE, take.id)
    assert found
    return found


async def named_again(stage: Stage, scene: Scene, name: str) -> None:
    """Call the production of a scene something else."""
    async with stage.studio.db.begin() as session:
        production = await productions.get(session, WORKSPACE, scene.production_id)
        production.name = name
        session.add(production)


async def circled(stage: Stage, title: str) -> tuple[Message, Scene, Take, Message]:
    """Give a scene's card, the scene, its circle take and that one's card."""
    card = await stage.open_scene(title=title)
    take, posted = await posted_take(stage, card)
    async with stage.studio.db.begin() as session:
        production = await productions.get(session, WORKSPACE, take.production_id)
        production.client_channel_id = None
        session.add(production)
    await approved(stage, posted)
    return card, await scene_of(stage, card), await take_now(stage, take), posted
