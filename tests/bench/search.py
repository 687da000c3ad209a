"""`/scene find` over a million takes and five thousand references, against a tenth of them.

Every kind of query is asked with many different words, drawn anew each time, as people do: what the
database has at hand from the query before helps it little.
"""

import random
import statistics
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain

from storage import Database, productions, search
from storage.models import Production
from storage.search import Wanted
from tests.bench import Row
from tests.bench._million import (
    ENGINES,
    FAMILIES,
    PEOPLE,
    PRODUCTION,
    STATES,
    WORKSPACE,
    fill,
    words,
)
from tests.bench._servers import databases

ROUNDS, SHOWN = 40, 11
TAKES, REFERENCES = 1_000_000, 5_000
GOAL = 0.200
_WORDS = words()
_OFTEN, _SELDOM = _WORDS[:60], _WORDS[2000:]
Query = Callable[[random.Random], Wanted]


def _said(*pools: list[str]) -> Query:
    return lambda chance: Wanted(tuple(chance.choice(pool) for pool in pools))


def _phrase(chance: random.Random) -> Wanted:
    return Wanted((" ".join(chance.choices(_OFTEN, k=2)),))


def _filtered(chance: random.Random) -> Wanted:
    filters = {
        "e": (chance.choice(ENGINES),), "s": (chance.choice(STATES),),
        "u": (chance.choice(PEOPLE),), "f": (chance.choice(FAMILIES),),
    }  # fmt: skip
    some = chance.sample(sorted(filters), k=2)
    return Wanted((chance.choice(_OFTEN),), {letter: filters[letter] for letter in some})


def _narrow(chance: random.Random) -> Wanted:
    one = _filtered(chance)
    return Wanted(
        one.terms,
        {"e": (chance.choice(ENGINES),), "s": (chance.choice(STATES),),
         "u": (chance.choice(PEOPLE),), "f": (chance.choice(FAMILIES),)},
    )  # fmt: skip


def _of_kind(chance: random.Random) -> Wanted:
    kind = chance.choice(("note", "reference", "scene", "sequence", "decision"))
    return Wanted((chance.choice(_OFTEN),), {"k": (kind,)})


KINDS: dict[str, Query] = {
    "a rare word": _said(_SELDOM),
    "a common word": _said(_OFTEN),
    "two common words": _said(_OFTEN, _OFTEN),
    "a common and a rare word": _said(_OFTEN, _SELDOM),
    "three rare words": _said(_SELDOM, _SELDOM, _SELDOM),
    "a phrase": _phrase,
    "a word, two filters": _filtered,
    "a word, four filters": _narrow,
    "a word, one kind": _of_kind,
    "no hit": lambda chance: Wanted((f"zq{chance.randrange(10**6)}x",)),
}


@dataclass(frozen=True)
class _Timed:
    whole: dict[str, list[float]]
    tenth: dict[str, list[float]]


async def rows() -> list[Row]:
    """Ask each store in turns; fill both with what the triggers index on the way."""
    with databases() as big, databases() as small:
        found: list[Row] = []
        for name in big:
            fill(big[name], takes=TAKES, references=REFERENCES)
            fill(small[name], takes=TAKES // 10, references=REFERENCES // 10)
            found += _rows(name, await timed(big[name], small[name]))
    return found


async def timed(big: str, small: str) -> _Timed:
    """Ask both stores the same, one query of each kind after the other."""
    whole: dict[str, list[float]] = {kind: [] for kind in KINDS}
    tenth: dict[str, list[float]] = {kind: [] for kind in KINDS}
    async with _opened(big) as one, _opened(small) as other:
        for turn in range(-2, ROUNDS):
            for kind, query in KINDS.items():
                wanted = query(random.Random(f"{kind} {turn}"))  # the same each time
                seconds = await _seconds(*one, wanted), await _seconds(*other, wanted)
                if turn >= 0:
                    whole[kind].append(seconds[0])
                    tenth[kind].append(seconds[1])
    return _Timed(whole, tenth)


@asynccontextmanager
async def _opened(url: str) -> AsyncGenerator[tuple[Database, Production]]:
    db = Database(url)
    async with db.read() as session:
        production = await productions.get(session, WORKSPACE, PRODUCTION)
    try:
        yield db, production
    finally:
        await db.close()


async def _seconds(db: Database, production: Production, wanted: Wanted) -> float:
    began = time.perf_counter()
    async with db.read(long=True) as session:
        await search.find(session, production, wanted, limit=SHOWN)
    return time.perf_counter() - began


def _rows(name: str, found: _Timed) -> list[Row]:
    every = [_row(f"find {kind} ({name})", found.whole[kind], found.tenth[kind]) for kind in KINDS]
    whole, tenth = (list(chain(*each.values())) for each in (found.whole, found.tenth))
    return [*every, _row(f"find, all of these mixed ({name})", whole, tenth)]


def _row(what: str, whole: list[float], tenth: list[float]) -> Row:
    late, middle = _late(whole), statistics.median(whole)
    ratios = [one / other for one, other in zip(whole, tenth, strict=True)]
    return Row(
        what=what,
        figure=f"p50 {middle * 1000:.1f} ms, p95 {late * 1000:.1f} ms",
        floor=f"p50 {statistics.median(tenth) * 1000:.1f} ms, over a tenth",
        ratio=statistics.median(ratios),
        spread=f"{min(ratios):.2f} to {max(ratios):.2f}",
        goal=f"p95 < {GOAL * 1000:.0f} ms",
        met=late < GOAL,
    )


def _late(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[18]
