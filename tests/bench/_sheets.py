"""Writes many plain rows at once into SQLite and PostgreSQL, as fast as they take them."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from itertools import islice
from typing import Any

import psycopg
from sqlalchemy import JSON
from sqlmodel import SQLModel

from storage._sql import table_of
from storage.database import address_of

_AT_ONCE = 50_000


@dataclass(frozen=True)
class Sheet:
    """Rows of one table: what is the same in all of them, and the columns that are not."""

    model: type[SQLModel]
    same: dict[str, Any]
    varying: str
    """The names of the columns that `rows` gives, in order."""
    rows: Iterable[tuple[Any, ...]]

    def table(self) -> str:
        """Name the table, quoted."""
        return f'"{table_of(self.model).name}"'

    def columns(self) -> list[str]:
        """Name the table's columns in the order in which rows give them."""
        varying = self.varying.split()
        every = [each.name for each in table_of(self.model).c]
        return [name for name in every if name not in varying] + varying

    def whole(self) -> Iterator[tuple[Any, ...]]:
        """Give the rows with every column."""
        columns, like = table_of(self.model).c, self.model(**self.same)
        names = self.columns()[: -len(self.varying.split())]
        same = tuple(
            "{}" if isinstance(columns[name].type, JSON) else _plain(getattr(like, name))
            for name in names
        )
        return (same + row for row in self.rows)


def written(at: datetime) -> str:
    """Write a moment in UTC as SQLite keeps it; PostgreSQL reads it too, told that it is UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def _plain(value: Any) -> Any:
    return written(value) if isinstance(value, datetime) else value


def write(url: str, sheets: Iterable[Sheet]) -> None:
    """Write every sheet with the triggers at rest, then the index that they would have made.

    Search indexes row by row what people write; here the migration's own statement does it at once.
    """
    address = address_of(url)
    if address.get_backend_name() == "sqlite":
        _to_sqlite(address.database or "", sheets)
    else:
        plain = address.set(drivername="postgresql")
        _to_postgres(plain.render_as_string(hide_password=False), sheets)


def _to_sqlite(path: str, sheets: Iterable[Sheet]) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("PRAGMA cache_size=-200000")
        triggers = raw.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        for sheet in sheets:
            columns = sheet.columns()
            named, marks = ", ".join(f'"{each}"' for each in columns), ", ".join("?" * len(columns))
            statement = f"INSERT INTO {sheet.table()} ({named}) VALUES ({marks})"  # noqa: S608 - the tables' own names
            rows = sheet.whole()
            while some := list(islice(rows, _AT_ONCE)):
                with raw:
                    raw.executemany(statement, some)
        for _, made in triggers:
            raw.execute(made)
        raw.execute(_search().SQLITE_PAST)
        raw.execute("ANALYZE")
        raw.commit()


def _to_postgres(where: str, sheets: Iterable[Sheet]) -> None:
    with psycopg.connect(where, autocommit=True) as raw:
        raw.execute("SET TIME ZONE 'UTC'")
        raw.execute("SET synchronous_commit = off")
        raw.execute("SET session_replication_role = replica")
        for sheet in sheets:
            named = ", ".join(f'"{each}"' for each in sheet.columns())
            rows = sheet.whole()
            while some := list(islice(rows, _AT_ONCE)):
                copying = f"COPY {sheet.table()} ({named}) FROM STDIN".encode()
                with raw.cursor() as cursor, cursor.copy(copying) as out:
                    for row in some:
                        out.write_row(row)
        raw.execute("DROP INDEX search_document_by_words")
        raw.execute(_search().POSTGRES_PAST)
        raw.execute(_search().POSTGRES_INDEX)
        raw.execute("VACUUM ANALYZE")


def _search() -> Any:
    """Give the migration that knows how to index what there is."""
    return import_module("storage.migrations.versions.0007_search")
