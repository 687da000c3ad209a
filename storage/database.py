"""The one pool of connections; `begin()` is one transaction, on SQLite and on PostgreSQL."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlmodel.ext.asyncio.session import AsyncSession

from storage._postgres import Postgres
from storage._sqlite import Sqlite

Session = AsyncSession
LONGEST_REST = 10
"""Seconds that a transaction on PostgreSQL may rest before the server ends it, so that one who is
frozen in it lets go of what he holds; other stores there keep to it."""


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
    """Where the records are."""

    def __init__(self, where: str) -> None:
        self.url = address_of(where)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._pools = (
            Sqlite(self.url) if self.is_sqlite else Postgres(self.url, longest_rest=LONGEST_REST)
        )

    @asynccontextmanager
    async def begin(self, *, lasting: bool = True) -> AsyncGenerator[Session]:
        """Open one transaction that writes; whatever raises inside rolls it back.

        Records stay readable afterwards. Once it has ended, its effect survives a power cut; one
        that is not `lasting` survives a crash of the app only, and does not wait for the disk:
        right for what may be done twice, such as noting that a card was drawn again.
        """
        async with (
            self._pools.writer(lasting=lasting) as connection,
            Session(
                connection,
                expire_on_commit=False,
                autoflush=False,
                join_transaction_mode="create_savepoint",
            ) as session,
            session.begin(),
        ):
            yield session

    @asynccontextmanager
    async def read(self, *, long: bool = False) -> AsyncGenerator[Session]:
        """Open one transaction that only reads; on SQLite it waits for no writer.

        One that walks through more than some hundred rows is `long`: it runs beside the loop.
        """
        pool = self._pools.walkers if long else self._pools.readers
        async with Session(pool, expire_on_commit=False, autoflush=False) as session:
            yield session

    async def answers(self) -> None:
        """Raise whatever the driver raises if the database does not answer."""
        async with self.read() as session:
            await session.scalar(text("SELECT 1"))

    async def close(self) -> None:
        """Give every connection back."""
        await self._pools.close()
