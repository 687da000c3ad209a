"""Remind of terms that end, once each; when one has ended or begins, judge anew what it covers.

What is due is computed from our own tables in the day of each production, and claimed by a row in
the transaction that tells it: restarts and replicas tell nothing twice, an outage nothing late.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from bot import board, log
from bot.governed import named
from bot.holds import reconsider
from bot.mrkdwn import escaped
from bot.rights import day, today_of
from bot.studio import Studio
from storage import Session, cards, held, productions, rights, scenes
from storage.models import Production, Reference, Release, Role
from storage.rights import Told

DAYS = (1, 7, 30)
"""Before the end, on which producers are reminded."""
_AHEAD = timedelta(days=DAYS[-1] + 1)
"""As far as any production's day can be ahead of ours, too."""
_HOLDERS = {Role.OWNER, Role.PRODUCER}
_NAMED = 6
_tell = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Touched:
    """What a release covers and what depends on that."""

    covers: list[Reference]
    circles: int
    exports: int


def due(release: Release, today: date, *, recorded_on: date, told: Collection[Told]) -> Told | None:
    """Give what is to be said about a release on a day, and was not: the most urgent alone.

    What was recorded when its term ran already has not begun unnoticed.
    """
    if recorded_on < release.starts_on <= today:
        begins = (release.id, "begins", release.starts_on)
        if begins not in told:
            return begins
    if release.ends_on is None or release.starts_on > today:
        return None
    left = (release.ends_on - today).days
    near = next((str(days) for days in DAYS if left <= days), None)
    word = "over" if left < 0 else near
    notice = (release.id, word, release.ends_on) if word else None
    return None if notice in told else notice


async def sweep_rights(studio: Studio) -> None:
    """Say what is due now. A release that breaks is logged and keeps no other waiting."""
    now = studio.clock()
    async with studio.db.read() as session:
        awaiting = await rights.awaiting(session, before=now.date() + _AHEAD)
        told = await rights.notices(session, [release.id for release, _ in awaiting])
    for release, production in awaiting:
        recorded_on = today_of(production, release.recorded_at)
        notice = due(release, today_of(production, now), recorded_on=recorded_on, told=told)
        if notice is None:
            continue
        try:
            await _noticed(studio, release, production, notice)
        except Exception:  # noqa: BLE001 - a clock: one broken release must not silence the others
            _tell.exception("rights.broken", release=release.id)
    studio.bell.ring()


async def _noticed(studio: Studio, release: Release, production: Production, notice: Told) -> None:
    """Claim and tell a notice if it still is due: the release may have been prolonged meanwhile."""
    now = studio.clock()
    async with studio.db.begin() as session:
        await scenes.hold(session, production)
        current = await rights.hold(session, release.workspace_id, release.id)
        if current is None or current.revoked_at or not _is_about(current, notice):
            return
        if not await rights.claim(session, current, notice, at=now):
            return
        touched = await _touched(session, current)
        if notice[1] in {"over", "begins"}:
            await _turned(session, production, current, touched, notice[1], at=now)
        else:
            today = today_of(production, now)
            left = (notice[2] - today).days
            await _told(session, production, _reminder(current, touched, left), at=now)


def _is_about(release: Release, notice: Told) -> bool:
    _, word, when = notice
    return when == (release.starts_on if word == "begins" else release.ends_on)


async def _touched(session: Session, release: Release) -> _Touched:
    covered = await rights.covered_by(session, release.workspace_id, [release.id])
    covers = covered.get(release.id, [])
    ids = [each.id for each in covers]
    return _Touched(covers, *await held.count_dependents(session, release.workspace_id, ids))


async def _turned(
    session: Session,
    production: Production,
    release: Release,
    touched: _Touched,
    word: str,
    *,
    at: datetime,
) -> None:
    """Judge anew what a release covers whose term is over, or has begun."""
    anew = await reconsider(session, production, touched.covers, at=at)
    said = _over(release, touched, anew) if word == "over" else _begun(release, touched)
    await _told(session, production, said, at=at)
    kind = "release.expired" if word == "over" else "release.began"
    facts = {
        "release": release.id, "code": release.code, "held": anew,
        "covers": sorted(each.id for each in touched.covers),
        "ends": release.ends_on.isoformat() if release.ends_on else None,
    }  # fmt: skip
    await log.record(
        session, kind, workspace_id=release.workspace_id, actor=None, at=at,
        about=log.About(release.production_id), facts=facts,
    )  # fmt: skip


async def _told(session: Session, production: Production, text: str, *, at: datetime) -> None:
    """Say it in the production's channel, and to each of its producers directly."""
    await board.tell_channel(session, production, text, at=at)
    crew = await productions.crew(session, production)
    for user_id in sorted(who for who, roles in crew.items() if roles & _HOLDERS):
        await cards.line(
            session, production.workspace_id, f"{escaped(production.name)}: {text}",
            channel_id=user_id, at=at,
        )  # fmt: skip


def _reminder(release: Release, touched: _Touched, left: int) -> str:
    ends = release.ends_on or release.starts_on
    when = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
    return (
        f":hourglass_flowing_sand: {_about(release, touched)} ends {when}: {day(ends)} is its "
        f"last day. {_depends(touched)} `/scene rights {release.code}` prolongs it."
    )


def _over(release: Release, touched: _Touched, anew: int) -> str:
    ends = release.ends_on or release.starts_on
    takes = f"{anew} take{'s' * (anew != 1)}"
    follows = (
        f"{takes} {_ARE[anew > 1]} on hold until a producer decides: `/scene rights`."
        if anew
        else "No take is on hold because of it."
    )
    return f":no_entry: {_about(release, touched)} has ended on {day(ends)}. {follows}"


def _begun(release: Release, touched: _Touched) -> str:
    return f":white_check_mark: The term of {_about(release, touched)} has begun."


_ARE = {False: "is", True: "are"}


def _about(release: Release, touched: _Touched) -> str:
    names = [f"{each.code} {escaped(named(each))}" for each in touched.covers]
    return f"*{release.code}*, the {release.kind.value} for {_some(names)},"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return f"{', '.join(names[:_NAMED])}{f' and {more} more' if more > 0 else ''}" or "nothing"


def _depends(touched: _Touched) -> str:
    circles, exports = touched.circles, touched.exports
    if not circles + exports:
        return "No circle take and no export depends on it yet."
    told = [f"{circles} circle take{'s' * (circles != 1)}"] * bool(circles)
    told += [f"{exports} export{'s' * (exports != 1)}"] * bool(exports)
    return f"{' and '.join(told)} depend{'s' * (circles + exports == 1)} on it."
