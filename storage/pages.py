"""Pages of sequences in Slack: which of them are not current, and who is at work on them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, update
from sqlmodel import col, select

from storage._sql import changed, find, insert_new
from storage.database import Session
from storage.models import Page, Sequence


async def get(session: Session, workspace_id: str, page_id: str) -> Page | None:
    """Give one as it is now."""
    return await find(session, Page, workspace_id, page_id)


async def of_sequence(session: Session, sequence: Sequence) -> Page | None:
    """Give a sequence's page, if it has one in Slack."""
    wanted = select(Page).where(
        Page.workspace_id == sequence.workspace_id, Page.sequence_id == sequence.id
    )
    fresh = wanted.execution_options(populate_existing=True)
    return (await session.exec(fresh)).first()


async def make(session: Session, page: Page) -> bool:
    """Keep that a sequence has a page in Slack; say whether it had none until now."""
    return await insert_new(session, Page, page.model_dump())


async def due(session: Session, *, at: datetime, limit: int) -> list[Page]:
    """Give the pages of every workspace that may be brought up to date now, oldest first."""
    wanted = select(Page).where(col(Page.due_at) <= at).order_by(col(Page.due_at)).limit(limit)
    return list((await session.exec(wanted)).all())


async def take_up(session: Session, page: Page, *, at: datetime, lease: timedelta) -> bool:
    """Claim a page until the lease ends, as it was seen; False if somebody else has it.

    What is changed meanwhile is counted in `wanted`, and the lease stands.
    """
    claimed = update(Page).where(_is(page), col(Page.due_at) == page.due_at)
    return await _done(session, claimed.values(due_at=at + lease))


async def settle(session: Session, page: Page, *, at: datetime, **values: Any) -> None:
    """Note what Slack shows now; what was changed since `page` was read stays due."""
    await _done(session, update(Page).where(_is(page)).values(**values, due_at=at))
    seen = update(Page).where(_is(page), col(Page.wanted) == page.wanted)
    await _done(session, seen.values(due_at=None))


async def put_off(session: Session, page: Page, *, until: datetime, problem: str) -> None:
    """Try again later, and keep why."""
    await _done(session, update(Page).where(_is(page)).values(due_at=until, problem=problem))


async def keep_shown(session: Session, page: Page, shown: dict[str, Any]) -> None:
    """Note how much of a page Slack shows, while it is still being written."""
    await _done(session, update(Page).where(_is(page)).values(sections=shown))


async def forget_message(session: Session, page: Page) -> None:
    """Note that the message that stood for a page is no more."""
    await _done(session, update(Page).where(_is(page)).values(message_ts=None, sections={}))


async def want(session: Session, page: Page, *, at: datetime) -> None:
    """Ask for a page to be brought up to date; whoever is at work on it is not disturbed."""
    asked = update(Page).where(_is(page)).values(wanted=Page.wanted + 1)
    await _done(session, asked)
    at_rest = update(Page).where(_is(page), col(Page.due_at).is_(None))
    await _done(session, at_rest.values(due_at=at))


async def _done(session: Session, statement: Any) -> bool:
    return bool(await changed(session, statement.execution_options(synchronize_session=False)))


def _is(page: Page) -> ColumnElement[bool]:
    return and_(col(Page.workspace_id) == page.workspace_id, col(Page.id) == page.id)
