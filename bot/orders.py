"""Order a take: the record is committed first; the work follows and is repeated until it took."""

from dataclasses import dataclass

from bot import board, log
from bot.crew import Power, must, refusal, role_for
from bot.errors import BadForm, NotAllowed, NotNow
from bot.people import Actor
from bot.scenes import LONGEST
from bot.setups import Order, compiled, spec_of, usable
from bot.studio import Studio
from engines import Engine
from storage import Session, deliveries, productions, scenes, takes
from storage.models import Reference, Role, Scene, Setup, Shot, Take


@dataclass(frozen=True)
class Desk:
    """What somebody needs to see before they order."""

    scene: Scene
    shot: Shot
    references: list[Reference]
    engine: Engine


def engine_named(studio: Studio, name: str) -> Engine:
    """Give an engine by name. Raises NotNow with the names there are."""
    engine = studio.engines.get(name)
    if engine is None:
        raise NotNow(f"There is no engine {name} here. Choose {', '.join(studio.engines)}.")
    return engine


async def desk_for(studio: Studio, scene: Scene) -> Desk:
    """Gather what the order form shows."""
    async with studio.db.read() as session:
        shots = await scenes.shots(session, scene)
        references = await scenes.references(session, scene)
    default = studio.settings.default_engine
    engine = studio.engines.get(default) or next(iter(studio.engines.values()))
    return Desk(scene, shots[0], references, engine)


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


async def order_take(
    studio: Studio, actor: Actor, scene: Scene, *, order: Order, key: str
) -> Take | None:
    """Order one take of a scene's first shot; None if this delivery had its effect already.

    Raises BadForm where the engine cannot do what is asked, NotAllowed, or NotNow without intent.
    """
    engine = engine_named(studio, order.engine)
    if problems := _overlong(order):
        raise BadForm(problems)
    async with studio.db.begin() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        await must(session, Power.ORDER, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=studio.clock()):
            return None
        take = await _ordered(session, actor, scene, order=order, studio=studio, engine=engine)
    studio.bell.ring()
    await studio.work.start(take.id, take.workspace_id, engine=take.engine)
    return take


def _overlong(order: Order) -> dict[str, str]:
    limits = (("prompt", order.prompt, LONGEST), ("family", order.family, 40))
    return {
        name: f"At most {most:,} characters fit here; this has {len(text):,}."
        for name, text, most in limits
        if len(text) > most
    }


async def _ordered(
    session: Session, actor: Actor, scene: Scene, *, order: Order, studio: Studio, engine: Engine
) -> Take:
    first = (await scenes.shots(session, scene))[0]
    shot = await scenes.hold_shot(session, scene.workspace_id, first.id)
    shot.takes_made += 1
    session.add(shot)
    references = usable(await scenes.references(session, scene))
    wanted = compiled(scene, shot, order, references=references, seed=shot.takes_made)
    _check(wanted, engine)
    setup = await takes.keep_setup(session, wanted)
    take = await _new_take(session, shot, setup, actor=actor, scene=scene, studio=studio)
    await board.show_take(session, scene, take, at=take.ordered_at)
    await board.show_scene(session, scene, at=take.ordered_at)
    await _record_order(session, take, setup, actor=actor)
    return take


def _check(setup: Setup, engine: Engine) -> None:
    body = setup.content()
    problems = engine.validate(spec_of(body, take_id="", refs=()))
    if problems:
        raise BadForm({problem.field: problem.text for problem in problems})


async def _new_take(
    session: Session, shot: Shot, setup: Setup, *, actor: Actor, scene: Scene, studio: Studio
) -> Take:
    engine = studio.engines[setup.engine]
    take = Take(
        workspace_id=scene.workspace_id,
        production_id=scene.production_id,
        scene_id=scene.id,
        shot_id=shot.id,
        setup_id=setup.id,
        number=shot.takes_made,
        engine=setup.engine,
        ordered_by=actor.user_id,
        ordered_at=studio.clock(),
        estimate_cents=engine.estimate(spec_of(setup.content(), take_id="", refs=())),
    )
    session.add(take)
    await session.flush()
    return take


async def _record_order(session: Session, take: Take, setup: Setup, *, actor: Actor) -> None:
    await log.record(
        session,
        "take.ordered",
        workspace_id=take.workspace_id,
        actor=actor,
        at=take.ordered_at,
        about=log.about_take(take),
        facts={
            "number": take.number,
            "engine": take.engine,
            "setup": setup.sha256,
            "references": [each["sha256"] for each in setup.content()["references"]],
            "estimate_cents": take.estimate_cents,
        },
    )
