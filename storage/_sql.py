"""The few statements that SQLModel's session has no words for."""

from typing import Any, cast

from sqlalchemy import CursorResult, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import SQLModel

from storage.database import Session


async def insert_new(session: Session, table: type[SQLModel], values: dict[str, Any]) -> bool:
    """Insert a row unless one with its key is there; say whether it was inserted."""
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    plain = insert(cast("Table", inspect(table).local_table)).values(**values)
    # SQLAlchemy drops an insert's row count unless told to keep it.
    kept = plain.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return await changed(session, kept) == 1


async def changed(session: Session, statement: UpdateBase) -> int:
    """Run a statement that writes; answer how many rows it changed."""
    return cast("CursorResult[Any]", await session.exec(statement)).rowcount
