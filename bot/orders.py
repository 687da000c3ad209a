"""Order takes: the records are committed first; the work follows and is repeated until it took."""

from dataclasses import dataclass
from typing import Any

from bot import board, log
from bot.billing import tell_crossed
from bot.budget import Purse, allow, purse_of
from bot.crew import Power, must, refusal, role_for
from bot.errors import BadForm, NotAllowed, NotNow
from bot.fitting import Order, Pick
from bot.people import Actor
from bot.picks import FIELDS, picked, weighed
from bot.scenes import LONGEST
from bot.setups import Plan, compiled, plan_for, refs_of, spec_of
from bot.studio import Studio
from engines import Engine, RefRole
from storage import Session, deliveries, productions, scenes, takes
from storage._types import new_id
from storage.models import BakeOff, Production, Role, Scene, Setup, Shot, Take

MOST_AT_ONCE = 6
"""Engines in one order: as many as a comparison sheet shows well."""


@dataclass(frozen=True)
class Part:
    """One engine's share of an order: plan, setup, and what it will cost as far as is known."""

    engine: Engine
    plan: Plan
    setup: Setup
    estimate_cents: int | None


def engine_named(studio: Studio, name: str) -> Engine:
    """Give an engine by name. Raises NotNow with the names there are."""
    engine = studio.engines.get(name)
    if engine is None:
        raise NotNow(f"There is no engine {name} here. Choose {', '.join(studio.engines)}.")
    return engine


async def may_order(studio: Studio, actor: Actor, scene: Scene, *, key: str) -> None:
    """Log the press that asks for an order form. Raises NotAllowed, so that nobody fills it in."""
    now = studio.clock()
    async with studio.db.begin() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        role = await role_for(session, Power.ORDER, actor, production=production)
        if await deliveries.claim(session, actor.workspace_id, key, at=now):
            kind, facts = _press_facts(role)
            await log.record(
                session, kind, workspace_id=scene.workspace_id, actor=actor, at=now,
                about=log.about_scene(scene), facts=facts,
            )  # fmt: skip
    if role is None:
        raise NotAllowed(refusal(Power.ORDER))


def _press_facts(role: Role | None) -> tuple[str, dict[str, str]]:
    if role is None:
        return "press.refused", {"verdict": "order", "why": "authority"}
    return "button.pressed", {"button": "order"}


async def order_takes(
    studio: Studio, actor: Actor, scene: Scene, *, orders: list[Order], key: str
) -> list[Take]:
    """Order one take of a scene's first shot from each engine, all of them or none.

    Empty if this delivery had its effect already. Raises BadForm where an engine cannot do what is
    asked, NotAllowed, or NotNow without intent or beyond the budget.
    """
    _check_number(orders)
    for order in orders:
        engine_named(studio, order.engine)
        if problems := _overlong(order):
            raise BadForm(problems)
    picks = await _picks(studio, scene, orders)
    async with studio.db.begin() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        role = await must(session, Power.ORDER, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=studio.clock()):
            return []
        await scenes.hold(session, production)  # one order at a time is held against the budget
        desk = _Desk(studio, session, actor, scene, production, role)
        made = await _ordered(desk, list(zip(orders, picks, strict=True)))
    studio.bell.ring()
    for take in made:
        await studio.work.start(take.id, take.workspace_id, engine=take.engine)
    return made


async def _picks(studio: Studio, scene: Scene, orders: list[Order]) -> list[tuple[Pick, ...]]:
    """Look up and weigh what each order works from, before anything is written."""
    async with studio.db.read() as session:
        references = await scenes.references(session, scene)
        made = await takes.of_scene(session, scene)
    found = [picked(order, references, made=made) for order in orders]
    return await weighed(studio.files, found)


def _check_number(orders: list[Order]) -> None:
    if not orders:
        raise NotNow("Name at least one engine.")
    if len(orders) > MOST_AT_ONCE:
        raise NotNow(f"At most {MOST_AT_ONCE} takes go into one order; this has {len(orders)}.")


def _overlong(order: Order) -> dict[str, str]:
    limits = (
        ("prompt", order.prompt, LONGEST),
        ("negative", order.negative or "", LONGEST),
        ("family", order.family, 40),
    )
    return {
        name: f"At most {most:,} characters fit here; this has {len(text):,}."
        for name, text, most in limits
        if len(text) > most
    }


@dataclass(frozen=True)
class _Desk:
    """Where an order is being written down: within one transaction."""

    studio: Studio
    session: Session
    actor: Actor
    scene: Scene
    production: Production
    role: Role


async def _ordered(desk: _Desk, orders: list[tuple[Order, tuple[Pick, ...]]]) -> list[Take]:
    session, scene = desk.session, desk.scene
    first = (await scenes.shots(session, scene))[0]
    shot = await scenes.hold_shot(session, scene.workspace_id, first.id)
    _check_chosen(desk.studio, *orders[0])
    numbers = range(shot.takes_made + 1, shot.takes_made + 1 + len(orders))
    parts = [
        part_of(desk.studio, scene, shot, order=order, picks=picks, seed=number)
        for (order, picks), number in zip(orders, numbers, strict=True)
    ]
    _check_exactly(parts[0], orders[0][0])
    purse = await purse_of(session, desk.production)
    allow(purse, [part.estimate_cents for part in parts], role=desk.role)
    shot.takes_made += len(orders)
    session.add(shot)
    bake_off = await _bake_off(desk) if len(orders) > 1 else None
    made = [
        await _new_take(desk, part, shot, number=number, bake_off=bake_off)
        for part, number in zip(parts, numbers, strict=True)
    ]
    await _shown(desk, made, bake_off)
    await _told_of_budget(desk, purse, parts)
    for take, part in zip(made, parts, strict=True):
        await _record_order(desk, take, part)
    return made


def part_of(
    studio: Studio,
    scene: Scene,
    shot: Shot,
    *,
    order: Order,
    picks: tuple[Pick, ...],
    seed: int,
) -> Part:
    """Compile one engine's share of an order, as it would be sent.

    Raises BadForm with a sentence for each field that the engine cannot take, and NotNow.
    """
    engine = engine_named(studio, order.engine)
    plan = plan_for(engine, order, picks)
    setup = compiled(scene, shot, plan, seed=seed)
    spec = spec_of(setup.content(), take_id="", refs=refs_of(plan.fit.picks))
    if problems := engine.validate(spec):
        raise BadForm({problem.field: problem.text for problem in problems})
    return Part(engine, plan, setup, engine.estimate(spec))


def _check_exactly(part: Part, order: Order) -> None:
    """Hold the engine that was filled in for to what was filled in; others are fitted to it."""
    body = part.setup.content()
    asked: dict[str, Any] = {"seconds": order.seconds, "ratio": order.ratio}
    if order.resolution:
        asked["resolution"] = order.resolution
    if order.seed is not None:
        asked["seed"] = order.seed
    spec = spec_of(body | asked, take_id="", refs=refs_of(part.plan.fit.picks))
    if problems := part.engine.validate(spec):
        raise BadForm({problem.field: problem.text for problem in problems})


def _check_chosen(studio: Studio, order: Order, picks: tuple[Pick, ...]) -> None:
    """Refuse what was chosen by hand and cannot go along; what was only offered may stay."""
    plan = plan_for(engine_named(studio, order.engine), order, picks)
    by_hand = {RefRole.SOURCE, RefRole.FIRST, RefRole.LAST}
    if order.references is not None:
        by_hand.add(RefRole.REFERENCE)
    if bad := {FIELDS[pick.role]: why for pick, why in plan.fit.dropped if pick.role in by_hand}:
        raise BadForm(bad)


async def _bake_off(desk: _Desk) -> BakeOff:
    made = BakeOff(
        workspace_id=desk.scene.workspace_id,
        production_id=desk.scene.production_id,
        scene_id=desk.scene.id,
        ordered_by=desk.actor.user_id,
        ordered_at=desk.studio.clock(),
    )
    desk.session.add(made)
    await desk.session.flush()
    return made


async def _new_take(
    desk: _Desk, part: Part, shot: Shot, *, number: int, bake_off: BakeOff | None
) -> Take:
    setup = await takes.keep_setup(desk.session, part.setup)
    take = Take(
        id=new_id(),
        workspace_id=desk.scene.workspace_id,
        production_id=desk.scene.production_id,
        scene_id=desk.scene.id,
        shot_id=shot.id,
        setup_id=setup.id,
        number=number,
        engine=setup.engine,
        ordered_by=desk.actor.user_id,
        ordered_at=desk.studio.clock(),
        bake_off_id=bake_off.id if bake_off else None,
        estimate_cents=part.estimate_cents,
        still=part.plan.fit.mode.makes_still,
    )
    desk.session.add(take)
    await desk.session.flush()
    return take


async def _shown(desk: _Desk, made: list[Take], bake_off: BakeOff | None) -> None:
    now = desk.studio.clock()
    if bake_off is not None:
        await board.show_bake_off(desk.session, desk.scene, bake_off, at=now)
    for take in made:
        await board.show_take(desk.session, desk.scene, take, at=now)
    await board.show_scene(desk.session, desk.scene, at=now)


async def _told_of_budget(desk: _Desk, purse: Purse, parts: list[Part]) -> None:
    """Say once, when the soft line is crossed, that it was."""
    cents = sum(part.estimate_cents or 0 for part in parts)
    if purse.crosses(cents):
        now, committed = desk.studio.clock(), purse.committed + cents
        await tell_crossed(desk.session, desk.scene, desk.production, committed, at=now)


async def _record_order(desk: _Desk, take: Take, part: Part) -> None:
    body = part.setup.content()
    await log.record(
        desk.session,
        "take.ordered",
        workspace_id=take.workspace_id,
        actor=desk.actor,
        at=take.ordered_at,
        about=log.about_take(take),
        facts={
            "number": take.number,
            "engine": take.engine,
            "model": body["model"],
            "mode": body["mode"],
            "setup": part.setup.sha256,
            "references": [each["sha256"] for each in body["references"]],
            "estimate_cents": take.estimate_cents,
            "bake_off": take.bake_off_id,
        },
    )
