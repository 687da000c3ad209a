"""Gather what is shown of references: one on its card, those that wait together, a page of all."""

from dataclasses import dataclass
from datetime import datetime

from bot.governed import Governed, governed
from bot.lookalikes import lookalikes
from bot.reference_status import waiting
from bot.views import ProposalsView, ReferenceView
from storage import Session, castings, productions, references, scenes
from storage.models import Card, Production, Reference, ReferenceFile, ReferenceStatus, Scene

PAGE = 20
"""References in one list."""


async def of_card(
    session: Session, card: Card, *, at: datetime
) -> ReferenceView | ProposalsView | None:
    """Gather what a card of references shows; None if its record is gone."""
    reference = await references.get(session, card.workspace_id, card.subject_id)
    if reference is not None:
        return await reference_view(session, reference, at=at)
    production = await productions.in_channel(session, card.workspace_id, card.channel_id)
    if production is None:
        return None
    members = await waiting(session, production, card.subject_id, at=at)
    is_scene = card.subject_id != production.id
    scene = await scenes.get(session, card.workspace_id, card.subject_id) if is_scene else None
    return ProposalsView(production, scene, members)


async def reference_view(session: Session, reference: Reference, *, at: datetime) -> ReferenceView:
    """Gather a reference as it stands."""
    production = await productions.get(session, reference.workspace_id, reference.production_id)
    held = await references.asset(session, reference)
    [member] = await governed(session, production, [held], at=at)
    is_open = reference.status is ReferenceStatus.PROPOSED
    return ReferenceView(
        production=production,
        member=member,
        scenes=await castings.scenes_of(session, reference),
        lookalikes=await lookalikes(session, production, reference) if is_open else [],
    )


@dataclass(frozen=True)
class Page:
    """Some of a production's references."""

    production: Production
    members: list[Governed]
    scenes: dict[str, list[Scene]]
    """Where each is cast, by its id."""
    skipped: int
    total: int


async def page(session: Session, production: Production, *, skip: int, at: datetime) -> Page:
    """Gather one page of a production's references, by number."""
    held = await references.of_production(session, production, skip=skip, first=PAGE)
    ids = [each.reference.id for each in held]
    return Page(
        production,
        await governed(session, production, held, at=at),
        await castings.scenes_with(session, production.workspace_id, ids),
        skip,
        await references.count(session, production),
    )


def lead(view: ReferenceView) -> ReferenceFile | None:
    """Give the file whose copy a card shows: the first that has one."""
    return next((each for each in view.member.asset.files if each.shown_sha256), None)
