"""What an adapter writes: what is true of its engine, and hooks that describe every call to it.

It is pure translation: it names its facts and writes `order`, `ticket`, `look`, `standing`, and
whatever else its engine can do; it opens no socket, waits for nothing and repeats nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from ._answer import Balance, Handle, Status
from ._base import Finding
from ._call import Answer, Call, Talk
from ._caps import Caps
from ._errors import Broken, EngineError
from ._facts import Facts
from ._job import JobSpec, Ref
from ._problems import Problem
from ._words import Cancellation


class Adapter:
    """An engine in its own words; what raises here must be written, the rest where it applies."""

    name: ClassVar[str]
    label: ClassVar[str]
    facts: ClassVar[Facts]
    base_url: ClassVar[str]
    """Where it lives unless the operator says otherwise."""
    hosts: ClassVar[tuple[str, ...]] = ()
    """Endings of the hosts its files may lie on; any public host if empty."""
    key_hosts: ClassVar[tuple[str, ...]] = ()
    """Endings of the hosts, beside its own, that are shown the key."""

    def __init__(self, settings: Mapping[str, str], *, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.clock = clock

    def setting(self, name: str, default: str = "") -> str:
        """Give one of the engine's own variables, by its name without the prefix."""
        return self.settings.get(f"{self.facts.prefix}_{name}", "").strip() or default

    def handle(self, job_id: str, spec: JobSpec, **more: Any) -> Handle:
        """Make a handle. Raises Broken if the engine gave no id."""
        if not job_id:
            raise Broken(f"{self.label} accepted the order and gave it no id.")
        return Handle(
            engine=self.name,
            id=job_id,
            model=spec.model or self.caps().model,
            submitted_at=self.clock(),
            **more,
        )

    def caps(self, model: str = "") -> Caps:
        """Tell what this model, or the default one, can do."""
        raise NotImplementedError

    def models(self) -> tuple[str, ...]:
        """Name the models that can be ordered from; the first is the default."""
        return (self.caps().model,)

    def estimate(self, spec: JobSpec) -> int | None:
        """Cents by a dated price table, or None if nobody can know."""
        raise NotImplementedError

    def order(self, spec: JobSpec) -> Call:
        """Describe the one call that places an order; its references are ready to be named."""
        raise NotImplementedError

    def ticket(self, spec: JobSpec, answer: Answer) -> Handle:
        """Read the handle from the answer to an order. Raises Broken if there is none."""
        raise NotImplementedError

    def look(self, handle: Handle) -> Call:
        """Describe the call that looks at a job."""
        raise NotImplementedError

    def standing(self, handle: Handle, answer: Answer) -> Status:
        """Read how a job stands from an answer of success."""
        raise NotImplementedError

    def fault(self, answer: Answer, *, creating: bool) -> EngineError | Status | None:
        """Read an answer that is no success.

        An EngineError, a Status if it tells how the job stands, or None for what the HTTP status
        usually means.
        """
        del answer, creating

    def upload(self, ref: Ref, spec: JobSpec) -> Talk[Ref] | None:
        """Hand a local file over before the order; None if the order itself carries it."""
        del ref, spec

    def cancelling(self, handle: Handle) -> Call | None:
        """Describe the call that cancels; None if there is no such thing."""
        del handle

    def cancelled(self, answer: Answer) -> Cancellation:
        """Read what became of the wish to cancel."""
        return Cancellation.DONE if answer.is_ok else Cancellation.UNKNOWN

    def holding(self) -> Talk[Balance | None] | None:
        """Ask what is left on the account; None if the engine does not tell."""

    def finding(self) -> Talk[list[Finding]] | None:
        """Ask, without spending, whether the key works and what it may do; for the doctor."""

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Make the handle of a job that a person found in the console. Raises Refused."""
        return self.handle(job_id, spec)

    def more_problems(self, spec: JobSpec) -> list[Problem]:
        """Find what the tables cannot say."""
        del spec
        return []

    def key(self) -> Mapping[str, str]:
        """Give the headers that carry the key."""
        return {"authorization": f"Bearer {self.setting('API_KEY')}"}
