"""Memory of the idle app, and memory and processor time with a thousand orders in flight."""

import asyncio
import tempfile
from pathlib import Path

from storage import Database, takes
from storage.models import TakeState
from tests.bench import Row
from tests.bench._seed import seed
from tests.bench._servers import Server, bare, databases, ours
from tests.bench._slack import instant_slack

ORDERS, IDLE_SECONDS, WINDOW = 1000, 20, 30
IDLE_GOAL, BUSY_GOAL, CORE_GOAL = 200, 300, 10


async def rows() -> list[Row]:
    """Look at the idle app and the floor after the same time, then at the app with its orders."""
    with databases() as ready, tempfile.TemporaryDirectory() as folder:
        url, home = ready["SQLite"], Path(folder)
        async with instant_slack() as api:
            async with bare(api) as floor, ours(api, url, home / "idle") as app:
                await asyncio.sleep(IDLE_SECONDS)
                ground = floor.megabytes()
                found = [_memory("memory, idle", app.megabytes(), ground, IDLE_GOAL)]
            await seed(url, ORDERS, state=TakeState.ORDERED)
            async with ours(api, url, home / "busy") as app:
                await _all_in_flight(url)
                core = await _core(app)
                what = f"memory, {ORDERS:,} orders in flight"
                found += [_memory(what, app.megabytes(), ground, BUSY_GOAL), _processor(core)]
    return found


async def _all_in_flight(database_url: str) -> None:
    """Wait until the engine has every order, and for one round of looks after that."""
    db = Database(database_url)
    try:
        async with asyncio.timeout(180):
            while True:
                async with db.read() as session:
                    standing = await takes.in_flight(session)
                if standing.get(TakeState.RENDERING) == ORDERS:
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


def _memory(what: str, megabytes: float, ground: float, goal: int) -> Row:
    return Row(
        what=what,
        figure=f"{megabytes:.0f} MB",
        floor=f"{ground:.0f} MB, bare Bolt, idle",
        ratio=megabytes / ground,
        spread="",
        goal=f"< {goal} MB",
        met=megabytes < goal,
    )


def _processor(core: float) -> Row:
    return Row(
        what=f"processor, {ORDERS:,} orders in flight",
        figure=f"{core:.1f} % of a core",
        floor="",
        ratio=None,
        spread="",
        goal=f"< {CORE_GOAL} %",
        met=core < CORE_GOAL,
    )
