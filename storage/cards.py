"""Messages of ours in Slack: which of them no longer show what the records say."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, case, func, update
from sqlmodel import col, select

from storage._sql import insert_new, run, table_of
from storage._types import Utc, new_id
from storage.database import Session
from storage.models import Card, CardKind


async def want(session: Session, card: Card) -> None:
    """Ask for a card to be shown, or shown again as its records are now."""
    if await insert_new(session, Card, card.model_dump()):
        return
    await session.exec(
        update(Card)
        .where(
            col(Card.workspace_id) == card.workspace_id,
            col(Card.kind) == card.kind,
            col(Card.subject_id) == card.subject_id,
            col(Card.channel_id) == card.channel_id,
        )
        .values(wanted=Card.wanted + 1, stale=True, due_at=_unless_posting(card.due_at), problem="")
        .execution_options(synchronize_session=False)
    )


async def redraw(
    session: Session,
    workspace_id: str,
    kinds: Collection[CardKind],
    subject_ids: Collection[str],
    *,
    at: datetime,
) -> None:
    """Ask for every card of these kinds and subjects to be shown again."""
    values = {"of_workspace": workspace_id, "kinds": kinds, "subject_ids": subject_ids, "at": at}
    await run(session, _REDRAW, values)


def _unless_posting(at: Any) -> ColumnElement[datetime]:
    """Leave a card to whoever is posting it for the first time: two would post it twice."""
    return case((col(Card.posting).is_(True), col(Card.due_at)), else_=at)


_REDRAW = (
    update(table_of(Card))
    .where(
        col(Card.workspace_id) == bindparam("of_workspace"),
        col(Card.kind).in_(bindparam("kinds", expanding=True)),
        col(Card.subject_id).in_(bindparam("subject_ids", expanding=True)),
    )
    .values(
        wanted=Card.wanted + 1,
        stale=True,
        due_at=_unless_posting(bindparam("at", type_=Utc())),
        problem="",
    )
)


async def line(
    session: Session,
    workspace_id: str,
    text: str,
    *,
    channel_id: str,
    thread_card_id: str | None = None,
    thread_ts: str | None = None,
    at: datetime,
) -> None:
    """Ask for one sentence to be posted once."""
    session.add(
        Card(
            workspace_id=workspace_id,
            kind=CardKind.LINE,
            subject_id=new_id(),
            channel_id=channel_id,
            thread_card_id=thread_card_id,
            thread_ts=thread_ts,
            text=text,
            due_at=at,
        )
    )
    await session.flush()


async def due(session: Session, *, at: datetime, limit: int) -> list[Card]:
    """Give the cards of every workspace that should be sent now: new ones first, then by age."""
    wanted = select(Card).where(col(Card.stale).is_(True), col(Card.due_at) <= at)
    return list(
        (
            await session.exec(
                wanted.order_by(col(Card.message_ts).is_not(None), col(Card.due_at)).limit(limit)
            )
        ).all()
    )


def _key(card: Card) -> dict[str, Any]:
    return {"of_workspace": card.workspace_id, "of_card": card.id}


_THIS = and_(
    col(Card.workspace_id) == bindparam("of_workspace"), col(Card.id) == bindparam("of_card")
)
_TAKE_UP = (
    update(table_of(Card))
    .where(_THIS, col(Card.stale).is_(True), col(Card.due_at) == bindparam("seen_due_at"))
    .values(
        due_at=bindparam("until"),
        attempts=Card.attempts + 1,
        posting=col(Card.message_ts).is_(None),
    )
)
_SETTLE = (
    update(table_of(Card))
    .where(_THIS)
    .values(
        message_ts=func.coalesce(bindparam("now_ts", type_=String()), col(Card.message_ts)),
        shown=bindparam("now_shown"),
        stale=col(Card.wanted) > bindparam("now_shown"),
        due_at=bindparam("at"),
        posting=False,
        attempts=0,
        problem="",
    )
)


async def take_up(session: Session, card: Card, *, at: datetime, lease: timedelta) -> bool:
    """Claim a card for sending until the lease ends; False if another sender has it.

    A card that was never posted is marked `posting`; `card` keeps what it was before.
    """
    values = {**_key(card), "seen_due_at": card.due_at, "until": at + lease}
    return bool((await run(session, _TAKE_UP, values)).rowcount)


async def hold(session: Session, card: Card, *, until: datetime) -> None:
    """Keep other senders away from a card that is still being posted."""
    held = update(Card).where(_is(card), col(Card.posting).is_(True)).values(due_at=until)
    await session.exec(held.execution_options(synchronize_session=False))


async def release(session: Session, *, at: datetime) -> None:
    """Make due what a sender that is no more had claimed; only where no other can be at work."""
    claimed = update(Card).where(col(Card.stale).is_(True), col(Card.due_at) > at)
    await session.exec(claimed.values(due_at=at).execution_options(synchronize_session=False))


async def in_its_thread(session: Session, card: Card) -> Card:
    """Find the thread that a card belongs in, if its parent has been posted by now."""
    if card.thread_ts or not card.thread_card_id:
        return card
    parent = await get(session, card.workspace_id, card.thread_card_id)
    if parent is None:
        return card
    card.thread_ts = parent.thread_ts or parent.message_ts
    if card.thread_ts:
        await session.exec(update(Card).where(_is(card)).values(thread_ts=card.thread_ts))
    return card


async def keep_file(session: Session, card: Card, file_id: str) -> None:
    """Keep a video's file id before its bytes are sent."""
    card.file_id = file_id
    await session.exec(update(Card).where(_is(card)).values(file_id=file_id))


async def settle(
    session: Session, card: Card, *, message_ts: str | None, shown: int, at: datetime
) -> None:
    """Note what Slack shows now; what was asked for meanwhile stays due.

    A video's message may be known only later, or have been placed already: None changes nothing.
    """
    values = {**_key(card), "now_ts": message_ts, "now_shown": shown, "at": at}
    await run(session, _SETTLE, values)


async def put_off(session: Session, card: Card, *, until: datetime) -> None:
    """Try again later."""
    await session.exec(update(Card).where(_is(card)).values(due_at=until))


async def give_up(session: Session, card: Card, why: str) -> None:
    """Stop trying until the card is asked for again, and keep the reason."""
    await session.exec(
        update(Card).where(_is(card)).values(stale=False, posting=False, problem=why)
    )


def _is(card: Card) -> ColumnElement[bool]:
    return and_(col(Card.workspace_id) == card.workspace_id, col(Card.id) == card.id)


async def get(session: Session, workspace_id: str, card_id: str) -> Card | None:
    """Give a card by its id."""
    wanted = select(Card).where(Card.workspace_id == workspace_id, Card.id == card_id)
    return (await session.exec(wanted)).first()


async def of_subject(
    session: Session, workspace_id: str, kind: CardKind, subject_id: str
) -> Card | None:
    """Give the card of one subject."""
    wanted = select(Card).where(
        Card.workspace_id == workspace_id, Card.kind == kind, Card.subject_id == subject_id
    )
    return (await session.exec(wanted)).first()


async def of_message(
    session: Session, workspace_id: str, channel_id: str, message_ts: str
) -> Card | None:
    """Give the card that a message is, if it is one of ours."""
    wanted = select(Card).where(
        Card.workspace_id == workspace_id,
        Card.channel_id == channel_id,
        Card.message_ts == message_ts,
    )
    return (await session.exec(wanted)).first()


async def of_file(
    session: Session, workspace_id: str, file_id: str, *, channel_id: str
) -> Card | None:
    """Give the video card that a file of ours is, in one channel."""
    wanted = select(Card).where(
        Card.workspace_id == workspace_id, Card.channel_id == channel_id, Card.file_id == file_id
    )
    return (await session.exec(wanted)).first()


async def unplaced(
    session: Session, workspace_id: str, channel_id: str, *, newest: int
) -> list[Card]:
    """Give the newest videos of a channel whose message is not known: its event was lost."""
    wanted = select(Card).where(
        Card.workspace_id == workspace_id,
        Card.channel_id == channel_id,
        Card.kind == CardKind.VIDEO,
        col(Card.file_id).is_not(None),
        col(Card.message_ts).is_(None),
    )
    return list((await session.exec(wanted.order_by(col(Card.id).desc()).limit(newest))).all())


async def place(session: Session, card: Card, message_ts: str) -> None:
    """Note which message a video turned out to be."""
    await session.exec(update(Card).where(_is(card)).values(message_ts=message_ts))


async def count_due(session: Session) -> int:
    """Count the cards of every workspace that wait to be sent, for the gauges."""
    counted = select(func.count()).select_from(Card).where(col(Card.stale).is_(True))
    return (await session.exec(counted)).one()
