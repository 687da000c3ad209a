"""The one pool of connections; `begin()` is one transaction, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

Session = AsyncSession


def address_of(where: str) -> URL:
    """Read a database setting: `sqlite:///path` or `postgresql://…`, with the drivers we use."""
    url = make_url(where)
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}.get(
        url.get_backend_name()
    )
    if driver is None:
        raise ValueError(f"{url.drivername} is not a database we know: sqlite or postgresql.")
    return url.set(drivername=driver)


class Database:
    """Where the records are.

    SQLite lets one transaction write at a time. Ours queue for that in memory, in order, instead
    of polling a locked file, and take the write lock as they begin, so that none fails half way.
    """

    def __init__(self, where: str) -> None:
        self.url = address_of(where)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._turn = asyncio.Lock()
        self._engine = self._sqlite() if self.is_sqlite else self._postgres()

    def _sqlite(self) -> AsyncEngine:
        if self.url.database and self.url.database != ":memory:":
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(self.url, pool_size=4, max_overflow=0, hide_parameters=True)
        event.listen(engine.sync_engine, "connect", prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine

    def _postgres(self) -> AsyncEngine:
        return create_async_engine(
            self.url,
            pool_size=8,
            max_overflow=4,
            pool_pre_ping=True,
            pool_recycle=1800,
            hide_parameters=True,
        )

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[Session]:
        """Open one transaction that writes; whatever raises inside rolls it back.

        Records stay readable afterwards.
        """
        async with (
            self._turn if self.is_sqlite else nullcontext(),
            Session(self._engine, expire_on_commit=False, autoflush=False) as session,
            session.begin(),
        ):
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Session]:
        """Open one transaction that only reads; on SQLite it waits for no writer."""
        engine = self._engine.execution_options(circletake_reads=True)
        async with Session(engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[Session]:
        """Open one transaction that sees the records as they are now, however long it reads."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        engine = self._engine.execution_options(circletake_reads=True, **options)
        async with Session(engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    async def answers(self) -> None:
        """Raise whatever the driver raises if the database does not answer."""
        async with self.read() as session:
            await session.exec(text("SELECT 1"))  # pyright: ignore[reportCallIssue, reportArgumentType] - SQLModel types exec() for its own select() only

    async def close(self) -> None:
        """Give every connection back."""
        await self._engine.dispose()


def prepare_sqlite(connection: Any, _record: Any) -> None:
    """Set up a new connection to SQLite; for SQLAlchemy's `connect` event."""
    # The driver must not open transactions by itself: _begin_sqlite says which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # what was acknowledged survives a power cut, not only a crash
        "foreign_keys=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    reads = connection.get_execution_options().get("circletake_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
