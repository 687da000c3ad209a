"""Withdrawing what ten thousand takes used, half of them circle takes, each with its card."""

import time
from pathlib import Path
from typing import Any, cast

from sqlalchemy import text

from bot.bell import Bell
from bot.people import Actor
from bot.reference_status import Seen
from bot.settings import Settings
from bot.studio import Studio
from bot.withdrawals import may_withdraw, withdraw
from storage import Database, references
from storage.models import ReferenceVersion
from tests.bench import Row
from tests.bench._million import NOW, PRODUCERS, WORKSPACE, fill
from tests.bench._servers import databases
from tests.bench.impact import asked, spread

TAKES, DEPENDENTS = 20_000, 10_000
GOAL_SECONDS = 2.0
_REFERENCE = asked(DEPENDENTS)
_PREPARED = Path(__file__).with_name("withdrawal.sql")


async def rows() -> list[Row]:
    """Measure once on each kind of database: what is withdrawn cannot be withdrawn again."""
    found: list[Row] = []
    with databases() as urls:
        for name, url in urls.items():
            fill(url, takes=TAKES, references=100)
            found.append(await _row(name, url))
    return found


async def _row(name: str, url: str) -> Row:
    db = Database(url)
    try:
        await _prepare(db)
        looked, took = await _seconds(db)
    finally:
        await db.close()
    return Row(
        what=f"withdrawing what {DEPENDENTS:,} takes used ({name})",
        figure=f"{took:.2f} s",
        floor=f"{looked:.2f} s to show what it touches",
        ratio=None,
        spread="",
        goal=f"< {GOAL_SECONDS:g} s",
        met=took < GOAL_SECONDS,
    )


async def _prepare(db: Database) -> None:
    await spread(db, TAKES)
    async with db.begin() as session:
        session.add(
            ReferenceVersion(
                workspace_id=WORKSPACE, reference_id=_REFERENCE, number=1, made_by=PRODUCERS[0],
                made_at=NOW,
            )
        )  # fmt: skip
        await session.flush()
        run_it: Any = session.exec
        for statement in _PREPARED.read_text().split(";\n"):
            await run_it(text(statement).bindparams(reference=_REFERENCE))


async def _seconds(db: Database) -> tuple[float, float]:
    nothing = cast("Any", None)
    studio = Studio(
        db=db, files=nothing, engines={}, room=nothing, work=nothing, clock=lambda: NOW,
        settings=Settings(), bell=Bell(),
    )  # fmt: skip
    actor = Actor(WORKSPACE, PRODUCERS[0], WORKSPACE)
    began = time.perf_counter()
    impact = await may_withdraw(studio, actor, _REFERENCE)
    looked = time.perf_counter() - began
    if impact.tallied.whole.circles != DEPENDENTS // 2:
        raise AssertionError(f"{impact.tallied.whole} is not what was made.")
    async with db.read() as session:
        found = await references.get(session, WORKSPACE, _REFERENCE)
    if found is None:
        raise AssertionError("What is to be withdrawn is not there.")
    began = time.perf_counter()
    await withdraw(studio, actor, Seen.of(found), reason="Consent withdrawn.", key="press:1")
    return looked, time.perf_counter() - began
