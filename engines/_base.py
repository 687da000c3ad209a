"""What every engine promises to whoever hires it, and what it is told when hired."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol, Self

from ._answer import Balance, Handle, Output, Status, Stored
from ._call import Call
from ._caps import Caps
from ._facts import Facts
from ._job import JobSpec
from ._problems import Problem
from ._sink import MOST_BYTES
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


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the doctor asked an engine; `told` says how it is, or what to do about it."""

    what: str
    is_ok: bool
    told: str


class Engine(Protocol):
    """A place that makes moving pictures.

    Everything it raises is an `EngineError`. Nothing here waits or repeats itself: `submit` places
    exactly one order, and polling is the caller's loop.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    facts: ClassVar[Facts]

    @classmethod
    def hired(cls, terms: Terms) -> Self | None:
        """Make one ready to work, or None if the operator has not set it up."""
        ...

    def models(self) -> tuple[str, ...]:
        """Name the models that can be ordered from; the first is the default, and may be ""."""
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

    def rehearse(self, spec: JobSpec) -> Call | None:
        """Describe the order as it would be sent, with its key; None where nothing is sent."""
        ...

    async def prepare(self, spec: JobSpec) -> JobSpec:
        """Hand over the files that must lie with the engine first; free, and harmless to repeat."""
        ...

    async def submit(self, spec: JobSpec) -> Handle:
        """Place exactly one order. `Unsure` means that it may have been placed."""
        ...

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Make the handle of a job that a person found in the console. Raises Refused."""
        ...

    async def poll(self, handle: Handle) -> Status:
        """Look once. A failed job is a `Status`; only a failed look raises."""
        ...

    async def cancel(self, handle: Handle) -> Cancellation:
        """Ask the engine to stop, and say what became of it."""
        ...

    async def download(self, output: Output, sink: Path, *, most: int = MOST_BYTES) -> Stored:
        """Fetch into the file `sink`: streamed, hashed on the way, whole or not at all.

        Raises Broken beyond `most` bytes, and Expired if the link is no longer good and must be
        minted again by a look.
        """
        ...

    async def balance(self) -> Balance | None:
        """Tell what is left on the account, where the engine does."""
        ...

    async def preflight(self) -> list[Finding]:
        """Ask the engine, without spending, whether orders can succeed."""
        ...

    async def close(self) -> None:
        """Let go of connections and children; running jobs are found again by their handles."""
        ...
