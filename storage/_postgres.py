"""PostgreSQL's pool of connections; each transaction has one of its own."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_PASSING = "circletake_passing"
"""Execution option of transactions that need not survive a power cut."""
_NO_JIT = "-c jit=off"
"""Compiling pays for reports that run for seconds. We ask by index, and the planner, which takes
ten thousand look-ups for costly, would compile for longer than the answer takes."""


class Postgres:
    """One pool for everything: the server keeps writers and readers apart."""

    def __init__(self, url: URL, *, longest_rest: int) -> None:
        self.readers = self.walkers = create_async_engine(
            url,
            pool_size=8,
            max_overflow=4,
            pool_pre_ping=True,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args={
                "options": f"-c idle_in_transaction_session_timeout={longest_rest}s {_NO_JIT}"
            },
        )
        self._passing = self.readers.execution_options(**{_PASSING: True})
        event.listen(self.readers.sync_engine, "begin", _begin)

    @asynccontextmanager
    async def writer(self, *, lasting: bool) -> AsyncGenerator[AsyncEngine]:
        """Give what transactions of this kind are begun on."""
        yield self.readers if lasting else self._passing

    async def close(self) -> None:
        """Give every connection back."""
        await self.readers.dispose()


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get(_PASSING):
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
