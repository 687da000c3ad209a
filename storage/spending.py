"""What takes have cost, what is promised to engines, and by whom and for what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlalchemy import select as plain_select
from sqlmodel import col, select

from storage.database import Session
from storage.models import Production, Scene, Take, TakeState

_DAY = timedelta(days=1)
_OPEN = (
    TakeState.ORDERED,
    TakeState.PLACING,
    TakeState.RENDERING,
    TakeState.AMBIGUOUS,
)
"""What these cost is not known yet: their estimates count as promised."""


@dataclass(frozen=True)
class Spent:
    """One line of a production's account: cents spent, cents promised, takes."""

    user_id: str
    engine: str
    scene_id: str
    told_cents: int
    """Spent, by the engine's own word."""
    table_cents: int
    """Spent, by our price table."""
    promised_cents: int
    open_unknown: int
    """Open takes whose price nobody knows."""
    come_unknown: int
    """Takes that came and whose price nobody ever told."""
    takes: int


async def committed(session: Session, production: Production) -> int:
    """Give the cents of a production that are spent or promised."""
    wanted = select(func.coalesce(func.sum(_spent() + _promised()), 0)).where(*_of(production))
    return int((await session.exec(wanted)).one())


async def account(session: Session, production: Production) -> list[Spent]:
    """Give who spent what on what, the dearest first."""
    told, table = func.sum(_spent(told=True)), func.sum(_spent(told=False))
    promised = func.sum(_promised())
    unknown = [func.sum(case((each, 1), else_=0)) for each in (_is_unpriced(), _is_untold())]
    by: tuple[Any, ...] = (col(Take.ordered_by), col(Take.engine), col(Take.scene_id))
    chosen = plain_select(*by, told, table, promised, *unknown, func.count())
    dearest = (
        chosen.where(*_of(production)).group_by(*by).order_by((told + table + promised).desc())
    )
    run_it: Any = session.exec
    rows = cast("list[tuple[Any, ...]]", (await run_it(dearest)).all())
    return [Spent(*row) for row in rows]


async def unpriced(
    session: Session, production: Production, *, first: int
) -> list[tuple[Take, Scene]]:
    """Give the open takes whose price nobody knows, the oldest first, each with its scene."""
    scene = and_(col(Scene.workspace_id) == Take.workspace_id, col(Scene.id) == Take.scene_id)
    wanted = select(Take, Scene).join(Scene, scene).where(*_of(production), _is_unpriced())
    oldest = wanted.order_by(col(Take.ordered_at), col(Take.id)).limit(first)
    return [(take, scene) for take, scene in (await session.exec(oldest)).all()]


async def scenes_of(session: Session, production: Production, ids: set[str]) -> dict[str, Scene]:
    """Give the scenes that lines of an account are about."""
    wanted = select(Scene).where(
        col(Scene.workspace_id) == production.workspace_id, col(Scene.id).in_(sorted(ids))
    )
    return {scene.id: scene for scene in (await session.exec(wanted)).all()}


async def placed_lately(session: Session, engine: str, *, at: datetime) -> int:
    """Count what an engine accepted in the last day, of every workspace: its limit is one."""
    wanted = select(func.count()).where(col(Take.engine) == engine, col(Take.placed_at) > at - _DAY)
    return (await session.exec(wanted)).one()


def _is_open() -> ColumnElement[bool]:
    return col(Take.state).in_(_OPEN)


def _is_unpriced() -> ColumnElement[bool]:
    return and_(_is_open(), col(Take.estimate_cents).is_(None))


def _is_untold() -> ColumnElement[bool]:
    return and_(
        ~_is_open(),
        col(Take.spent_at).is_not(None),
        col(Take.cost_told).is_(False),
        col(Take.estimate_cents).is_(None),
        col(Take.cost_cents) == 0,
    )


def _spent(*, told: bool | None = None) -> ColumnElement[int]:
    """Count what is spent, or only what the engine told, or only what it did not tell."""
    left_out = _is_open() if told is None else or_(_is_open(), col(Take.cost_told).is_(not told))
    return case((left_out, 0), else_=col(Take.cost_cents))


def _promised() -> ColumnElement[int]:
    return case((_is_open(), func.coalesce(col(Take.estimate_cents), 0)), else_=0)


def _of(production: Production) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        col(Take.workspace_id) == production.workspace_id,
        col(Take.production_id) == production.id,
    )
