"""Send what is due: cards are drawn from the records as they are, so sending again is harmless."""

import asyncio
import shutil
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import groupby

import structlog

from bot import gather, pulse
from bot.ports import RoomBusy, RoomClosed
from bot.studio import Studio
from storage import cards, scenes
from storage.models import Card, CardKind

_LEASE = timedelta(seconds=10)
"""How long a claimed card is left to its sender, who extends it while at work."""
_REST = 0.25
"""Seconds between two rounds: what changes meanwhile is drawn once, and presses go before cards."""
_AT_ONCE = 8
"""Channels that are written to at the same time."""
_GIVES_UP_AFTER = 1000
"""Attempts, of which the later ones are a minute apart: a day's outage of Slack loses no card."""
_LONGEST_PAUSE = 60.0
_SHARED_WITHIN = 5
"""Looks at a video that Slack has taken but not shown yet, two seconds apart."""
_tell = structlog.get_logger(__name__)


class _NotOurs(Exception):  # noqa: N818 - nothing is wrong: another sender has the card
    """We were frozen for so long that another sender may have taken the card up."""


class _Claim:
    """How long a card is surely ours, by our own clock, which goes on while we are frozen."""

    def __init__(self) -> None:
        # It is made before the database is asked, so it ends before the database's count does.
        self.good_until = time.monotonic() + _LEASE.total_seconds()

    def insist(self) -> None:
        """Raise _NotOurs if it may be somebody else's; to be called before Slack is told."""
        if time.monotonic() > self.good_until:
            raise _NotOurs


async def send_due(studio: Studio) -> int:
    """Send every card that is due, in order within its channel; give how many were tried."""
    async with studio.db.read() as session:
        due = await cards.due(session, at=studio.clock(), limit=200)
    limit = asyncio.Semaphore(_AT_ONCE)
    by_channel = groupby(sorted(due, key=_place), key=lambda card: card.channel_id)
    await asyncio.gather(
        *(_send_channel(studio, list(several), limit) for _, several in by_channel)
    )
    return len(due)


def _place(card: Card) -> tuple[str, str]:
    return card.channel_id, card.id


async def _send_channel(studio: Studio, several: Sequence[Card], limit: asyncio.Semaphore) -> None:
    async with limit:
        for card in several:
            if studio.room.patience(card):
                continue
            claim = _Claim()
            # A redraw may be forgotten and done again; a first post may not.
            async with studio.db.begin(lasting=card.message_ts is None) as session:
                mine = await cards.take_up(session, card, at=studio.clock(), lease=_LEASE)
            if mine and not await _sent(studio, card, claim):
                return


async def _sent(studio: Studio, card: Card, claim: _Claim) -> bool:
    """Send one card; False if the channel wants a pause."""
    try:
        async with _held(studio, card, claim):
            await _send(studio, card, claim)
    except _NotOurs:
        _tell.warning("card.left", card=card.id, kind=card.kind.value)
    except RoomBusy as busy:
        await _later(studio, card, seconds=busy.retry_after)
        return False
    except RoomClosed as closed:
        await _give_up(studio, card, str(closed))
    except Exception:  # noqa: BLE001 - one broken card must not keep the others from being sent
        _tell.exception("card.broken", card=card.id, kind=card.kind.value)
        await _later(studio, card, seconds=5)
    return True


@asynccontextmanager
async def _held(studio: Studio, card: Card, claim: _Claim) -> AsyncGenerator[None]:
    """Extend the lease for as long as the sending takes: a video may take minutes."""

    async def extend() -> None:
        while True:
            await asyncio.sleep(_LEASE.total_seconds() / 4)
            claim.insist()
            asked = _Claim()
            async with studio.db.begin(lasting=False) as session:
                await cards.hold(session, card, until=studio.clock() + _LEASE)
            claim.good_until = asked.good_until

    holding = asyncio.create_task(extend())
    try:
        yield
    finally:
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)


async def _send(studio: Studio, card: Card, claim: _Claim) -> None:
    if card.thread_card_id and not card.thread_ts:
        async with studio.db.begin() as session:
            card = await cards.in_its_thread(session, card)
    if card.thread_card_id and not card.thread_ts:
        await _later(studio, card, seconds=1)
        return
    if card.kind is CardKind.VIDEO:
        await _send_video(studio, card, claim)
        return
    view = await gather.view_of(studio, card)
    if view is None:
        await _give_up(studio, card, "Its record is gone.")
    elif card.message_ts:
        await studio.room.redraw(card, view)
        await _settled(studio, card, card.message_ts)
    else:
        found = await studio.room.find(card) if card.posting else None
        claim.insist()
        await _settled(studio, card, found or await studio.room.post(card, view), again=bool(found))


async def _send_video(studio: Studio, card: Card, claim: _Claim) -> None:
    found = await studio.room.find_file(card.file_id, card.channel_id) if card.file_id else None
    if found and found.message_ts:
        await _settled(studio, card, found.message_ts)
        return
    if found and card.attempts < _SHARED_WITHIN:
        # Slack shares what it has taken a moment later; sending it again now would show it twice.
        await _later(studio, card, seconds=2)
        return
    video = await gather.video_of(studio, card)
    if video is None:
        await _give_up(studio, card, "Its record is gone.")
        return
    upload = await studio.room.reserve(video.path, name=video.name, alt=video.alt)
    async with studio.db.begin() as session:
        await cards.keep_file(session, card, upload.file_id)
    claim.insist()
    await studio.room.share(upload, video.path, card, title=video.title)
    video.path.unlink(missing_ok=True)
    await _settled(studio, card, None)


async def _settled(
    studio: Studio, card: Card, message_ts: str | None, *, again: bool = False
) -> None:
    """Note what Slack shows now; `again` if it was found after a crash and may be old."""
    now = studio.clock()
    async with studio.db.begin(lasting=card.message_ts is None) as session:
        shown = card.wanted - 1 if again else card.wanted
        await cards.settle(session, card, message_ts=message_ts, shown=shown, at=now)
        if card.kind is CardKind.SCENE and message_ts:
            await scenes.start_thread(session, card.workspace_id, card.subject_id, message_ts)
    pulse.sent.labels("shown").inc()
    studio.bell.ring()


async def _later(studio: Studio, card: Card, *, seconds: float) -> None:
    if card.attempts >= _GIVES_UP_AFTER:
        await _give_up(studio, card, f"Slack did not take it in {card.attempts} attempts.")
        return
    pulse.sent.labels("put off").inc()
    patience = min(2.0 ** (card.attempts // 4 - 1), _LONGEST_PAUSE)
    due_at = studio.clock() + timedelta(seconds=max(seconds, patience))
    async with studio.db.begin(lasting=False) as session:
        await cards.put_off(session, card, until=due_at)


async def _give_up(studio: Studio, card: Card, why: str) -> None:
    async with studio.db.begin() as session:
        await cards.give_up(session, card, why)
    pulse.sent.labels("given up").inc()


async def keep_sending(studio: Studio) -> None:
    """Send for ever, whenever the bell rings and every two seconds."""
    await _take_over(studio)
    while True:
        try:
            sent = await send_due(studio)
        except Exception:  # noqa: BLE001 - a clock: whatever breaks once must not end the sending
            _tell.exception("outbox.broken")
            sent = 0
        await asyncio.sleep(_REST if sent else 0)
        await studio.bell.heard(within=0.05 if sent else 2)


async def _take_over(studio: Studio) -> None:
    """Send at once what a killed process had claimed; elsewhere its leases must run out first."""
    await asyncio.to_thread(shutil.rmtree, gather.desk(studio), ignore_errors=True)
    if studio.db.is_sqlite:
        async with studio.db.begin() as session:
            await cards.release(session, at=studio.clock())
