"""Count what a period brought, and say how far the counts can be trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import erfc, sqrt

FEWEST_DECIDED = 8
"""A prompt family is not judged on fewer decided takes."""
FEWEST_COMPARED = 30
"""Two periods are not compared on fewer takes together."""
FEWEST_FOR_PERCENT = 20
"""A change is not told in percent of a smaller number."""
USUAL_SPREAD = 3.0
"""Takes come in bursts: week to week, their variance is about three times their mean."""
_WEEKS_TO_LEARN_SPREAD = 4
_ALPHA = 0.05
_Z90 = 1.6449


class Trend(StrEnum):
    """What may be said about two counts."""

    UP = "up, likely real"
    DOWN = "down, likely real"
    NORMAL = "within normal variation"
    TOO_FEW = "too few to say"


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a yes or a no."""

    title: str
    link: str
    asked_by: str
    hours: float


@dataclass(frozen=True)
class Family:
    """The takes of one prompt family; `rejected` are all that were turned down, retakes too."""

    name: str
    made: int
    approved: int
    rejected: int
    waiting: int = 0

    @property
    def decided(self) -> int:
        """Churn is judged on these alone; what waits is no failure."""
        return self.approved + self.rejected


@dataclass(frozen=True)
class Figures:
    """What happened in one period of a production, and what waits at its reading."""

    period: str
    waiting: tuple[Waiting, ...] = ()
    made: int = 0
    approved: int = 0
    rejected: int = 0
    retaken: int = 0
    by_reason: Mapping[str, int] = field(default_factory=dict[str, int])
    """Why takes were turned down, by a rejection or a retake."""
    median_seconds: float | None = None
    """From a take's showing to its decision; None if nothing was decided."""
    spend_cents: int = 0
    table_cents: int = 0
    """Of what was spent, as much as is by our price tables and so is only about right."""
    approved_seconds: float = 0.0
    by_family: tuple[Family, ...] = ()

    @property
    def turned_down(self) -> int:
        """Rejections and retakes together."""
        return self.rejected + self.retaken

    @property
    def is_quiet(self) -> bool:
        """Nothing waits, was made, was decided or was paid."""
        happened = self.made or self.approved or self.turned_down or self.spend_cents
        return not (self.waiting or happened)


def trend(now: int, before: int, *, spread: float = USUAL_SPREAD) -> Trend:
    """Compare two periods of the same length by a quasi-Poisson test."""
    if now + before < FEWEST_COMPARED:
        return Trend.TOO_FEW
    if _chance(now, before, spread) >= _ALPHA:
        return Trend.NORMAL
    return Trend.UP if now > before else Trend.DOWN


def trends(series: Mapping[str, Sequence[int]]) -> dict[str, Trend]:
    """Judge several counts, each newest first, beside each other (Holm).

    Who looks at three figures at once finds a false change three times as often.
    """
    pairs = {name: (seen[0], seen[1], spread_of(seen[1:])) for name, seen in series.items()}
    found = {name: trend(now, past, spread=spread) for name, (now, past, spread) in pairs.items()}
    chances = {name: _chance(*pair) for name, pair in pairs.items()}
    told = [
        name
        for name in sorted(chances, key=chances.__getitem__)
        if found[name] is not Trend.TOO_FEW
    ]
    for rank, name in enumerate(told):
        if chances[name] * (len(told) - rank) >= _ALPHA:
            return found | dict.fromkeys(told[rank:], Trend.NORMAL)
    return found


def _chance(now: int, before: int, spread: float) -> float:
    """Give the chance that two counts of one rate differ as much as these."""
    if now == before:
        return 1.0
    return erfc(abs(now - before) / sqrt(2 * max(spread, 1.0) * (now + before)))


def spread_of(counts: Sequence[int]) -> float:
    """Learn from earlier periods how much a count varies by itself; never less than chance."""
    if len(counts) < _WEEKS_TO_LEARN_SPREAD or not sum(counts):
        return USUAL_SPREAD
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)
    return max(1.0, variance / mean)


def wilson(part: int, whole: int, *, z: float = _Z90) -> tuple[float, float]:
    """Give the range (90 % unless told) that a share of a few lies in."""
    share = part / whole
    middle = share + z * z / (2 * whole)
    reach = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def team_churn(families: Sequence[Family]) -> tuple[int, int]:
    """Sum what was turned down and what was decided over all families."""
    return sum(family.rejected for family in families), sum(family.decided for family in families)


def wasteful(families: Sequence[Family]) -> Family | None:
    """Name the family that loses more takes than the team does, if one may be named at all."""
    rejected, decided = team_churn(families)
    above = [
        family
        for family in families
        if family.decided >= FEWEST_DECIDED
        and wilson(family.rejected, family.decided)[0] > rejected / decided
    ]
    return max(above, key=lambda family: wilson(family.rejected, family.decided)[0], default=None)
