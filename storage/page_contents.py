"""All that a sequence's page shows, in one query for each kind of record."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy import select as plain_select
from sqlmodel import col

from storage.database import Session
from storage.models import (
    Card,
    CardKind,
    Casting,
    Decision,
    Export,
    Person,
    Placement,
    Reference,
    ReferenceUse,
    Scene,
    Sequence,
    Setup,
    Shot,
    Take,
    TakeState,
    Verdict,
    Waiver,
)


@dataclass(frozen=True, slots=True)
class Made:
    """A take as far as a page shows it."""

    id: str
    scene_id: str
    shot_id: str
    number: int
    state: TakeState
    engine: str
    model: str
    prompt: str
    ordered_at: datetime
    ready_at: datetime | None
    sha256: str | None
    poster_sha256: str | None

    @property
    def code(self) -> str:
        """`T3` and so on."""
        return f"T{self.number}"


async def takes_of(
    session: Session, workspace_id: str, shot_ids: Collection[str], *, last: int
) -> list[Made]:
    """Give the takes of shots with what was ordered, newest first."""
    columns = (
        Take.id, Take.scene_id, Take.shot_id, Take.number, Take.state, Take.engine, Setup.model,
        Setup.prompt, Take.ordered_at, Take.ready_at, Take.sha256, Take.poster_sha256,
    )  # fmt: skip
    wanted = (
        plain_select(*map(col, columns))
        .join(Setup, _same(Setup, Take.workspace_id, Take.setup_id))
        .where(col(Take.workspace_id) == workspace_id, col(Take.shot_id).in_(shot_ids))
        .order_by(col(Take.ordered_at).desc(), col(Take.number).desc())
        .limit(last)
    )
    return [Made(*row) for row in await _rows(session, wanted)]


async def shots_of(session: Session, sequence: Sequence) -> dict[str, list[Shot]]:
    """Give a sequence's shots in order, by the scene's id."""
    wanted = (
        plain_select(Shot)
        .join(Scene, _same(Scene, Shot.workspace_id, Shot.scene_id))
        .where(*_of(sequence))
        .order_by(col(Shot.number))
    )
    found: dict[str, list[Shot]] = {}
    for (shot,) in await _rows(session, wanted):
        found.setdefault(shot.scene_id, []).append(shot)
    return found


async def approvals_of(session: Session, sequence: Sequence, *, last: int) -> list[Decision]:
    """Give who approved a sequence's takes, and who took that back, newest first."""
    wanted = (
        plain_select(Decision)
        .where(
            *_of(sequence),
            *_TAKEN,
            *_by(Decision.workspace_id, Decision.take_id),
            col(Decision.verdict).in_((Verdict.APPROVE, Verdict.WITHDRAW)),
        )
        .order_by(col(Decision.at).desc(), col(Decision.id).desc())
        .limit(last)
    )
    return [decision for (decision,) in await _rows(session, wanted)]


async def cast_ids(session: Session, sequence: Sequence) -> list[str]:
    """Give the ids of the references that a sequence's scenes are made after."""
    wanted = (
        plain_select(col(Casting.reference_id))
        .join(Scene, _same(Scene, Casting.workspace_id, Casting.scene_id))
        .where(*_of(sequence))
        .distinct()
    )
    return sorted(reference_id for (reference_id,) in await _rows(session, wanted))


async def used_by(
    session: Session, workspace_id: str, take_ids: Collection[str]
) -> dict[str, list[str]]:
    """Give what takes were made after, as `R12 v3`, by the take's id."""
    wanted = (
        plain_select(col(ReferenceUse.take_id), col(Reference.number), col(ReferenceUse.version))
        .join(Reference, _same(Reference, ReferenceUse.workspace_id, ReferenceUse.reference_id))
        .where(
            col(ReferenceUse.workspace_id) == workspace_id, col(ReferenceUse.take_id).in_(take_ids)
        )
        .distinct()
        .order_by(col(Reference.number), col(ReferenceUse.version))
    )
    found: dict[str, list[str]] = {}
    for take_id, number, version in await _rows(session, wanted):
        found.setdefault(take_id, []).append(f"R{number} v{version}")
    return found


async def waivers_of(session: Session, sequence: Sequence) -> list[Waiver]:
    """Give what producers have waived for a sequence's scenes."""
    wanted = (
        plain_select(Waiver)
        .join(Scene, _same(Scene, Waiver.workspace_id, Waiver.scene_id))
        .where(*_of(sequence))
        .order_by(col(Waiver.waived_at))
    )
    return [waiver for (waiver,) in await _rows(session, wanted)]


async def exports_of(session: Session, sequence: Sequence) -> list[tuple[Export, list[Placement]]]:
    """Give what was exported of a sequence with where it was placed, in order."""
    wanted = (
        plain_select(Export, Placement)
        .join(
            Placement,
            and_(
                col(Placement.workspace_id) == Export.workspace_id,
                col(Placement.export_id) == Export.id,
            ),
            isouter=True,
        )
        .where(*_of(sequence), *_TAKEN, *_by(Export.workspace_id, Export.take_id))
        .order_by(col(Export.number), col(Placement.placed_on), col(Placement.id))
    )
    found: dict[str, tuple[Export, list[Placement]]] = {}
    for export, placement in await _rows(session, wanted):
        _, placed = found.setdefault(export.id, (export, []))
        if placement is not None:
            placed.append(placement)
    return list(found.values())


async def posted(
    session: Session, workspace_id: str, take_ids: Collection[str]
) -> dict[str, tuple[str, str, str | None]]:
    """Give channel, message and thread of takes' cards, by the take's id."""
    wanted = plain_select(
        col(Card.subject_id), col(Card.channel_id), col(Card.message_ts), col(Card.thread_ts)
    ).where(
        col(Card.workspace_id) == workspace_id,
        col(Card.kind) == CardKind.TAKE,
        col(Card.subject_id).in_(take_ids),
        col(Card.message_ts).is_not(None),
    )
    return {take_id: (channel, ts, thread)
            for take_id, channel, ts, thread in await _rows(session, wanted)}  # fmt: skip


async def names(session: Session, workspace_id: str, user_ids: Collection[str]) -> dict[str, str]:
    """Give what people are called, by Slack's user id; those we have not been told are left out."""
    wanted = plain_select(col(Person.user_id), col(Person.name)).where(
        col(Person.workspace_id) == workspace_id,
        col(Person.user_id).in_(user_ids),
        col(Person.name) != "",
    )
    found: dict[str, str] = dict(await _rows(session, wanted))
    return found


def _same(model: Any, workspace_id: Any, record_id: Any) -> ColumnElement[bool]:
    return and_(col(model.workspace_id) == workspace_id, col(model.id) == record_id)


def _of(sequence: Sequence) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Scene.workspace_id) == sequence.workspace_id,
        col(Scene.production_id) == sequence.production_id,
        col(Scene.sequence_id) == sequence.id,
    )


def _by(workspace_id: Any, take_id: Any) -> tuple[ColumnElement[bool], ...]:
    return col(workspace_id) == Take.workspace_id, col(take_id) == Take.id


_TAKEN = (
    col(Shot.workspace_id) == Scene.workspace_id,
    col(Shot.scene_id) == Scene.id,
    col(Take.workspace_id) == Shot.workspace_id,
    col(Take.shot_id) == Shot.id,
)
"""From the scenes to their takes by the way that has an index."""


async def _rows(session: Session, wanted: Any) -> Any:
    run_it: Any = session.exec
    return (await run_it(wanted)).all()


async def unnamed(session: Session, sequence: Sequence, *, limit: int) -> list[str]:
    """Give whoever decided about a sequence's takes and whose name Slack has not told us."""
    wanted = (
        plain_select(col(Decision.by))
        .join(
            Person,
            and_(
                col(Person.workspace_id) == Decision.workspace_id,
                col(Person.user_id) == Decision.by,
                col(Person.name) != "",
            ),
            isouter=True,
        )
        .where(
            *_of(sequence),
            *_TAKEN,
            *_by(Decision.workspace_id, Decision.take_id),
            col(Decision.verdict) == Verdict.APPROVE,
            col(Person.id).is_(None),
        )
        .distinct()
        .limit(limit)
    )
    return sorted(user_id for (user_id,) in await _rows(session, wanted))
