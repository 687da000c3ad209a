"""The rows of the log and its head."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, update
from sqlmodel import col, select

from storage._sql import insert_new, insert_row, run, table_of
from storage.database import Session
from storage.models import Entry, LogHead, Person

_HEAD = (
    select(LogHead.seq, LogHead.hash, Person.id)
    .join(
        Person,
        and_(
            col(Person.workspace_id) == LogHead.workspace_id,
            col(Person.user_id) == bindparam("user_id"),
        ),
        isouter=True,
    )
    .where(col(LogHead.workspace_id) == bindparam("workspace_id"))
    .with_for_update(of=table_of(LogHead))
)
_MOVE = (
    update(table_of(LogHead))
    .where(col(LogHead.workspace_id) == bindparam("of_workspace"))
    .values(seq=bindparam("to_seq"), hash=bindparam("to_hash"))
)


@dataclass(frozen=True)
class Head:
    """The last entry's number and hash, and the pseudonym of whoever does the next thing."""

    workspace_id: str
    seq: int
    hash: str
    pseudonym: str | None
    """None if they are not known yet."""


async def lock_head(session: Session, workspace_id: str, *, user_id: str = "") -> Head:
    """Give the head and keep other writers out until the commit."""
    values = {"workspace_id": workspace_id, "user_id": user_id}
    found = (await run(session, _HEAD, values)).first()
    if found is None:
        first = {"workspace_id": workspace_id, "seq": 0, "hash": "0" * 64}
        await insert_new(session, LogHead, first)
        found = (await run(session, _HEAD, values)).one()
    return Head(workspace_id, *found)


async def append(session: Session, entry: Entry) -> None:
    """Write the next entry and move the head to it."""
    await insert_row(session, entry)
    moved = {"of_workspace": entry.workspace_id, "to_seq": entry.seq, "to_hash": entry.hash}
    await run(session, _MOVE, moved)


async def head_of(session: Session, workspace_id: str) -> LogHead | None:
    """Give the head without locking it."""
    return await session.get(LogHead, workspace_id)


async def of_scene(session: Session, workspace_id: str, scene_id: str, *, last: int) -> list[Entry]:
    """Give the last entries about a scene, oldest first."""
    newest = (
        select(Entry)
        .where(Entry.workspace_id == workspace_id, Entry.scene_id == scene_id)
        .order_by(col(Entry.seq).desc())
        .limit(last)
    )
    return list(reversed((await session.exec(newest)).all()))


async def hold_still(session: Session) -> None:
    """Let a new transaction see the records as they are now, however long it goes on reading."""
    if session.get_bind().dialect.name == "postgresql":
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


async def whole(
    session: Session, workspace_id: str, *, page: int = 1000
) -> AsyncIterator[list[Entry]]:
    """Give the whole log in order, a page at a time."""
    after = 0
    while True:
        rows = (
            await session.exec(
                select(Entry)
                .where(Entry.workspace_id == workspace_id, col(Entry.seq) > after)
                .order_by(col(Entry.seq))
                .limit(page)
            )
        ).all()
        if not rows:
            return
        yield list(rows)
        after = rows[-1].seq
        session.expunge_all()


async def workspaces(session: Session) -> list[str]:
    """Name the workspaces that have a log."""
    return list((await session.exec(select(LogHead.workspace_id))).all())


async def counted(session: Session) -> dict[str, int]:
    """Count the rows of each workspace, those with impossible numbers or no head as well."""
    counts = select(Entry.workspace_id, func.count()).group_by(col(Entry.workspace_id))
    return dict((await session.exec(counts)).all())
