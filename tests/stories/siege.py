"""Order many takes while the app is killed again and again; count what was lost or doubled.

`python -m tests.stories.siege --orders 500 --database postgres` with two replicas, of which one is
killed for good half way; with `--database sqlite` one app. Everything that is killed is killed with
SIGKILL, at a moment that nobody chose. The vendors are those of the sandbox, which keep their own
ledger of what they accepted.
"""

import argparse
import asyncio
import logging
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.replicas import SOLE
from storage import Database
from storage.models import TakeState
from tests.databases import (
    postgres_copy,
    postgres_server,
    postgres_template,
    sqlite_copy,
    sqlite_template,
)
from tests.sandbox import Sandbox
from tests.sandbox._hiring import variables
from tests.stories import _once as once
from tests.stories._power import Power
from tests.stories._siege_found import Found, found
from tests.stories._siege_orders import Orders
from tests.stories._siege_takeover import Takeover, Work, followed, held_by
from tests.workspace.server import SmallSlack

_LATER = 3
"""How many times longer an app is left alone once it was killed often enough."""
_LATENCY, _JITTER = 1.6, 0.875
"""A job takes 0.2 to 3 seconds."""


@dataclass(frozen=True)
class Assault:
    """How hard it is going to be; times in seconds."""

    orders: int
    replicas: int
    lease: float = 10.0
    least_kills: int = 15
    lives: tuple[float, float] = (0.8, 3.2)
    """Between how many seconds an app is left alone until it is killed once more."""
    seed: int = 7
    rest_within: float = 1500.0


@dataclass
class Siege:
    """The apps, one of which may be gone for good, and everybody else's books."""

    assault: Assault
    apps: list[Power]
    db: Database
    sandbox: Sandbox
    work: Work
    shared: Path
    orders: Orders
    dice: random.Random
    mains: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    kills: int = 0
    takeovers: list[Takeover] = field(default_factory=list[Takeover])
    for_good: Takeover | None = None

    async def run(self) -> Found:
        """Order and kill until everything is ordered; then wait until everything is at rest."""
        await self.orders.prepare()
        ordering = asyncio.create_task(self.orders.run())
        killing = asyncio.create_task(self._keep_killing(ordering))
        try:
            if len(self.apps) > 1:
                await self._lose_one(ordering)
            await ordering
            await killing
        finally:
            ordering.cancel()
            killing.cancel()
        await self._at_rest()
        return await found(self.apps[-1], self.db, self.sandbox.ledger, files=self.shared / "files")

    async def _keep_killing(self, ordering: asyncio.Task[None]) -> None:
        """Kill the last app whenever it has lived for a while; the mains start it again."""
        while not ordering.done() or self.kills < self.assault.least_kills:
            await self.apps[-1].up()
            often = self.kills < self.assault.least_kills
            await asyncio.sleep(self.dice.uniform(*self.assault.lives) * (1 if often else _LATER))
            if self.for_good is None or self.for_good.is_over:
                takeover = self._kill(self.apps[-1])
                self.takeovers.append(takeover)
                await followed(self.work, takeover, within=30)

    async def _lose_one(self, ordering: asyncio.Task[None]) -> None:
        """Kill the first app when half is ordered, and never start it again."""
        while len(self.orders.made) < self.assault.orders // 2 and not ordering.done():  # noqa: ASYNC110 - people tell nobody how far they are
            await asyncio.sleep(0.1)
        self.mains[0].cancel()
        self.for_good = self._kill(self.apps[0])
        self.apps[0].stop()
        await followed(self.work, self.for_good, within=60)

    def _kill(self, app: Power) -> Takeover:
        whose = _executor(app) if len(self.apps) > 1 else SOLE
        killed_at = time.time()
        app.send(signal.SIGKILL)
        self.kills += 1
        return held_by(self.work, whose, killed_at=killed_at)

    async def _at_rest(self) -> None:
        owed: list[str] = []
        try:
            async with asyncio.timeout(self.assault.rest_within):
                while owed := await once.still_owed(self.apps[-1], self.db):  # noqa: ASYNC110 - the records tell nobody
                    await asyncio.sleep(1)
        except TimeoutError:
            raise AssertionError(f"Never at rest: {owed[:20]}\n{self.apps[-1].log()}") from None


def _executor(app: Power) -> str:
    """Read under which id an app works, as it signed its data folder."""
    return (app.folder / "data" / "circletake.lock").read_text()[:24].strip()


@asynccontextmanager
async def besieged(assault: Assault, url: str, shared: Path) -> AsyncGenerator[Siege]:
    """Start the apps, the small Slack and the vendors; end every process whatever happens."""
    dice = random.Random(assault.seed)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(
            SmallSlack(rate_limits=False, retry_delays=(0.1, 2.0, 5.0, 10.0))
        )
        vendors = Sandbox(latency=_LATENCY, jitter=_JITTER, only=["comfyui", "runway"])
        sandbox = await stack.enter_async_context(vendors)
        told = {
            **variables(sandbox, shared, only=["comfyui", "runway"]),
            "RUNWAY_POLL_SECONDS": "0.3",
            "COMFYUI_POLL_SECONDS": "0.3",
            "CIRCLETAKE_DEFAULT_ENGINE": "runway",
            "CIRCLETAKE_FILES_URL": str(shared / "files"),
            "CIRCLETAKE_LEASE_SECONDS": str(assault.lease),
        }
        apps = [Power(slack, shared / f"app-{n}", url, [], told) for n in range(assault.replicas)]
        db = Database(url)
        stack.push_async_callback(db.close)
        siege = Siege(
            assault,
            apps,
            db,
            sandbox,
            Work(url, apps[-1].folder),
            shared,
            Orders(apps[-1], sandbox, dice, assault.orders),
            dice,
        )
        stack.push_async_callback(_ended, siege)
        for app in apps:
            await _started(siege, app)
        yield siege


async def _started(siege: Siege, app: Power) -> None:
    app.folder.mkdir()
    listening = app.slack.connections
    app.start()
    siege.mains.append(asyncio.create_task(app.keep_on()))
    await app.slack.until(lambda _: app.slack.connections > listening, seconds=60)


async def _ended(siege: Siege) -> None:
    for mains in siege.mains:
        mains.cancel()
    await asyncio.gather(*siege.mains, return_exceptions=True)
    for app in siege.apps:
        app.stop()


def told(siege: Siege, result: Found, seconds: float) -> Iterator[tuple[str, str]]:
    """Give the table: what was counted, and how much of it there is."""
    yield "orders", f"{len(result.takes)} takes in {seconds:.0f} s"
    yield "kills -9", f"{siege.kills}" + (", one of them for good" if siege.for_good else "")
    again, busy = siege.orders.pressed_again, siege.orders.told_busy
    yield "pressed or sent again", f"{again}, of which {busy} because the records were busy"
    faults = ", ".join(f"{count} {fault}" for fault, count in siege.orders.faults.items())
    yield "planned at the vendor", faults or "nothing"
    yield "a film, whole and shown", str(len(result.ended(TakeState.WAITING)))
    yield "lost", str(len(result.lost(siege.orders.made)))
    yield "placed twice", str(len(result.placed_twice()))
    yield "one form, two takes", str(len(result.made_twice()))
    yield "cards, files, entries twice", str(len(result.doubled()))
    yield "left to a person", str(len(result.ended(TakeState.AMBIGUOUS)))
    for (why, times), count in sorted(result.by_reason().items(), key=str):
        yield f"  {why or 'no reason'}", f"{count}, which the vendor had {times}x"
    yield "  unexplained", str(len(result.unexplained()))
    yield "log", f"{len(result.entries)} entries, chain intact"
    yield from _times(siege)


def _times(siege: Siege) -> Iterator[tuple[str, str]]:
    over = [each for each in siege.takeovers if each.went_on and each.is_over]
    if siege.for_good and siege.for_good.went_on:
        lost = siege.for_good
        what = f"{len(lost.held)} orders; first after {lost.first:.1f} s, last {lost.last:.1f} s"
        yield f"taken over (lease {siege.assault.lease:g} s)", what
    if over:
        first = statistics.median(each.first for each in over)
        last = [each.last for each in over]
        what = f"first after {first:.1f} s, last {statistics.median(last):.1f} s"
        yield f"after a restart ({len(over)}x, median)", f"{what}, at most {max(last):.1f} s"


def wrong(siege: Siege, result: Found) -> list[str]:
    """Name everything that may not be."""
    return [
        *(f"lost: {each}" for each in result.lost(siege.orders.made)),
        *(f"placed twice: {each}" for each in result.placed_twice()),
        *(f"two takes of one form: {each}" for each in result.made_twice()),
        *(f"twice: {each}" for each in result.doubled()),
        *(f"unexplained: {each}" for each in result.unexplained()),
    ]


async def laid(assault: Assault, url: str, shared: Path) -> list[str]:
    """Lay siege, print the table, and name everything that may not be."""
    began = time.monotonic()
    async with besieged(assault, url, shared) as siege:
        result = await siege.run()
        rows = list(told(siege, result, time.monotonic() - began))
        width = max(len(name) for name, _ in rows)
        print("\n".join(f"{name.ljust(width)}  {value}" for name, value in rows), flush=True)
        return wrong(siege, result)


def main() -> int:
    """Read the command line; 1 if something was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.stories.siege", description=__doc__)
    parser.add_argument("--orders", type=int, default=500)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    on_postgres = options.database == "postgres"
    alone = Assault(options.orders, replicas=1, seed=options.seed)
    assault = replace(alone, replicas=2, lives=(4.0, 12.0)) if on_postgres else alone
    # Whoever is killed in the midst of a request is what this is about; no server need tell.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if on_postgres:
            server = postgres_server()
            if server is None:
                print("No PostgreSQL answers here; name one: CIRCLETAKE_TEST_DATABASE_URL.")
                return 2
            template = stack.enter_context(postgres_template(server))
            url = stack.enter_context(postgres_copy(server, template))
        else:
            url = sqlite_copy(sqlite_template(folder), folder)
        problems = asyncio.run(laid(assault, url, folder))
    print("\n".join(problems), file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
