"""Orders, the jobs they become, and the ledger of everything that was ever accepted."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.sandbox._faults import Fault

Json = dict[str, Any]
QUEUED_SHARE = 0.1
"""The share of a job's time that it stands in the queue."""


class State(StrEnum):
    """Where a job is, in nobody's words; each vendor has its own."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Picture:
    """What the output is to look like. `form` is the file's ending: mp4, mov, zip, png or jpg."""

    width: int = 1280
    height: int = 720
    seconds: float = 5.0
    form: str = "mp4"


@dataclass(frozen=True, slots=True)
class Order:
    """A create that passed the vendor's own checks. `cost` is in the vendor's unit of balance."""

    model: str
    prompt: str
    request: Json
    picture: Picture = field(default_factory=Picture)
    cost: float = 0.0
    outputs: int = 1
    user_tag: str | None = None
    job_id: str | None = None
    """Set only where the client may choose the id (ComfyUI)."""


@dataclass(slots=True, kw_only=True)
class Job:
    """One accepted order. What it is doing follows from the clock; nothing runs for it."""

    vendor: str
    id: str
    order: Order
    faults: frozenset[Fault]
    failure: Fault | None
    started: float
    """By the monotonic clock, in seconds, like `ends`."""
    ends: float
    created_at: float
    """Seconds since 1970."""
    canceled: bool = False
    facts: Json = field(default_factory=dict[str, Any])
    """Whatever else the vendor's file wants to remember."""

    @property
    def share(self) -> float:
        """Give how much of the time is over: 0 to 1, never falling."""
        span = self.ends - self.started
        return min(1.0, (time.monotonic() - self.started) / span) if span > 0 else 1.0

    @property
    def state(self) -> State:
        """Say where the job is now."""
        share = self.share
        if self.canceled:
            return State.CANCELED
        if share >= 1 and Fault.NEVER_ENDS not in self.faults:
            return State.FAILED if self.failure else State.SUCCEEDED
        return State.QUEUED if share < QUEUED_SHARE else State.RUNNING

    @property
    def progress(self) -> float:
        """Give what the vendor reports while the job runs: 0 to 0.99."""
        share = min(self.share, 0.99)
        if Fault.BACKWARDS in self.faults and share >= 0.5:
            return share - 0.35
        return share

    @property
    def is_over(self) -> bool:
        """Say whether nothing more will happen."""
        return self.state in {State.SUCCEEDED, State.FAILED, State.CANCELED}

    @property
    def is_odd(self) -> bool:
        """Say whether the vendor now gives a status that nobody has heard of."""
        return Fault.UNKNOWN_STATUS in self.faults and 1 / 3 <= self.share < 2 / 3

    @property
    def has_output(self) -> bool:
        """Say whether there is something to show."""
        return self.state is State.SUCCEEDED and Fault.NO_OUTPUT not in self.faults

    def finish(self) -> None:
        """Let the job's time be over now."""
        self.ends = min(self.ends, time.monotonic())


@dataclass(frozen=True, slots=True)
class Placed:
    """A row of the ledger: one accepted create."""

    vendor: str
    job_id: str
    order: Order
    placed_at: float


class Ledger:
    """Every create that was ever accepted, also those whose answer was lost or job deleted."""

    def __init__(self) -> None:
        self._rows: list[Placed] = []

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Placed]:
        return iter(self._rows)

    def add(self, job: Job) -> None:
        """Write an accepted create down."""
        self._rows.append(Placed(job.vendor, job.id, job.order, job.created_at))

    def of(self, vendor: str) -> list[Placed]:
        """Return what one vendor accepted, oldest first."""
        return [row for row in self._rows if row.vendor == vendor]

    def twice(self) -> dict[tuple[str, str], int]:
        """Count, by vendor and prompt, what was placed more than once."""
        counted = Counter((row.vendor, row.order.prompt) for row in self._rows)
        return {key: count for key, count in counted.items() if count > 1}
