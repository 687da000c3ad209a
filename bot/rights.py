"""Whether a reference may be used: its status, and the releases that stand behind it, on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from storage.models import Production, Reference, ReferenceStatus, Release


class Clearance(StrEnum):
    """How it stands with a reference's rights; the text says it in a list."""

    IN_ORDER = "in order"
    PROPOSED = "proposed"
    RESTRICTED = "restricted"
    RETIRED = "retired"
    MISSING = "without a release"
    NOT_BEGUN = "not released yet"
    EXPIRED = "release expired"
    REVOKED = "release revoked"


@dataclass(frozen=True)
class Standing:
    """How it stands with one reference on one day."""

    clearance: Clearance
    cause: str = ""
    """The identity of what went wrong, so that a ruling holds for this and no later trouble."""
    release: Release | None = None
    """The one that decides: of those that hold, the one that lasts longest."""
    days_left: int | None = None
    """Until that release has ended; 0 on its last day, None if it never ends or none holds."""

    @property
    def is_in_order(self) -> bool:
        """Whether new takes may be made after it."""
        return self.clearance is Clearance.IN_ORDER

    @property
    def holds(self) -> bool:
        """Whether takes that were made after it wait for a producer; a proposal holds nothing."""
        return self.clearance not in {Clearance.IN_ORDER, Clearance.PROPOSED}


def told(standing: Standing) -> str:
    """Say in a few words how it stands: "until 30 Nov 2026, 7 days left (L3)"."""
    words, release = term_told(standing), standing.release
    return f"{words} ({release.code})" if release and standing.clearance in _TOLD else words


def term_told(standing: Standing) -> str:
    """Say the same without the release's code, where that stands beside it."""
    release = standing.release
    if release is None or standing.clearance not in _TOLD:
        return standing.clearance.value
    words = _TOLD[standing.clearance]
    if standing.days_left is not None:
        words = f"until {{ends}}, {_left(standing.days_left)}"
    dates = {"starts": day(release.starts_on), "ends": day(release.ends_on or release.starts_on)}
    return words.format(**dates)


_TOLD = {
    Clearance.IN_ORDER: "in perpetuity",
    Clearance.NOT_BEGUN: "from {starts}",
    Clearance.EXPIRED: "expired {ends}",
    Clearance.REVOKED: "revoked",
}


def _left(days: int) -> str:
    return "today is the last day" if not days else f"{days} day{'s' if days > 1 else ''} left"


def day(of: date) -> str:
    """Write a day so that nobody takes its month for its day."""
    return f"{of.day} {of:%b %Y}"


def today_of(production: Production, at: datetime) -> date:
    """Give the day that it is for a production."""
    return at.astimezone(ZoneInfo(production.zone)).date()


def standing_of(reference: Reference, releases: Sequence[Release], today: date) -> Standing:
    """Rule on a reference: its status first, then its releases, then whether it was approved."""
    barred = _BARRED.get(reference.status)
    if barred is not None:
        return Standing(barred, f"status:{reference.status_turn}")
    standing = _released(reference, releases, today)
    if standing.is_in_order and reference.status is not ReferenceStatus.APPROVED:
        return Standing(Clearance.PROPOSED, "", standing.release, standing.days_left)
    return standing


def term_of(release: Release, today: date) -> Standing:
    """Rule on a release by itself: whether its term runs."""
    if _holds(release, today):
        return _running(release, today)
    return Standing(_why(release, today), _cause(release), release)


def _running(release: Release, today: date) -> Standing:
    days = (release.ends_on - today).days if release.ends_on else None
    return Standing(Clearance.IN_ORDER, "", release, days)


_BARRED = {
    ReferenceStatus.RESTRICTED: Clearance.RESTRICTED,
    ReferenceStatus.RETIRED: Clearance.RETIRED,
}


def _released(reference: Reference, releases: Sequence[Release], today: date) -> Standing:
    if not releases:
        if reference.needs_release:
            return Standing(Clearance.MISSING, "release:none")
        return Standing(Clearance.IN_ORDER)
    release = max(releases, key=lambda each: (_holds(each, today), *_reach(each)))
    return term_of(release, today)


def _holds(release: Release, today: date) -> bool:
    return (
        release.revoked_at is None
        and release.starts_on <= today
        and (release.ends_on is None or today <= release.ends_on)
    )


def _reach(release: Release) -> tuple[bool, date]:
    """Order releases by how far they reach, those that were revoked last."""
    return release.revoked_at is None, release.ends_on or date.max


def _why(release: Release, today: date) -> Clearance:
    if release.revoked_at is not None:
        return Clearance.REVOKED
    return Clearance.NOT_BEGUN if today < release.starts_on else Clearance.EXPIRED


def _cause(release: Release) -> str:
    until = "revoked" if release.revoked_at else str(release.ends_on or release.starts_on)
    return f"release:{release.id}:{until}"
