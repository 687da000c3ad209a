"""Write an order down: takes, setups, what they are made after, cards and log entries."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot import board, log
from bot.billing import tell_crossed
from bot.budget import Purse
from bot.constraint_lines import Effect
from bot.fitting import Pick
from bot.gates import Gate
from bot.ground import record_waiver
from bot.people import Actor
from bot.setups import Plan
from bot.studio import Studio
from engines import Engine
from storage import Session, castings, references, takes
from storage._types import new_id
from storage.models import (
    BakeOff,
    Production,
    Reference,
    ReferenceUse,
    Role,
    Scene,
    Setup,
    Shot,
    Take,
    Waiver,
)


@dataclass(frozen=True)
class Part:
    """One engine's share of an order: plan, setup, and what it will cost as far as is known."""

    engine: Engine
    plan: Plan
    setup: Setup
    estimate_cents: int | None


@dataclass(frozen=True)
class Cleared:
    """An order's gate after it was passed, and what a producer has overridden for it."""

    gate: Gate
    waivers: list[Waiver]


@dataclass(frozen=True)
class Writing:
    """Where an order is being written down: within one transaction."""

    studio: Studio
    session: Session
    actor: Actor
    scene: Scene
    production: Production
    role: Role


async def written(
    at: Writing, parts: list[Part], shot: Shot, *, purse: Purse, cleared: Cleared
) -> list[Take]:
    """Write down a take for each part, numbered on from the shot's last. The caller holds the shot.

    Records in the log, so nothing may follow it in the transaction.
    """
    numbers = range(shot.takes_made + 1, shot.takes_made + 1 + len(parts))
    shot.takes_made += len(parts)
    at.session.add(shot)
    bake_off = await _bake_off(at) if len(parts) > 1 else None
    made = [
        await _new_take(at, part, shot, number=number, bake_off=bake_off)
        for part, number in zip(parts, numbers, strict=True)
    ]
    newly_cast = await _cast(at, parts)
    await _shown(at, made, bake_off)
    await _told_of_budget(at, purse, parts)
    await _record_casting(at, newly_cast)
    for waiver in cleared.waivers:
        await record_waiver(at.session, at.scene, waiver, actor=at.actor, role=at.role)
    for take, part in zip(made, parts, strict=True):
        await _record_order(at, take, part, gate=cleared.gate)
    return made


async def _bake_off(at: Writing) -> BakeOff:
    made = BakeOff(
        workspace_id=at.scene.workspace_id,
        production_id=at.scene.production_id,
        scene_id=at.scene.id,
        ordered_by=at.actor.user_id,
        ordered_at=at.studio.clock(),
    )
    at.session.add(made)
    await at.session.flush()
    return made


async def _new_take(
    at: Writing, part: Part, shot: Shot, *, number: int, bake_off: BakeOff | None
) -> Take:
    setup = await takes.keep_setup(at.session, part.setup)
    take = Take(
        id=new_id(),
        workspace_id=at.scene.workspace_id,
        production_id=at.scene.production_id,
        scene_id=at.scene.id,
        shot_id=shot.id,
        setup_id=setup.id,
        number=number,
        engine=setup.engine,
        ordered_by=at.actor.user_id,
        ordered_at=at.studio.clock(),
        bake_off_id=bake_off.id if bake_off else None,
        estimate_cents=part.estimate_cents,
        still=part.plan.fit.mode.makes_still,
    )
    at.session.add(take)
    await at.session.flush()
    await references.keep_uses(at.session, await _uses(at, take, part.plan.fit.picks))
    return take


async def _uses(at: Writing, take: Take, picks: Iterable[Pick]) -> list[ReferenceUse]:
    """Say what a take is made after; what a take is worked from brings along what it used."""
    found: dict[tuple[str, int, str], str | None] = {}
    for pick in picks:
        if not pick.is_take:
            found[pick.id, pick.version, pick.sha256] = None
            continue
        source = await takes.get(at.session, take.workspace_id, pick.id)
        for use in await references.uses_of(at.session, source) if source else []:
            found.setdefault((use.reference_id, use.version, use.sha256), pick.id)
    return [
        ReferenceUse(
            workspace_id=take.workspace_id,
            take_id=take.id,
            reference_id=reference_id,
            version=version,
            sha256=sha256,
            setup_id=take.setup_id,
            via_take_id=via,
        )
        for (reference_id, version, sha256), via in found.items()
    ]


async def _cast(at: Writing, parts: list[Part]) -> list[Reference]:
    """Make the scene after what was chosen from elsewhere in the production; give what is new."""
    picks = (pick for part in parts for pick in part.plan.fit.picks if not pick.is_take)
    ids = dict.fromkeys(pick.id for pick in picks)
    new = [each for each in ids if await castings.cast(at.session, at.scene, each)]
    held = await references.assets(at.session, at.scene.workspace_id, new) if new else []
    for each in held:
        now = at.studio.clock()
        await board.redraw_reference(at.session, each.reference, [at.scene], at=now)
    return [each.reference for each in held]


async def _shown(at: Writing, made: list[Take], bake_off: BakeOff | None) -> None:
    now = at.studio.clock()
    if bake_off is not None:
        await board.show_bake_off(at.session, at.scene, bake_off, at=now)
    for take in made:
        await board.show_take(at.session, at.scene, take, at=now)
    await board.show_scene(at.session, at.scene, at=now)


async def _told_of_budget(at: Writing, purse: Purse, parts: list[Part]) -> None:
    """Say once, when the soft line is crossed, that it was."""
    cents = sum(part.estimate_cents or 0 for part in parts)
    if purse.crosses(cents):
        now, committed = at.studio.clock(), purse.committed + cents
        await tell_crossed(at.session, at.scene, at.production, committed, at=now)


async def _record_casting(at: Writing, newly_cast: list[Reference]) -> None:
    for each in newly_cast:
        await log.record(
            at.session, "reference.cast", workspace_id=at.scene.workspace_id, actor=at.actor,
            at=at.studio.clock(), about=log.about_scene(at.scene),
            facts={"reference": each.id, "code": each.code},
        )  # fmt: skip


async def _record_order(at: Writing, take: Take, part: Part, *, gate: Gate) -> None:
    body = part.setup.content()
    await log.record(
        at.session,
        "take.ordered",
        workspace_id=take.workspace_id,
        actor=at.actor,
        at=take.ordered_at,
        about=log.about_take(take),
        facts={
            "shot": body["about"]["shot"],
            "number": take.number,
            "engine": take.engine,
            "model": body["model"],
            "mode": body["mode"],
            "setup": part.setup.sha256,
            "references": [each["sha256"] for each in body["references"]],
            "estimate_cents": take.estimate_cents,
            "bake_off": take.bake_off_id,
            "confirmed": [rule.key for rule in gate.told if rule.effect is Effect.ASK],
            "waived": [rule.key for rule in gate.waived],
        },
    )
