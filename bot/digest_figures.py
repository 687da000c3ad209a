"""Read the figures of a digest from the records: the period, the ones before it, what waits."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.digest_schedule import Period
from bot.figures import Family, Figures, Waiting
from bot.ports import RoomBusy, RoomClosed
from bot.shots import called
from bot.studio import Studio
from storage import digests, scenes
from storage.digests import Count, FamilyCount, WaitingTake
from storage.models import Card, Production

_LISTED = 5
_JUDGED = 2
"""Of these periods, the newest first, the time to decision is told."""
_PATIENCE = 1.5
"""Seconds that a link to a waiting take is worth."""
_NOT_LISTED = Waiting(title="", link="", asked_by="", hours=0)


async def figures_of(
    studio: Studio, production: Production, periods: Sequence[Period], *, at: datetime
) -> list[Figures]:
    """Read several periods, the newest first; only that one says what waits (at `at`)."""
    spans = [(period.starts_at, period.ends_at) for period in periods]
    async with studio.db.read(long=True) as session:
        counted = await digests.counts(session, production, spans)
        medians = await digests.medians(session, production, spans[:_JUDGED])
        by_family = await digests.families(session, production, spans[0])
        oldest, whole = await digests.waiting(session, production, first=_LISTED)
        names = [called(await scenes.shots(session, each.scene), each.take) for each in oldest]
    asked = zip(oldest, names, strict=True)
    listed = await asyncio.gather(*(_waiting(studio, *each, at=at) for each in asked))
    rest = (_NOT_LISTED,) * (whole - len(oldest))
    untold = [None] * (len(periods) - len(medians))
    newest, *earlier = map(_figures, periods, counted, [*medians, *untold])
    families = tuple(_family(name, count) for name, count in sorted(by_family.items()))
    return [replace(newest, waiting=(*listed, *rest), by_family=families), *earlier]


def _figures(period: Period, count: Count, median: float | None) -> Figures:
    return Figures(
        period=period.label,
        made=count.made,
        approved=count.approved,
        rejected=count.rejected,
        retaken=count.retaken,
        by_reason=count.by_reason,
        median_seconds=median,
        spend_cents=count.spend_cents,
        table_cents=count.table_cents,
        approved_seconds=count.approved_seconds,
    )


def _family(name: str, count: FamilyCount) -> Family:
    return Family(
        name=name or "no family",
        made=count.made,
        approved=count.approved,
        rejected=count.turned_down,
        waiting=count.waiting,
    )


async def _waiting(studio: Studio, each: WaitingTake, name: str, *, at: datetime) -> Waiting:
    since = each.take.ready_at or at
    return Waiting(
        title=f"{each.scene.code} {name} {each.scene.title}",
        link=await _link(studio, each.card),
        asked_by=each.orderer.name if each.orderer else "",
        hours=max(0.0, (at - since).total_seconds() / 3600),
    )


async def _link(studio: Studio, card: Card | None) -> str:
    """Find where a take can be opened; a digest goes out without that too."""
    if card is None or card.message_ts is None:
        return ""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await studio.room.link_to(card.channel_id, card.message_ts)
    except (RoomBusy, RoomClosed, TimeoutError):
        return ""
