"""What is true of an engine as a house: who runs it, its settings, its limits, its terms."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from typing import Any

from ._errors import Misconfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One setting of an engine, by its environment name; a `secret` one is never shown."""

    name: str
    about: str
    default: str = ""
    secret: bool = False
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """What a maker says about rights, safety or provenance: no legal advice, and dated.

    `certainty` is documentation, secondary or unverified, as in the facts it was taken from.
    """

    text: str
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an engine takes at once: of everything in flight, a minute, and a day; None: any.

    `per_minute` counts calls of every kind where `counts_polls`, and orders otherwise. They are an
    account's, however many of us share it; where `each_process`, they are each of ours.
    `poll_seconds` is how often a job is looked at; None for as often as its model's table says.
    """

    concurrency: int | None = None
    per_minute: int | None = None
    per_day: int | None = None
    poll_seconds: float | None = None
    counts_polls: bool = False
    each_process: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """When a model goes away; `on` is None where the sources contradict each other."""

    on: date | None
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an engine is, whatever is ordered from it."""

    maker: str
    prefix: str
    """What the names of its variables begin with, such as RUNWAY."""
    variables: tuple[Variable, ...] = ()
    limits: Limits = field(default_factory=Limits)
    rights: tuple[Statement, ...] = ()
    console: str = ""
    """Where a person can see what was ordered."""
    credit: str = ""
    credit_url: str = ""
    """What its terms want shown beside its work, and the link behind it."""


def limits_of(facts: Facts, settings: Mapping[str, str]) -> Limits:
    """Give an engine's limits as the operator set them.

    PREFIX_CONCURRENCY, _PER_MINUTE, _PER_DAY and _POLL_SECONDS. Raises Misconfigured for a value
    that is no whole number from 1, or for seconds that are not above 0.
    """
    told = {
        name: _whole(settings.get(f"{facts.prefix}_{name.upper()}", ""), facts.prefix, name)
        for name in ("concurrency", "per_minute", "per_day")
    }
    chosen: dict[str, Any] = {name: value for name, value in told.items() if value}
    name = f"{facts.prefix}_POLL_SECONDS"
    if seconds := settings.get(name, "").strip():
        chosen["poll_seconds"] = _seconds(seconds, name)
    return replace(facts.limits, **chosen)


def _seconds(told: str, name: str) -> float:
    try:
        seconds = float(told)
    except ValueError:
        seconds = 0.0
    if not (isfinite(seconds) and seconds > 0):
        raise Misconfigured(f"{name} is {told!r}; write a number of seconds above 0.")
    return seconds


def _whole(told: str, prefix: str, name: str) -> int | None:
    told = told.strip()
    if told and not (told.isdecimal() and int(told)):
        raise Misconfigured(f"{prefix}_{name.upper()} is {told!r}; write a whole number from 1.")
    return int(told) if told else None
