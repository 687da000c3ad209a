"""The graph both ways: what used a reference and what became of it, and what a take was made of."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import and_, bindparam
from sqlalchemy import select as plain_select
from sqlmodel import col, select

from storage import _graph_sql as sql
from storage._sql import run
from storage.database import Session
from storage.models import (
    Card,
    CardKind,
    Export,
    Placement,
    Reference,
    ReferenceUse,
    Scene,
    Shot,
    Take,
)


@dataclass(frozen=True)
class Tally:
    """How much was made after a reference."""

    setups: int = 0
    takes: int = 0
    circles: int = 0
    undecided: int = 0
    """Takes that wait for the team or for the client."""
    exports: int = 0
    placements: int = 0
    live: int = 0
    """Placements that are still shown."""

    @classmethod
    def over(cls, several: Iterable["Tally"]) -> "Tally":
        """Add tallies up."""
        return cls(*(sum(column) for column in zip(*map(_figures, several), strict=True)))


def _figures(tally: Tally) -> tuple[int, ...]:
    return tuple(vars(tally).values())


@dataclass(frozen=True)
class Tallied:
    """How much was made after a reference, by version and in all, and the first takes."""

    versions: dict[int, Tally]
    """The newest first; a take that used two versions is in both."""
    whole: Tally
    """In which it is once."""
    take_ids: list[str]


async def tallied(
    session: Session, reference: Reference, *, today: date, first: int, skip: int = 0
) -> Tallied:
    """Count what used each version of a reference, directly or through another take.

    Gives the ids of some takes, by what would break, then the newest first: those that are still
    shown somewhere, then those with an export, the other circle takes, those that wait for a
    decision, and the rest.
    """
    values = {**_about(reference), "today": today, "first": first, "skip": skip}
    rows: list[Any] = list(await run(session, sql.COUNTED, values))
    figures = sorted((row for row in rows if row[-1] is None), key=lambda row: -row[0])
    versions = {
        version: Tally.over(_tally(row) for row in group)
        for version, group in groupby(figures, key=lambda row: row[0])
    }
    newest = sorted(
        (row for row in rows if row[-1] is not None), key=lambda row: row[-1], reverse=True
    )
    whole = Tally.over([Tally(), *(_tally(row) for row in figures if row[1])])
    return Tallied(versions, whole, [row[-1] for row in sorted(newest, key=lambda row: row[0])])


def _tally(row: Any) -> Tally:
    return Tally(*map(int, row[2:-1]))


async def every(session: Session, reference: Reference, *, today: date) -> list[str]:
    """Give the ids of all takes that used a reference, in the order that `tallied` gives them."""
    values = {**_about(reference), "today": today}
    return list((await run(session, sql.EVERY, values)).scalars())


async def circled_scenes(session: Session, reference: Reference) -> dict[str, int]:
    """Count the circle takes that used a reference by their scene's id, the oldest first."""
    rows: Any = await run(session, sql.CIRCLED_SCENES, _about(reference))
    return dict(rows.all())


def _about(reference: Reference) -> dict[str, Any]:
    return {"of_workspace": reference.workspace_id, "of_reference": reference.id}


@dataclass(frozen=True)
class Slot:
    """An export with where it was placed."""

    export: Export
    placements: list[Placement] = field(default_factory=list[Placement])


@dataclass(frozen=True)
class Dependent:
    """A take that used a reference, and what became of it."""

    take: Take
    shot: Shot
    scene: Scene
    uses: list[ReferenceUse]
    """Of this reference, the oldest version first."""
    through: dict[str, Take]
    """The takes by their id that brought the reference in."""
    slots: list[Slot]
    card: Card | None
    """Its message, if it has been posted."""

    @property
    def label(self) -> str:
        """`SC010 SH010 T3`."""
        return f"{self.scene.code} {self.shot.code} {self.take.code}"


async def dependents(
    session: Session, reference: Reference, take_ids: Collection[str]
) -> list[Dependent]:
    """Give takes that used a reference with all that is to say of them, in this order."""
    workspace_id, ids = reference.workspace_id, list(take_ids)
    uses = await _uses(session, reference, ids)
    slots = await _slots(session, workspace_id, ids)
    shown = await _shown(session, workspace_id, ids)
    through = await _takes(session, workspace_id, {each.via_take_id for each in uses})
    found: dict[str, Dependent] = {}
    for take, shot, scene in await _placed(session, workspace_id, ids):
        own = [use for use in uses if use.take_id == take.id]
        via = {use.via_take_id: through[use.via_take_id] for use in own if use.via_take_id}
        found[take.id] = Dependent(
            take, shot, scene, own, via, slots.get(take.id, []), shown.get(take.id)
        )
    return [found[each] for each in ids if each in found]


async def _uses(session: Session, reference: Reference, ids: list[str]) -> list[ReferenceUse]:
    wanted = select(ReferenceUse).where(
        ReferenceUse.workspace_id == reference.workspace_id,
        col(ReferenceUse.take_id).in_(ids),
        ReferenceUse.reference_id == reference.id,
    )
    in_order = wanted.order_by(col(ReferenceUse.version), col(ReferenceUse.sha256))
    return list((await session.exec(in_order)).all())


async def _slots(session: Session, workspace_id: str, ids: list[str]) -> dict[str, list[Slot]]:
    wanted = (
        select(Export, Placement)
        .join(
            Placement,
            and_(
                col(Placement.workspace_id) == Export.workspace_id,
                col(Placement.export_id) == Export.id,
            ),
            isouter=True,
        )
        .where(Export.workspace_id == workspace_id, col(Export.take_id).in_(ids))
        .order_by(col(Export.number), col(Placement.placed_on), col(Placement.id))
    )
    run_it: Any = session.exec
    rows: list[tuple[Export, Placement | None]] = (await run_it(wanted)).all()
    found: dict[str, list[Slot]] = {}
    for _, group in groupby(rows, key=lambda row: row[0].id):
        several = list(group)
        export = several[0][0]
        placements = [each for _, each in several if each is not None]
        found.setdefault(export.take_id, []).append(Slot(export, placements))
    return found


async def _shown(session: Session, workspace_id: str, ids: list[str]) -> dict[str, Card]:
    wanted = select(Card).where(
        Card.workspace_id == workspace_id,
        Card.kind == CardKind.TAKE,
        col(Card.subject_id).in_(ids),
        col(Card.message_ts).is_not(None),
    )
    return {each.subject_id: each for each in (await session.exec(wanted)).all()}


async def _takes(
    session: Session, workspace_id: str, ids: Collection[str | None]
) -> dict[str, Take]:
    known = [each for each in ids if each]
    wanted = select(Take).where(Take.workspace_id == workspace_id, col(Take.id).in_(known))
    return {each.id: each for each in (await session.exec(wanted)).all()} if known else {}


_PLACED: Any = (
    plain_select(Take, Shot, Scene)
    .join(Shot, and_(col(Shot.workspace_id) == Take.workspace_id, col(Shot.id) == Take.shot_id))
    .join(Scene, and_(col(Scene.workspace_id) == Take.workspace_id, col(Scene.id) == Take.scene_id))
    .where(
        col(Take.workspace_id) == bindparam("of_workspace"),
        col(Take.id).in_(bindparam("ids", expanding=True)),
    )
)


async def _placed(
    session: Session, workspace_id: str, ids: list[str]
) -> list[tuple[Take, Shot, Scene]]:
    run_it: Any = session.exec
    values = {"of_workspace": workspace_id, "ids": ids}
    return list((await run_it(_PLACED, params=values)).all())


async def made_after(session: Session, take: Take) -> list[tuple[ReferenceUse, Reference]]:
    """Give what a take was made after, with each reference as it is now, by number."""
    wanted = (
        select(ReferenceUse, Reference)
        .join(
            Reference,
            and_(
                col(Reference.workspace_id) == ReferenceUse.workspace_id,
                col(Reference.id) == ReferenceUse.reference_id,
            ),
        )
        .where(ReferenceUse.workspace_id == take.workspace_id, ReferenceUse.take_id == take.id)
        .order_by(col(Reference.number), col(ReferenceUse.version), col(ReferenceUse.sha256))
    )
    return list((await session.exec(wanted)).all())
