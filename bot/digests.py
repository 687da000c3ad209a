"""Send the digests that are owed: each reader once for each period, whatever restarts meanwhile."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from bot.digest import Digest, compose_daily, compose_weekly
from bot.digest_figures import figures_of
from bot.digest_plain import plain
from bot.digest_preferences import may_read
from bot.digest_schedule import Period, owed, zone_of
from bot.ports import RoomBusy, RoomClosed, RoomLimited
from bot.studio import Studio
from bot.views import DigestView
from storage import digests, productions, subscriptions
from storage.models import DigestRun, Production, RunState, Subscription
from storage.subscriptions import RunKey

Kind = Literal["daily", "weekly"]
_WEEKS_COMPARED = 8
_AT_ONCE = 3
"""Digests on their way at a time: fewer than a database has connections."""
_GIVEN_UP_AFTER = timedelta(minutes=10)
_AGAIN = "Nothing was sent; it is tried once more."
_TWICE = "Nothing was sent, twice."
_LOST = "Slack's answer was lost: it may have arrived, and is not sent again."
_ABANDONED = "The app stopped while sending: it may have arrived, and is not sent again."
_tell = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Claimed:
    """A digest that is ours to send, for a reader as they want it now."""

    run: DigestRun
    reader: Subscription
    period: Period


@dataclass(frozen=True)
class _Ending:
    """How the sending of a digest came out."""

    state: RunState
    problem: str = ""
    wait_seconds: float = 0


async def send_owed(studio: Studio) -> None:
    """Send what is owed now. A reader whose digest breaks is logged and keeps nobody waiting."""
    await _give_up_abandoned(studio)
    turns = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(reader: Subscription, key: RunKey) -> None:
        async with turns:
            await _send(studio, reader, key)

    due = await _due(studio)
    ends = await asyncio.gather(*(in_turn(*each) for each in due), return_exceptions=True)
    for (_, key), end in zip(due, ends, strict=True):
        if isinstance(end, BaseException):
            _tell.error("digest.broken", run=key, exc_info=end)


async def _due(studio: Studio) -> list[tuple[Subscription, RunKey]]:
    """List what nobody has claimed yet, and what may be tried once more."""
    now = studio.clock()
    async with studio.db.read() as session:
        readers = await subscriptions.readers(session)
        due = [(each, _key(each, period)) for each in readers for period in _owed(each, at=now)]
        runs = await subscriptions.runs(session, [key for _, key in due]) if due else {}
    return [(reader, key) for reader, key in due if _is_open(runs.get(key), at=now)]


def _owed(reader: Subscription, *, at: datetime) -> list[Period]:
    try:
        return owed(reader, now=at)
    except (ValueError, OverflowError) as broken:
        _tell.error("digest.unreadable", subscription=reader.id, why=str(broken))
        return []


def _key(reader: Subscription, period: Period) -> RunKey:
    return reader.id, period.kind, period.key


def _is_open(run: DigestRun | None, *, at: datetime) -> bool:
    return run is None or (run.state is RunState.FAILED and run.problem == _AGAIN and run.at <= at)


async def _send(studio: Studio, reader: Subscription, key: RunKey) -> None:
    claimed = await _claimed(studio, reader, key)
    if claimed is None:
        return
    ending = _unsent(claimed.run)
    try:
        view = await _composed(studio, claimed)
        # From here on it may have arrived, whatever happens to us.
        ending = _Ending(RunState.UNKNOWN, _LOST) if view else _Ending(RunState.EMPTY)
        if view:
            ending = await _posted(studio, claimed, view)
    finally:
        await _settled(studio, claimed.run, ending)


async def _claimed(studio: Studio, reader: Subscription, key: RunKey) -> _Claimed | None:
    """Claim a digest if it is still wanted: who has stopped it meanwhile gets none."""
    now = studio.clock()
    async with studio.db.begin() as session:
        current = await subscriptions.hold(session, reader.workspace_id, reader.id)
        if current is None or not await may_read(session, current):
            return None
        wanted = [period for period in owed(current, now=now) if _key(current, period) == key]
        if not wanted:
            return None
        run = await subscriptions.claim(session, current, key, again=_AGAIN, at=now)
    return _Claimed(run, current, wanted[0]) if run else None


async def _composed(studio: Studio, claimed: _Claimed) -> DigestView | None:
    reader = claimed.reader
    async with studio.db.read() as session:
        production = await productions.get(session, reader.workspace_id, reader.production_id)
    digest = await composed(studio, production, claimed.period, at=studio.clock())
    return DigestView(digest, reader.id) if digest else None


async def _posted(studio: Studio, claimed: _Claimed, view: DigestView) -> _Ending:
    run = claimed.run
    try:
        await studio.room.post_digest(claimed.reader.channel_id, view, run_id=run.run_id)
    except RoomClosed as refused:
        return _Ending(RunState.FAILED, str(refused))
    except RoomLimited as limited:
        return _unsent(run, limited.retry_after)
    except RoomBusy as busy:
        return _Ending(RunState.UNKNOWN, str(busy))
    return _Ending(RunState.SENT)


def _unsent(run: DigestRun, wait_seconds: float = 0) -> _Ending:
    """Give a run back to be claimed once more, if this is its first failure."""
    problem = _TWICE if run.problem == _AGAIN else _AGAIN
    return _Ending(RunState.FAILED, problem, wait_seconds)


async def _settled(studio: Studio, run: DigestRun, ending: _Ending) -> None:
    tell = _tell.info if ending.state in {RunState.SENT, RunState.EMPTY} else _tell.warning
    told = {"subscription": run.subscription_id, "kind": run.kind, "period": run.period}
    tell(f"digest.{ending.state.value}", **told, why=ending.problem)
    at = studio.clock() + timedelta(seconds=ending.wait_seconds)
    async with studio.db.begin() as session:
        await subscriptions.settle(session, run, ending.state, problem=ending.problem, at=at)


async def _give_up_abandoned(studio: Studio) -> None:
    async with studio.db.read() as session:
        lost = await subscriptions.abandoned(session, before=studio.clock() - _GIVEN_UP_AFTER)
    for run in lost:
        await _settled(studio, run, _Ending(RunState.UNKNOWN, _ABANDONED))


async def composed(
    studio: Studio, production: Production, period: Period, *, at: datetime
) -> Digest | None:
    """Compose a production's digest of one period, compared with those before it."""
    periods = [period, *_before(period, production)]
    figures, *earlier = await figures_of(studio, production, periods, at=at)
    if period.kind == "daily":
        previous = earlier[0] if earlier else None
        return compose_daily(figures, previous, title=production.name, zone=period.zone)
    return compose_weekly(figures, earlier, title=production.name, zone=period.zone)


def _before(period: Period, production: Production) -> list[Period]:
    """List the periods to compare with: only those that the production was open all through."""
    earlier = [period.previous]
    while period.kind == "weekly" and len(earlier) < _WEEKS_COMPARED:
        earlier.append(earlier[-1].previous)
    return [each for each in earlier if each.starts_at >= production.opened_at]


async def preview(
    studio: Studio, production: Production, kind: Kind, *, at: datetime, zone: str = ""
) -> Digest | None:
    """Compose the digest of the day or the week that is not over yet, as far as it has come."""
    where = zone or production.zone
    today = at.astimezone(zone_of(where)).date()
    first = today if kind == "daily" else today - timedelta(days=today.weekday())
    return await composed(studio, production, Period(kind, first, where), at=at)


async def preview_text(studio: Studio, production_name: str | None, kind: Kind) -> str:
    """Write the digests of a production, or of every one, as plain text for the operator."""
    async with studio.db.read() as session:
        every = await digests.every_production(session)
    if not every:
        return "There is no production yet. `/scene setup` in a channel makes one."
    meant = [each for each in every if production_name in {None, each.name}]
    if not meant:
        known = ", ".join(sorted({each.name for each in every}))
        return f"There is no production called {production_name}. There are: {known}."
    return "\n\n".join([await _plain_preview(studio, each, kind) for each in meant])


async def _plain_preview(studio: Studio, production: Production, kind: Kind) -> str:
    digest = await preview(studio, production, kind, at=studio.clock())
    span = "today" if kind == "daily" else "this week"
    return plain(digest) if digest else f"{production.name}: nothing to tell about {span} yet."
