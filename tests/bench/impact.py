"""What used a reference, over a million takes and five thousand references, against a tenth.

References that 10, 1,000 and 10,000 takes used are added to both stores, spread evenly over all of
their takes. Counts by version and the first ten takes, with all that is shown of them, are one
answer; the store must not tell in its time.
"""

import statistics
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.graph import PAGE
from storage import Database, graph, references
from storage.models import Reference, ReferenceStatus, ReferenceUse
from tests.bench import Row
from tests.bench._million import NOW, PRODUCERS, PRODUCTION, WORKSPACE, fill, take_id
from tests.bench._servers import databases

ROUNDS = 20
TAKES, REFERENCES = 1_000_000, 5_000
USED_BY = (10, 1_000, 10_000)
GOAL_SECONDS, GOAL_RATIO = 0.300, 1.5
_FIRST_NUMBER = 1_000_000


@dataclass(frozen=True)
class _Store:
    db: Database
    asked: dict[int, Reference]
    """The reference that so many takes used."""


async def rows() -> list[Row]:
    """Fill both stores on each kind of database, and ask them in turns."""
    with databases() as big, databases() as small:
        found: list[Row] = []
        for name in big:
            fill(big[name], takes=TAKES, references=REFERENCES)
            fill(small[name], takes=TAKES // 10, references=REFERENCES // 10)
            found += await compared(name, big[name], small[name], takes=TAKES)
    return found


async def compared(name: str, big: str, small: str, *, takes: int) -> list[Row]:
    """Ask both for the same answers; `small` has a tenth of the takes."""
    async with _opened(big, takes) as whole, _opened(small, takes // 10) as tenth:
        return [_row(name, uses, await _pairs(whole, tenth, uses)) for uses in USED_BY]


async def spread(db: Database, takes: int) -> None:
    """Add the references that are asked about, used by takes at even distances."""
    async with db.begin() as session:
        session.add_all(
            Reference(
                id=asked(uses), workspace_id=WORKSPACE, production_id=PRODUCTION,
                number=_FIRST_NUMBER + uses, title=f"Used by {uses}",
                status=ReferenceStatus.APPROVED, proposed_by=PRODUCERS[0], proposed_at=NOW,
            )
            for uses in USED_BY
        )  # fmt: skip
        await session.flush()
        await references.keep_uses(session, _uses(takes))


def _uses(takes: int) -> Iterator[ReferenceUse]:
    for uses in USED_BY:
        for number in range(0, takes, takes // uses):
            yield ReferenceUse(
                workspace_id=WORKSPACE, take_id=take_id(number), reference_id=asked(uses),
                version=1, sha256="a" * 64, setup_id=take_id(number),
            )  # fmt: skip


def asked(uses: int) -> str:
    """Give the id of the reference that so many takes used."""
    return f"asked{uses:019d}"


async def _pairs(whole: _Store, tenth: _Store, uses: int) -> list[tuple[float, float]]:
    """Alternate the two, each going first in turn; the first answers warm them up."""
    pairs: list[tuple[float, float]] = []
    for turn in range(-2, ROUNDS):
        if turn % 2:
            floor = await _seconds(tenth, uses)
            pair = await _seconds(whole, uses), floor
        else:
            pair = await _seconds(whole, uses), await _seconds(tenth, uses)
        pairs += [pair] if turn >= 0 else []
    return pairs


async def _seconds(store: _Store, uses: int) -> float:
    reference, today = store.asked[uses], NOW.date()
    began = time.perf_counter()
    async with store.db.read(long=True) as session:
        found = await graph.tallied(session, reference, today=today, first=PAGE)
        shown = await graph.dependents(session, reference, found.take_ids)
    took = time.perf_counter() - began
    if found.whole.takes != uses or len(shown) != PAGE:
        raise AssertionError(f"{found.whole} is not what was made of {uses} takes.")
    return took


@asynccontextmanager
async def _opened(url: str, takes: int) -> AsyncGenerator[_Store]:
    db = Database(url)
    await spread(db, takes)
    held: dict[int, Reference] = {}
    async with db.read() as session:
        for uses in USED_BY:
            found = await references.get(session, WORKSPACE, asked(uses))
            if found is not None:
                held[uses] = found
    try:
        yield _Store(db, held)
    finally:
        await db.close()


def _row(name: str, uses: int, pairs: list[tuple[float, float]]) -> Row:
    whole, tenth = ([pair[at] for pair in pairs] for at in (0, 1))
    ratios = [one / other for one, other in pairs]
    ratio, late = statistics.median(ratios), statistics.quantiles(whole, n=20)[18]
    return Row(
        what=f"what {uses:,} takes used, of {TAKES:,} ({name})",
        figure=f"p50 {statistics.median(whole) * 1000:.1f} ms, p95 {late * 1000:.1f} ms",
        floor=f"p50 {statistics.median(tenth) * 1000:.1f} ms, over a tenth",
        ratio=ratio,
        spread=f"{min(ratios):.2f} to {max(ratios):.2f}",
        goal=f"p95 < {GOAL_SECONDS * 1000:.0f} ms and <= {GOAL_RATIO:g}x",
        met=late < GOAL_SECONDS and ratio <= GOAL_RATIO,
    )
