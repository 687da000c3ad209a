"""The app is killed between every two steps of an order, and nothing is lost or paid for twice.

Several apps are killed side by side, each in front of a vendor of its own, because a restart is
most of the time that this takes; each test waits for its own cut.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.conftest import IN_CI
from tests.databases import postgres_copy, sqlite_copy
from tests.stories._order_cuts import (
    NOT_REPEATABLE,
    ON_POSTGRES,
    REPEATABLE,
    UPLOADING,
    OrderCut,
)
from tests.stories._order_drill import drilled

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Series:
    """One app, and where it is killed in turn."""

    name: str
    vendor: str
    cuts: Sequence[OrderCut]
    on_postgres: bool = False
    brings_picture: bool = False


_THIRD = len(NOT_REPEATABLE) // 3
SERIES = (
    Series("ordering at Runway", "runway", NOT_REPEATABLE[:_THIRD]),
    Series("waiting for Runway", "runway", NOT_REPEATABLE[_THIRD : 2 * _THIRD]),
    Series("fetching from Runway", "runway", NOT_REPEATABLE[2 * _THIRD :]),
    Series("ComfyUI", "comfyui", REPEATABLE),
    Series("Luma with a picture", "luma", UPLOADING, brings_picture=True),
    Series("on PostgreSQL", "runway", ON_POSTGRES, on_postgres=True),
)
Asked = list[tuple[Series, OrderCut]]
EVERY: Asked = [(series, cut) for series in SERIES for cut in series.cuts]


_CUTTING = "test_an_order_that_is_cut_there_is_neither_lost_nor_placed_twice"
_PATIENCE = 15
"""Seconds for an app to be put away."""


class Campaign:
    """Every series at once; what came of each cut is kept for its test."""

    def __init__(self, wanted: Asked) -> None:
        loop = asyncio.get_running_loop()
        self._outcomes: dict[tuple[str, str], asyncio.Future[None]] = {
            (series.name, cut.name): loop.create_future() for series, cut in wanted
        }

    async def outcome(self, series: Series, cut: OrderCut) -> None:
        """Wait until the app was cut there; raises what was found wrong."""
        await self._outcomes[series.name, cut.name]

    async def run(self, series: Series, folder: Path, url: str) -> None:
        """Kill one app at every point that somebody asks for."""
        mine = {name: each for (of, name), each in self._outcomes.items() if of == series.name}
        try:
            async with drilled(
                series.vendor, folder, url, brings_picture=series.brings_picture
            ) as drill:
                for cut in series.cuts:
                    if cut.name in mine:
                        await _noted(mine[cut.name], drill.cut(cut))
        except Exception as broken:  # noqa: BLE001 - each test that waits is told
            for each in mine.values():
                if not each.done():
                    each.set_exception(broken)


async def _noted(outcome: asyncio.Future[None], work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as wrong:  # noqa: BLE001 - it is the test's, which raises it
        outcome.set_exception(wrong)
    else:
        outcome.set_result(None)


def _wanted(request: pytest.FixtureRequest) -> Asked:
    """Give what this run of pytest asks for, so that one cut alone is made alone."""
    found: Asked = []
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.originalname == _CUTTING:
            told: dict[str, Any] = item.callspec.params
            found.append((told["series"], told["cut"]))
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def campaign(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_ready: Path,
    postgres_ready: tuple[str, str] | None,
) -> AsyncIterator[Campaign]:
    wanted = _wanted(request)
    campaign = Campaign(wanted)
    with ExitStack() as databases:
        runs: list[asyncio.Task[None]] = []
        for series in {series.name: series for series, _ in wanted}.values():
            folder = tmp_path_factory.mktemp("cuts")
            if not series.on_postgres:
                url = sqlite_copy(sqlite_ready, folder)
            elif postgres_ready is not None:
                url = databases.enter_context(postgres_copy(*postgres_ready))
            else:
                continue
            runs.append(asyncio.create_task(campaign.run(series, folder, url)))
        yield campaign
        await asyncio.wait(runs, timeout=_PATIENCE)  # each ends with its last cut
        for run in runs:
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)


@pytest.mark.parametrize(
    ("series", "cut"),
    [
        pytest.param(
            series,
            cut,
            id=f"{series.name} {cut.name}".replace(" ", "-"),
            marks=[pytest.mark.postgres] if series.on_postgres else [],
        )
        for series, cut in EVERY
    ],
)
async def test_an_order_that_is_cut_there_is_neither_lost_nor_placed_twice(
    campaign: Campaign, series: Series, cut: OrderCut, postgres_ready: tuple[str, str] | None
) -> None:
    if series.on_postgres and postgres_ready is None:
        assert not IN_CI, "In CI the PostgreSQL tests may not be skipped."
        pytest.skip("no PostgreSQL server answers on 127.0.0.1")
    await campaign.outcome(series, cut)


async def test_a_job_outlives_more_restarts_than_the_store_of_durable_work_would_forgive(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with drilled("runway", tmp_path, sqlite_url) as drill:
        await drill.restarted(times=500)
