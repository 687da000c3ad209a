"""Send what is due: cards are drawn from the records as they are, so sending again is harmless."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from bot import gather
from bot.ports import RoomBusy, RoomClosed
from bot.studio import Studio
from storage import cards, scenes
from storage.models import Card, CardKind

_LEASE = timedelta(seconds=90)
_AT_ONCE = 8
"""Channels that are written to at the same time."""
_GIVES_UP_AFTER = 50


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
            async with studio.db.begin() as session:
                mine = await cards.take_up(session, card, at=studio.clock(), lease=_LEASE)
            if mine and not await _sent(studio, card):
                return


async def _sent(studio: Studio, card: Card) -> bool:
    """Send one card; False if the channel wants a pause."""
    try:
        await _send(studio, card)
    except RoomBusy as busy:
        await _later(studio, card, seconds=busy.retry_after)
        return False
    except RoomClosed as closed:
        await _give_up(studio, card, str(closed))
    return True


async def _send(studio: Studio, card: Card) -> None:
    async with studio.db.begin() as session:
        card = await cards.in_its_thread(session, card)
    if card.thread_card_id and not card.thread_ts:
        await _later(studio, card, seconds=1)
        return
    if card.kind is CardKind.VIDEO:
        await _send_video(studio, card)
        return
    view = await gather.view_of(studio, card)
    if view is None:
        await _give_up(studio, card, "Its record is gone.")
    elif card.message_ts:
        await studio.room.redraw(card, view)
        await _settled(studio, card, card.message_ts)
    else:
        found = await studio.room.find(card) if card.posting else None
        await _settled(studio, card, found or await studio.room.post(card, view), again=bool(found))


async def _send_video(studio: Studio, card: Card) -> None:
    if card.file_id and await studio.room.is_shared(card.file_id, card.channel_id):
        await _settled(studio, card, card.message_ts)
        return
    video = await gather.video_of(studio, card)
    if video is None:
        await _give_up(studio, card, "Its record is gone.")
        return
    upload = await studio.room.reserve(video.path, name=video.name, alt=video.alt)
    async with studio.db.begin() as session:
        await cards.keep_file(session, card, upload.file_id)
    await studio.room.share(upload, video.path, card, title=video.title)
    await _settled(studio, card, card.message_ts)
    video.path.unlink(missing_ok=True)


async def _settled(
    studio: Studio, card: Card, message_ts: str | None, *, again: bool = False
) -> None:
    """Note what Slack shows now; `again` if it was found after a crash and may be old."""
    now = studio.clock()
    async with studio.db.begin() as session:
        shown = card.wanted - 1 if again else card.wanted
        await cards.settle(session, card, message_ts=message_ts, shown=shown, at=now)
        if card.kind is CardKind.SCENE and message_ts:
            await scenes.start_thread(session, card.workspace_id, card.subject_id, message_ts)
    studio.bell.ring()


async def _later(studio: Studio, card: Card, *, seconds: float) -> None:
    if card.attempts >= _GIVES_UP_AFTER:
        await _give_up(studio, card, f"Slack did not take it in {card.attempts} attempts.")
        return
    due_at = studio.clock() + timedelta(seconds=max(seconds, 0.5))
    async with studio.db.begin() as session:
        await cards.put_off(session, card, until=due_at)


async def _give_up(studio: Studio, card: Card, why: str) -> None:
    async with studio.db.begin() as session:
        await cards.give_up(session, card, why)


async def keep_sending(studio: Studio) -> None:
    """Send for ever, whenever the bell rings and every two seconds."""
    while True:
        sent = await send_due(studio)
        await studio.bell.heard(within=0.05 if sent else 2)
