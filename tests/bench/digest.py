"""Composing a weekly digest over a long history, against a history of a tenth of it."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from bot.bell import Bell
from bot.digest_schedule import Period
from bot.digests import composed
from bot.ports import Room
from bot.settings import Settings
from bot.studio import Studio, Work
from storage import Database, productions
from storage.files import Files
from storage.models import Production
from storage.schema import upgrade
from tests.bench import Row

ROUNDS = 9
TAKES, ENTRIES = 100_000, 1_000_000
GOAL_SECONDS, GOAL_RATIO = 1.0, 1.5
WORKSPACE, PRODUCTION = "T0BENCH", "production"
PER_WEEK = 1000
"""Takes; a history of a tenth is ten weeks instead of a hundred, at the same rate."""
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = Period("weekly", (NOW - timedelta(days=7)).date(), "UTC")

HISTORY = Path(__file__).with_name("digest.sql")


async def rows() -> list[Row]:
    """Alternate the two, each going first in turn; every figure of nine weeks is read each time."""
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            big, small = [
                await stack.enter_async_context(_studio(Path(folder) / f"{part}.db", part))
                for part in (1, 10)
            ]
            await _seconds(big)
            await _seconds(small)
            pairs = [await _pair(big, small, swapped=bool(turn % 2)) for turn in range(ROUNDS)]
    return [_row(pairs)]


def _row(pairs: list[tuple[float, float]]) -> Row:
    ratios = [big / small for big, small in pairs]
    ratio = statistics.median(ratios)
    longest = max(big for big, _ in pairs)
    return Row(
        what=f"weekly digest, {TAKES:,} takes and {ENTRIES:,} entries",
        figure=f"{statistics.median(big for big, _ in pairs):.3f} s, at most {longest:.3f}",
        floor=f"{statistics.median(small for _, small in pairs):.3f} s, over a tenth of both",
        ratio=ratio,
        spread=f"{min(ratios):.2f} to {max(ratios):.2f}",
        goal=f"< {GOAL_SECONDS:g} s and <= {GOAL_RATIO:g}x",
        met=longest < GOAL_SECONDS and ratio <= GOAL_RATIO,
    )


async def _pair(big: Studio, small: Studio, *, swapped: bool) -> tuple[float, float]:
    if swapped:
        floor = await _seconds(small)
        return await _seconds(big), floor
    return await _seconds(big), await _seconds(small)


async def _seconds(studio: Studio) -> float:
    async with studio.db.read() as session:
        production = await productions.get(session, WORKSPACE, PRODUCTION)
    began = time.perf_counter()
    digest = await composed(studio, production, WEEK, at=NOW)
    took = time.perf_counter() - began
    if digest is None or f"{PER_WEEK} takes made" not in digest.text:
        raise AssertionError(f"The week did not come out as it was made: {digest}")
    return took


@asynccontextmanager
async def _studio(path: Path, part: int) -> AsyncGenerator[Studio]:
    url = f"sqlite:///{path}"
    upgrade(url)
    _fill(path, part)
    db = Database(url)
    async with db.begin() as session:
        session.add(
            Production(
                id=PRODUCTION,
                workspace_id=WORKSPACE,
                name="Aurora launch",
                channel_id="C0TEAM",
                opened_by="U0MAYA",
                opened_at=NOW - timedelta(weeks=200),
            )
        )
    try:
        yield Studio(
            db=db,
            files=cast("Files", None),
            engines={},
            room=cast("Room", None),
            work=cast("Work", None),
            clock=lambda: NOW,
            settings=Settings(),
            bell=Bell(),
        )
    finally:
        await db.close()


def _fill(path: Path, part: int) -> None:
    """Write a history that ends with the last week: a take every ten minutes, ten entries each."""
    told = {
        "takes": TAKES // part,
        "now": WEEK.ends_at.timestamp() - 1,
        "apart": 7 * 86_400 / PER_WEEK,
    }
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA synchronous=OFF")
        for statement in HISTORY.read_text().split(";\n"):
            raw.execute(statement, told)
