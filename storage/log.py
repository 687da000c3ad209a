"""The rows of the log and its head."""

from collections.abc import AsyncIterator

from sqlalchemy import func
from sqlmodel import col, select

from storage._sql import insert_new
from storage.database import Session
from storage.models import Entry, LogHead


async def lock_head(session: Session, workspace_id: str) -> LogHead:
    """Give the last entry's number and hash, and keep other writers out until the commit."""
    find = select(LogHead).where(LogHead.workspace_id == workspace_id).with_for_update()
    head = (await session.exec(find.execution_options(populate_existing=True))).first()
    if head is None:
        await insert_new(
            session, LogHead, {"workspace_id": workspace_id, "seq": 0, "hash": "0" * 64}
        )
        head = (await session.exec(find)).one()
    return head


async def append(session: Session, entry: Entry, head: LogHead) -> None:
    """Write the next entry and move the head to it."""
    session.add(entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.add(head)
    await session.flush()


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
