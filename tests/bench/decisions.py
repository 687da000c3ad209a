"""Decisions recorded a second at full load, against what a bare Bolt app can ack."""

import statistics
import tempfile
from pathlib import Path

from storage.models import TakeState
from tests.bench import Row
from tests.bench._presses import at_full_load
from tests.bench._seed import seed
from tests.bench._servers import Server, bare, databases, ours
from tests.bench._slack import instant_slack
from tests.bench.press import decided

ROUNDS, SECONDS, CONNECTIONS = 5, 5, 32
GOAL = 0.3
_ENOUGH = 15_000
"""Takes to decide; more than any machine gets through."""


async def rows() -> list[Row]:
    """Press over 32 connections as fast as answers come, five seconds at each, in turns."""
    with databases() as ready:
        return [_row(f"decisions a second ({name})", await _pairs(ready[name])) for name in ready]


async def _pairs(database_url: str) -> list[tuple[float, float]]:
    waiting = (await seed(database_url, _ENOUGH, state=TakeState.WAITING)).take_ids
    pairs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with (
            instant_slack() as api,
            bare(api) as floor,
            ours(api, database_url, Path(folder)) as app,
        ):
            for _ in range(ROUNDS + 1):
                before = await decided(database_url)
                seconds = await at_full_load(
                    app.url, waiting, connections=CONNECTIONS, seconds=SECONDS
                )
                rate = (await decided(database_url) - before) / seconds
                pairs.append((rate, await _ceiling(floor)))
    return pairs[1:]


async def _ceiling(floor: Server) -> float:
    """Let the floor ack takes that it knows nothing of."""
    left = ["any"] * 100_000
    first = len(left)
    seconds = await at_full_load(floor.url, left, connections=CONNECTIONS, seconds=SECONDS)
    return (first - len(left)) / seconds


def _row(what: str, pairs: list[tuple[float, float]]) -> Row:
    ratios = [ours / floor for ours, floor in pairs]
    middle = statistics.median(ratios)
    return Row(
        what=what,
        figure=f"{statistics.median(ours for ours, _ in pairs):.0f}/s",
        floor=f"{statistics.median(floor for _, floor in pairs):.0f}/s, bare Bolt that only acks",
        ratio=middle,
        spread=f"{min(ratios):.2f} to {max(ratios):.2f}",
        goal=f">= {GOAL}x",
        met=middle >= GOAL,
    )
