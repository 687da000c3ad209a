"""Looking at jobs under way: processor time a look, against bare aiohttp at the same jobs.

Ours is what waits for a take: the look, what it says, and how far the job is, written down and the
card asked for again. The jobs take so long that each look finds each of them further on.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from bot.app import open_records
from bot.materials import handle_of
from bot.settings import Settings
from bot.studio import Studio
from bot.waiting import spread, until_over
from engines import Engine, Handle, Status
from storage import takes
from storage.models import Take, TakeState
from tests.bench import Row
from tests.bench._runway import BareRunway, bare_runway
from tests.bench._seed import WORKSPACE, seed
from tests.bench._servers import Vendor, databases, vendor
from tests.bench._slack import TOKEN

COUNTS = (1000, 5000)
ROUNDS, WINDOW, EVERY = 3, 15, 5.0
LATENCY, QUEUED = 300, 40
"""Seconds a job takes, and stands in the queue at most: it moves on by a hundredth each 3 s."""
GOAL = 2.0


class Counted:
    """An engine, and how often it was looked at."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.looks = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    async def poll(self, handle: Handle) -> Status:
        """Look, and count it."""
        status = await self._engine.poll(handle)
        self.looks += 1
        return status


async def rows() -> list[Row]:
    """Wait for a thousand and for five thousand jobs, some seconds each way, in turns."""
    return [await _row(count) for count in COUNTS]


async def _row(count: int) -> Row:
    with databases() as ready, tempfile.TemporaryDirectory() as folder:
        async with vendor(latency=LATENCY) as runway, bare_runway(runway) as floor:
            await seed(ready["SQLite"], count, state=TakeState.RENDERING, engine="runway")
            settings = _settings(ready["SQLite"], Path(folder), runway)
            async with open_records(settings) as studio:
                waiting = await _placed(studio, floor, count)
                await asyncio.sleep(QUEUED)
                pairs = [await _pair(studio, waiting, floor) for _ in range(ROUNDS)]
                await _must_be_written(studio)
    return _told(count, pairs)


def _settings(database_url: str, folder: Path, runway: Vendor) -> Settings:
    return Settings(
        slack_bot_token=TOKEN,  # pyright: ignore[reportArgumentType] - pydantic makes it a secret
        data=folder,
        database_url=database_url,
        engine_variables=runway.variables,
    )


async def _placed(studio: Studio, floor: BareRunway, count: int) -> list[Take]:
    """Order a job for each take, and write its handle down as if we had."""
    job_ids = await floor.orders(count)
    now = datetime.now(UTC)  # noqa: TID251 - a benchmark's clock is its own
    async with studio.db.begin() as session:
        waiting = await takes.every(session, WORKSPACE)
        for take, job_id in zip(waiting, job_ids, strict=True):
            handle = Handle(engine="runway", id=job_id, submitted_at=now)
            values = {"handle": json.dumps(handle.to_json()), "placed_at": now}
            await takes.move(session, take, TakeState.RENDERING, **values)
    return waiting


async def _pair(studio: Studio, waiting: list[Take], floor: BareRunway) -> tuple[float, float]:
    engine = Counted(studio.engines["runway"])

    async def ours(take: Take) -> None:
        await until_over(studio, take, cast("Engine", engine), handle=handle_of(take))

    looks = 0

    async def bare(take: Take) -> None:
        nonlocal looks
        job_id = handle_of(take).id
        while (await floor.look(job_id))["status"] != "SUCCEEDED":
            looks += 1
            await asyncio.sleep(spread(EVERY))

    spent = await _spent(ours, waiting)
    return spent / engine.looks, await _spent(bare, waiting) / looks


async def _spent(wait: Callable[[Take], Coroutine[Any, Any, None]], waiting: list[Take]) -> float:
    """Give the processor seconds of this process while all are waited for."""
    before = time.process_time()
    tasks = [asyncio.create_task(wait(take)) for take in waiting]
    ended, _ = await asyncio.wait(tasks, timeout=WINDOW, return_when=asyncio.FIRST_COMPLETED)
    after = time.process_time()
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)
    if ended:
        raise RuntimeError("A job was over, or a look failed, while it was measured.")
    return after - before


async def _must_be_written(studio: Studio) -> None:
    async with studio.db.read() as session:
        found = await takes.every(session, WORKSPACE)
    behind = sum(take.progress < 1 for take in found)
    if behind > len(found) / 20:
        raise RuntimeError(f"How far the job is was not written for {behind} takes.")


def _told(count: int, pairs: list[tuple[float, float]]) -> Row:
    ratios = [ours / bare for ours, bare in pairs]
    middle = statistics.median(ratios)
    return Row(
        what=f"processor a look, {count:,} orders in flight",
        figure=f"{1e6 * statistics.median(ours for ours, _ in pairs):.0f} us",
        floor=f"{1e6 * statistics.median(bare for _, bare in pairs):.0f} us, bare aiohttp",
        ratio=middle,
        spread=f"{min(ratios):.2f} to {max(ratios):.2f}",
        goal=f"<= {GOAL}x",
        met=middle <= GOAL,
    )
