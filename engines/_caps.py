"""What an engine can do, as a table; and the check of an order against that table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ._job import JobSpec, Ref
from ._words import Mode, RefKind, RefRole


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of an order, as a sentence for the person who wrote it."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A price as read somewhere on a day; `cents_per_second` is None where it is not so simple."""

    text: str
    source: str
    dated: date
    cents_per_second: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How long a clip may be: one of `only`, or anything from `least` to `most` seconds."""

    least: float = 0
    most: float = 0
    only: tuple[float, ...] = ()

    def allows(self, seconds: float) -> bool:
        """Whether a clip may be that long."""
        return seconds in self.only if self.only else self.least <= seconds <= self.most

    def __str__(self) -> str:
        if self.only:
            return f"{' or '.join(f'{seconds:g}' for seconds in self.only)} seconds"
        return f"{self.least:g} to {self.most:g} seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Room for `most` references of one kind in one role."""

    role: RefRole
    kind: RefKind = RefKind.IMAGE
    most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What one model of an engine can do.

    `ratios` gives for each ratio the size in pixels of each resolution. `repeatable` says that two
    orders with the same `user_tag` are one order, so that a lost answer settles itself.
    `poll_seconds` is how often the engine likes to be asked.
    """

    modes: frozenset[Mode]
    lengths: Lengths
    ratios: Mapping[str, Mapping[str, tuple[int, int]]]
    price: Price
    models: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    prompt_most: int | None = None
    seed: bool = False
    audio: bool = False
    negative: bool = False
    cancel: bool = False
    progress: bool = False
    webhook: bool = False
    repeatable: bool = False
    concurrency: int | None = None
    poll_seconds: float = 5.0
    fps: tuple[int, ...] = ()

    @property
    def resolutions(self) -> tuple[str, ...]:
        """Every resolution that some ratio offers, in the table's order."""
        return tuple(dict.fromkeys(name for sizes in self.ratios.values() for name in sizes))

    def size_of(self, spec: JobSpec) -> tuple[int, int] | None:
        """Give the pixels of an order, or None if this ratio and resolution are not offered."""
        return self.ratios.get(spec.ratio, {}).get(spec.resolution)


def problems_with(spec: JobSpec, caps: Caps) -> list[Problem]:
    """Name everything an order asks that the table does not offer, one sentence a field."""
    return [*_format_problems(spec, caps), *_wish_problems(spec, caps), *_ref_problems(spec, caps)]


def _format_problems(spec: JobSpec, caps: Caps) -> Iterator[Problem]:
    if spec.mode not in caps.modes:
        yield Problem("mode", f"This engine does not do {spec.mode.value}.")
    if not caps.lengths.allows(spec.seconds):
        yield Problem("seconds", f"Clips here are {caps.lengths} long, not {spec.seconds:g}.")
    if spec.ratio not in caps.ratios:
        yield Problem("ratio", f"{spec.ratio} is not offered here. Choose {_one_of(caps.ratios)}.")
    elif spec.resolution not in caps.ratios[spec.ratio]:
        offered = _one_of(caps.ratios[spec.ratio])
        yield Problem("resolution", f"{spec.resolution} is not offered here. Choose {offered}.")
    if spec.fps is not None and spec.fps not in caps.fps:
        yield Problem("fps", f"{spec.fps} frames a second cannot be chosen here.")


def _wish_problems(spec: JobSpec, caps: Caps) -> Iterator[Problem]:
    if spec.model and spec.model not in caps.models:
        yield Problem("model", f"{spec.model} is not a model of this engine.")
    if caps.prompt_most is not None and len(spec.prompt) > caps.prompt_most:
        yield Problem("prompt", f"The prompt is longer than {caps.prompt_most:,} characters.")
    if spec.negative and not caps.negative:
        yield Problem("negative", "This engine takes no negative prompt; say it in the prompt.")
    if spec.seed is not None and not caps.seed:
        yield Problem("seed", "This engine takes no seed.")
    if spec.audio and not caps.audio:
        yield Problem("audio", "This engine makes no sound.")


def _ref_problems(spec: JobSpec, caps: Caps) -> Iterator[Problem]:
    room = {(slot.role, slot.kind): slot.most for slot in caps.slots}
    for role, kind in dict.fromkeys((ref.role, ref.kind) for ref in spec.refs):
        count = sum(1 for ref in spec.refs if _fits(ref, role, kind))
        most = room.get((role, kind), 0)
        if not most:
            yield Problem("refs", f"This engine takes no {role.value} {kind.value}.")
        elif count > most:
            yield Problem("refs", f"At most {most} {role.value} {kind.value}s, not {count}.")


def _fits(ref: Ref, role: RefRole, kind: RefKind) -> bool:
    return ref.role is role and ref.kind is kind


def _one_of(names: Mapping[str, object]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
