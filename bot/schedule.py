"""Recurring work: the only file that knows APScheduler.

Nothing is scheduled in it but ticks: what is due is computed from our own tables.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs] - APScheduler 3 has no types

from bot import pulse
from bot.bake_offs import compare_due
from bot.digests import send_owed
from bot.page_keeper import keep_due
from bot.references import fetch_proposed
from bot.release_papers import fetch_papers
from bot.rights_sweep import sweep_rights
from bot.studio import Studio
from storage import cards, deliveries, drafts, takes
from storage.models import TakeState

_SWEEP_AFTER = timedelta(seconds=15)
_MOST_SWEPT = 20_000
"""More than are ever in flight, or those at the end would never be looked at."""
_DELIVERIES_KEPT = timedelta(days=3)
_DRAFTS_KEPT = timedelta(days=7)
_tell = structlog.get_logger(__name__)
Chore = Callable[[Studio], Awaitable[object]]


async def sweep(studio: Studio) -> None:
    """Start whatever an engine still owes once more: harmless where it is under way."""
    before = studio.clock() - _SWEEP_AFTER
    async with studio.db.read(long=True) as session:
        owed = await takes.unfinished(session, before=before, limit=_MOST_SWEPT)
    for take in owed:
        await studio.work.start(
            take.id, take.workspace_id, engine=take.engine, attempt=take.attempt
        )


async def tidy(studio: Studio) -> None:
    """Forget deliveries that Slack will not repeat, and forms that were never sent."""
    now = studio.clock()
    async with studio.db.begin() as session:
        await deliveries.forget(session, before=now - _DELIVERIES_KEPT)
        await drafts.forget(session, before=now - _DRAFTS_KEPT)


async def count(studio: Studio) -> None:
    """Bring the gauges up to date."""
    async with studio.db.read() as session:
        standing = await takes.in_flight(session)
        pulse.stale.set(await cards.count_due(session))
    for state in TakeState:
        pulse.takes.labels(state.value).set(standing.get(state, 0))


CHORES: tuple[tuple[Chore, float], ...] = (
    (sweep, 20),
    (fetch_proposed, 2),
    (compare_due, 2),
    (keep_due, 3),
    (send_owed, 60),
    (fetch_papers, 2),
    (sweep_rights, 300),
    (count, 15),
    (tidy, 3600),
)
"""Each with the seconds between its ticks."""


def clockwork(studio: Studio) -> AsyncIOScheduler:
    """Make the scheduler with every chore; start and stop it with the app."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for chore, seconds in CHORES:
        scheduler.add_job(  # pyright: ignore[reportUnknownMemberType] - as above
            _safely,
            "interval",
            args=(chore, studio),
            seconds=seconds,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=studio.clock(),
        )
    return scheduler


async def _safely(chore: Chore, studio: Studio) -> None:
    try:
        await chore(studio)
    except asyncio.CancelledError:
        # The app is closing; APScheduler would call this an error.
        return
    except Exception:  # noqa: BLE001 - the clock: one broken chore must not stop the others
        _tell.exception("chore.broken", chore=chore.__name__)
