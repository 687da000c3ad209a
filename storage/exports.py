"""Exports of circle takes, and where they were placed."""

from datetime import date
from typing import Any

from sqlalchemy import and_, func, update
from sqlmodel import col, select

from storage._sql import changed, find, insert_row
from storage.database import Session
from storage.models import Export, Placement, Production, Scene, Shot, Take


async def of_take(session: Session, take: Take, preset: str) -> Export | None:
    """Give what was made of a take with a preset; there is at most one."""
    wanted = select(Export).where(
        Export.workspace_id == take.workspace_id,
        Export.take_id == take.id,
        Export.preset == preset,
    )
    return (await session.exec(wanted)).first()


async def by_number(session: Session, production: Production, number: int) -> Export | None:
    """Give the export of a production by its number."""
    wanted = select(Export).where(
        Export.workspace_id == production.workspace_id,
        Export.production_id == production.id,
        Export.number == number,
    )
    return (await session.exec(wanted)).first()


async def get(session: Session, workspace_id: str, export_id: str) -> Export | None:
    """Give one by its id."""
    return await find(session, Export, workspace_id, export_id)


async def next_number(session: Session, production: Production) -> int:
    """Give the next export number. The caller holds the production's row."""
    wanted = select(func.max(Export.number)).where(
        col(Export.workspace_id) == production.workspace_id,
        col(Export.production_id) == production.id,
    )
    return ((await session.exec(wanted)).one() or 0) + 1


async def keep(session: Session, export: Export) -> None:
    """Keep an export; it never changes."""
    await insert_row(session, export)


async def newest(
    session: Session, production: Production, *, last: int
) -> list[tuple[Export, Take, Shot, Scene]]:
    """Give a production's newest exports with what they were made of, newest first."""
    return await _with_takes(
        session,
        last,
        Export.workspace_id == production.workspace_id,
        Export.production_id == production.id,
    )


async def with_take(session: Session, export: Export) -> tuple[Export, Take, Shot, Scene]:
    """Give an export with what it was made of."""
    same = Export.workspace_id == export.workspace_id, Export.id == export.id
    return (await _with_takes(session, 1, *same))[0]


async def _with_takes(
    session: Session, last: int, *which: Any
) -> list[tuple[Export, Take, Shot, Scene]]:
    wanted = (
        select(Export, Take, Shot, Scene)
        .join(
            Take,
            and_(col(Take.workspace_id) == Export.workspace_id, col(Take.id) == Export.take_id),
        )
        .join(Shot, and_(col(Shot.workspace_id) == Take.workspace_id, col(Shot.id) == Take.shot_id))
        .join(
            Scene,
            and_(col(Scene.workspace_id) == Take.workspace_id, col(Scene.id) == Take.scene_id),
        )
        .where(*which)
        .order_by(col(Export.number).desc())
        .limit(last)
    )
    return list((await session.exec(wanted)).all())


async def placements(session: Session, export: Export) -> list[Placement]:
    """Give where an export was placed, in the order of the days."""
    wanted = select(Placement).where(
        Placement.workspace_id == export.workspace_id, Placement.export_id == export.id
    )
    in_order = wanted.order_by(col(Placement.placed_on), col(Placement.id))
    return list((await session.exec(in_order)).all())


async def placed(
    session: Session, production: Production, *, last: int
) -> list[tuple[Placement, Export]]:
    """Give a production's placements with their exports: those without an end first, by day."""
    wanted = (
        select(Placement, Export)
        .join(
            Export,
            and_(
                col(Export.workspace_id) == Placement.workspace_id,
                col(Export.id) == Placement.export_id,
            ),
        )
        .where(
            Export.workspace_id == production.workspace_id,
            Export.production_id == production.id,
        )
        .order_by(
            col(Placement.ended_on).is_not(None),
            col(Placement.placed_on).desc(),
            col(Placement.id).desc(),
        )
        .limit(last)
    )
    return list((await session.exec(wanted)).all())


async def placement(session: Session, workspace_id: str, placement_id: str) -> Placement | None:
    """Give a placement by its id."""
    return await find(session, Placement, workspace_id, placement_id)


async def keep_placement(session: Session, made: Placement) -> None:
    """Keep that an export was placed."""
    await insert_row(session, made)


async def end_placement(session: Session, which: Placement, ended_on: date) -> bool:
    """Note that a placement has an end, once; say whether it had none until now."""
    ended = (
        update(Placement)
        .where(
            col(Placement.workspace_id) == which.workspace_id,
            col(Placement.id) == which.id,
            col(Placement.ended_on).is_(None),
        )
        .values(ended_on=ended_on)
        .execution_options(synchronize_session=False)
    )
    return bool(await changed(session, ended))
