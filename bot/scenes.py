"""Open a scene, find the one that is meant, and note what is said about it."""

import re
from datetime import datetime
from typing import Any

from bot import board, log
from bot.backgrounds import explained, sequence_named
from bot.crew import Power, must, production_in
from bot.errors import BadForm, NotNow
from bot.people import Actor
from bot.proposals import propose_pictures
from bot.scene_form import CHANGEABLE, KEPT, PLANNED, SceneForm, problems_in, standing_form
from bot.studio import Studio
from storage import Session, deliveries, productions, scenes, sequences
from storage.models import Note, Production, Scene, Shot


async def open_scene(
    studio: Studio, actor: Actor, form: SceneForm, *, channel_id: str, key: str
) -> Scene | None:
    """Open a scene with its first shot; None if this delivery had its effect already.

    Raises BadForm with a sentence per field, NotAllowed, or NotNow without a production.
    """
    if problems := problems_in(form):
        raise BadForm(problems)
    now = studio.clock()
    async with studio.db.begin() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.SCENE, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        scene = await _new_scene(session, actor, production, form=form, studio=studio)
        await board.show_scene(session, scene, at=now)
        await _record_opening(session, scene, form, actor=actor, studio=studio)
    studio.bell.ring()
    return scene


async def _new_scene(
    session: Session, actor: Actor, production: Production, *, form: SceneForm, studio: Studio
) -> Scene:
    await scenes.hold(session, production)
    sequence = await sequence_named(session, production, form.sequence)
    kept: dict[str, Any] = {name: getattr(form, name).strip() for name in KEPT}
    scene = Scene(
        **kept,
        workspace_id=actor.workspace_id,
        production_id=production.id,
        sequence_id=sequence.id,
        number=await scenes.next_number(session, production),
        channel_id=production.channel_id,
        thread_ts=form.thread_ts,
        salt=log.new_salt(),
        opened_by=actor.user_id,
        opened_at=studio.clock(),
    )
    await explained(session, production, scene)
    session.add(scene)
    await session.flush()
    session.add(_first_shot(scene, form))
    await session.flush()
    pictures = [file for file in form.files if file.may_be_a_picture]
    await propose_pictures(session, actor, scene, pictures, at=studio.clock())
    return scene


def _first_shot(scene: Scene, form: SceneForm) -> Shot:
    return Shot(
        workspace_id=scene.workspace_id,
        scene_id=scene.id,
        number=10,
        action=form.action.strip(),
        framing=form.framing.strip(),
        camera=form.camera.strip(),
        seconds=form.seconds,
        ratio=form.ratio,
    )


async def _record_opening(
    session: Session, scene: Scene, form: SceneForm, *, actor: Actor, studio: Studio
) -> None:
    await log.record(
        session,
        "scene.opened",
        workspace_id=scene.workspace_id,
        actor=actor,
        at=studio.clock(),
        about=log.about_scene(scene),
        facts={
            "code": scene.code,
            "from_thread": form.thread_ts is not None,
            "references": len(form.files),
            "purpose": log.commitment(scene.purpose, scene.salt),
        },
    )


async def may_change(studio: Studio, actor: Actor, scene: Scene) -> SceneForm:
    """Give the form as it stands to whoever may change it. Raises NotAllowed."""
    async with studio.db.read() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        await must(session, Power.SCENE, actor, production=production)
        shots = await scenes.shots(session, scene)
        sequence = await sequences.get(session, scene.workspace_id, scene.sequence_id)
    return standing_form(scene, shots[0], sequence)


async def change_scene(
    studio: Studio, actor: Actor, form: SceneForm, *, scene_id: str, key: str
) -> None:
    """Correct a scene, once; takes that were ordered keep the setup they were ordered with.

    Raises BadForm with a sentence per field, or NotAllowed.
    """
    if problems := problems_in(form):
        raise BadForm(problems)
    now = studio.clock()
    async with studio.db.begin() as session:
        scene = await scenes.get(session, actor.workspace_id, scene_id)
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        await must(session, Power.SCENE, actor, production=production)
        shot = await scenes.hold_shot(
            session, scene.workspace_id, (await scenes.shots(session, scene))[0].id
        )
        sequence = await sequences.get(session, scene.workspace_id, scene.sequence_id)
        changed = _changed(standing_form(scene, shot, sequence), form)
        if not changed or not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return
        if "sequence" in changed:
            scene.sequence_id = (await sequence_named(session, production, form.sequence)).id
        for name in {*changed} - {"sequence"}:
            setattr(shot if name in PLANNED else scene, name, getattr(form, name))
        await explained(session, production, scene)
        await scenes.change(session, scene, shot)
        await board.show_scene(session, scene, at=now)
        await _record_change(session, scene, form, changed, actor=actor, at=now)
    studio.bell.ring()


def _changed(standing: SceneForm, form: SceneForm) -> list[str]:
    names = [*CHANGEABLE, *PLANNED, *(["sequence"] if form.sequence else [])]
    return [name for name in names if getattr(form, name) != getattr(standing, name)]


async def _record_change(
    session: Session,
    scene: Scene,
    form: SceneForm,
    changed: list[str],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    texts = {name: getattr(form, name) for name in changed}
    await log.record(
        session, "scene.changed", workspace_id=scene.workspace_id, actor=actor, at=at,
        about=log.about_scene(scene),
        facts={
            "fields": ", ".join(name.replace("_", " ") for name in changed),
            "now": {name: log.commitment(str(text), scene.salt) for name, text in texts.items()},
        },
    )  # fmt: skip


_CODE = re.compile(r"^(?:SC)?0*(\d{1,6})$", re.IGNORECASE)


async def scene_meant(
    session: Session, workspace_id: str, *, channel_id: str, thread_ts: str | None, code: str
) -> Scene:
    """Find the scene that somebody means, by its code or by the thread they are in.

    Raises NotNow with what to type instead.
    """
    production = await production_in(session, workspace_id, channel_id)
    if code:
        number = _CODE.match(code)
        scene = number and await scenes.by_number(session, production, int(number[1]))
        if not scene:
            raise NotNow(f"There is no scene {code} here. `/scene list` shows those there are.")
        return scene
    if thread_ts:
        scene = await scenes.of_thread(session, workspace_id, channel_id, thread_ts)
        if scene:
            return scene
    raise NotNow("Say which scene: `SC010`, for example. `/scene list` shows those there are.")


async def add_note(studio: Studio, actor: Actor, scene: Scene, *, text: str, key: str) -> None:
    """Note what somebody says about a scene, once."""
    if not text.strip():
        raise NotNow("Write the note behind the word: `note the lamps are too bright`.")
    now, salt = studio.clock(), log.new_salt()
    async with studio.db.begin() as session:
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return
        note = Note(
            workspace_id=scene.workspace_id,
            scene_id=scene.id,
            text=text.strip(),
            salt=salt,
            by=actor.user_id,
            at=now,
        )
        session.add(note)
        await log.record(
            session,
            "note.added",
            workspace_id=scene.workspace_id,
            actor=actor,
            at=now,
            about=log.about_scene(scene),
            facts={"note": note.id, "text": log.commitment(note.text, salt)},
        )
