"""SQLite's driver, used from the loop's own thread.

A statement on a row or two takes microseconds; handing it to another thread and back, as
aiosqlite does for each of them, takes ten times as long. So only what really waits is handed over:
the commit, which waits for the disk. Reads that walk through many rows still go through aiosqlite.
"""

import asyncio
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import AsyncAdaptedQueuePool, Connection, Pool, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_

from storage._turns import Turns, remember

_WRITES = "circletake_writes"
"""Execution option of connections that write: whether it must survive a power cut."""
_LOCKED_FOR = 10.0
"""Seconds to wait for another process, such as a backup, to let go of the file."""
_commits = ThreadPoolExecutor(1, "sqlite-commit")


class _Cursor(sqlite3.Cursor):
    """Answers what SQLAlchemy asks of an asynchronous driver's cursor."""

    async def _async_soft_close(self) -> None:
        """Do nothing: its rows are in this process already."""


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


class LoopDialect(SQLiteDialect_pysqlite):
    """Python's own driver under SQLAlchemy's asynchronous door."""

    driver = "loop"
    is_async = True
    supports_statement_cache = True

    def create_connect_args(self, url: URL) -> Any:
        """Ask for connections whose cursors know that they are used asynchronously."""
        path, options = super().create_connect_args(url)
        return path, {**options, "factory": _Connection}

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """Give the pool whose waiting does not hold up the loop."""
        del url
        return AsyncAdaptedQueuePool

    def do_commit(self, dbapi_connection: Any) -> None:
        """Wait for the disk in another thread."""
        loop = asyncio.get_running_loop()
        await_(loop.run_in_executor(_commits, dbapi_connection.commit))


registry.register("sqlite.loop", __name__, "LoopDialect")


def prepare(connection: Any, _record: Any) -> None:
    """Set up a new connection to SQLite; for SQLAlchemy's `connect` event."""
    # The driver must not open transactions by itself: `begin` says which kind.
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


def _prepare_writer(connection: Any, record: Any) -> None:
    prepare(connection, record)
    # It must not wait for a locked file inside the driver, where the whole loop would wait.
    connection.execute("PRAGMA busy_timeout=0")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Take the write lock at once, so that no transaction fails half way."""
    lasting = connection.get_execution_options()[_WRITES]
    connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
    until = time.monotonic() + _LOCKED_FOR
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as locked:
            if "locked" not in str(locked.orig) or time.monotonic() > until:
                raise
            await_(asyncio.sleep(0.01))
        else:
            return


class Sqlite:
    """One connection that writes, several that read, several that read beside the loop."""

    def __init__(self, url: URL) -> None:
        Path(url.database or ".").parent.mkdir(parents=True, exist_ok=True)
        inside = url.set(drivername="sqlite+loop")
        self._writers = _pool(inside, 1, prepare=_prepare_writer, begin=_begin_writing)
        event.listen(self._writers.sync_engine, "handle_error", remember)
        self.readers = _pool(inside, 8)
        self.walkers = _pool(url, 4)
        self._turns = Turns(self._open)

    async def _open(self, lasting: bool) -> AsyncConnection:  # noqa: FBT001 - Turns calls it
        connection = await self._writers.connect()
        try:
            await connection.execution_options(**{_WRITES: lasting})
            await connection.begin()
        except BaseException:
            await connection.close()
            raise
        return connection

    def writer(self, *, lasting: bool) -> AbstractAsyncContextManager[AsyncConnection]:
        """Wait for a turn to write, and after it for the commit."""
        return self._turns.taken(lasting=lasting)

    async def close(self) -> None:
        """Close the file everywhere."""
        await self._turns.settle()
        for pool in (self._writers, self.readers, self.walkers):
            await pool.dispose()


def _pool(
    url: URL, size: int, *, prepare: Any = prepare, begin: Any = _begin_reading
) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=size, max_overflow=0, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return engine
