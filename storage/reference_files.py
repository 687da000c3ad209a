"""Files of references: which are yet to be fetched, and what became of each, once."""

from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from storage._sql import changed
from storage.database import Session
from storage.models import ReferenceFile


async def unread(session: Session, *, limit: int) -> list[ReferenceFile]:
    """Give files that have not been fetched yet, of every workspace, oldest first."""
    wanted = select(ReferenceFile).where(
        col(ReferenceFile.sha256).is_(None),
        col(ReferenceFile.file_id).is_not(None),
        ReferenceFile.problem == "",
    )
    return list((await session.exec(wanted.order_by(col(ReferenceFile.id)).limit(limit))).all())


async def settle(session: Session, file: ReferenceFile, **values: Any) -> bool:
    """Keep what became of a file, once; say whether it was open until now."""
    settled = (
        update(ReferenceFile)
        .where(
            col(ReferenceFile.workspace_id) == file.workspace_id,
            col(ReferenceFile.id) == file.id,
            col(ReferenceFile.sha256).is_(None),
            col(ReferenceFile.problem) == "",
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(await changed(session, settled))


async def keep_shown(session: Session, file: ReferenceFile, file_id: str) -> None:
    """Keep Slack's id of the copy that people look at."""
    file.shown_file_id = file_id
    kept = update(ReferenceFile).where(
        col(ReferenceFile.workspace_id) == file.workspace_id, col(ReferenceFile.id) == file.id
    )
    await session.exec(
        kept.values(shown_file_id=file_id).execution_options(synchronize_session=False)
    )
