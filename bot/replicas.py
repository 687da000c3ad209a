"""Who may carry on durable work: one process in each data folder, and on PostgreSQL each its own.

A replica holds a lease that it renews while it lives. Whoever finds a lease that has run out takes
that replica off the list and its work over. A replica that was only frozen therefore finds itself
off the list when it wakes; until it knows, its own clock keeps it from spending money.
"""

import asyncio
import fcntl
import os
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from bot.errors import OfficeError
from bot.settings import Settings
from engines import Engine, Handle, JobSpec
from storage import Database, new_id, replicas
from storage.database import address_of
from storage.models import Replica

SOLE = "local"
"""The executor id of the one process that owns a SQLite file: stable, so a restart recovers."""
_MARK = "circletake.lock"
_RENEWALS = 5
"""In the time of one lease, so that a lost packet or two cost nothing."""


class Occupied(OfficeError):  # noqa: N818 - an error is named by who must act next
    """Another process works where we were told to; the text says what the operator does."""


class Seat:
    """A data folder, and a SQLite file, that are this process's alone.

    The kernel gives them up with the process, however it ends. `before` is the executor id of the
    process that sat here last: since we sit here now, it is no more.
    """

    def __init__(self, settings: Settings) -> None:
        self._locks = ExitStack()
        self._folder = settings.data.resolve()
        self._database = address_of(settings.database)
        self._mark = -1
        self.before = ""

    def take(self) -> None:
        """Keep every other process out. Raises Occupied."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._mark = self._locked(
            self._folder / _MARK,
            f"Another Circletake works in {self._folder} already: stop it first, or give this one "
            "a folder of its own with CIRCLETAKE_DATA.",
        )
        self.before = os.pread(self._mark, 24, 0).decode(errors="replace").strip()
        if self._database.get_backend_name() == "sqlite" and self._database.database:
            file = Path(self._database.database)
            self._locked(
                file.with_name(f"{file.name}.lock"),
                f"Another Circletake uses {file} already, and SQLite is for one: stop it first, "
                "or move to PostgreSQL with CIRCLETAKE_DATABASE_URL.",
            )

    def _locked(self, path: Path, refusal: str) -> int:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._locks.callback(os.close, handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.leave()
            raise Occupied(refusal) from None
        return handle

    def sign(self, executor_id: str) -> None:
        """Write down who sits here, for whoever comes next."""
        os.pwrite(self._mark, executor_id.encode().ljust(24), 0)

    def leave(self) -> None:
        """Let another process have the place."""
        self._locks.close()


def _uptime() -> float:
    """Count seconds as a frozen process does not: also those that the machine slept through."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Lease:
    """One replica's place on the list of the living."""

    def __init__(self, db: Database, *, seconds: float) -> None:
        self.id = new_id()
        self._db = db
        self._length = timedelta(seconds=seconds)
        self._good_until = 0.0
        self._is_lost = False
        self._news = asyncio.Event()

    @property
    def pause(self) -> float:
        """Seconds between two renewals."""
        return self._length.total_seconds() / _RENEWALS

    @property
    def is_held(self) -> bool:
        """Whether nobody can have taken our work over yet, by our own clock.

        It counts from before the renewal was sent, so it ends before the database's count does.
        """
        return not self._is_lost and _uptime() < self._good_until

    async def begin(self, *, instead_of: str = "") -> None:
        """Get on the list, in the place of a process of which we know that it is no more."""
        asked_at = _uptime()
        async with self._db.begin() as session:
            if instead_of:
                await replicas.leave(session, instead_of)
            host = f"{socket.gethostname()}:{os.getpid()}"
            await replicas.join(session, self.id, host, lease=self._length)
        self._learn(asked_at, is_ours=True)

    async def renew(self) -> bool:
        """Stay on the list; False if others have taken over, which is for good."""
        asked_at = _uptime()
        async with asyncio.timeout(self._length.total_seconds()):
            async with self._db.begin(lasting=False) as session:
                is_ours = await replicas.renew(session, self.id, lease=self._length)
        self._learn(asked_at, is_ours=is_ours)
        return is_ours

    def _learn(self, asked_at: float, *, is_ours: bool) -> None:
        self._is_lost = not is_ours
        self._good_until = asked_at + self._length.total_seconds()
        self._news.set()
        self._news = asyncio.Event()

    async def held(self) -> None:
        """Wait until we surely may spend; whoever waits for a lost lease is cancelled."""
        while not self.is_held:
            if self._is_lost:
                raise asyncio.CancelledError("Another replica has taken this work over.")
            await self._news.wait()

    async def replace_late(self) -> list[str]:
        """Take the late off the list; give the ids of those whose work is ours to take over."""
        async with self._db.begin() as session:
            return await replicas.replace_late(session)

    async def living(self) -> list[Replica]:
        """Give who is on the list."""
        async with self._db.read() as session:
            return await replicas.living(session)

    async def end(self) -> None:
        """Give the lease up, so that others need not wait until it runs out."""
        self._learn(0, is_ours=False)
        async with self._db.begin() as session:
            await replicas.leave(session, self.id)


class Leased:
    """An engine that takes orders only while our lease is held; all else is the engine's own.

    Between our intent and the order's first byte a process may be frozen for any time. This look at
    the clock, just before the engine is asked, is as late as one of ours can be.
    """

    def __init__(self, engine: Engine, lease: Lease) -> None:
        self._engine = engine
        self._lease = lease

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    async def submit(self, spec: JobSpec) -> Handle:
        """Place the order, unless it may be another replica's by now."""
        await self._lease.held()
        return await self._engine.submit(spec)


async def count_living(db: Database) -> Sequence[Replica]:
    """Give the replicas that share a PostgreSQL."""
    async with db.read() as session:
        return await replicas.living(session)
