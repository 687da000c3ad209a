"""Say which digest is due to a reader at a moment, in the reader's own time zone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storage.models import Subscription

CATCH_UP = {"daily": timedelta(hours=12), "weekly": timedelta(hours=36)}
"""How late a digest may still be sent after an outage; older ones are let go."""
_LENGTH = {"daily": 1, "weekly": 7}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A local day, or a local week from Monday to Sunday, that is over."""

    kind: Literal["daily", "weekly"]
    first: date
    zone: str

    @property
    def key(self) -> str:
        """Name the period by the reader's calendar, so that moving house repeats nothing."""
        if self.kind == "daily":
            return self.first.isoformat()
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def label(self) -> str:
        """Name the period for people: `Friday 20 Nov`, `Week 47`, with its dates."""
        if self.kind == "daily":
            return f"{self.first:%A} {_day(self.first)}"
        last = self.first + timedelta(days=6)
        span = (
            f"{self.first.day}\u2013{_day(last)}"
            if self.first.month == last.month
            else f"{_day(self.first)} \u2013 {_day(last)}"
        )
        return f"Week {self.first.isocalendar().week} · {span}"

    @property
    def starts_at(self) -> datetime:
        """The first moment of the period, in UTC."""
        return moment(self.first, time(), zone_of(self.zone))

    @property
    def ends_at(self) -> datetime:
        """The first moment after it, in UTC."""
        return moment(self.first + timedelta(_LENGTH[self.kind]), time(), zone_of(self.zone))

    @property
    def previous(self) -> "Period":
        """The complete period before."""
        return replace(self, first=self.first - timedelta(_LENGTH[self.kind]))


def due_daily(*, zone: str, hour: int, minute: int, now: datetime) -> Period | None:
    """Give the day to report, if its digest is due: yesterday, from the reader's hour on."""
    sent_on = _newest(zone, time(hour, minute), now=now, kind="daily", fits=lambda _: True)
    if sent_on is None:
        return None
    period = Period("daily", sent_on - _ONE_DAY, zone)
    # Apia had no 30 December 2011: the day before the 31st was the 29th.
    return period if period.starts_at < period.ends_at else period.previous


def due_weekly(*, zone: str, hour: int, minute: int, weekday: int, now: datetime) -> Period | None:
    """Give the week to report, if its digest is due: the last one that is complete."""
    sent_on = _newest(
        zone, time(hour, minute), now=now, kind="weekly", fits=lambda day: day.weekday() == weekday
    )
    if sent_on is None:
        return None
    return Period("weekly", sent_on - timedelta(days=sent_on.weekday() + 7), zone)


def owed(reader: Subscription, *, now: datetime) -> list[Period]:
    """List what a reader is due now, as they want it now: asked again when a digest is claimed."""
    if reader.paused_until and now < reader.paused_until:
        return []
    at = {"zone": reader.zone}
    day = due_daily(**at, hour=reader.hour, minute=reader.minute, now=now)
    week = due_weekly(**at, hour=reader.hour, minute=reader.minute, weekday=reader.weekday, now=now)
    wanted = [day if reader.daily else None, week if reader.weekly else None]
    return [period for period in wanted if period and period.ends_at > reader.started_at]


def zone_of(name: str) -> tzinfo:
    """Find a time zone; with a name that nobody knows (any more) the digest goes by UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    """Find a local time in UTC: what the clock skips comes after the gap, what it repeats first."""
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def _newest(
    zone: str,
    at: time,
    *,
    now: datetime,
    kind: Literal["daily", "weekly"],
    fits: Callable[[date], bool],
) -> date | None:
    """Find the latest local day on which a digest should have gone, if that is not long ago."""
    where = zone_of(zone)
    today = now.astimezone(where).date()
    for back in range(_LENGTH[kind] + 1):
        day = today - timedelta(days=back)
        if fits(day) and (late := now - moment(day, at, where)) >= timedelta():
            return day if late < CATCH_UP[kind] else None
    return None


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
