"""Memory of the idle app, and memory and processor time with thousands of orders in flight."""

import asyncio
import tempfile
from pathlib import Path

from storage import Database, takes
from storage.models import TakeState
from tests.bench import Row
from tests.bench._seed import seed
from tests.bench._servers import Server, bare, databases, ours, vendor
from tests.bench._slack import instant_slack

COUNTS, IDLE_SECONDS, WINDOW = (1000, 5000), 20, 30
IDLE_GOAL, BUSY_GOAL = 200, 300
CORE_GOALS = {1000: 10}
"""Percent of a core, where there is a goal."""
LATENCY = 3600


async def rows() -> list[Row]:
    """Look at the idle app and the floor after the same time, then at the app with its orders."""
    with databases() as ready, tempfile.TemporaryDirectory() as folder:
        url, home = ready["SQLite"], Path(folder)
        async with instant_slack() as api, bare(api) as floor, ours(api, url, home) as app:
            await asyncio.sleep(IDLE_SECONDS)
            ground = floor.megabytes()
            found = [_memory("memory, idle", app, ground, IDLE_GOAL)]
    for count in COUNTS:
        found += await _busy(count, ground)
    return found


async def _busy(count: int, ground: float) -> list[Row]:
    with databases() as ready, tempfile.TemporaryDirectory() as folder:
        url = ready["SQLite"]
        await seed(url, count, state=TakeState.ORDERED, engine="runway")
        async with (
            instant_slack() as api,
            vendor(latency=LATENCY) as runway,
            ours(api, url, Path(folder), variables=runway.variables) as app,
        ):
            await _all_in_flight(url, count)
            core = await _core(app)
            what = f"memory, {count:,} orders in flight"
            return [_memory(what, app, ground, BUSY_GOAL), _processor(core, count)]


async def _all_in_flight(database_url: str, count: int) -> None:
    """Wait until the engine has every order, and for one round of looks after that."""
    db = Database(database_url)
    try:
        async with asyncio.timeout(600):
            while True:
                async with db.read() as session:
                    standing = await takes.in_flight(session)
                if standing.get(TakeState.RENDERING) == count:
                    break
                await asyncio.sleep(1)
    finally:
        await db.close()
    await asyncio.sleep(10)


async def _core(app: Server) -> float:
    """Give the percent of one core that the app uses."""
    before = app.busy()
    await asyncio.sleep(WINDOW)
    return 100 * (app.busy() - before) / WINDOW


def _memory(what: str, app: Server, ground: float, goal: int) -> Row:
    """Judge all that is resident; against the floor by what is its own, as both are measured."""
    own, resident = app.megabytes(), app.resident()
    return Row(
        what=what,
        figure=f"{own:.0f} MB ({resident:.0f} MB RSS)",
        floor=f"{ground:.0f} MB, bare Bolt, idle",
        ratio=own / ground,
        spread="",
        goal=f"RSS < {goal} MB",
        met=resident < goal,
    )


def _processor(core: float, count: int) -> Row:
    goal = CORE_GOALS.get(count)
    return Row(
        what=f"processor, {count:,} orders in flight",
        figure=f"{core:.1f} % of a core",
        floor="",
        ratio=None,
        spread="",
        goal=f"< {goal} %" if goal else "",
        met=core < goal if goal else None,
    )
