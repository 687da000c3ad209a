"""The figures of a production in its digests: counted by the database, bounded by the period."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Result,
    Select,
    Table,
    and_,
    case,
    extract,
    func,
    inspect,
    literal_column,
    or_,
    select,
)
from sqlmodel import SQLModel, col
from sqlmodel import select as select_records

from storage.database import Session
from storage.models import (
    Card,
    CardKind,
    Decision,
    Person,
    Production,
    Scene,
    Setup,
    Stage,
    Take,
    TakeState,
    Verdict,
)


def _columns(table: type[SQLModel]) -> Any:
    """Give a table's columns by name, for statements that count instead of fetching records."""
    return cast("Table", inspect(table).local_table).c


_TAKE, _DECISION, _SETUP, _CARD = map(_columns, (Take, Decision, Setup, Card))
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
    table_cents: int = 0
    """Of what was spent, as much as is by our price tables."""
    approved: int = 0
    approved_seconds: float = 0
    rejected: int = 0
    retaken: int = 0
    by_reason: dict[str, int] = field(default_factory=dict[str, int])
    median_seconds: float | None = None


@dataclass(frozen=True)
class WaitingTake:
    """A take that waits for the team."""

    take: Take
    scene: Scene
    orderer: Person | None
    card: Card | None


async def counts(session: Session, production: Production, spans: Sequence[Span]) -> list[Count]:
    """Count several periods at once, in the order given; they must not overlap."""
    counted = [Count() for _ in spans]
    await _count_made(session, production, spans, counted)
    await _count_spent(session, production, spans, counted)
    await _count_decided(session, production, spans, counted)
    return counted


async def _count_made(
    session: Session, production: Production, spans: Sequence[Span], counted: list[Count]
) -> None:
    which = _which(_TAKE.ready_at, spans).label("period")
    wanted = (
        select(which, func.count())
        .where(_of(_TAKE, production), _within(_TAKE.ready_at, spans))
        .group_by("period")
    )
    for number, made in await _rows(session, wanted):
        counted[number].made = made


async def _count_spent(
    session: Session, production: Production, spans: Sequence[Span], counted: list[Count]
) -> None:
    """Count what was due in each period, also for takes that came to nothing."""
    which = _which(_TAKE.spent_at, spans).label("period")
    by_table = case((_TAKE.cost_told, 0), else_=_TAKE.cost_cents)
    wanted = (
        select(which, func.sum(_TAKE.cost_cents), func.sum(by_table))
        .where(_of(_TAKE, production), _within(_TAKE.spent_at, spans))
        .group_by("period")
    )
    for number, spent, estimated in await _rows(session, wanted):
        counted[number].spend_cents, counted[number].table_cents = spent, estimated


async def _count_decided(
    session: Session, production: Production, spans: Sequence[Span], counted: list[Count]
) -> None:
    final = _final(production, spans).c
    by = (final.period, final.verdict, final.reason)
    wanted = select(*by, func.count(), func.sum(final.seconds)).group_by(*by)
    for number, verdict, reason, count, seconds in await _rows(session, wanted):
        _add(counted[int(number)], verdict, reason, count=count, seconds=seconds)


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
    final = _final(production, spans).c
    rank = func.row_number().over(partition_by=final.period, order_by=final.waited)
    whole = func.count().over(partition_by=final.period)
    ranked = select(final.period, final.waited, rank.label("rank"), whole.label("whole")).cte().c
    in_the_middle = and_(ranked.rank * 2 >= ranked.whole, ranked.rank * 2 <= ranked.whole + 2)
    wanted = (
        select(ranked.period, func.avg(ranked.waited)).where(in_the_middle).group_by(ranked.period)
    )
    found = {number: float(middle) for number, middle in await _rows(session, wanted)}
    return [found.get(number) for number in range(len(spans))]


async def families(session: Session, production: Production, span: Span) -> dict[str, FamilyCount]:
    """Count one period by prompt family."""
    counted: dict[str, FamilyCount] = {}
    for name, made, waits in await _rows(session, _made_by_family(production, span)):
        counted[name] = FamilyCount(made=made, waiting=waits)
    for name, verdict, number in await _rows(session, _decided_by_family(production, span)):
        family = counted.setdefault(name, FamilyCount())
        if verdict is Verdict.APPROVE:
            family.approved += number
        else:
            family.turned_down += number
    return counted


def _made_by_family(production: Production, span: Span) -> Select[*tuple[Any, ...]]:
    waits = func.sum(case((_TAKE.state == TakeState.WAITING, 1), else_=0))
    setup = and_(_SETUP.workspace_id == _TAKE.workspace_id, _SETUP.id == _TAKE.setup_id)
    return (
        select(_SETUP.family, func.count(), waits)
        .where(setup, _of(_TAKE, production), _within(_TAKE.ready_at, [span]))
        .group_by(_SETUP.family)
    )


def _decided_by_family(production: Production, span: Span) -> Select[*tuple[Any, ...]]:
    final = _final(production, [span]).c
    setup = and_(_SETUP.workspace_id == production.workspace_id, _SETUP.id == final.setup_id)
    by = (_SETUP.family, final.verdict)
    return select(*by, func.count()).where(setup).group_by(*by)


async def waiting(
    session: Session, production: Production, *, first: int
) -> tuple[list[WaitingTake], int]:
    """Give the takes that have waited longest for the team, and how many wait in all."""
    waits = and_(_of(_TAKE, production), _TAKE.state == TakeState.WAITING)
    here = _TAKE.workspace_id
    wanted = (
        select_records(Take, Scene, Person, Card)
        .join(Scene, and_(col(Scene.workspace_id) == here, col(Scene.id) == _TAKE.scene_id))
        .outerjoin(
            Person, and_(col(Person.workspace_id) == here, col(Person.user_id) == _TAKE.ordered_by)
        )
        .outerjoin(
            Card,
            and_(
                _CARD.workspace_id == here,
                _CARD.kind == CardKind.TAKE,
                _CARD.subject_id == _TAKE.id,
            ),
        )
        .where(waits)
        .order_by(_TAKE.ready_at)
        .limit(first)
    )
    oldest = [WaitingTake(*found) for found in await _rows(session, wanted)]
    counted = select(func.count()).select_from(Take).where(waits)
    return oldest, (await _rows(session, counted))[0][0]


async def every_production(session: Session) -> list[Production]:
    """Give the productions of every workspace, for the operator's preview."""
    return list(await _rows(session, select_records(Production).order_by(Production.name)))


def _final(production: Production, spans: Sequence[Span]) -> CTE:
    """Choose the last decision on each take in each period, if it ended the matter."""
    said = _last_said(production, spans)
    take = and_(_TAKE.workspace_id == production.workspace_id, _TAKE.id == said.c.take_id)
    waited = extract("epoch", said.c.at) - extract("epoch", _TAKE.ready_at)
    shown = (said.c.period, said.c.verdict, said.c.reason, _TAKE.seconds, _TAKE.setup_id)
    return (
        select(*shown, waited.label("waited"))
        .where(take, said.c.recency == 1, _ends_the_matter(said))
        .cte("final")
    )


def _last_said(production: Production, spans: Sequence[Span]) -> CTE:
    which = _which(_DECISION.at, spans)
    recency = func.row_number().over(
        partition_by=(_DECISION.take_id, which), order_by=(_DECISION.at.desc(), _DECISION.id.desc())
    )
    told = (_DECISION.take_id, _DECISION.verdict, _DECISION.reason, _DECISION.stage, _DECISION.at)
    return (
        select(*told, which.label("period"), recency.label("recency"))
        .where(_of(_DECISION, production), _within(_DECISION.at, spans))
        .cte("said")
    )


def _ends_the_matter(said: CTE) -> ColumnElement[bool]:
    """Tell the team's last word from its passing a take on: then the client has a card of it."""
    card = and_(
        _CARD.workspace_id == _TAKE.workspace_id,
        _CARD.kind == CardKind.CLIENT_TAKE,
        _CARD.subject_id == _TAKE.id,
    )
    last = or_(said.c.stage == Stage.CLIENT, ~select(_CARD.id).where(card).exists())
    approved = and_(said.c.verdict == Verdict.APPROVE, last)
    return or_(said.c.verdict.in_(_TURNED_DOWN), approved)


def _which(moment: ColumnElement[Any], spans: Sequence[Span]) -> ColumnElement[int]:
    """Give the number of the period that a moment lies in."""
    return case(
        *(
            (_between(moment, span), literal_column(str(n), Integer))
            for n, span in enumerate(spans)
        ),
        else_=literal_column("-1", Integer),
    )


def _within(moment: ColumnElement[Any], spans: Sequence[Span]) -> ColumnElement[bool]:
    """Stay inside the periods, and say so in the one range that an index can be searched by."""
    whole = min(since for since, _ in spans), max(until for _, until in spans)
    return and_(_between(moment, whole), or_(*(_between(moment, span) for span in spans)))


def _between(moment: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    since, until = span
    return and_(moment >= since, moment < until)


def _of(columns: Any, production: Production) -> ColumnElement[bool]:
    return and_(
        columns.workspace_id == production.workspace_id, columns.production_id == production.id
    )


async def _rows(session: Session, wanted: Any) -> Sequence[Any]:
    return cast("Result[Any]", await session.exec(wanted)).all()
