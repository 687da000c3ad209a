"""What every engine promises to whoever hires it, and what it is told when hired."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, Self

from ._answer import Handle, Output, Status, Stored
from ._caps import Caps, Problem
from ._job import JobSpec
from ._words import Cancellation


class Terms(Protocol):
    """What the house tells an engine: a folder of its own to work in, and the operator's variables.

    Our settings fit this by shape; engines read no environment by themselves.
    """

    @property
    def engine_work(self) -> Path:
        """The folder under which every engine may keep a folder of its name."""
        ...

    @property
    def engine_variables(self) -> Mapping[str, str]:
        """Keys, addresses and switches by their environment names."""
        ...


class Engine(Protocol):
    """A place that makes moving pictures.

    Everything it raises is an `EngineError`. Nothing here waits or repeats itself: `submit` places
    exactly one order, and polling is the caller's loop.
    """

    name: str
    label: str

    @classmethod
    def hired(cls, terms: Terms) -> Self | None:
        """Make one ready to work, or None if the operator has not set it up."""
        ...

    def caps(self, model: str = "") -> Caps:
        """Tell what this model, or the default one, can do."""
        ...

    def validate(self, spec: JobSpec) -> list[Problem]:
        """Find what is wrong with an order before money is spent; looks at local files only."""
        ...

    def estimate(self, spec: JobSpec) -> int | None:
        """Cents by a dated price table, or None if only a person can know."""
        ...

    async def submit(self, spec: JobSpec) -> Handle:
        """Place exactly one order. `Unsure` means that it may have been placed."""
        ...

    async def poll(self, handle: Handle) -> Status:
        """Look once. A failed job is a `Status`; only a failed look raises."""
        ...

    async def cancel(self, handle: Handle) -> Cancellation:
        """Ask the engine to stop, and say what became of it."""
        ...

    async def download(self, output: Output, sink: Path) -> Stored:
        """Fetch into the file `sink`: streamed, hashed on the way, capped, whole or not at all."""
        ...

    async def close(self) -> None:
        """Let go of connections and children; running jobs are found again by their handles."""
        ...
