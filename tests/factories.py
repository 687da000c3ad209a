"""Records made straight in the database, where a story is about what follows from them."""

import asyncio
import io
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image
from sqlmodel import col, func, select

from bot import board
from bot.fitting import Order
from bot.intent import ground_of
from bot.rulebook import EMPTY
from bot.setups import compiled, plan_for
from engines.animatic import Animatic
from storage import Session, castings, productions, references, scenes, takes
from storage._types import new_id
from storage.models import (
    Card,
    FileForm,
    Production,
    Reference,
    ReferenceFile,
    ReferenceStatus,
    ReferenceVersion,
    Role,
    Scene,
    Sequence,
    Shot,
    Take,
    TakeState,
)
from tests.bot._clips import drawn
from tests.stage import TEAM, WORKSPACE, Stage, elements
from tests.workspace.records import Message


async def a_production(session: Session, *, at: Any, **values: Any) -> Production:
    """Make a production owned by one person."""
    known: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "name": "Aurora launch",
        "channel_id": f"C{new_id()[-10:]}",
        "opened_by": "U0MAYA00001",
        "opened_at": at,
    }
    made = Production(**known | values)
    session.add(made)
    await session.flush()
    await productions.cast(session, made, Role.OWNER, {made.opened_by})
    return made


async def a_scene(session: Session, production: Production, **values: Any) -> Scene:
    """Make a scene with one shot."""
    sequence: Sequence = await scenes.first_sequence(session, production)
    known: dict[str, Any] = {
        "workspace_id": production.workspace_id,
        "production_id": production.id,
        "sequence_id": sequence.id,
        "number": await scenes.next_number(session, production),
        "title": "Rooftop opener",
        "purpose": "Mira decides to leave.",
        "salt": "00",
        "channel_id": production.channel_id,
        "opened_by": production.opened_by,
        "opened_at": production.opened_at,
    }
    scene = Scene(**known | values)
    session.add(scene)
    await session.flush()
    session.add(Shot(workspace_id=scene.workspace_id, scene_id=scene.id, number=10, seconds=1))
    await session.flush()
    return scene


async def a_take(session: Session, scene: Scene, *, at: Any, **values: Any) -> Take:
    """Make the next take of a scene's first shot, waiting for the team."""
    [shot, *_] = await scenes.shots(session, scene)
    shot.takes_made += 1
    session.add(shot)
    order = Order("animatic", seconds=1, ratio="16:9")
    plan = plan_for(Animatic(Path("work")), order, ())
    ground = ground_of(scene, (), EMPTY)
    wanted = compiled(scene, shot, plan, ground=ground, seed=shot.takes_made)
    setup = await takes.keep_setup(session, wanted)
    known: dict[str, Any] = {
        "workspace_id": scene.workspace_id,
        "production_id": scene.production_id,
        "scene_id": scene.id,
        "shot_id": shot.id,
        "setup_id": setup.id,
        "number": shot.takes_made,
        "state": TakeState.WAITING,
        "engine": "animatic",
        "ordered_by": scene.opened_by,
        "ordered_at": at,
        "ready_at": at,
        "seconds": 1.0,
        "sha256": f"{shot.takes_made:064x}",
    }
    take = Take(**known | values)
    session.add(take)
    await session.flush()
    return take


async def a_reference(
    session: Session, scene: Scene, title: str = "Mira", *, at: Any, sha256: str = "", **values: Any
) -> Reference:
    """Make an approved reference with one picture, cast in a scene."""
    production = await productions.get(session, scene.workspace_id, scene.production_id)
    known: dict[str, Any] = {
        "workspace_id": scene.workspace_id,
        "production_id": production.id,
        "number": await references.next_number(session, production),
        "title": title,
        "status": ReferenceStatus.APPROVED,
        "proposed_by": scene.opened_by,
        "proposed_at": at,
    }
    made = Reference(**known | values)
    session.add(made)
    await session.flush()
    await a_version(session, made, at=at, sha256=sha256 or f"{made.number:064x}")
    await castings.cast(session, scene, made.id)
    return made


async def a_version(session: Session, reference: Reference, *, at: Any, sha256: str) -> None:
    """Make the version of a reference that it counts, with one picture that has been fetched."""
    version = ReferenceVersion(
        workspace_id=reference.workspace_id,
        reference_id=reference.id,
        number=reference.version,
        made_by=reference.proposed_by,
        made_at=at,
    )
    session.add(version)
    await session.flush()
    session.add(
        ReferenceFile(
            workspace_id=reference.workspace_id,
            production_id=reference.production_id,
            version_id=version.id,
            position=1,
            name=f"{reference.title}.jpg",
            form=FileForm.PICTURE,
            sha256=sha256,
        )
    )
    await session.flush()


def a_picture(size: tuple[int, int] = (64, 36), form: str = "JPEG") -> bytes:
    """Draw a small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (180, 90, 60)).save(out, form)
    return out.getvalue()


@cache
def _clip() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        drawn(path, "testsrc2=r=24:s=320x180:d=0.5")
        return path.read_bytes()


async def scene_of(stage: Stage, card: Message) -> Scene:
    """Find the scene whose card this is."""
    [element] = [
        each
        for block in card.blocks
        for each in block.get("elements", [])
        if each.get("action_id") == "scene_order"
    ]
    async with stage.studio.db.read() as session:
        return await scenes.get(session, WORKSPACE, element["value"])


async def newest_scene(stage: Stage) -> Scene:
    """Find the scene that was opened last in the only production."""
    async with stage.studio.db.read() as session:
        [production] = await productions.every(session, WORKSPACE)
        [found] = await scenes.of_production(session, production, last=1)
    return found


async def posted_take(stage: Stage, card: Message) -> tuple[Take, Message]:
    """Put a take with real files before the team without rendering it; give it and its card."""
    scene, now = await scene_of(stage, card), stage.studio.clock()
    original = await kept(stage, _clip())
    files = {"sha256": original, "proxy_sha256": original, "sheet_sha256": None}
    files["poster_sha256"] = await kept(stage, a_picture((320, 180)))
    files["sheet_sha256"] = files["poster_sha256"]
    async with stage.studio.db.begin() as session:
        take = await a_take(session, scene, at=now, **files)
        await board.show_take(session, scene, take, at=now)
        await board.show_video(session, scene, take, at=now)
        await board.redraw_take(session, take, at=now)
    stage.studio.bell.ring()
    posted = await stage.slack.until(lambda _: _card_of(stage, take), seconds=20)
    assert posted
    return take, posted


async def kept(stage: Stage, data: bytes) -> str:
    """Keep a file as the app does; give its hash."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return await stage.studio.files.keep(Path(file.name))


async def all_shown(stage: Stage) -> None:
    """Wait until Slack shows everything, videos included."""
    stale = select(func.count()).select_from(Card).where(col(Card.stale).is_(True))
    async with asyncio.timeout(20):
        while True:
            await stage.settled()
            async with stage.studio.db.read() as session:
                if not (await session.exec(stale)).one():
                    return
            await asyncio.sleep(0.05)


def _card_of(stage: Stage, take: Take) -> Message | None:
    for each in stage.messages(TEAM):
        if "take_approve" in elements(each) and any(
            element.get("value") == take.id
            for block in each.blocks
            for element in block.get("elements", [])
        ):
            return each
    return None
