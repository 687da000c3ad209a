"""Which takes a hold is about: what they used, what waits for a producer, what depends on it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func
from sqlalchemy import select as plain_select
from sqlmodel import col, select

from storage._sql import table_of
from storage.database import Session
from storage.holds import HELD
from storage.models import (
    Export,
    Hold,
    Production,
    Reference,
    ReferenceUse,
    Release,
    ReleaseCover,
    Ruling,
    Scene,
    Shot,
    Take,
    TakeState,
)


@dataclass(frozen=True)
class Used:
    """A reference that a take used in any version, with what its standing hangs on."""

    reference: Reference
    releases: list[Release] = field(default_factory=list[Release])
    holds: list[Hold] = field(default_factory=list[Hold])
    """Of this take, for any cause."""


@dataclass(frozen=True)
class OpenCause:
    """What holds takes of a production and waits for a producer."""

    reference: Reference
    cause: str
    takes: int


@dataclass(frozen=True)
class HeldTake:
    """A take that waits for a producer, with what it is called by."""

    hold: Hold
    take: Take
    shot: Shot
    scene: Scene

    @property
    def label(self) -> str:
        """`SC010 SH010 T3`."""
        return f"{self.scene.code} {self.shot.code} {self.take.code}"


@dataclass(frozen=True, slots=True)
class Dependent:
    """A take as far as finding its cards needs it."""

    take_id: str
    scene_id: str
    bake_off_id: str | None


_USED = (
    plain_select(col(ReferenceUse.take_id), Reference, Release, Hold)
    .join(
        Reference,
        and_(
            col(Reference.workspace_id) == ReferenceUse.workspace_id,
            col(Reference.id) == ReferenceUse.reference_id,
        ),
    )
    .join(
        ReleaseCover,
        and_(
            col(ReleaseCover.workspace_id) == ReferenceUse.workspace_id,
            col(ReleaseCover.reference_id) == ReferenceUse.reference_id,
        ),
        isouter=True,
    )
    .join(
        Release,
        and_(
            col(Release.workspace_id) == ReleaseCover.workspace_id,
            col(Release.id) == ReleaseCover.release_id,
        ),
        isouter=True,
    )
    .join(
        Hold,
        and_(
            col(Hold.workspace_id) == ReferenceUse.workspace_id,
            col(Hold.take_id) == ReferenceUse.take_id,
            col(Hold.reference_id) == ReferenceUse.reference_id,
        ),
        isouter=True,
    )
    .where(
        col(ReferenceUse.workspace_id) == bindparam("of_workspace"),
        col(ReferenceUse.take_id).in_(bindparam("take_ids", expanding=True)),
    )
    .order_by(col(Reference.number), col(Release.number), col(Hold.opened_at))
    .execution_options(populate_existing=True)
)


async def used_by(
    session: Session, workspace_id: str, take_ids: Collection[str]
) -> dict[str, list[Used]]:
    """Give what takes used with releases and holds, by the take's id, in one query.

    Takes that used nothing are left out.
    """
    run_it: Any = session.exec
    values = {"of_workspace": workspace_id, "take_ids": list(take_ids)}
    rows: list[tuple[str, Reference, Release | None, Hold | None]]
    rows = (await run_it(_USED, params=values)).all()
    found: dict[str, dict[str, Used]] = {}
    for take_id, reference, release, hold in rows:
        used = found.setdefault(take_id, {}).setdefault(reference.id, Used(reference))
        if release is not None and release not in used.releases:
            used.releases.append(release)
        if hold is not None and hold not in used.holds:
            used.holds.append(hold)
    return {take_id: list(by_id.values()) for take_id, by_id in found.items()}


async def open_causes(session: Session, production: Production) -> list[OpenCause]:
    """Give what holds takes of this production and waits for a producer, oldest first."""
    wanted = (
        plain_select(Reference, col(Hold.cause), func.count(), func.min(Hold.opened_at))
        .join(
            Reference,
            and_(
                col(Reference.workspace_id) == Hold.workspace_id,
                col(Reference.id) == Hold.reference_id,
            ),
        )
        .where(*_open_in(production))
    )
    ids = (*table_of(Reference).primary_key.columns, col(Hold.cause))
    run_it: Any = session.exec
    rows = await run_it(wanted.group_by(*ids).order_by(func.min(Hold.opened_at), *ids))
    return [OpenCause(reference, cause, number) for reference, cause, number, _ in rows.all()]


async def counted(session: Session, reference: Reference, cause: str) -> dict[Ruling | None, int]:
    """Count the holds of one cause by what was decided."""
    wanted = select(Hold.ruling, func.count()).where(*_about(reference), Hold.cause == cause)
    rows = (await session.exec(wanted.group_by(col(Hold.ruling)))).all()
    return {Ruling(ruling) if ruling else None: number for ruling, number in rows}


_RANK = case(
    (col(Take.state) == TakeState.APPROVED, 0),
    (col(Take.state) == TakeState.WITH_CLIENT, 1),
    else_=2,
)


async def of_cause(
    session: Session,
    reference: Reference,
    cause: str,
    *,
    first: int,
    take_ids: Collection[str] = (),
) -> list[HeldTake]:
    """Give the takes that wait for a producer because of one cause, circle takes first.

    With `take_ids`, those of them alone.
    """
    chosen = [col(Take.id).in_(take_ids)] if take_ids else []
    wanted = (
        plain_select(Hold, Take, Shot, Scene)
        .join(Take, and_(col(Take.workspace_id) == Hold.workspace_id, col(Take.id) == Hold.take_id))
        .join(Shot, and_(col(Shot.workspace_id) == Take.workspace_id, col(Shot.id) == Take.shot_id))
        .join(
            Scene,
            and_(col(Scene.workspace_id) == Take.workspace_id, col(Scene.id) == Take.scene_id),
        )
        .where(*_about(reference), col(Hold.cause) == cause, col(Hold.ruling).is_(None), *chosen)
        .order_by(_RANK, col(Scene.number), col(Shot.number), col(Take.number))
        .limit(first)
        .execution_options(populate_existing=True)
    )
    run_it: Any = session.exec
    return [HeldTake(*row) for row in (await run_it(wanted)).all()]


async def last_ruled(session: Session, reference: Reference, cause: str) -> Hold | None:
    """Give the hold of a cause that was ruled on last, if any was."""
    wanted = select(Hold).where(
        *_about(reference), Hold.cause == cause, col(Hold.ruling).is_not(None)
    )
    return (await session.exec(wanted.order_by(col(Hold.ruled_at).desc()).limit(1))).first()


async def dependents(session: Session, reference: Reference) -> list[Dependent]:
    """Give where to find what used a reference in any version and can still be approved."""
    wanted = plain_select(col(Take.id), col(Take.scene_id), col(Take.bake_off_id)).where(
        col(Take.workspace_id) == reference.workspace_id,
        col(Take.id).in_(_users(reference.workspace_id, [reference.id])),
        col(Take.state).in_(HELD),
    )
    run_it: Any = session.exec
    return [Dependent(*row) for row in (await run_it(wanted)).all()]


async def count_dependents(
    session: Session, workspace_id: str, reference_ids: Collection[str]
) -> tuple[int, int]:
    """Count the circle takes that used any of these references, and the exports of any take."""
    users = _users(workspace_id, reference_ids)
    circles = plain_select(func.count()).where(
        col(Take.workspace_id) == workspace_id,
        col(Take.id).in_(users),
        col(Take.state) == TakeState.APPROVED,
    )
    made = plain_select(func.count()).where(
        col(Export.workspace_id) == workspace_id, col(Export.take_id).in_(users)
    )
    run_it: Any = session.exec
    row = (await run_it(plain_select(circles.scalar_subquery(), made.scalar_subquery()))).one()
    return row[0], row[1]


def _users(workspace_id: str, reference_ids: Collection[str]) -> Any:
    return plain_select(col(ReferenceUse.take_id)).where(
        col(ReferenceUse.workspace_id) == workspace_id,
        col(ReferenceUse.reference_id).in_(reference_ids),
    )


def _open_in(production: Production) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Hold.workspace_id) == production.workspace_id,
        col(Hold.production_id) == production.id,
        col(Hold.ruling).is_(None),
    )


def _about(reference: Reference) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Hold.workspace_id) == reference.workspace_id,
        col(Hold.production_id) == reference.production_id,
        col(Hold.reference_id) == reference.id,
    )
