"""What used a reference, and what a take was made after, as people ask for it."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.errors import NotNow
from bot.governed import named
from bot.mrkdwn import escaped
from bot.rights import today_of
from bot.studio import Studio
from storage import Session, castings, digests, graph, productions, references, takes
from storage.graph import Dependent, Tallied
from storage.models import (
    Export,
    Placement,
    Production,
    Reference,
    ReferenceStatus,
    ReferenceUse,
    Scene,
    Take,
    TakeState,
)

PAGE = 10
"""Takes in one answer."""
_NAMED = 8
"""Circle takes and placements that a withdrawal names one by one."""
_LISTED = 14
"""References of a take that are told one by one, with their whole hashes."""
_LOOKED_AT = 60
"""Takes among which those are found: the heaviest come first."""


@dataclass(frozen=True)
class Where:
    """A page of the takes that used a reference, and how much was made after it in all."""

    reference: Reference
    tallied: Tallied
    dependents: list[Dependent]
    """What would break first, then the newest."""
    skipped: int
    scenes: list[Scene]
    """Where it is cast."""
    today: date


@dataclass(frozen=True)
class Impact:
    """What it would touch if a reference were withdrawn."""

    production: Production
    reference: Reference
    tallied: Tallied
    circles: list[Dependent]
    """The first circle takes that used it."""
    live: list[tuple[Dependent, Export, Placement]]
    """The first placements that are still shown."""
    scenes: list[Scene]


def is_live(placement: Placement, today: date) -> bool:
    """Say whether a placement is still shown on a day."""
    return placement.ended_on is None or placement.ended_on > today


async def where_used(studio: Studio, reference: Reference, *, skip: int = 0) -> Where:
    """Give the takes that used a reference from one place on, and how many there are."""
    async with studio.db.read(long=True) as session:
        production = await _production_of(session, reference)
        today = today_of(production, studio.clock())
        tallied = await graph.tallied(session, reference, today=today, first=PAGE, skip=skip)
        return Where(
            reference=reference,
            tallied=tallied,
            dependents=await graph.dependents(session, reference, tallied.take_ids),
            skipped=skip,
            scenes=await castings.scenes_of(session, reference),
            today=today,
        )


async def impact_of(session: Session, reference: Reference, *, today: date) -> Impact:
    """Give what a withdrawal of a reference would touch, the weightiest by name."""
    tallied = await graph.tallied(session, reference, today=today, first=_LOOKED_AT)
    found = await graph.dependents(session, reference, tallied.take_ids)
    live = [
        (each, slot.export, placement)
        for each in found
        for slot in each.slots
        for placement in slot.placements
        if is_live(placement, today)
    ]
    circles = [each for each in found if each.take.state is TakeState.APPROVED]
    return Impact(
        production=await _production_of(session, reference),
        reference=reference,
        tallied=tallied,
        circles=circles[:_NAMED],
        live=live[:_NAMED],
        scenes=await castings.scenes_of(session, reference),
    )


async def _production_of(session: Session, reference: Reference) -> Production:
    return await productions.get(session, reference.workspace_id, reference.production_id)


async def made_after(session: Session, take: Take) -> str:
    """Tell what a take was made after: code, version and whole hash, and what became of it since.

    As mrkdwn, one a line; empty if it was made after nothing.
    """
    found = await graph.made_after(session, take)
    via = {use.via_take_id for use, _ in found if use.via_take_id}
    through = {each: await _code_of(session, take.workspace_id, each) for each in sorted(via)}
    lines = [_made(use, now, through.get(use.via_take_id or "", "")) for use, now in found]
    if (more := len(lines) - _LISTED) > 0:
        lines[_LISTED:] = [f"and {more} more"]
    return "\n".join(lines)


async def _code_of(session: Session, workspace_id: str, take_id: str) -> str:
    take = await takes.get(session, workspace_id, take_id)
    return take.code if take else ""


def _made(use: ReferenceUse, now: Reference, through: str) -> str:
    via = f" through {through}" if through else ""
    since = _since(use, now)
    name = escaped(named(now)[:40])
    return f"• {now.code} v{use.version} {name}{via}{since}\n   `{use.sha256}`"


def _since(use: ReferenceUse, now: Reference) -> str:
    if now.version == use.version and now.status is ReferenceStatus.APPROVED:
        return ""
    return f"  ·  now v{now.version}, {now.status.value}"


_AT_ONCE = 400


async def used_in_all(
    session: Session, channel_id: str, name: str, *, number: int, at: datetime
) -> list[Dependent]:
    """Give every take that used a reference, for the operator; in the order of `where_used`.

    The production is named by its channel or its name, or is the only one. Raises NotNow.
    """
    every = await digests.every_production(session)
    meant = [each for each in every if channel_id in {"", each.channel_id}]
    meant = [each for each in meant if name.casefold() in {"", each.name.casefold()}]
    if len(meant) != 1:
        names = ", ".join(f"{each.name} ({each.channel_id})" for each in meant or every)
        raise NotNow(f"Say which production, by --channel or --production. There are: {names}.")
    reference = await references.by_number(session, meant[0], number)
    if reference is None:
        raise NotNow(f"{meant[0].name} has no R{number}.")
    ids = await graph.every(session, reference, today=today_of(meant[0], at))
    found: list[Dependent] = []
    for start in range(0, len(ids), _AT_ONCE):
        found += await graph.dependents(session, reference, ids[start : start + _AT_ONCE])
    return found
