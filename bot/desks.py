"""What somebody needs to see before they order: the plan, the words, the price, what is lost."""

from dataclasses import dataclass, replace

from bot.budget import Purse, purse_of
from bot.continuity import Difference, differences
from bot.crew import Power, role_for
from bot.errors import BadForm, NotNow
from bot.fitting import Order
from bot.gates import Gate, at_order
from bot.governed import Governed, cast_of, keyed
from bot.ground import ground_for, waived_for
from bot.intent import Ground
from bot.order_gate import chosen_words
from bot.orders import engine_named
from bot.people import Actor
from bot.picks import picked, references_in, weighed, workable
from bot.setups import Plan, compiled, order_in, plan_for, refs_of
from bot.shots import Before, before, open_shot
from bot.studio import Studio
from bot.wording import Worded, worded
from engines import Engine, JobSpec
from storage import Session, productions, scenes, takes
from storage.models import Production, Scene, Shot, Take


@dataclass(frozen=True)
class Basis:
    """What the records say about an order for a shot."""

    production: Production
    scene: Scene
    shot: Shot
    shots: list[Shot]
    """Every one of the scene, in order."""
    references: list[Governed]
    """Every one of the scene, usable or not, and those that the order names besides."""
    made: list[Take]
    """The scene's takes, the newest of each shot first."""
    purse: Purse
    ground: Ground
    waived: set[str]
    may_waive: bool
    """Whether whoever looks at it may override a rule."""
    before: Before | None
    """What the shot goes on from."""

    @property
    def sources(self) -> list[Take]:
        """Give the earlier takes whose files can be worked from."""
        return [take for take in self.made if workable(take)]


@dataclass(frozen=True)
class Desk(Basis):
    """An order as it lies on the desk before it is given."""

    engine: Engine
    plan: Plan
    words: Worded
    """The compiled words; `plan.order.prompt` holds a person's own, if they wrote some."""
    estimate_cents: int | None
    gate: Gate
    """What stands in the way of it, before anything is confirmed."""

    @property
    def departures(self) -> list[Difference]:
        """Say what would be different from the take that the shot goes on from."""
        if self.before is None or not self.ground.purpose.text:
            return []
        setup = compiled(self.scene, self.shot, self.plan, ground=self.ground, seed=0)
        now = setup.content() | {"seed": self.plan.order.seed}
        was = self.before.setup.content()
        return differences(was if now["seed"] is not None else was | {"seed": None}, now)


def first_order(studio: Studio, shot: Shot, *, engine: str = "") -> Order:
    """Give the plainest order of a shot, from an engine or the default one."""
    name = engine or studio.settings.default_engine
    if name not in studio.engines and not engine:
        name = next(iter(studio.engines))
    return Order(engine=name, seconds=shot.seconds, ratio=shot.ratio)


async def opening_order(studio: Studio, scene: Scene, shot: Shot) -> Order:
    """Give the order that a shot begins with: that of the take it goes on from, if it does."""
    if not shot.continues_id or shot.takes_made:
        return replace(first_order(studio, shot), shot_id=shot.id)
    async with studio.db.read() as session:
        take = await takes.get(session, scene.workspace_id, shot.continues_id)
    if take is None:
        return replace(first_order(studio, shot), shot_id=shot.id)
    order = await order_of(studio, take)
    fresh = replace(order, source="", first="", last="", mode=None)
    return replace(fresh, shot_id=shot.id, seconds=shot.seconds, ratio=shot.ratio)


async def desk_for(
    studio: Studio, scene: Scene, order: Order | None = None, *, actor: Actor | None = None
) -> Desk:
    """Lay an order out as one engine would take it. Raises NotNow where it cannot take it at all.

    Things that were chosen and are gone in the meantime are left out.
    """
    async with studio.db.read() as session:
        basis = await _basis(studio, session, scene, order, actor)
    shot = basis.shot
    given = replace(order or first_order(studio, shot), shot_id=shot.id)
    wanted = _standing(given, basis.references, basis.made)
    found = picked(wanted, basis.references, made=basis.made)
    [picks] = await weighed(studio.files, [found])
    engine = engine_named(studio, wanted.engine)
    plan = plan_for(engine, wanted, picks)
    words = worded(basis.ground, shot, plan.offer, plan.fit.picks)
    own = chosen_words(plan.order, basis.ground, shot)
    return Desk(
        **vars(basis),
        engine=engine,
        plan=plan,
        words=words,
        estimate_cents=_estimate(engine, plan, words),
        gate=at_order(basis.ground, own, confirmed=frozenset(), waived=basis.waived),
    )


async def _basis(
    studio: Studio, session: Session, scene: Scene, order: Order | None, actor: Actor | None
) -> Basis:
    production = await productions.get(session, scene.workspace_id, scene.production_id)
    shots = await scenes.shots(session, scene)
    shot = shot_in(shots, order.shot_id if order else "")
    named = references_in(order) if order else set[str]()
    may = actor and await role_for(session, Power.WAIVE, actor, production=production)
    return Basis(
        production=production,
        scene=scene,
        shot=shot,
        shots=shots,
        references=await cast_of(session, production, scene, at=studio.clock(), also=named),
        made=await takes.of_scene(session, scene),
        purse=await purse_of(session, production),
        ground=await ground_for(session, production, scene),
        waived=await waived_for(session, scene),
        may_waive=bool(may),
        before=await before(session, shot),
    )


def _standing(order: Order, members: list[Governed], made: list[Take]) -> Order:
    keys = {key for each in members if each.is_usable for key in keyed(each)} | {
        f"take:{each.id}" for each in made if workable(each)
    }
    chosen = order.references
    return replace(
        order,
        first=order.first if order.first in keys else "",
        last=order.last if order.last in keys else "",
        source=order.source if order.source in keys else "",
        references=None if chosen is None else tuple(each for each in chosen if each in keys),
    )


def shot_in(shots: list[Shot], shot_id: str) -> Shot:
    """Give the shot that is meant, or the one that an order is most likely for."""
    return next((each for each in shots if each.id == shot_id), None) or open_shot(shots)


def _estimate(engine: Engine, plan: Plan, words: Worded) -> int | None:
    order = plan.order
    spec = JobSpec(
        mode=plan.fit.mode,
        prompt=order.prompt or words.prompt,
        model=plan.caps.model,
        seconds=order.seconds,
        ratio=order.ratio,
        resolution=order.resolution,
        audio=order.audio,
        refs=refs_of(plan.fit.picks),
        native=order.native,
    )
    return engine.estimate(spec)


async def _shot(studio: Studio, take: Take) -> Shot:
    async with studio.db.read() as session:
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
        shots = await scenes.shots(session, scene)
    return next(shot for shot in shots if shot.id == take.shot_id)


async def order_of(studio: Studio, take: Take) -> Order:
    """Read a take's setup back as an order, with the prompt only if a person wrote it.

    A compiled prompt is compiled anew, so that it suits whichever engine is chosen next. Where its
    engine is switched off, the order is for the default one, which cannot know whose words it has.
    """
    async with studio.db.read() as session:
        setup = await takes.setup_of(session, take)
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
    body = setup.content()
    order = replace(order_in(body), family=setup.family, shot_id=take.shot_id)
    if order.engine not in studio.engines:
        plain = first_order(studio, await _shot(studio, take)).engine
        return replace(order, engine=plain, prompt=body["prompt"], model="", native={})
    try:
        desk = await desk_for(studio, scene, order)
    except (NotNow, BadForm):
        return replace(order, prompt=body["prompt"])
    is_own = body["prompt"] != desk.words.prompt
    return replace(order, prompt=body["prompt"] if is_own else "")
