"""Find the one thing worth knowing in a period's figures, and claim no more than they carry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.figures import (
    FEWEST_COMPARED,
    FEWEST_DECIDED,
    FEWEST_FOR_PERCENT,
    Family,
    Figures,
    Trend,
    team_churn,
    trend,
    trends,
    wasteful,
    wilson,
)

COUNTS: dict[str, Callable[[Figures], int]] = {
    "Takes approved": lambda period: period.approved,
    "Takes made": lambda period: period.made,
    "Takes turned down": lambda period: period.turned_down,
}
"""The counts that are compared, the one that matters most first."""
_MOST_FAMILIES = 8
_LONGEST_NAME = 40
_FEWEST_REASONS = 5


@dataclass(frozen=True)
class Finding:
    """The one thing worth knowing: a subject, and what is said about it."""

    subject: str
    text: str


@dataclass(frozen=True)
class Families:
    """How the prompt families did; `subject` is the one that wastes takes, if there is one."""

    subject: str
    answer: str
    bars: tuple[Family, ...]


def finding_of(figures: Figures, earlier: Sequence[Figures]) -> Finding | None:
    """Pick one: waste first, then a real change, then a reason that stands out."""
    return (
        _waste_found(figures.by_family) or _change_found(figures, earlier) or _reason_found(figures)
    )


def _waste_found(families: Sequence[Family]) -> Finding | None:
    family = wasteful(families)
    if family is None:
        return None
    return Finding(
        short(family.name), f"loses more takes than the average: {_churn(family, families)}"
    )


def steady(figures: Figures, earlier: Sequence[Figures]) -> Finding:
    """Say that there is nothing to say, and why."""
    if trend(figures.made, sum(week.made for week in earlier[:1])) is Trend.TOO_FEW:
        return Finding("Too few takes", f"to say what changed: fewer than {FEWEST_COMPARED}.")
    return Finding("Nothing moved", "beyond normal variation.")


def _churn(family: Family, families: Sequence[Family]) -> str:
    low, high = wilson(family.rejected, family.decided)
    rejected, decided = team_churn(families)
    return (
        f"{family.rejected} of {family.decided} decided takes turned down (likely {low:.0%} to "
        f"{high:.0%}), against {rejected / decided:.0%} of all {decided}."
    )


def changes(figures: Figures, earlier: Sequence[Figures]) -> dict[str, Trend]:
    """Judge each count against the period before; without one there is nothing to judge."""
    if not earlier:
        return {}
    return trends({name: counts(figures, earlier, name) for name in COUNTS})


def counts(figures: Figures, earlier: Sequence[Figures], name: str) -> list[int]:
    """List a count over the periods, newest first."""
    return [COUNTS[name](period) for period in (figures, *earlier)]


def _change_found(figures: Figures, earlier: Sequence[Figures]) -> Finding | None:
    for name, change in changes(figures, earlier).items():
        if change in {Trend.UP, Trend.DOWN}:
            now, before = counts(figures, earlier, name)[:2]
            return Finding(name, f"are {change}: {now}, was {before}{_percent(now, before)}.")
    return None


def _percent(now: int, before: int) -> str:
    if before < FEWEST_FOR_PERCENT or now == before:
        return ""
    return f" ({abs(now - before) / before:.0%} {'more' if now > before else 'fewer'})"


def _reason_found(figures: Figures) -> Finding | None:
    total = sum(figures.by_reason.values())
    if total < _FEWEST_REASONS:
        return None
    reason, count = max(figures.by_reason.items(), key=lambda item: item[1])
    if count * 2 <= total:
        return None
    return Finding(
        reason.capitalize(), f"is the usual reason for turning takes down: {count} of {total}."
    )


def families_of(figures: Figures) -> Families:
    """Answer which prompt family wastes takes, if the counts carry an answer."""
    families = figures.by_family
    worst = wasteful(families)
    answer = f"{worst.rejected} of {worst.decided} turned down." if worst else _no_waste(families)
    subject = short(worst.name) if worst else ""
    return Families(subject, answer + _too_few(families), _bars(families))


def _no_waste(families: Sequence[Family]) -> str:
    if any(family.decided >= FEWEST_DECIDED for family in families):
        return "None stands out."
    return f"Too early: no family has {FEWEST_DECIDED} decided takes yet."


def _too_few(families: Sequence[Family]) -> str:
    """Name the small family that looks worst, lest somebody judges it by the chart."""
    small = [f for f in families if f.rejected > f.approved and f.decided < FEWEST_DECIDED]
    if not small:
        return ""
    worst = max(small, key=lambda family: family.rejected)
    return (
        f" {short(worst.name)} has {worst.rejected} of {worst.decided} turned down, "
        "which is too few to judge."
    )


def _bars(families: Sequence[Family]) -> tuple[Family, ...]:
    named = [replace(family, name=short(family.name)) for family in families if family.decided]
    ranked = sorted(named, key=lambda family: (-family.decided, family.name))
    shown, rest = ranked[:_MOST_FAMILIES], ranked[_MOST_FAMILIES:]
    if not rest:
        return tuple(shown)
    made, waiting = sum(f.made for f in rest), sum(f.waiting for f in rest)
    approved, rejected = sum(f.approved for f in rest), sum(f.rejected for f in rest)
    return (*shown, Family(f"Other ({len(rest)})", made, approved, rejected, waiting))


def short(name: str) -> str:
    """Clip what people named at length, and keep it on one line."""
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
