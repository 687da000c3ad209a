"""Who wants a production's digests, and which digests have been claimed for sending."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, tuple_, update
from sqlmodel import col, select

from storage._sql import changed, insert_new
from storage._types import new_id
from storage.database import Session
from storage.models import DigestRun, Production, RunState, Subscription

RunKey = tuple[str, str, str]
"""A run's subscription, kind and period."""


async def get(session: Session, workspace_id: str, subscription_id: str) -> Subscription | None:
    """Give one as it stands in the database now."""
    wanted = select(Subscription).where(
        Subscription.workspace_id == workspace_id, Subscription.id == subscription_id
    )
    return (await session.exec(wanted.execution_options(populate_existing=True))).first()


async def hold(session: Session, workspace_id: str, subscription_id: str) -> Subscription | None:
    """Give one as it stands now, and keep others from changing it until the commit."""
    wanted = select(Subscription).where(
        Subscription.workspace_id == workspace_id, Subscription.id == subscription_id
    )
    held = wanted.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(held)).first()


async def to_channel(
    session: Session, production: Production, channel_id: str
) -> Subscription | None:
    """Give the subscription of a channel, or of a person by their user id."""
    wanted = select(Subscription).where(
        Subscription.workspace_id == production.workspace_id,
        Subscription.production_id == production.id,
        Subscription.channel_id == channel_id,
    )
    return (await session.exec(wanted.execution_options(populate_existing=True))).first()


async def open_for(
    session: Session, production: Production, channel_id: str, *, zone: str, at: datetime
) -> Subscription:
    """Give the subscription of a channel or a person; make it, with its defaults, if it is new."""
    made = Subscription(
        workspace_id=production.workspace_id,
        production_id=production.id,
        channel_id=channel_id,
        zone=zone,
        started_at=at,
    )
    await insert_new(session, Subscription, made.model_dump())
    return await to_channel(session, production, channel_id) or made


async def readers(session: Session) -> list[Subscription]:
    """Give everybody in every workspace who wants digests at all, for the tick."""
    wanted = select(Subscription).where(
        or_(col(Subscription.daily).is_(True), col(Subscription.weekly).is_(True))
    )
    return list((await session.exec(wanted.order_by(Subscription.id))).all())


async def runs(session: Session, keys: Collection[RunKey]) -> dict[RunKey, DigestRun]:
    """Give the runs that exist of those asked for."""
    named = tuple_(DigestRun.subscription_id, DigestRun.kind, DigestRun.period)
    found = (await session.exec(select(DigestRun).where(named.in_(list(keys))))).all()
    return {(run.subscription_id, run.kind, run.period): run for run in found}


async def claim(
    session: Session, reader: Subscription, key: RunKey, *, again: str, at: datetime
) -> DigestRun | None:
    """Claim a digest for sending; None if somebody else has.

    A run that came to nothing with the words of `again` as its problem may be claimed once more;
    it keeps them, so that the second failure can be told from the first.
    """
    subscription_id, kind, period = key
    fresh = {
        "subscription_id": subscription_id, "kind": kind, "period": period,
        "workspace_id": reader.workspace_id, "run_id": new_id(),
        "state": RunState.SENDING, "at": at, "problem": "",
    }  # fmt: skip
    if not await insert_new(session, DigestRun, fresh):
        retaken = update(DigestRun).where(
            _named(key), col(DigestRun.state) == RunState.FAILED, col(DigestRun.problem) == again
        )
        if not await changed(session, _silent(retaken, state=RunState.SENDING, at=at)):
            return None
    return (await runs(session, [key]))[key]


async def settle(
    session: Session, run: DigestRun, state: RunState, *, problem: str, at: datetime
) -> None:
    """Say how a claimed run ended, unless it has been settled meanwhile."""
    key = (run.subscription_id, run.kind, run.period)
    standing = update(DigestRun).where(_named(key), col(DigestRun.state) == RunState.SENDING)
    await session.exec(_silent(standing, state=state, problem=problem, at=at))


async def abandoned(session: Session, *, before: datetime) -> list[DigestRun]:
    """Give the runs of every workspace whose sender has not been heard of since."""
    wanted = select(DigestRun).where(
        col(DigestRun.state) == RunState.SENDING, DigestRun.at < before
    )
    return list((await session.exec(wanted)).all())


def _named(key: RunKey) -> ColumnElement[bool]:
    subscription_id, kind, period = key
    return and_(
        col(DigestRun.subscription_id) == subscription_id,
        col(DigestRun.kind) == kind,
        col(DigestRun.period) == period,
    )


def _silent(statement: Any, **values: Any) -> Any:
    return statement.values(**values).execution_options(synchronize_session=False)
