"""What an engine can do, as tables: each model's modes, and what each mode offers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ._facts import Retirement, Statement
from ._words import Mode, RefKind, RefRole

Ratios = Mapping[str, Mapping[str, tuple[int, int]]]
"""For each ratio the size in pixels of each resolution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A price as read somewhere on a day; `cents_per_second` is None where it is not so simple."""

    text: str
    source: str
    dated: date
    cents_per_second: float | None = None

    @property
    def is_free(self) -> bool:
        """Whether an order costs nothing."""
        return self.cents_per_second == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How long a clip may be: one of `only`, or anything from `least` to `most` seconds.

    `step` is 1 where only whole seconds count.
    """

    least: float = 0
    most: float = 0
    only: tuple[float, ...] = ()
    step: float = 0

    def allows(self, seconds: float) -> bool:
        """Whether a clip may be that long."""
        if self.only:
            return seconds in self.only
        whole = not self.step or not seconds % self.step
        return whole and self.least <= seconds <= self.most

    def nearest(self, seconds: float) -> float:
        """Give the allowed length that is closest; of two, the longer."""
        if self.only:
            return min(self.only, key=lambda each: (abs(each - seconds), -each))
        stepped = round(seconds / self.step) * self.step if self.step else seconds
        return min(max(stepped, self.least), self.most)

    def __str__(self) -> str:
        if self.only:
            return f"{' or '.join(f'{seconds:g}' for seconds in self.only)} seconds"
        whole = "whole " if self.step == 1 else ""
        return f"{self.least:g} to {self.most:g} {whole}seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Room for `least` to `most` references of one kind in one role.

    `call` is how a prompt calls one by name: `{tag}`, `{index}` (from 0) and `{number}` (from 1)
    stand for its own; empty where prompts cannot. `by_address` says that the engine fetches it
    itself, so that only a public address will do. `bytes_most` is for one file.
    """

    role: RefRole
    kind: RefKind = RefKind.IMAGE
    least: int = 0
    most: int = 1
    call: str = ""
    by_address: bool = False
    bytes_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Native:
    """An option that only this engine has: what it does, and its values if they are counted."""

    about: str
    only: tuple[str, ...] = ()

    def takes(self, value: object) -> bool:
        """Whether it may have this value; JSON's true and a typed `true` are the same."""
        written = str(value).lower() if isinstance(value, bool) else str(value)
        return not self.only or written in self.only


def _no_ratios() -> Ratios:
    return {}


def _no_options() -> Mapping[str, Native]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one mode of one model offers.

    `lengths` None and `ratios` empty mean that the engine takes them from what it works on, so that
    neither is asked; `scales` are the resolutions to choose from where only the ratio is taken so.
    `refs_most` bounds all references together. `prompt_utf16` says that the engine counts UTF-16
    units, in which an emoji is two.
    """

    lengths: Lengths | None = None
    ratios: Ratios = field(default_factory=_no_ratios)
    scales: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    refs_most: int | None = None
    prompt_needed: bool = True
    prompt_most: int | None = None
    prompt_utf16: bool = False
    negative: bool = False
    seed: bool = False
    audio: bool = False
    """Whether sound can be asked for, or asked away."""
    fps: tuple[int, ...] = ()
    native: Mapping[str, Native] = field(default_factory=_no_options)

    @property
    def resolutions(self) -> tuple[str, ...]:
        """Every resolution that can be chosen, in the table's order."""
        return self.scales or tuple(
            dict.fromkeys(name for sizes in self.ratios.values() for name in sizes)
        )

    def slot(self, role: RefRole, kind: RefKind = RefKind.IMAGE) -> Slot | None:
        """Give the room for references of a kind in a role; None if there is none."""
        wanted = (each for each in self.slots if each.role is role and each.kind is kind)
        return next(wanted, None)

    def size_of(self, ratio: str, resolution: str) -> tuple[int, int] | None:
        """Give the pixels of a format, or None if it is not offered."""
        return self.ratios.get(ratio, {}).get(resolution)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What one model of an engine can do.

    `repeatable` says that two orders with the same `user_tag` are one order, so that a lost answer
    settles itself. `poll_seconds` is how often the engine likes to be asked. `rights` is what is
    said of this model beside what its engine says of all.
    """

    modes: Mapping[Mode, Offer]
    price: Price
    model: str = ""
    cancel: bool = False
    progress: bool = False
    webhook: bool = False
    repeatable: bool = False
    poll_seconds: float = 5.0
    retires: Retirement | None = None
    rights: tuple[Statement, ...] = ()

    @property
    def default_mode(self) -> Mode:
        """Give the plainest work that this model does."""
        return next(mode for mode in Mode if mode in self.modes)
