"""The few statements that SQLModel's session has no words for.

Building a statement takes longer than running it, so those of the busiest paths are built once.
"""

from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Executable, Insert, Table, bindparam, insert, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import SQLModel, select

from storage.database import Session

R = TypeVar("R", bound=SQLModel)


async def run(
    session: Session,
    statement: Executable,
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]],
) -> CursorResult[Any]:
    """Run a statement that was built once, past the session's bookkeeping of its records.

    With several sets of values it runs once for each, in one call of the driver.
    """
    return await session.run_sync(_run, statement, values)


def _run(
    session: PlainSession,
    statement: Executable,
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]],
) -> CursorResult[Any]:
    return session.connection().execute(statement, values)


@cache
def _by_id(model: Any) -> Any:
    wanted = select(model).where(
        model.workspace_id == bindparam("workspace_id"), model.id == bindparam("id")
    )
    return wanted.execution_options(populate_existing=True)


async def find(session: Session, model: type[R], workspace_id: str, record_id: str) -> R | None:
    """Give a record of this workspace as it is now."""
    values = {"workspace_id": workspace_id, "id": record_id}
    # `cache` forgets what the statement selects.
    run_it: Any = session.exec
    return (await run_it(_by_id(cast("Hashable", model)), params=values)).first()


async def one(session: Session, model: type[R], workspace_id: str, record_id: str) -> R:
    """Give a record of this workspace as it is now; it must exist."""
    found = await find(session, model, workspace_id, record_id)
    if found is None:
        raise NoResultFound(f"There is no {model.__name__} {record_id} in {workspace_id}.")
    return found


async def insert_row(session: Session, row: SQLModel) -> None:
    """Insert a record that nobody goes on to change in this session."""
    await run(session, _insert(table_of(type(row))), row.model_dump())


async def insert_new(session: Session, table: type[SQLModel], values: dict[str, Any]) -> bool:
    """Insert a row unless one with its key is there; say whether it was inserted."""
    kind = _insert_new(table_of(table), session.get_bind().dialect.name)
    return (await run(session, kind, values)).rowcount == 1


async def changed(session: Session, statement: UpdateBase) -> int:
    """Run a statement that writes; answer how many rows it changed."""
    return cast("CursorResult[Any]", await session.exec(statement)).rowcount


def table_of(model: type[SQLModel]) -> Table:
    """Give the table of a record."""
    return cast("Table", inspect(model).local_table)


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _insert_new(table: Table, dialect: str) -> Insert:
    unless_there = sqlite.insert if dialect == "sqlite" else postgresql.insert
    plain = unless_there(table).on_conflict_do_nothing()
    # SQLAlchemy drops an insert's row count unless told to keep it.
    return plain.execution_options(preserve_rowcount=True)
