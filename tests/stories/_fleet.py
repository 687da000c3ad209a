"""A fleet: several replicas of the real app, each a process, behind one small Slack and PostgreSQL.

Built to be driven by any number of orders; the stories use a few, a measurement many.
"""

import asyncio
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import psycopg

from bot import app
from bot.__main__ import main
from bot.settings import Settings
from engines import Engine, hire
from storage import Database, replicas, takes
from storage.models import UNDER_WAY, Replica, Take, TakeState
from tests.stage import TEAM, WORKSPACE
from tests.stories import _doomed as doomed
from tests.stories._power import SECONDS, Power
from tests.stories._slow import Slow
from tests.workspace.errors import SlackError
from tests.workspace.server import SmallSlack

_HOLDS = "SELECT workflow_uuid FROM dbos.workflow_status WHERE executor_id = %s AND status = %s"


@dataclass(frozen=True)
class Pace:
    """How fast things go, in seconds."""

    lease: float = 3.0
    answers_after: float = 0.3
    renders_for: float = 4.0
    at_once: int | None = None
    """Orders that the engine takes at once, of all replicas together; None: any."""


def live(
    folder: Path,
    environment: dict[str, str],
    shared: Path,
    *,
    pace: Pace,
    point: doomed.Point | None,
) -> None:
    """Be one replica, until the point is reached if there is one."""

    def hired(settings: Settings) -> dict[str, Engine]:
        slow = Slow(shared, answers_after=pace.answers_after, renders_for=pace.renders_for)
        return {**hire(settings), Slow.name: slow}

    setattr(app, "hire", hired)  # noqa: B010 - pyright rightly objects to the plain form
    doomed.speak_into(folder / "app.log")
    os.chdir(folder)
    os.environ.clear()  # noqa: TID251 - the new process's own
    os.environ.update(environment)  # noqa: TID251 - as above
    if point is not None:
        doomed.arm(point, folder / doomed.CUT)
    os._exit(main(["run"]))


@dataclass
class Member:
    """One replica, from outside."""

    folder: Path
    process: ForkServerProcess
    executor_id: str = ""

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def send(self, number: signal.Signals) -> None:
        """Kill it, freeze it, wake it, or ask it to stop."""
        os.kill(self.pid, number)

    @property
    def is_at_its_point(self) -> bool:
        """Whether it has come to where it was to be cut off or frozen."""
        return (self.folder / doomed.CUT).exists()

    def log(self) -> str:
        """Read what it said."""
        return (self.folder / "app.log").read_text(errors="replace")


@dataclass
class Fleet:
    """Replicas that come and go, and everybody's records, books and files."""

    slack: SmallSlack
    db: Database
    url: str
    shared: Path
    pace: Pace
    members: list[Member] = field(default_factory=list[Member])

    async def launch(self, point: doomed.Point | None = None) -> Member:
        """Start one more replica and wait until it is on the list and listens."""
        known, listening = await self._ids(), self.slack.connections
        folder = self.shared / f"replica-{len(self.members)}"
        folder.mkdir()
        process = multiprocessing.get_context("forkserver").Process(
            target=live,
            args=(folder, self._environment(folder), self.shared),
            kwargs={"pace": self.pace, "point": point},
        )
        process.start()
        member = Member(folder, process)
        self.members.append(member)
        await self.slack.until(lambda _: self.slack.connections > listening, seconds=SECONDS)
        [member.executor_id] = await self._ids() - known
        return member

    def _environment(self, folder: Path) -> dict[str, str]:
        power = Power(self.slack, folder, self.url, [])
        return {
            **power.environment(),
            "CIRCLETAKE_FILES_URL": str(self.shared / "files"),
            "CIRCLETAKE_LEASE_SECONDS": str(self.pace.lease),
            "PAID_CONCURRENCY": str(self.pace.at_once or ""),
        }

    async def living(self) -> list[Replica]:
        """Give the list of the living."""
        async with self.db.read() as session:
            return await replicas.living(session)

    async def _ids(self) -> set[str]:
        return {each.id for each in await self.living()}

    def held_by(self, executor_id: str) -> set[str]:
        """Name the takes whose work a replica has under way, as DBOS knows it."""
        with psycopg.connect(self.url) as store:
            rows = store.execute(_HOLDS.encode(), (executor_id, "PENDING")).fetchall()
        return {str(row[0]) for row in rows}

    async def orders(
        self, count: int, *, until: Callable[[], bool] = lambda: True, at_most: int = 40
    ) -> list[str]:
        """Order takes of one scene as Jonas does, until there are so many; give their ids.

        Which replica takes an order up is chance: `until` says when the one that is meant did.
        """
        power = Power(self.slack, self.members[0].folder, self.url, [])
        scene = await power.scene_opened()
        while (made := len(await self.takes())) < count or not (until() or made >= at_most):
            power.repeated = 0  # a press may be lost with a replica, again for every order
            with suppress(SlackError):  # and a form with it
                await power.take_ordered(scene, engine=Slow.name)
        return [take.id for take in await self.takes()]

    async def takes(self) -> list[Take]:
        """Give every take there is."""
        async with self.db.read() as session:
            return await takes.every(session, WORKSPACE)

    async def states(self) -> dict[str, TakeState]:
        """Say how every take stands."""
        return {take.id: take.state for take in await self.takes()}

    def placed(self) -> Counter[str]:
        """Read from the engine's books how often each take was ordered."""
        ledger = self.shared / "ledger.txt"
        return Counter(ledger.read_text().split() if ledger.exists() else ())

    async def until(self, seen: Callable[[], Awaitable[object]], *, seconds: float) -> float:
        """Wait until the function gives something true; give the seconds it took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(seconds):
                while True:
                    if await seen():
                        return loop.time() - began
                    await asyncio.sleep(0.05)
        except TimeoutError:
            logs = "\n".join(f"--- {each.executor_id}\n{each.log()}" for each in self.members)
            raise AssertionError(f"{await self.states()}\n{logs}") from None

    async def settled(self, *, seconds: float) -> float:
        """Wait until no take is under way."""

        async def over() -> bool:
            return not UNDER_WAY & set((await self.states()).values())

        return await self.until(over, seconds=seconds)

    async def relieved(self, executor_id: str, *, seconds: float) -> float:
        """Wait until nothing is in a replica's hands any more."""

        async def empty() -> bool:
            return not await asyncio.to_thread(self.held_by, executor_id)

        return await self.until(empty, seconds=seconds)

    def dismiss(self) -> None:
        """End every replica, also a frozen one."""
        for member in self.members:
            with suppress(ProcessLookupError, ValueError):
                member.send(signal.SIGKILL)
            member.process.join()


@asynccontextmanager
async def fleet_of(
    count: int,
    *,
    url: str,
    shared: Path,
    pace: Pace | None = None,
    point: doomed.Point | None = None,
) -> AsyncGenerator[Fleet]:
    """Start a fleet, whose first member may have a point to reach; end it whatever happens."""
    async with SmallSlack(rate_limits=False, retry_delays=(0.1, 2.0, 5.0, 10.0)) as slack:
        db = Database(url)
        fleet = Fleet(slack, db, url, shared, pace or Pace())
        try:
            for number in range(count):
                await fleet.launch(None if number else point)
            yield fleet
        finally:
            fleet.dismiss()
            await db.close()


def cards_posted(fleet: Fleet, take_ids: Collection[str]) -> set[str]:
    """Name the takes that the team's channel offers a decision on."""
    room = fleet.slack.state.messages[fleet.slack.room(TEAM).id].values()
    buttons = [
        each for message in room for block in message.blocks for each in block.get("elements", [])
    ]
    meant = {each.get("value") for each in buttons if each.get("action_id") == "take_approve"}
    return meant & set(take_ids)


def posts(fleet: Fleet) -> Counter[str]:
    """Count the messages that stand in the team's channel for each card of ours."""
    room = fleet.slack.state.messages[fleet.slack.room(TEAM).id].values()
    marks = [message.metadata for message in room if message.metadata and not message.deleted]
    return Counter(str(mark["event_payload"]["card"]) for mark in marks)
