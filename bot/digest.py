"""Compose a digest from the figures of a period: what waits, one finding, the rest in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.figures import Family, Figures, Trend, Waiting
from bot.findings import (
    COUNTS,
    Families,
    Finding,
    changes,
    counts,
    families_of,
    finding_of,
    short,
    steady,
)

__all__ = [
    "Compared",
    "Digest",
    "Families",
    "Family",
    "Figures",
    "Finding",
    "Quiet",
    "Section",
    "Tally",
    "ToDo",
    "Waiting",
    "compose_daily",
    "compose_weekly",
    "waited",
]

_MOST_WAITING = 3
_MOST_REASONS = 2
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@dataclass(frozen=True)
class ToDo:
    """What waits for the reader, the longest wait first; `more` are not listed."""

    items: tuple[Waiting, ...]
    more: int

    @property
    def headline(self) -> str:
        """Say how much waits."""
        count = len(self.items) + self.more
        if not count:
            return "Nothing waits for your yes or no"
        return f"{count} {'thing waits' if count == 1 else 'things wait'} for your yes or no"


@dataclass(frozen=True)
class Tally:
    """A day in one line."""

    period: str
    text: str


@dataclass(frozen=True)
class Compared:
    """A week's figures, each with what it was before and what the change is worth."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Quiet:
    """A week without work, in one line."""

    text: str


Section = ToDo | Finding | Tally | Compared | Families | Quiet


@dataclass(frozen=True)
class Digest:
    """A digest as values; `text` says the same to notifications and screen readers."""

    kind: Literal["daily", "weekly"]
    heading: str
    text: str
    sections: tuple[Section, ...]
    footnote: str


def compose_daily(
    figures: Figures, previous: Figures | None = None, *, title: str, zone: str
) -> Digest | None:
    """Tell a day; an empty day is not worth a message."""
    if figures.is_quiet:
        return None
    to_do = _to_do(figures)
    finding = finding_of(figures, [previous] if previous else [])
    tally = Tally(figures.period, _tally(figures))
    return Digest(
        kind="daily",
        heading=f"{figures.period} · {short(title)}",
        text=_fallback("Daily", to_do, finding, figures),
        sections=(to_do, *([finding] if finding else []), tally),
        footnote=f"Times in {zone}",
    )


def compose_weekly(
    figures: Figures, earlier: Sequence[Figures] = (), *, title: str, zone: str
) -> Digest | None:
    """Tell a week, compared with `earlier` ones, newest first.

    A quiet week gets one line, a second one says that the digest pauses, and after that it is
    silent until there is work again.
    """
    footnote = f"Weeks run Monday to Sunday, times in {zone}"
    heading = f"{figures.period} · {short(title)}"
    if figures.is_quiet:
        return _quiet_week(heading, earlier, footnote=footnote)
    to_do, finding = _to_do(figures), finding_of(figures, earlier)
    families = [families_of(figures)] if figures.by_family else []
    return Digest(
        kind="weekly",
        heading=heading,
        text=_fallback(figures.period, to_do, finding, figures),
        sections=(
            to_do,
            finding or steady(figures, earlier),
            _compared(figures, earlier),
            *families,
        ),
        footnote=footnote,
    )


def _quiet_week(heading: str, earlier: Sequence[Figures], *, footnote: str) -> Digest | None:
    before = [week.is_quiet for week in earlier[:2]]
    if before == [True, True]:
        return None
    text = "no new takes, no decisions, nothing waits for you."
    if before[:1] == [True]:
        text += " The second quiet week in a row: this digest pauses until there is work again."
    return Digest("weekly", heading, f"{heading}: {text}", (Quiet(text),), footnote)


def _to_do(figures: Figures) -> ToDo:
    ranked = sorted(figures.waiting, key=lambda item: -item.hours)
    items = [replace(i, title=short(i.title), asked_by=short(i.asked_by)) for i in ranked]
    return ToDo(tuple(items[:_MOST_WAITING]), more=max(0, len(items) - _MOST_WAITING))


def _tally(figures: Figures) -> str:
    if replace(figures, waiting=()).is_quiet:
        return "nothing made, nothing decided, nothing spent"
    parts = [
        _takes(figures.made),
        f"{figures.approved} approved",
        f"{figures.turned_down} turned down{_reasons(figures)}",
    ]
    if figures.median_seconds is not None:
        parts.append(f"decided in {_duration(figures.median_seconds)} (median)")
    return ", ".join(parts) + f" · {_spent(figures)}"


def _reasons(figures: Figures) -> str:
    ranked = sorted(figures.by_reason.items(), key=lambda item: (-item[1], item[0]))[:_MOST_REASONS]
    return f" ({', '.join(f'{reason} {count}' for reason, count in ranked)})" if ranked else ""


def _spent(figures: Figures) -> str:
    if not figures.spend_cents:
        return "nothing spent"
    if not figures.approved_seconds:
        return _cost(figures)
    return f"{_spend(figures)} spent, {_cost(figures)} per approved second"


def _cost(figures: Figures) -> str:
    """Divide sums and never average ratios; without approved seconds there is nothing to divide."""
    if figures.approved_seconds:
        return _spend(figures, by=figures.approved_seconds)
    spent = f", {_spend(figures)} spent" if figures.spend_cents else ""
    return f"no approved seconds yet{spent}"


def _compared(figures: Figures, earlier: Sequence[Figures]) -> Compared:
    weeks, judged = (figures, *earlier), changes(figures, earlier)
    return Compared(
        (
            *(
                (name, _count_row(counts(figures, earlier, name), judged.get(name)))
                for name in COUNTS
            ),
            ("Time to decision", _row([_median(week) for week in weeks])),
            ("Spent", _row([_spend(week) for week in weeks])),
            ("Spend / approved second", _row([_cost(week) for week in weeks])),
        )
    )


def _count_row(values: Sequence[int], change: Trend | None) -> str:
    row = _row([str(value) for value in values])
    return f"{row} · {change}" if change else row


def _row(values: Sequence[str]) -> str:
    return " · was ".join(values[:2])


def _median(figures: Figures) -> str:
    if figures.median_seconds is None:
        return "nothing decided"
    return f"{_duration(figures.median_seconds)} (median)"


def _fallback(start: str, to_do: ToDo, finding: Finding | None, figures: Figures) -> str:
    found = f" {finding.subject} {finding.text}" if finding else ""
    tally = [_takes(figures.made), f"{figures.approved} approved"]
    if figures.spend_cents:
        tally.append(_spend(figures))
    return f"{start}: {to_do.headline}.{found} {', '.join(tally)}."


def _takes(count: int) -> str:
    return f"{count} {'take' if count == 1 else 'takes'} made"


def _spend(figures: Figures, *, by: float = 1) -> str:
    """Write what was spent; as soon as a part of it is by our price tables, it is "about"."""
    amount = f"${figures.spend_cents / by / 100:,.2f}"
    return f"about {amount}" if figures.table_cents else amount


def _duration(seconds: float) -> str:
    if seconds < _HOUR:
        return f"{max(1, round(seconds / _MINUTE))} min"
    if seconds < 2 * _DAY:
        return f"{seconds / _HOUR:.0f} h"
    return f"{seconds / _DAY:.0f} days"


def waited(hours: float) -> str:
    """Say how long ago somebody was asked."""
    return f"{_duration(hours * _HOUR)} ago"
