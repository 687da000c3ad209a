"""Turns at writing: one transaction at a time, and those that wait share one commit.

A commit waits for the disk, longer than its statements took. While one is under way others queue;
they then run one after the other, each in a savepoint of its own, and are committed together.
Nobody goes on before the commit that holds their work is done.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncConnection

_TOGETHER = 16
"""Transactions that share a commit at most, so that the first does not wait for ever."""
_BROKE = "circletake_broke"


@dataclass
class _Shared:
    """A transaction that is open for several, and what tells them that it is committed."""

    connection: AsyncConnection
    lasting: bool
    members: int = 0
    trouble: BaseException | None = None
    """Set once the database has undone all of it by itself: SQLite does on a full disk."""
    done: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Turns:
    """The queue of those who write."""

    def __init__(self, begun: Callable[[bool], Awaitable[AsyncConnection]]) -> None:
        self._begun = begun
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._open: _Shared | None = None
        self._errands: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def taken(self, *, lasting: bool) -> AsyncGenerator[AsyncConnection]:
        """Wait for a turn, and after it for the commit; what is done in it needs a savepoint."""
        shared = await self._joined(lasting=lasting)
        try:
            yield shared.connection
        except BaseException as trouble:
            if not _is_open(shared.connection):
                shared.trouble = broken_first(shared.connection) or trouble
                raise shared.trouble from None
            raise
        finally:
            self._leave(shared)
        await asyncio.shield(shared.done)

    async def _wait(self) -> None:
        self._waiting += 1
        try:
            await self._turn.acquire()
        except asyncio.CancelledError:
            # The one before may have left its commit to this one.
            self._later(self._close_up())
            raise
        finally:
            self._waiting -= 1

    async def _joined(self, *, lasting: bool) -> _Shared:
        await self._wait()
        if self._open is None:
            try:
                self._open = _Shared(await self._begun(lasting), lasting)
            except BaseException:
                self._turn.release()
                raise
        self._open.members += 1
        return self._open

    def _leave(self, shared: _Shared) -> None:
        """Leave the commit to the next in the queue, if it may share it; otherwise commit."""
        is_last = not self._waiting or not shared.lasting or shared.members >= _TOGETHER
        if is_last or shared.trouble:
            self._later(self._finish(shared))
        else:
            self._turn.release()

    async def _finish(self, shared: _Shared) -> None:
        """Commit, and end the turn: in a task of its own, which nobody's time limit cuts short."""
        self._open = None
        try:
            await _commit(shared)
        except Exception as trouble:  # noqa: BLE001 - it is raised where the work was done
            shared.done.set_exception(trouble)
            shared.done.exception()  # so that nobody complains if all who waited were cancelled
        else:
            shared.done.set_result(None)
        finally:
            await shared.connection.close()
            self._turn.release()

    async def _close_up(self) -> None:
        await self._turn.acquire()
        if self._open:
            self._leave(self._open)
        else:
            self._turn.release()

    def _later(self, errand: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def settle(self) -> None:
        """Wait for the commits that are under way."""
        while self._errands:
            await asyncio.gather(*self._errands)


async def _commit(shared: _Shared) -> None:
    if shared.trouble:
        # Those who were before it in the same commit have lost their work too, and are told.
        raise shared.trouble
    await shared.connection.commit()


def _is_open(connection: AsyncConnection) -> bool:
    """Ask the driver whether the transaction that was begun still stands."""
    told = connection.sync_connection
    return bool(told and not told.invalidated and told.connection.in_transaction)


def remember(context: ExceptionContext) -> None:
    """Keep what broke, for SQLAlchemy's `handle_error`: undoing it breaks again and hides it."""
    if context.connection and "no such savepoint" not in str(context.original_exception):
        context.connection.info[_BROKE] = context.sqlalchemy_exception


def broken_first(connection: AsyncConnection) -> Exception | None:
    """Give the last error on a connection that was not one of undoing."""
    told = connection.sync_connection
    return told.info.get(_BROKE) if told else None
