"""Open a scene, find the one that is meant, and note what is said about it."""

import re
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from bot import board, log
from bot.crew import Power, must, production_in
from bot.errors import BadForm, NotNow
from bot.people import Actor
from bot.ports import SharedFile
from bot.proposals import propose_pictures
from bot.studio import Studio
from storage import Session, deliveries, productions, scenes
from storage.models import Note, Production, Scene, Shot

LONGEST = 3000
"""Slack's limit for a text input; ours too, so that a form can always be opened again."""
_KEPT = (
    "title", "purpose", "change", "feeling", "must_carry", "must_not_show",
    "constraints", "brief", "source_text", "source_link",
)  # fmt: skip
_CHANGEABLE = _KEPT[:-2]
_PLANNED = ("action", "framing", "camera", "seconds", "ratio")
RATIOS = ("16:9", "9:16", "1:1", "4:5", "4:3", "21:9", "2.39:1")


@dataclass(frozen=True)
class SceneForm:
    """What somebody filled in to open a scene."""

    title: str
    purpose: str
    change: str = ""
    feeling: str = ""
    must_carry: str = ""
    must_not_show: str = ""
    constraints: str = ""
    brief: str = ""
    action: str = ""
    framing: str = ""
    camera: str = ""
    seconds: float = 5
    ratio: str = "16:9"
    source_text: str = ""
    source_link: str = ""
    thread_ts: str | None = None
    files: tuple[SharedFile, ...] = field(default=())


def _problems(form: SceneForm) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not form.purpose.strip():
        problems["purpose"] = "Write what this scene is for. No intent, no order."
    if not form.title.strip():
        problems["title"] = "Give the scene a title."
    if len(form.title) > 150:  # noqa: PLR2004 - a header block holds 150 characters
        problems["title"] = f"A title has at most 150 characters; this one has {len(form.title)}."
    if not 1 <= form.seconds <= 60:  # noqa: PLR2004 - what any engine of ours can make
        problems["seconds"] = "A shot is 1 to 60 seconds long."
    if form.ratio not in RATIOS:
        problems["ratio"] = f"Choose one of {', '.join(RATIOS)}."
    return problems | _overlong(form)


def _overlong(form: SceneForm) -> dict[str, str]:
    texts = {each.name: getattr(form, each.name) for each in fields(form)}
    return {
        name: f"At most {LONGEST:,} characters fit here; this has {len(text):,}."
        for name, text in texts.items()
        if isinstance(text, str) and name != "source_text" and len(text) > LONGEST
    }


async def open_scene(
    studio: Studio, actor: Actor, form: SceneForm, *, channel_id: str, key: str
) -> Scene | None:
    """Open a scene with its first shot; None if this delivery had its effect already.

    Raises BadForm with a sentence per field, NotAllowed, or NotNow without a production.
    """
    if problems := _problems(form):
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
    sequence = await scenes.first_sequence(session, production)
    kept: dict[str, Any] = {name: getattr(form, name).strip() for name in _KEPT}
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


def standing_form(scene: Scene, shot: Shot) -> SceneForm:
    """Give a scene and its first shot as they were filled in."""
    written = {name: getattr(scene, name) for name in _CHANGEABLE}
    return SceneForm(**written, **{name: getattr(shot, name) for name in _PLANNED})


async def may_change(studio: Studio, actor: Actor, scene: Scene) -> SceneForm:
    """Give the form as it stands to whoever may change it. Raises NotAllowed."""
    async with studio.db.read() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        await must(session, Power.SCENE, actor, production=production)
        shots = await scenes.shots(session, scene)
    return standing_form(scene, shots[0])


async def change_scene(
    studio: Studio, actor: Actor, form: SceneForm, *, scene_id: str, key: str
) -> None:
    """Correct a scene, once; takes that were ordered keep the setup they were ordered with.

    Raises BadForm with a sentence per field, or NotAllowed.
    """
    if problems := _problems(form):
        raise BadForm(problems)
    now = studio.clock()
    async with studio.db.begin() as session:
        scene = await scenes.get(session, actor.workspace_id, scene_id)
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        await must(session, Power.SCENE, actor, production=production)
        shot = await scenes.hold_shot(
            session, scene.workspace_id, (await scenes.shots(session, scene))[0].id
        )
        changed = _changed(scene, shot, form)
        if not changed or not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return
        for name in changed:
            setattr(shot if name in _PLANNED else scene, name, getattr(form, name))
        await scenes.change(session, scene, shot)
        await board.show_scene(session, scene, at=now)
        await _record_change(session, scene, form, changed, actor=actor, at=now)
    studio.bell.ring()


def _changed(scene: Scene, shot: Shot, form: SceneForm) -> list[str]:
    standing = standing_form(scene, shot)
    names = (*_CHANGEABLE, *_PLANNED)
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
