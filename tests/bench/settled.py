"""Orders settled a second, by the whole app, against the vendor's own ceiling.

An order is settled when its film is kept: hashed, in the records, with its cost. The vendor makes
every film in no time, so what is measured is us: the records, durable work and the proxies that are
made meanwhile. The ceiling is bare aiohttp that orders, looks once and fetches.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from storage import Database, takes
from storage.models import TakeState
from tests.bench import Row
from tests.bench._runway import CONNECTIONS, BareRunway, bare_runway
from tests.bench._seed import WORKSPACE, seed
from tests.bench._servers import Vendor, databases, ours, vendor
from tests.bench._slack import instant_slack

ROUNDS, ORDERS, BARE = 3, 100, 2000
POLLED_EVERY = "0.5"
WITHIN = 300


async def rows() -> list[Row]:
    """Let the app settle its orders, and bare aiohttp its own, in turns."""
    pairs: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        async with vendor(latency=0) as runway:
            pairs.append((await _ours(runway), await _bare(runway)))
    ratios = [ours / bare for ours, bare in pairs]
    return [
        Row(
            what="orders settled a second (SQLite)",
            figure=f"{statistics.median(ours for ours, _ in pairs):.1f}",
            floor=f"{statistics.median(bare for _, bare in pairs):.0f}, the vendor's ceiling",
            ratio=statistics.median(ratios),
            spread=f"{min(ratios):.3f} to {max(ratios):.3f}",
            goal="",
            met=None,
        )
    ]


async def _ours(runway: Vendor) -> float:
    """Give orders a second, from the first film that is kept to the last."""
    variables = {**runway.variables, "RUNWAY_POLL_SECONDS": POLLED_EVERY}
    with databases() as ready, tempfile.TemporaryDirectory() as folder:
        url = ready["SQLite"]
        await seed(url, ORDERS, state=TakeState.ORDERED, engine="runway")
        start = time.perf_counter()
        async with instant_slack() as api, ours(api, url, Path(folder), variables=variables):
            await _kept(url, 1)
            start = time.perf_counter()
            await _kept(url, ORDERS)
            return (ORDERS - 1) / (time.perf_counter() - start)


async def _kept(database_url: str, count: int) -> None:
    db = Database(database_url)
    try:
        async with asyncio.timeout(WITHIN):
            while True:
                async with db.read() as session:
                    found = await takes.every(session, WORKSPACE)
                if any(take.state is TakeState.FAILED for take in found):
                    raise RuntimeError("An order came to nothing.")
                if sum(bool(take.sha256) for take in found) >= count:
                    return
                await asyncio.sleep(0.1)
    finally:
        await db.close()


async def _bare(runway: Vendor) -> float:
    """Give orders a second, with as many at once as there are connections."""
    async with bare_runway(runway) as floor:
        left = iter(range(BARE))

        async def one_after_another() -> None:
            for _ in left:
                await _settle(floor)

        await _settle(floor)
        start = time.perf_counter()
        await asyncio.gather(*(one_after_another() for _ in range(CONNECTIONS)))
        return BARE / (time.perf_counter() - start)


async def _settle(floor: BareRunway) -> None:
    told = await floor.look(await floor.order())
    if not await floor.film(told["output"][0]):
        raise RuntimeError("The vendor sent no film.")
