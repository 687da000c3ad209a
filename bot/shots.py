"""Shots of a scene: the next one goes on from the one before it, and any can be planned anew."""

import re
from dataclasses import dataclass, fields

from bot import board, log
from bot.crew import Power, must
from bot.errors import BadForm, NotNow
from bot.people import Actor
from bot.picks import workable
from bot.scene_form import LONGEST, PLANNED, RATIOS
from bot.studio import Studio
from storage import Session, deliveries, productions, scenes, takes
from storage.models import Scene, Setup, Shot, Take

_CODE = re.compile(r"SH0*(\d{1,6})", re.IGNORECASE)


@dataclass(frozen=True)
class ShotForm:
    """What somebody filled in about a shot."""

    action: str
    framing: str
    camera: str
    seconds: float
    ratio: str


@dataclass(frozen=True)
class Before:
    """What a shot goes on from."""

    shot: Shot
    take: Take
    setup: Setup


async def before(session: Session, shot: Shot) -> Before | None:
    """Give what a shot goes on from; None if from nothing."""
    take = await takes.get(session, shot.workspace_id, shot.continues_id or "")
    if take is None:
        return None
    last = await scenes.shot(session, shot.workspace_id, take.shot_id)
    return Before(last, take, await takes.setup_of(session, take))


def standing_plan(shot: Shot) -> ShotForm:
    """Give a shot as it was filled in."""
    return ShotForm(**{name: getattr(shot, name) for name in PLANNED})


def called(shots: list[Shot], take: Take) -> str:
    """Name a take within its scene: `T1`, and `SH020 T1` where the scene has several shots."""
    shot = next((each for each in shots if each.id == take.shot_id), None)
    return f"{shot.code} {take.code}" if shot and len(shots) > 1 else take.code


def open_shot(shots: list[Shot]) -> Shot:
    """Give the shot that an order is most likely for: the first without a circle take."""
    return next((each for each in shots if each.circle_take_id is None), shots[-1])


async def shot_meant(session: Session, scene: Scene, code: str) -> Shot:
    """Find a scene's shot by its code. Raises NotNow with those there are."""
    shots = await scenes.shots(session, scene)
    number = _CODE.fullmatch(code.strip())
    for shot in shots:
        if number and shot.number == int(number[1]):
            return shot
    known = ", ".join(shot.code for shot in shots)
    raise NotNow(f"There is no shot {code[:20]} in {scene.code}. It has {known}.")


async def next_shot(studio: Studio, actor: Actor, scene: Scene, *, key: str) -> Shot | None:
    """Add a shot behind the last one, planned as that is and going on from its best take.

    None if this delivery had its effect already. Raises NotAllowed.
    """
    now = studio.clock()
    async with studio.db.begin() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        await must(session, Power.SCENE, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        await scenes.hold(session, production)
        last = (await scenes.shots(session, scene))[-1]
        source = _best(last, await takes.of_scene(session, scene))
        shot = _after(last, source)
        session.add(shot)
        await session.flush()
        await board.show_scene(session, scene, at=now)
        await log.record(
            session, "shot.added", workspace_id=scene.workspace_id, actor=actor, at=now,
            about=log.about_scene(scene),
            facts={"code": shot.code, "continues": source.id if source else None},
        )  # fmt: skip
    studio.bell.ring()
    return shot


def _best(shot: Shot, made: list[Take]) -> Take | None:
    """Give a shot's circle take, or else its newest that can be worked from."""
    own = [take for take in made if take.shot_id == shot.id and workable(take)]
    circled = (take for take in own if take.id == shot.circle_take_id)
    return next(circled, None) or next(iter(own), None)


def _after(last: Shot, source: Take | None) -> Shot:
    planned = {each.name: getattr(last, each.name) for each in fields(ShotForm)}
    return Shot(
        **planned,
        workspace_id=last.workspace_id,
        scene_id=last.scene_id,
        number=last.number + 10,
        continues_id=source.id if source else last.continues_id,
    )


async def may_plan(studio: Studio, actor: Actor, scene: Scene) -> None:
    """Raise NotAllowed for somebody who may not plan shots, so that nobody fills a form in."""
    async with studio.db.read() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        await must(session, Power.SCENE, actor, production=production)


async def plan_shot(
    studio: Studio, actor: Actor, scene: Scene, form: ShotForm, *, shot_id: str, key: str
) -> None:
    """Plan a shot anew, once; takes that were ordered keep the setup they were ordered with.

    Raises BadForm with a sentence per field, or NotAllowed.
    """
    if problems := _problems(form):
        raise BadForm(problems)
    now = studio.clock()
    async with studio.db.begin() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        await must(session, Power.SCENE, actor, production=production)
        shot = await scenes.hold_shot(session, scene.workspace_id, shot_id)
        was = standing_plan(shot)
        changed = [name for name in PLANNED if getattr(form, name) != getattr(was, name)]
        if not changed or not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return
        for name in changed:
            setattr(shot, name, getattr(form, name))
        await scenes.plan(session, shot)
        await board.show_scene(session, scene, at=now)
        facts = {
            "code": shot.code,
            "fields": ", ".join(changed),
            "now": {name: log.commitment(str(getattr(form, name)), scene.salt) for name in changed},
        }
        await log.record(
            session, "shot.planned", workspace_id=scene.workspace_id, actor=actor, at=now,
            about=log.about_scene(scene), facts=facts,
        )  # fmt: skip
    studio.bell.ring()


def _problems(form: ShotForm) -> dict[str, str]:
    problems = {
        name: f"At most {LONGEST:,} characters fit here; this has {len(text):,}."
        for name in ("action", "framing", "camera")
        if len(text := str(getattr(form, name))) > LONGEST
    }
    if not 1 <= form.seconds <= 60:  # noqa: PLR2004 - what any engine of ours can make
        problems["seconds"] = "A shot is 1 to 60 seconds long."
    if form.ratio not in RATIOS:
        problems["ratio"] = f"Choose one of {', '.join(RATIOS)}."
    return problems
