"""Which processes of ours are at work, one row each, on PostgreSQL.

Every moment here is the database's own (`now()`), so that replicas whose clocks differ agree about
who is late.
"""

from datetime import timedelta

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from storage._sql import changed, run, table_of
from storage.database import Session
from storage.models import Replica


async def join(session: Session, replica_id: str, host: str, *, lease: timedelta) -> None:
    """Count a process in until its lease ends."""
    now = func.now()
    row = table_of(Replica).insert().values(
        id=replica_id, host=host[:200], started_at=now, until=now + lease
    )  # fmt: skip
    await run(session, row, {})


async def renew(session: Session, replica_id: str, *, lease: timedelta) -> bool:
    """Begin a lease anew, also one that has run out; False if somebody has taken over."""
    renewed = update(Replica).where(col(Replica.id) == replica_id).values(until=func.now() + lease)
    return bool(await changed(session, renewed.execution_options(synchronize_session=False)))


async def leave(session: Session, replica_id: str) -> None:
    """End a lease now: whoever looks next takes over, without waiting for it to run out."""
    ended = update(Replica).where(col(Replica.id) == replica_id).values(until=func.now())
    await changed(session, ended.execution_options(synchronize_session=False))


async def replace_late(session: Session) -> list[str]:
    """Take every replica off whose lease has run out, and give their ids to the caller alone.

    Two callers at once never get the same one: the row can be removed once.
    """
    late = delete(Replica).where(col(Replica.until) <= func.now()).returning(col(Replica.id))
    return list((await session.exec(late)).scalars())


async def living(session: Session) -> list[Replica]:
    """Give the replicas whose lease is good, the oldest first."""
    wanted = select(Replica).where(col(Replica.until) > func.now())
    return list((await session.exec(wanted.order_by(col(Replica.id)))).all())
