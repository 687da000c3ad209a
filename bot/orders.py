"""Order takes: the records are committed first; the work follows and is repeated until it took."""

from typing import Any

from bot import log
from bot.budget import allow, purse_of
from bot.crew import Power, must, refusal, role_for
from bot.errors import BadForm, NotAllowed, NotNow
from bot.fitting import Order, Pick
from bot.governed import cast_of
from bot.ground import ground_for
from bot.intent import Ground
from bot.order_gate import Assent, passed, still_in_order
from bot.order_records import Part, Writing, written
from bot.people import Actor
from bot.picks import FIELDS, picked, references_in, weighed
from bot.scene_form import LONGEST
from bot.setups import compiled, plan_for, refs_of, spec_of
from bot.shots import open_shot
from bot.studio import Studio
from engines import Engine, RefRole
from storage import Session, deliveries, productions, scenes, takes
from storage.models import Role, Scene, Shot, Take

_NO_MORE = Assent()
MOST_AT_ONCE = 6
"""Engines in one order: as many as a comparison sheet shows well."""


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
    studio: Studio,
    actor: Actor,
    scene: Scene,
    *,
    orders: list[Order],
    key: str,
    assent: Assent = _NO_MORE,
) -> list[Take]:
    """Order one take of a shot from each engine, all of them or none.

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
        shot = await _shot(session, scene, orders[0].shot_id)
        at = Writing(studio, session, actor, scene, production, role)
        ground = await ground_for(session, production, scene)
        cleared = await passed(at, ground, shot, orders, assent)
        await still_in_order(at, picks)
        parts = await _parts(at, shot, ground, list(zip(orders, picks, strict=True)))
        purse = await purse_of(session, production)
        allow(purse, [part.estimate_cents for part in parts], role=role)
        made = await written(at, parts, shot, purse=purse, cleared=cleared)
    studio.bell.ring()
    for take in made:
        await studio.work.start(take.id, take.workspace_id, engine=take.engine)
    return made


async def _picks(studio: Studio, scene: Scene, orders: list[Order]) -> list[tuple[Pick, ...]]:
    """Look up and weigh what each order works from, before anything is written."""
    async with studio.db.read() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        named = set[str]().union(*(references_in(order) for order in orders))
        members = await cast_of(session, production, scene, at=studio.clock(), also=named)
        made = await takes.of_scene(session, scene)
    found = [picked(order, members, made=made) for order in orders]
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


async def _parts(
    at: Writing, shot: Shot, ground: Ground, orders: list[tuple[Order, tuple[Pick, ...]]]
) -> list[Part]:
    _check_chosen(at.studio, *orders[0])
    parts = [
        part_of(at, shot, ground, order=order, picks=picks, seed=seed)
        for seed, (order, picks) in enumerate(orders, start=shot.takes_made + 1)
    ]
    _check_exactly(parts[0], orders[0][0])
    return parts


async def _shot(session: Session, scene: Scene, shot_id: str) -> Shot:
    """Hold the shot that is meant, or the likeliest. Raises NotNow if it is another scene's."""
    shots = await scenes.shots(session, scene)
    known = {each.id: each for each in shots}
    meant = known.get(shot_id) if shot_id else open_shot(shots)
    if meant is None:
        raise NotNow(f"This shot is not one of {scene.code}. `/scene show` lists those it has.")
    return await scenes.hold_shot(session, scene.workspace_id, meant.id)


def part_of(
    at: Writing,
    shot: Shot,
    ground: Ground,
    *,
    order: Order,
    picks: tuple[Pick, ...],
    seed: int,
) -> Part:
    """Compile one engine's share of an order, as it would be sent.

    Raises BadForm with a sentence for each field that the engine cannot take, and NotNow.
    """
    engine = engine_named(at.studio, order.engine)
    plan = plan_for(engine, order, picks)
    setup = compiled(at.scene, shot, plan, ground=ground, seed=seed)
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
