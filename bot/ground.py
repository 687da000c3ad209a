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


async def rules_of(session: Session, production: Production) -> Rules:
    """Give the rules that count in a production."""
    book = await rules.newest(session, production)
    return _read(book.body) if book else EMPTY


@lru_cache(maxsize=64)
def _read(body: str) -> Rules:
    """Read a kept rule book once: reading takes longer than asking for it."""
    return read_rules(body)


async def ground_for(session: Session, production: Production, scene: Scene) -> Ground:
    """Lay out what applies to a scene, kept or not, from its sequence and production now."""
    by_id = {each.id: each for each in await sequences.every(session, production)}
    lineage = lineage_of(by_id[scene.sequence_id], by_id)
    return ground_of(scene, lineage, await rules_of(session, production))


async def ground_under(
    session: Session, production: Production, scene_id: str
) -> tuple[Scene, Ground]:
    """Lay out the same for a scene that is kept, in one question: a press has no time to lose."""
    found = await rules.bearing_on(session, production.workspace_id, scene_id)
    lineage = [found.sequence]
    if found.sequence.inherits_id:
        by_id = {each.id: each for each in await sequences.every(session, production)}
        lineage = lineage_of(found.sequence, by_id)
    book = _read(found.book.body) if found.book else EMPTY
    return found.scene, ground_of(found.scene, lineage, book)


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
