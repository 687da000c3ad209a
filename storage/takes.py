"""Setups, takes and what was decided about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select

from storage._sql import changed, insert_new
from storage.database import Session
from storage.models import Decision, Production, Setup, Shot, Take, TakeState


async def keep_setup(session: Session, setup: Setup) -> Setup:
    """Keep a setup; one with the same content is the same record."""
    await insert_new(session, Setup, setup.model_dump())
    wanted = select(Setup).where(
        Setup.workspace_id == setup.workspace_id, Setup.sha256 == setup.sha256
    )
    return (await session.exec(wanted)).one()


async def setup_of(session: Session, take: Take) -> Setup:
    """Give the setup that a take was made from."""
    wanted = select(Setup).where(Setup.workspace_id == take.workspace_id, Setup.id == take.setup_id)
    return (await session.exec(wanted)).one()


async def get(session: Session, workspace_id: str, take_id: str) -> Take | None:
    """Give a take of this workspace."""
    wanted = select(Take).where(Take.workspace_id == workspace_id, Take.id == take_id)
    return (await session.exec(wanted.execution_options(populate_existing=True))).first()


async def every(session: Session, workspace_id: str) -> list[Take]:
    """Give every take of a workspace, oldest first."""
    wanted = select(Take).where(Take.workspace_id == workspace_id)
    return list((await session.exec(wanted.order_by(col(Take.id)))).all())


async def of_shot(session: Session, shot: Shot) -> list[Take]:
    """Give a shot's takes, newest first."""
    wanted = select(Take).where(Take.workspace_id == shot.workspace_id, Take.shot_id == shot.id)
    return list((await session.exec(wanted.order_by(col(Take.number).desc()))).all())


async def move(session: Session, take: Take, to: TakeState, **values: Any) -> bool:
    """Move a take on, if it still is in the state that we saw; say whether it was."""
    moved = await changed(
        session,
        update(Take)
        .where(
            col(Take.workspace_id) == take.workspace_id,
            col(Take.id) == take.id,
            col(Take.state) == take.state,
        )
        .values(state=to, **values)
        .execution_options(synchronize_session=False),
    )
    if moved:
        await session.refresh(take) if take in session else _follow(take, to, values)
    return bool(moved)


def _follow(take: Take, to: TakeState, values: dict[str, Any]) -> None:
    take.state = to
    for name, value in values.items():
        setattr(take, name, value)


async def keep_poster(session: Session, take: Take, file_id: str) -> None:
    """Keep the id of Slack's copy of a take's poster."""
    await session.exec(
        update(Take)
        .where(col(Take.workspace_id) == take.workspace_id, col(Take.id) == take.id)
        .values(poster_file_id=file_id)
        .execution_options(synchronize_session=False)
    )


async def keep_sheet(session: Session, take: Take, file_id: str) -> None:
    """Keep the id of Slack's copy of a take's contact sheet."""
    await session.exec(
        update(Take)
        .where(col(Take.workspace_id) == take.workspace_id, col(Take.id) == take.id)
        .values(sheet_file_id=file_id)
        .execution_options(synchronize_session=False)
    )


async def unfinished(session: Session, *, before: datetime, limit: int) -> list[Take]:
    """Give takes of every workspace that an engine still owes, oldest first, for the sweep."""
    owed = (TakeState.ORDERED, TakeState.PLACING, TakeState.RENDERING, TakeState.PRESENTING)
    wanted = select(Take).where(col(Take.state).in_(owed), Take.ordered_at <= before)
    return list((await session.exec(wanted.order_by(col(Take.ordered_at)).limit(limit))).all())


async def decisions(session: Session, take: Take) -> list[Decision]:
    """Give what was decided about a take, oldest first."""
    wanted = select(Decision).where(
        Decision.workspace_id == take.workspace_id, Decision.take_id == take.id
    )
    return list((await session.exec(wanted.order_by(col(Decision.at)))).all())


async def waiting(session: Session, production: Production, *, first: int) -> list[Take]:
    """Give the takes that have waited longest for a decision."""
    wanted = select(Take).where(
        Take.workspace_id == production.workspace_id,
        Take.production_id == production.id,
        col(Take.state).in_((TakeState.WAITING, TakeState.WITH_CLIENT)),
    )
    return list((await session.exec(wanted.order_by(col(Take.ready_at)).limit(first))).all())


async def in_flight(session: Session) -> dict[TakeState, int]:
    """Count the takes of every workspace by state, for the gauges, without the decided ones."""
    states = (*list(TakeState)[:6], TakeState.AMBIGUOUS)
    counted = select(Take.state, func.count()).where(col(Take.state).in_(states))
    rows = (await session.exec(counted.group_by(Take.state))).all()
    return {TakeState(state): number for state, number in rows}
