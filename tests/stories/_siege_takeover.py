"""How long the orders of a killed app stand still: from kill -9 until each goes on somewhere."""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

_LOOKS_EVERY = 0.5
"""Seconds; the store has the moments to the millisecond, however late they are read."""


@dataclass(frozen=True)
class Work:
    """The store of durable work, read from outside."""

    url: str
    folder: Path
    """Where a SQLite store lies, which is a file of its own."""

    def under_way(self) -> dict[str, str]:
        """Give the executor of every workflow that is under way, by the workflow's id."""
        asked = "SELECT workflow_uuid, executor_id FROM {}workflow_status WHERE status = 'PENDING'"
        return {str(row[0]): str(row[1]) for row in self._rows(asked)}

    def begun(self) -> dict[str, float]:
        """Give when each workflow was last taken up, in seconds since 1970."""
        asked = "SELECT workflow_uuid, started_at_epoch_ms FROM {}workflow_status"
        asked += " WHERE started_at_epoch_ms IS NOT NULL"
        return {str(row[0]): float(str(row[1])) / 1000 for row in self._rows(asked)}

    def _rows(self, asked: str) -> Sequence[tuple[object, ...]]:
        if self.url.startswith("postgresql"):
            with psycopg.connect(self.url) as store:
                return store.execute(asked.format("dbos.").encode()).fetchall()
        with closing(sqlite3.connect(self.folder / "data" / "work.db", timeout=10)) as store:
            return store.execute(asked.format("")).fetchall()


@dataclass
class Takeover:
    """What one killed app held, and when each order of it went on."""

    killed_at: float
    held: frozenset[str]
    went_on: dict[str, float] = field(default_factory=dict[str, float])
    """Seconds after the kill, by order."""

    @property
    def is_over(self) -> bool:
        """Whether every order goes on."""
        return self.held <= self.went_on.keys()

    @property
    def first(self) -> float:
        """Seconds until the first order went on."""
        return min(self.went_on.values())

    @property
    def last(self) -> float:
        """Seconds until the last order went on."""
        return max(self.went_on.values())

    def note(self, begun: dict[str, float]) -> None:
        """Note what has been taken up since; only the first time counts."""
        for each in self.held - self.went_on.keys():
            if begun.get(each, 0) > self.killed_at:
                self.went_on[each] = begun[each] - self.killed_at


def held_by(work: Work, executor_id: str, *, killed_at: float) -> Takeover:
    """Begin to count, right after a kill."""
    held = {each for each, whose in work.under_way().items() if whose == executor_id}
    return Takeover(killed_at, frozenset(held))


async def followed(work: Work, takeover: Takeover, *, within: float) -> None:
    """Look until every order goes on, or until the time is over."""
    deadline = time.time() + within
    while not takeover.is_over and time.time() < deadline:
        await asyncio.sleep(_LOOKS_EVERY)
        takeover.note(await asyncio.to_thread(work.begun))
