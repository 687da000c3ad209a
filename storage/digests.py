"""The figures of a production in its digests: counted by the database, bounded by the period."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, extract, func, or_, select
from sqlmodel import col

from storage.database import Session
from storage.models import (
    Card,
    CardKind,
    Decision,
    Person,
    Production,
    Scene,
    Setup,
    Shot,
    Stage,
    Take,
    TakeState,
    Verdict,
)

Span = tuple[datetime, datetime]
"""From a moment to just before another."""
_TURNED_DOWN = (Verdict.RETAKE, Verdict.REJECT)


@dataclass
class FamilyCount:
    """The takes of one prompt family in a period."""

    made: int = 0
    waiting: int = 0
    """Of those made in the period, the ones that nobody has decided about."""
    approved: int = 0
    turned_down: int = 0


@dataclass
class Count:
    """What one period brought.

    A take counts by the last that was said about it in the period: an approval that was withdrawn
    in it is none, and one that only passed the take on to the client is none either.
    """

    made: int = 0
    spend_cents: int = 0
    approved: int = 0
    approved_seconds: float = 0
    rejected: int = 0
    retaken: int = 0
    by_reason: dict[str, int] = field(default_factory=dict[str, int])
    median_seconds: float | None = None


@dataclass(frozen=True)
class WaitingTake:
    """A take that waits for the team."""

    scene: Scene
    shot: Shot
    take: Take
    asked_by: str
    """The name of who ordered it; empty if it is not known."""
    channel_id: str | None
    message_ts: str | None
    """Where its card stands, once it is posted."""


async def counts(session: Session, production: Production, spans: Sequence[Span]) -> list[Count]:
    """Count several periods at once, in the order given; they must not overlap."""
    counted = [Count() for _ in spans]
    await _count_made(session, production, spans, counted)
    await _count_decided(session, production, spans, counted)
    return counted


async def _count_made(
    session: Session, production: Production, spans: Sequence[Span], counted: list[Count]
) -> None:
    which = _which(col(Take.ready_at), spans)
    wanted = (
        select(which, func.count(), func.sum(Take.cost_cents))
        .where(_of(Take, production), _within(col(Take.ready_at), spans))
        .group_by(which)
    )
    for number, made, spent in await _rows(session, wanted):
        counted[number].made, counted[number].spend_cents = made, spent or 0


async def _count_decided(
    session: Session, production: Production, spans: Sequence[Span], counted: list[Count]
) -> None:
    final = _final(production, spans)
    wanted = (
        select(
            final.c.period, final.c.verdict, final.c.reason,
            func.count(), func.sum(final.c.seconds),
        )
        .group_by(final.c.period, final.c.verdict, final.c.reason)
    )  # fmt: skip
    for number, verdict, reason, count, seconds in await _rows(session, wanted):
        _add(counted[number], verdict, reason, count=count, seconds=seconds or 0)


def _add(
    period: Count, verdict: Verdict, reason: str | None, *, count: int, seconds: float
) -> None:
    if verdict is Verdict.APPROVE:
        period.approved += count
        period.approved_seconds += seconds
        return
    if verdict is Verdict.REJECT:
        period.rejected += count
    else:
        period.retaken += count
    if reason:
        period.by_reason[reason] = period.by_reason.get(reason, 0) + count


async def medians(
    session: Session, production: Production, spans: Sequence[Span]
) -> list[float | None]:
    """Give the middle time from a take's showing to the last word on it, for each period."""
    final = _final(production, spans)
    order = {"partition_by": final.c.period}
    ranked = select(
        final.c.period,
        final.c.waited,
        func.row_number().over(order_by=final.c.waited, **order).label("rank"),
        func.count().over(**order).label("whole"),
    ).cte("ranked")
    wanted = (
        select(ranked.c.period, func.avg(ranked.c.waited))
        .where(ranked.c.rank * 2 >= ranked.c.whole, ranked.c.rank * 2 <= ranked.c.whole + 2)
        .group_by(ranked.c.period)
    )
    found = {number: float(middle) for number, middle in await _rows(session, wanted)}
    return [found.get(number) for number in range(len(spans))]


async def families(session: Session, production: Production, span: Span) -> dict[str, FamilyCount]:
    """Count one period by prompt family."""
    counted: dict[str, FamilyCount] = {}
    waits = func.sum(case((col(Take.state) == TakeState.WAITING, 1), else_=0))
    made = (
        select(Setup.family, func.count(), waits)
        .join(Setup, _same(Take.setup_id, Setup, Take))
        .where(_of(Take, production), _within(col(Take.ready_at), [span]))
        .group_by(Setup.family)
    )
    for name, number, waiting in await _rows(session, made):
        counted[name] = FamilyCount(made=number, waiting=waiting)
    for name, verdict, number in await _rows(session, _decided_by_family(production, span)):
        family = counted.setdefault(name, FamilyCount())
        if verdict is Verdict.APPROVE:
            family.approved += number
        else:
            family.turned_down += number
    return counted


def _decided_by_family(production: Production, span: Span) -> Select[Any]:
    final = _final(production, [span])
    return (
        select(Setup.family, final.c.verdict, func.count())
        .join(final, final.c.setup_id == Setup.id)
        .where(Setup.workspace_id == production.workspace_id)
        .group_by(Setup.family, final.c.verdict)
    )


async def waiting(
    session: Session, production: Production, *, first: int
) -> tuple[list[WaitingTake], int]:
    """Give the takes that have waited longest for the team, and how many wait in all."""
    waits = and_(_of(Take, production), col(Take.state) == TakeState.WAITING)
    card = and_(
        Card.workspace_id == Take.workspace_id,
        Card.kind == CardKind.TAKE,
        Card.subject_id == Take.id,
    )
    who = and_(Person.workspace_id == Take.workspace_id, Person.user_id == Take.ordered_by)
    wanted = (
        select(Scene, Shot, Take, Person.name, Card.channel_id, Card.message_ts)
        .join(Scene, _same(Take.scene_id, Scene, Take))
        .join(Shot, _same(Take.shot_id, Shot, Take))
        .outerjoin(Card, card)
        .outerjoin(Person, who)
        .where(waits)
        .order_by(col(Take.ready_at))
        .limit(first)
    )
    oldest = [
        WaitingTake(scene, shot, take, name or "", channel_id, message_ts)
        for scene, shot, take, name, channel_id, message_ts in await _rows(session, wanted)
    ]
    if len(oldest) < first:
        return oldest, len(oldest)
    counted = select(func.count()).select_from(Take).where(waits)
    return oldest, (await _rows(session, counted))[0][0]


def _final(production: Production, spans: Sequence[Span]) -> CTE:
    """Choose the last decision on each take in each period, if it ended the matter."""
    which = _which(col(Decision.at), spans)
    said = (
        select(
            Decision.take_id, Decision.verdict, Decision.reason, Decision.stage, Decision.at,
            which.label("period"),
            func.row_number()
            .over(
                partition_by=(Decision.take_id, which),
                order_by=(col(Decision.at).desc(), col(Decision.id).desc()),
            )
            .label("recency"),
        )
        .where(_of(Decision, production), _within(col(Decision.at), spans))
        .cte("said")
    )  # fmt: skip
    waited = extract("epoch", said.c.at) - extract("epoch", col(Take.ready_at))
    return (
        select(
            said.c.period, said.c.verdict, said.c.reason,
            Take.seconds, Take.setup_id, waited.label("waited"),
        )
        .join(said, and_(Take.workspace_id == production.workspace_id, said.c.take_id == Take.id))
        .where(said.c.recency == 1, _ends_the_matter(said))
        .cte("final")
    )  # fmt: skip


def _ends_the_matter(said: CTE) -> ColumnElement[bool]:
    """Tell the team's last word from its passing a take on: then the client has a card of it."""
    passed_on = (
        select(Card.id)
        .where(
            Card.workspace_id == Take.workspace_id,
            Card.kind == CardKind.CLIENT_TAKE,
            Card.subject_id == Take.id,
        )
        .exists()
    )
    approved = and_(
        said.c.verdict == Verdict.APPROVE, or_(said.c.stage == Stage.CLIENT, ~passed_on)
    )
    return or_(said.c.verdict.in_(_TURNED_DOWN), approved)


def _which(moment: Any, spans: Sequence[Span]) -> ColumnElement[int]:
    return case(
        *((and_(moment >= since, moment < until), n) for n, (since, until) in enumerate(spans)),
        else_=-1,
    )


def _within(moment: Any, spans: Sequence[Span]) -> ColumnElement[bool]:
    """Stay inside the periods, and say so in the one range that an index can be searched by."""
    first, last = min(since for since, _ in spans), max(until for _, until in spans)
    inside = or_(*(and_(moment >= since, moment < until) for since, until in spans))
    return and_(moment >= first, moment < last, inside)


def _of(table: Any, production: Production) -> ColumnElement[bool]:
    return and_(table.workspace_id == production.workspace_id, table.production_id == production.id)


def _same(here: Any, table: Any, source: Any) -> ColumnElement[bool]:
    return and_(table.workspace_id == source.workspace_id, table.id == here)


async def _rows(session: Session, wanted: Any) -> Sequence[Any]:
    return (await session.exec(wanted)).all()
