"""Gather what applies to a scene, and waive a rule for it."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from bot import log
from bot.intent import Ground, ground_of, lineage_of
from bot.people import Actor
from bot.rulebook import EMPTY, Rules, read_rules
from storage import Session, rules, sequences
from storage.models import Production, Role, Scene, Waiver
from storage.rules import Bearing


async def rules_of(session: Session, production: Production) -> Rules:
    """Give the rules that count in a production."""
    book = await rules.newest(session, production)
    return _read(book.body) if book else EMPTY


@lru_cache(maxsize=64)
def _read(body: str) -> Rules:
    """Read a kept rule book once: reading takes longer than asking for it."""
    return read_rules(body)


async def ground_for(session: Session, production: Production, scene: Scene) -> Ground:
    """Lay out what applies to a scene, from its sequence and production as they are now."""
    found = await rules.bearing_on(session, scene.workspace_id, scene.id)
    return await _laid_out(session, production, scene, found)


async def ground_under(
    session: Session, production: Production, scene_id: str
) -> tuple[Scene, Ground]:
    """Lay out the same for a scene that is known by its id alone; a press has no time to lose."""
    found = await rules.bearing_on(session, production.workspace_id, scene_id)
    return found.scene, await _laid_out(session, production, found.scene, found)


async def _laid_out(
    session: Session, production: Production, scene: Scene, found: Bearing
) -> Ground:
    lineage = [found.sequence]
    if found.sequence.inherits_id:
        by_id = {each.id: each for each in await sequences.every(session, production)}
        lineage = lineage_of(found.sequence, by_id)
    return ground_of(scene, lineage, _read(found.book.body) if found.book else EMPTY)


async def waived_for(session: Session, scene: Scene) -> set[str]:
    """Give the keys of the rules that producers have overridden for a scene."""
    return set(await rules.waived(session, scene))


async def waive(
    session: Session,
    actor: Actor,
    scene: Scene,
    keys: Iterable[str],
    *,
    reason: str,
    at: datetime,
) -> list[Waiver]:
    """Override rules for a scene with a producer's reason; give those that were not before."""
    made: list[Waiver] = []
    for key in keys:
        waiver = Waiver(
            workspace_id=scene.workspace_id,
            scene_id=scene.id,
            key=key,
            reason=reason.strip(),
            salt=log.new_salt(),
            waived_by=actor.user_id,
            waived_at=at,
        )
        if await rules.waive(session, waiver):
            made.append(waiver)
    return made


async def record_waiver(
    session: Session, scene: Scene, waiver: Waiver, *, actor: Actor, role: Role
) -> None:
    """Write into the log that a rule was overridden."""
    await log.record(
        session,
        "rule.waived",
        workspace_id=waiver.workspace_id,
        actor=actor,
        at=waiver.waived_at,
        about=log.about_scene(scene),
        facts={
            "waiver": waiver.id,
            "rule": waiver.key,
            "role": role.value,
            "reason": log.commitment(waiver.reason, waiver.salt),
        },
    )
