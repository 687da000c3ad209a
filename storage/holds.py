"""Holds: takes whose references are not in order any more, and what producers decided."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    String,
    bindparam,
    cast,
    delete,
    func,
    literal,
    update,
)
from sqlalchemy import select as plain_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from storage._sql import changed, run, table_of
from storage._types import Utc
from storage.database import Session
from storage.models import (
    Hold,
    Reference,
    ReferenceUse,
    Ruling,
    Take,
    TakeState,
)

HELD = (TakeState.WAITING, TakeState.WITH_CLIENT, TakeState.APPROVED)
"""The states in which a take could still be approved or exported."""


async def open_all(session: Session, reference: Reference, *, cause: str, at: datetime) -> int:
    """Hold every take that can still be approved or exported and used any version of a reference.

    A take that it reached only through another one is held as well. None is held twice for the
    same cause; give how many are held anew.
    """
    values = {
        "of_workspace": reference.workspace_id, "of_reference": reference.id,
        "because": cause, "now": at,
    }  # fmt: skip
    return (await run(session, _open_all(session.get_bind().dialect.name), values)).rowcount


@cache
def _open_all(dialect: str) -> Insert:
    fresh: Any
    if dialect == "sqlite":
        kind, fresh = sqlite.insert, func.lower(func.hex(func.randomblob(12)))
    else:
        drawn = func.replace(cast(func.gen_random_uuid(), String), "-", "")
        kind, fresh = postgresql.insert, func.substr(drawn, 1, 24)
    names = [
        "id", "workspace_id", "production_id", "scene_id", "take_id", "reference_id", "cause",
        "opened_at", "ruled_by", "reason", "salt",
    ]  # fmt: skip
    new = kind(table_of(Hold)).from_select(names, _affected(fresh)).on_conflict_do_nothing()
    return new.execution_options(preserve_rowcount=True)


def _affected(fresh: Any) -> Any:
    users = plain_select(col(ReferenceUse.take_id)).where(
        col(ReferenceUse.workspace_id) == bindparam("of_workspace"),
        col(ReferenceUse.reference_id) == bindparam("of_reference"),
    )
    return plain_select(
        fresh,
        col(Take.workspace_id),
        col(Take.production_id),
        col(Take.scene_id),
        col(Take.id),
        bindparam("of_reference", type_=String()),
        bindparam("because", type_=String()),
        bindparam("now", type_=Utc()),
        literal(""),
        literal(""),
        literal(""),
    ).where(
        col(Take.workspace_id) == bindparam("of_workspace"),
        col(Take.id).in_(users),
        col(Take.state).in_(HELD),
    )


async def causes_of(session: Session, reference: Reference) -> list[str]:
    """Give the causes for which takes that used a reference wait for a producer."""
    wanted = select(Hold.cause).where(*_of(reference), col(Hold.ruling).is_(None))
    return list((await session.exec(wanted.distinct())).all())


async def let_go(session: Session, reference: Reference, *, but: str) -> int:
    """Forget the holds that nobody ruled on and whose cause is no more; give how many."""
    gone = delete(Hold).where(*_of(reference), col(Hold.ruling).is_(None), col(Hold.cause) != but)
    return await changed(session, gone)


def _of(reference: Reference) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Hold.workspace_id) == reference.workspace_id,
        col(Hold.production_id) == reference.production_id,
        col(Hold.reference_id) == reference.id,
    )


async def rule(
    session: Session,
    hold: Hold,
    ruling: Ruling,
    *,
    by: str,
    at: datetime,
    reason: str,
    salt: str,
) -> bool:
    """Keep what a producer decided, once; say whether the hold was open until now."""
    ruled = (
        update(Hold)
        .where(
            col(Hold.workspace_id) == hold.workspace_id,
            col(Hold.id) == hold.id,
            col(Hold.ruling).is_(None),
        )
        .values(ruling=ruling, ruled_by=by, ruled_at=at, reason=reason, salt=salt)
        .execution_options(synchronize_session=False)
    )
    return bool(await changed(session, ruled))
