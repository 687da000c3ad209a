"""Press to HTTP 200, against a bare Bolt app whose listener only acks."""

import statistics
import tempfile
from pathlib import Path

from storage import Database, takes
from storage.models import TakeState
from tests.bench import Row
from tests.bench._presses import in_time
from tests.bench._seed import WORKSPACE, seed
from tests.bench._servers import Server, bare, databases, ours
from tests.bench._slack import instant_slack

ROUNDS, SECONDS, EACH_SECOND = 5, 10, 20
GOALS = {50: 1.5, 99: 2.0}


async def rows() -> list[Row]:
    """Press twenty times a second, ten seconds at one and ten at the other, in turns."""
    found: list[Row] = []
    with databases() as ready:
        for name, url in ready.items():
            pairs = await _pairs(url)
            found += [_row(f"press to 200, p{at} ({name})", pairs, at) for at in GOALS]
    return found


async def _pairs(database_url: str) -> list[tuple[list[float], list[float]]]:
    each = SECONDS * EACH_SECOND
    seeded = await seed(database_url, (ROUNDS + 1) * each, state=TakeState.WAITING)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            instant_slack() as api,
            bare(api) as floor,
            ours(api, database_url, Path(folder)) as app,
        ):
            await _warm(app, floor, seeded.take_ids[:each])
            pairs = [
                await _pair(app, floor, seeded.take_ids[at : at + each])
                for at in range(each, (ROUNDS + 1) * each, each)
            ]
    missed = len(seeded.take_ids) - await decided(database_url)
    if missed:
        raise RuntimeError(f"{missed} presses were answered with 200 but are not in the records.")
    return pairs


async def _warm(app: Server, floor: Server, take_ids: list[str]) -> None:
    await in_time(app.url, take_ids, each_second=EACH_SECOND)
    await in_time(floor.url, take_ids[:EACH_SECOND], each_second=EACH_SECOND)


async def _pair(app: Server, floor: Server, take_ids: list[str]) -> tuple[list[float], list[float]]:
    return (
        await in_time(app.url, take_ids, each_second=EACH_SECOND),
        await in_time(floor.url, take_ids, each_second=EACH_SECOND),
    )


async def decided(database_url: str) -> int:
    """Count the takes whose approval is in the records."""
    db = Database(database_url)
    async with db.read() as session:
        every = await takes.every(session, WORKSPACE)
    await db.close()
    return sum(take.state is TakeState.APPROVED for take in every)


def _at(delays: list[float], percent: int) -> float:
    return statistics.quantiles(delays, n=100)[percent - 1] * 1000


def _row(what: str, pairs: list[tuple[list[float], list[float]]], percent: int) -> Row:
    each = [(_at(ours, percent), _at(floor, percent)) for ours, floor in pairs]
    ratios = [ours / floor for ours, floor in each]
    middle = statistics.median(ratios)
    return Row(
        what=what,
        figure=f"{statistics.median(ours for ours, _ in each):.1f} ms",
        floor=f"{statistics.median(floor for _, floor in each):.1f} ms, bare Bolt that only acks",
        ratio=middle,
        spread=f"{min(ratios):.2f} to {max(ratios):.2f}",
        goal=f"<= {GOALS[percent]}x",
        met=middle <= GOALS[percent],
    )
