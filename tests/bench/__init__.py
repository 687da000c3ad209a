"""Measurements, each against a floor taken side by side in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the benchmark table."""

    what: str
    figure: str
    floor: str
    ratio: float | None
    spread: str
    goal: str
    met: bool | None
    """None where the row only informs."""
