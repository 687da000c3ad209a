"""What somebody needs to see before they order: the plan, the words, the price, what is lost."""

from dataclasses import dataclass, field, replace

from bot.budget import Purse, purse_of
from bot.continuity import Difference, differences
from bot.crew import Power, role_for
from bot.errors import BadForm, NotNow
from bot.fitting import Order
from bot.gates import Gate, at_order
from bot.governed import Governed, cast_of, keyed, why_not
from bot.ground import ground_for, waived_for
from bot.intent import Ground
from bot.order_gate import chosen_words
from bot.orders import engine_named
from bot.people import Actor
from bot.picks import GONE, picked, reference_in, references_in, weighed, workable
from bot.setups import Plan, compiled, order_in, plan_for, refs_of
from bot.shots import Before, before, open_shot
from bot.studio import Studio
from bot.wording import Worded, worded
from engines import Engine, JobSpec, Mode
from storage import Session, productions, references, scenes, takes
from storage.models import Production, ReferenceStatus, Scene, Shot, Take


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
    has_others: bool = field(default=False, kw_only=True)
    """Whether its production has approved references besides these."""

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
    left_out: tuple[str, ...] = field(default=(), kw_only=True)
    """A sentence for each thing that the order named and that cannot be used now."""

    @property
    def departures(self) -> list[Difference]:
        """Say what would be different from the take that the shot goes on from."""
        if self.before is None or not self.ground.purpose.text:
            return []
        order = self.plan.order
        setup = compiled(self.scene, self.shot, self.plan, ground=self.ground, seed=0)
        now = setup.content() | {"seed": order.seed}
        was = self.before.setup.content()
        was = was if order.seed is not None else was | {"seed": None}
        return differences(was, now, own_words=bool(order.prompt))


def first_order(studio: Studio, shot: Shot) -> Order:
    """Give the plainest order of a shot, from the default engine."""
    name = studio.settings.default_engine
    if name not in studio.engines:
        name = next(iter(studio.engines))
    return Order(engine=name, seconds=shot.seconds, ratio=shot.ratio)


async def opening_order(studio: Studio, shot: Shot) -> Order:
    """Give the order that a shot begins with: that of the take it goes on from, if it does.

    What was planned anew for the shot counts. What extends or edits a take is not done once more.
    """
    plain = replace(first_order(studio, shot), shot_id=shot.id)
    if not begins_with_another(shot):
        return plain
    async with studio.db.read() as session:
        source = await before(session, shot)
    if source is None:
        return plain
    order = await order_of(studio, source.take)
    if source.setup.content()["mode"] in _ON_A_TAKE:
        order = replace(order, source="", mode=None)
    is_as_long, is_as_wide = (
        getattr(shot, name) == getattr(source.shot, name) for name in ("seconds", "ratio")
    )
    return replace(
        order,
        shot_id=shot.id,
        references=order.references or (),
        seconds=order.seconds if is_as_long else shot.seconds,
        ratio=order.ratio if is_as_wide else shot.ratio,
    )


_ON_A_TAKE = frozenset(mode.value for mode in Mode if mode.works_on_a_take)


def begins_with_another(shot: Shot) -> bool:
    """Whether a shot's next order begins with the setup of the take it goes on from."""
    return bool(shot.continues_id) and not shot.takes_made


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
    wanted, left_out = _standing(given, basis.references, basis.made)
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
        left_out=left_out,
    )


async def _basis(
    studio: Studio, session: Session, scene: Scene, order: Order | None, actor: Actor | None
) -> Basis:
    production = await productions.get(session, scene.workspace_id, scene.production_id)
    shots = await scenes.shots(session, scene)
    shot = shot_in(shots, order.shot_id if order else "")
    named = references_in(order) if order else set[str]()
    members = await cast_of(session, production, scene, at=studio.clock(), also=named)
    may = actor and await role_for(session, Power.WAIVE, actor, production=production)
    return Basis(
        production=production,
        scene=scene,
        shot=shot,
        shots=shots,
        references=members,
        made=await takes.of_scene(session, scene),
        purse=await purse_of(session, production),
        ground=await ground_for(session, production, scene),
        waived=await waived_for(session, scene),
        may_waive=bool(may),
        before=await before(session, shot),
        has_others=await _has_others(session, production, members),
    )


async def _has_others(session: Session, production: Production, members: list[Governed]) -> bool:
    known = {each.reference.id for each in members}
    # Approved ones come first, so one more than are known shows whether there are others.
    found = await references.titled(session, production, "", limit=len(known) + 1)
    approved = (each for each in found if each.status is ReferenceStatus.APPROVED)
    return any(each.id not in known for each in approved)


def _standing(
    order: Order, members: list[Governed], made: list[Take]
) -> tuple[Order, tuple[str, ...]]:
    """Leave out what cannot be used now; say why of each."""
    keys = {key for each in members if each.is_usable for key in keyed(each)} | {
        f"take:{each.id}" for each in made if workable(each)
    }
    chosen = order.references
    known = {each.reference.id: each for each in members}
    named = (order.source, order.first, order.last, *(chosen or ()))
    gone = dict.fromkeys(each for each in named if each and each not in keys)
    member_of = (known.get(reference_in(each)) for each in gone)
    why = tuple(dict.fromkeys(why_not(each) if each else GONE for each in member_of))
    standing = replace(
        order,
        first=order.first if order.first in keys else "",
        last=order.last if order.last in keys else "",
        source=order.source if order.source in keys else "",
        references=None if chosen is None else tuple(each for each in chosen if each in keys),
    )
    return standing, why


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
    engine is switched off, the order is for the default one.
    """
    async with studio.db.read() as session:
        setup = await takes.setup_of(session, take)
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
    body = setup.content()
    order = replace(order_in(body), family=setup.family, shot_id=take.shot_id)
    is_own = body.get("own_words")
    if is_own is None:
        is_own = await _reads_as_own(studio, scene, order, body["prompt"])
    order = replace(order, prompt=body["prompt"] if is_own else "")
    if order.engine in studio.engines:
        return order
    plain = first_order(studio, await _shot(studio, take)).engine
    return replace(order, engine=plain, model="", native={})


async def _reads_as_own(studio: Studio, scene: Scene, order: Order, prompt: str) -> bool:
    """Tell whose words a prompt has where its setup is too old to say; in doubt a person's."""
    if order.engine not in studio.engines:
        return True
    try:
        desk = await desk_for(studio, scene, order)
    except (NotNow, BadForm):
        return True
    return prompt != desk.words.prompt
