"""When an engine did not answer, as productions were told of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from storage._sql import changed, insert_new
from storage._types import new_id
from storage.database import Session
from storage.models import Outage, Take


async def begin(session: Session, take: Take, *, why: str, at: datetime) -> bool:
    """Open an outage of a take's engine for its production, unless one is open; say whether."""
    values: dict[str, Any] = {
        "id": new_id(),
        "workspace_id": take.workspace_id,
        "production_id": take.production_id,
        "engine": take.engine,
        "began_at": at,
        "ended_at": None,
        "why": why,
    }
    return await insert_new(session, Outage, values)


async def standing(session: Session, take: Take) -> Outage | None:
    """Give the open outage of a take's engine in its production."""
    wanted = select(Outage).where(
        Outage.workspace_id == take.workspace_id,
        Outage.production_id == take.production_id,
        Outage.engine == take.engine,
        col(Outage.ended_at).is_(None),
    )
    return (await session.exec(wanted)).first()


async def end(session: Session, outage: Outage, *, at: datetime) -> bool:
    """Close an outage; say whether it was open."""
    closed = (
        update(Outage)
        .where(
            col(Outage.workspace_id) == outage.workspace_id,
            col(Outage.id) == outage.id,
            col(Outage.ended_at).is_(None),
        )
        .values(ended_at=at)
    )
    return bool(await changed(session, closed))
