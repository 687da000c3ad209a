"""Orders for several engines, and the sheets that compare what came."""

from datetime import datetime

from sqlalchemy import Update, update
from sqlmodel import col, select

from storage._sql import changed, find
from storage.database import Session
from storage.models import UNDER_WAY, BakeOff, Take


async def get(session: Session, workspace_id: str, bake_off_id: str) -> BakeOff | None:
    """Give a bake-off of this workspace."""
    return await find(session, BakeOff, workspace_id, bake_off_id)


async def takes_of(session: Session, bake_off: BakeOff) -> list[Take]:
    """Give the takes of a bake-off in the order they were asked for."""
    wanted = select(Take).where(
        Take.workspace_id == bake_off.workspace_id, Take.bake_off_id == bake_off.id
    )
    return list((await session.exec(wanted.order_by(col(Take.number)))).all())


async def want_sheet(session: Session, take: Take, *, at: datetime) -> None:
    """Ask for the sheet of the bake-off that a take belongs to, if it belongs to one."""
    if take.bake_off_id is None:
        return
    asked = update(BakeOff).where(
        col(BakeOff.workspace_id) == take.workspace_id, col(BakeOff.id) == take.bake_off_id
    )
    await changed(session, asked.values(sheet_due_at=at))


async def due(session: Session, *, at: datetime, limit: int) -> list[BakeOff]:
    """Give bake-offs of every workspace whose sheet is asked for and whose takes are at rest."""
    coming = select(Take.id).where(
        col(Take.workspace_id) == col(BakeOff.workspace_id),
        col(Take.bake_off_id) == col(BakeOff.id),
        col(Take.state).in_(UNDER_WAY),
    )
    wanted = select(BakeOff).where(
        col(BakeOff.sheet_due_at) <= at,
        ~coming.exists(),
    )
    return list((await session.exec(wanted.order_by(col(BakeOff.sheet_due_at)).limit(limit))).all())


async def claim(session: Session, bake_off: BakeOff, *, until: datetime) -> bool:
    """Keep others from making a sheet until then; False if another does, or it is asked anew."""
    claimed = _as_seen(bake_off).values(sheet_due_at=until)
    if not await changed(session, claimed):
        return False
    bake_off.sheet_due_at = until
    return True


async def keep_sheet(session: Session, bake_off: BakeOff, sha256: str | None) -> bool:
    """Keep a sheet that was claimed; say whether it is another than before.

    Nothing is kept if a late take has asked for it anew, or the claim has passed to another. None
    where there is nothing to show: then it is asked for no more.
    """
    is_new = sha256 is not None and sha256 != bake_off.sheet_sha256
    kept = _as_seen(bake_off).values(sheet_due_at=None)
    if is_new:
        kept = kept.values(sheet_sha256=sha256, sheet_file_id=None)
    return bool(await changed(session, kept)) and is_new


def _as_seen(bake_off: BakeOff) -> Update:
    return update(BakeOff).where(
        col(BakeOff.workspace_id) == bake_off.workspace_id,
        col(BakeOff.id) == bake_off.id,
        col(BakeOff.sheet_due_at) == bake_off.sheet_due_at,
    )


async def keep_file(session: Session, bake_off: BakeOff, file_id: str) -> None:
    """Keep the id of Slack's copy of the sheet, unless another sheet has come since."""
    await session.exec(
        update(BakeOff)
        .where(
            col(BakeOff.workspace_id) == bake_off.workspace_id,
            col(BakeOff.id) == bake_off.id,
            col(BakeOff.sheet_sha256) == bake_off.sheet_sha256,
        )
        .values(sheet_file_id=file_id)
        .execution_options(synchronize_session=False)
    )
