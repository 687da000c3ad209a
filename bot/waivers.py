"""Override a rule for a scene: by a producer, with a reason, whatever surface it stops."""

from dataclasses import dataclass
from datetime import datetime

from bot import board
from bot.constraint_lines import Constraint, Effect
from bot.crew import Power, must, role_for
from bot.errors import BadForm, NotNow
from bot.gates import at_export, at_order, at_review
from bot.ground import ground_for, record_waiver, waive, waived_for
from bot.intent import Ground
from bot.people import Actor
from bot.scene_form import LONGEST
from bot.studio import Studio
from storage import Session, deliveries, productions, rules, scenes, takes
from storage.models import Scene, TakeState, Waiver

LEAST = 3
"""Letters that a reason has."""
_JUDGED = {TakeState.WAITING, TakeState.WITH_CLIENT}
_REWORDED = (
    "A rule that you chose was changed in the meantime and blocks nothing as you read it. Close "
    "this form and press Override again."
)


@dataclass(frozen=True)
class Blocked:
    """A scene and the rules that block something of it, whichever surface it is."""

    scene: Scene
    rules: list[Constraint]


def blocking(ground: Ground, waived: set[str]) -> list[Constraint]:
    """List the rules that block a scene's orders, approvals or exports, each once."""
    order = at_order(ground, "", confirmed=frozenset(), waived=waived)
    gates = (order, at_review(ground, waived), at_export(ground, waived))
    keys = {each.key for gate in gates for each in gate.refusals}
    blocks = [each for each in ground.constraints if each.effect is Effect.BLOCK]
    return list({each.key: each for each in blocks if each.key in keys}.values())


async def may_override(studio: Studio, actor: Actor, scene: Scene) -> Blocked:
    """Give what blocks a scene to whoever may override it. Raises NotAllowed, or NotNow."""
    async with studio.db.read() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        await must(session, Power.WAIVE, actor, production=production)
        ground = await ground_for(session, production, scene)
        found = blocking(ground, await waived_for(session, scene))
    if not found:
        raise NotNow(f"No rule blocks {scene.code}.")
    return Blocked(scene, found)


async def override(
    studio: Studio, actor: Actor, scene_id: str, *, keys: list[str], reason: str, key: str
) -> None:
    """Waive rules for a scene, once; the reason is kept with it and committed to in the log.

    Whoever comes second finds them waived, and changes nothing. Raises BadForm with a sentence per
    field, or NotAllowed.
    """
    if problems := _problems(keys, reason):
        raise BadForm(problems)
    now = studio.clock()
    async with studio.db.begin() as session:
        scene = await scenes.get(session, actor.workspace_id, scene_id)
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        role = await must(session, Power.WAIVE, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return
        ground = await ground_for(session, production, scene)
        chosen = [each.key for each in blocking(ground, set()) if each.key in keys]
        if len(chosen) < len(set(keys)):
            raise BadForm({"rules": _REWORDED})
        made = await waive(session, actor, scene, chosen, reason=reason, at=now)
        await _show(session, scene, at=now)
        for waiver in made:
            await record_waiver(session, scene, waiver, actor=actor, role=role)
    studio.bell.ring()


async def _show(session: Session, scene: Scene, *, at: datetime) -> None:
    """Show what was overridden on the scene, and on its takes that somebody has yet to judge."""
    await board.show_scene(session, scene, at=at)
    for take in await takes.of_scene(session, scene):
        if take.state in _JUDGED:
            await board.redraw_take(session, take, at=at)


def _problems(keys: list[str], reason: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not keys:
        problems["rules"] = "Choose the rule to override."
    if len(reason.strip()) < LEAST:
        problems["reason"] = "Say why in a few words; the reason is kept in the log."
    if len(reason) > LONGEST:
        problems["reason"] = f"At most {LONGEST:,} characters fit here; this has {len(reason):,}."
    return problems


@dataclass(frozen=True)
class Applying:
    """What applies to a scene, what was overridden, and what blocks it still."""

    scene: Scene
    ground: Ground
    waivers: list[Waiver]
    """Of rules that apply still, oldest first."""
    blocked: list[Constraint]
    may_override: bool


async def applying_to(studio: Studio, actor: Actor, scene: Scene) -> Applying:
    """Give what applies to a scene as it is now."""
    async with studio.db.read() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        ground = await ground_for(session, production, scene)
        waived = await rules.waived(session, scene)
        role = await role_for(session, Power.WAIVE, actor, production=production)
    keys = {each.key for each in (*ground.constraints, *ground.prohibited)}
    standing = [each for key, each in waived.items() if key in keys]
    return Applying(scene, ground, standing, blocking(ground, set(waived)), bool(role))
