"""How somebody wants a digest: when, how often, not for a week, not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from bot import log
from bot.crew import production_in
from bot.digest_schedule import moment, zone_of
from bot.errors import BadForm, NotAllowed, NotNow
from bot.people import Actor, seen
from bot.studio import Studio
from bot.zones import NoSuchZone, zone_named
from storage import Session, deliveries, productions, subscriptions
from storage.models import Production, Role, Subscription

_PAUSE = timedelta(days=7)
_GONE = "This digest is not in our records any more."
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


class Wish(StrEnum):
    """What somebody asks of a digest, without a form."""

    ON = "on"
    WEEKLY = "weekly"
    PAUSE = "pause7"
    OFF = "off"


@dataclass(frozen=True)
class Times:
    """What somebody filled in about a digest."""

    hour: int
    minute: int
    zone: str
    weekday: int
    daily: bool
    weekly: bool


async def set_preference(
    studio: Studio, actor: Actor, subscription_id: str, wish: Wish, *, key: str
) -> str:
    """Do as somebody wishes; say so, and how to undo it. Raises NotAllowed or NotNow."""
    reader = await _changed(
        studio, actor, subscription_id, lambda held: _fulfil(held, wish, at=studio.clock()), key=key
    )
    return told(reader, wish)


async def set_times(
    studio: Studio, actor: Actor, subscription_id: str, times: Times, *, key: str
) -> str:
    """Keep what was filled in; say what holds now. Raises BadForm, NotAllowed or NotNow."""
    try:
        zone = zone_named(times.zone)
    except NoSuchZone as unknown:
        raise BadForm({"zone": str(unknown)}) from unknown

    def apply(held: Subscription) -> None:
        if not (held.daily or held.weekly):
            held.started_at = studio.clock()
        held.hour, held.minute, held.zone = times.hour, times.minute, zone
        held.weekday, held.daily, held.weekly = times.weekday, times.daily, times.weekly

    reader = await _changed(studio, actor, subscription_id, apply, key=key)
    return told(reader, Wish.ON)


async def subscribe(
    studio: Studio, actor: Actor, channel_id: str, wish: Wish, *, personally: bool, key: str
) -> str:
    """Do as somebody wishes with the digest of a channel's production, or with their own of it."""
    zone = (await seen(studio, actor.workspace_id, actor.user_id)).zone if personally else ""
    async with studio.db.begin() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        if not await _is_crew(session, actor, production):
            raise NotAllowed(_refusal(production))
        to = actor.user_id if personally else production.channel_id
        reader = await subscriptions.open_for(
            session, production, to, zone=zone or production.zone, at=studio.clock()
        )
    return await set_preference(studio, actor, reader.id, wish, key=key)


async def standing(
    studio: Studio, actor: Actor, channel_id: str
) -> tuple[Production, Subscription | None]:
    """Give the digest of a channel as it is set, to its crew alone."""
    async with studio.db.read() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        if not await _is_crew(session, actor, production):
            raise NotAllowed(_refusal(production))
        return production, await subscriptions.to_channel(session, production, channel_id)


async def may_set(studio: Studio, actor: Actor, subscription_id: str) -> Subscription:
    """Give a digest's settings to somebody who may change them. Raises NotAllowed or NotNow."""
    async with studio.db.read() as session:
        reader = await subscriptions.get(session, actor.workspace_id, subscription_id)
        if reader is None:
            raise NotNow(_GONE)
        production = await productions.get(session, reader.workspace_id, reader.production_id)
        if not await _may(session, actor, reader, production):
            raise NotAllowed(_refusal(production))
    return reader


async def _changed(
    studio: Studio,
    actor: Actor,
    subscription_id: str,
    change: Callable[[Subscription], None],
    *,
    key: str,
) -> Subscription:
    now = studio.clock()
    async with studio.db.begin() as session:
        is_new = await deliveries.claim(session, actor.workspace_id, key, at=now)
        reader = await subscriptions.hold(session, actor.workspace_id, subscription_id)
        if reader is None:
            raise NotNow(_GONE)
        production = await productions.get(session, reader.workspace_id, reader.production_id)
        allowed = await _may(session, actor, reader, production)
        if is_new and allowed:
            change(reader)
            session.add(reader)
            await session.flush()
        if is_new:
            await _record(session, actor, reader, at=now, allowed=allowed)
    if not allowed:
        raise NotAllowed(_refusal(production))
    return reader


async def _record(
    session: Session, actor: Actor, reader: Subscription, *, at: datetime, allowed: bool
) -> None:
    facts: dict[str, Any] = {"subscription": reader.id}
    if allowed:
        paused = reader.paused_until is not None
        facts |= {"daily": reader.daily, "weekly": reader.weekly, "paused": paused}
    else:
        facts |= {"button": "digest", "why": "authority"}
    await log.record(
        session,
        "digest.set" if allowed else "press.refused",
        workspace_id=reader.workspace_id,
        actor=actor,
        at=at,
        about=log.About(reader.production_id),
        facts=facts,
    )


async def _may(
    session: Session, actor: Actor, reader: Subscription, production: Production
) -> bool:
    """Give a channel's digest to its crew, and a person's to that person, in the crew or not."""
    if _is_own(reader):
        return reader.channel_id == actor.user_id
    return await _is_crew(session, actor, production)


async def _is_crew(session: Session, actor: Actor, production: Production) -> bool:
    """Say whether somebody is of the team; clients are not: a digest tells prices and prompts."""
    return not actor.is_external and actor.user_id in await _team(session, production)


async def _team(session: Session, production: Production) -> set[str]:
    crew = await productions.crew(session, production)
    return {user_id for user_id, roles in crew.items() if roles - {Role.CLIENT}}


async def may_read(session: Session, reader: Subscription) -> bool:
    """Say whether a digest may go where it was asked for: who has left the team gets no more."""
    production = await productions.get(session, reader.workspace_id, reader.production_id)
    return not _is_own(reader) or reader.channel_id in await _team(session, production)


def _is_own(reader: Subscription) -> bool:
    """Tell a person's digest from a channel's by Slack's ids."""
    return reader.channel_id.startswith(("U", "W"))


def _refusal(production: Production) -> str:
    return (
        f"Only the crew of {production.name} may change this digest. "
        "`/scene digest me` in the team's channel gives each of them one of their own."
    )


def _fulfil(reader: Subscription, wish: Wish, *, at: datetime) -> None:
    match wish:
        case Wish.ON:
            _wake(reader, at=at)
            reader.daily = reader.weekly = True
        case Wish.WEEKLY:
            _wake(reader, at=at)
            reader.daily, reader.weekly = False, True
        case Wish.PAUSE:
            reader.paused_until = _after_pause(reader, at=at)
        case Wish.OFF:
            reader.daily = reader.weekly = False
            reader.paused_until = None


def _wake(reader: Subscription, *, at: datetime) -> None:
    """Owe nothing of the time in which no digest was wanted."""
    if reader.paused_until or not (reader.daily or reader.weekly):
        reader.started_at = at
    reader.paused_until = None


def _after_pause(reader: Subscription, *, at: datetime) -> datetime:
    """End a pause at the reader's own hour, so that no digest comes in the middle of the night."""
    zone = zone_of(reader.zone)
    last = at.astimezone(zone).date() + _PAUSE
    return moment(last, time(reader.hour, reader.minute), zone)


def told(reader: Subscription, wish: Wish) -> str:
    """Say in a sentence what holds now, and in another how to undo it."""
    on, off = ("me", "me off") if _is_own(reader) else ("on", "off")
    match wish:
        case Wish.ON:
            return f"{rhythm(reader)} `/scene digest {off}` stops it."
        case Wish.WEEKLY:
            return f"{rhythm(reader)} `/scene digest {on}` brings the daily one back."
        case Wish.PAUSE:
            return f"{rhythm(reader)} `/scene digest {on}` brings it back sooner."
        case Wish.OFF:
            return f"{rhythm(reader)} `/scene digest {on}` starts it again."


def rhythm(reader: Subscription) -> str:
    """Say when a digest comes, if it does."""
    if not (reader.daily or reader.weekly):
        return "The digest is stopped."
    if reader.paused_until:
        back = reader.paused_until.astimezone(zone_of(reader.zone))
        return f"The digest pauses until {back:%A} {back.day} {back:%b}."
    at = f"at {reader.hour:02}:{reader.minute:02} ({reader.zone})"
    day = f"on {_DAYS[reader.weekday]}"
    if not reader.weekly:
        return f"The digest comes every day {at}."
    if not reader.daily:
        return f"Only the weekly digest comes, {day} {at}."
    return f"The digest comes every day {at}, and {day} for the week."
