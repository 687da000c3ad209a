"""Sequences of a production."""

from sqlalchemy import func
from sqlmodel import col, select

from storage._sql import one
from storage.database import Session
from storage.models import Production, Scene, Sequence


async def get(session: Session, workspace_id: str, sequence_id: str) -> Sequence:
    """Give one; it must exist."""
    return await one(session, Sequence, workspace_id, sequence_id)


async def every(session: Session, production: Production) -> list[Sequence]:
    """Give a production's sequences in order."""
    wanted = select(Sequence).where(
        Sequence.workspace_id == production.workspace_id, Sequence.production_id == production.id
    )
    return list((await session.exec(wanted.order_by(col(Sequence.number)))).all())


async def by_number(session: Session, production: Production, number: int) -> Sequence | None:
    """Give the sequence of a production by its number."""
    wanted = select(Sequence).where(
        Sequence.workspace_id == production.workspace_id,
        Sequence.production_id == production.id,
        Sequence.number == number,
    )
    return (await session.exec(wanted)).first()


async def next_number(session: Session, production: Production) -> int:
    """Give the next sequence number, in tens. The caller holds the production's row."""
    wanted = select(func.max(Sequence.number)).where(
        col(Sequence.workspace_id) == production.workspace_id,
        col(Sequence.production_id) == production.id,
    )
    return ((await session.exec(wanted)).one() or 0) + 10


async def scenes_of(session: Session, sequence: Sequence) -> list[Scene]:
    """Give a sequence's scenes in order."""
    wanted = select(Scene).where(
        Scene.workspace_id == sequence.workspace_id, Scene.sequence_id == sequence.id
    )
    return list((await session.exec(wanted.order_by(col(Scene.number)))).all())
