"""Luma's Agents API: Ray 3.2 for clips, Uni 1 for stills."""

from urllib.parse import quote

from pydantic import BaseModel

from ._answer import Handle, Status
from ._base import Finding
from ._call import Answer, Call, Talk
from ._caps import Caps
from ._clip_length import length_of
from ._errors import EngineError
from ._facts import Facts, Statement, Variable
from ._http import HttpEngine
from ._job import JobSpec, Ref
from ._luma_body import body_of
from ._luma_faults import checked_id, fault_in
from ._luma_files import handed_over, looked_around
from ._luma_problems import problems_in
from ._luma_states import status_of
from ._luma_tables import CAPS, RAY, cents_of
from ._problems import Problem
from ._words import RefKind, RefRole

_INLINE_MOST = 4 * 1024**2
"""Bytes of all files of an order together; above that each is handed over first."""


class _Placed(BaseModel):
    id: str


class Luma(HttpEngine):
    """There is no cancelling and no progress; a look mints a new link, which lives for an hour."""

    name = "luma"
    label = "Luma"
    base_url = "https://agents.lumalabs.ai/v1"
    facts = Facts(
        maker="Luma AI",
        prefix="LUMA",
        variables=(
            Variable(
                name="LUMA_API_KEY",
                about="Key of the Agents API; begins with luma-api-.",
                secret=True,
                needed=True,
            ),
            Variable(
                name="LUMA_BASE_URL", about="Another address of the Agents API.", default=base_url
            ),
        ),
        rights=(
            Statement(
                "The API terms of April 2026 promise not to train on what is sent and made; the "
                "pricing page keeps that promise for Provisioned Throughput.",
                "secondary",
            ),
            Statement("Whoever sees the work must be told that AI made it.", "secondary"),
            Statement("No statement about content credentials was found.", "unverified"),
        ),
    )

    def models(self) -> tuple[str, ...]:
        """Name Ray for clips, and the two Unis for stills."""
        return tuple(CAPS)

    def caps(self, model: str = "") -> Caps:
        """Tell what a model can do; one that is not known is read as the default."""
        return CAPS.get(model, CAPS[RAY])

    def more_problems(self, spec: JobSpec) -> list[Problem]:
        """Find what does not go together, and files that are not what they should be."""
        return list(problems_in(spec))

    def estimate(self, spec: JobSpec) -> int | None:
        """Price it by the table; an edit or a reframe by the length of its clip."""
        sources = spec.refs_in(RefRole.SOURCE, RefKind.VIDEO)
        length = next((length_of(ref) for ref in sources), None)
        return cents_of(spec, spec.model or RAY, length)

    def order(self, spec: JobSpec) -> Call:
        """Write the order; small files travel in it."""
        caps = self.caps(spec.model)
        body = body_of(spec, caps.model, caps.modes[spec.mode])
        return Call(method="POST", path="/generations", json=body)

    def ticket(self, spec: JobSpec, answer: Answer) -> Handle:
        """Read the id."""
        return self.handle(answer.read(_Placed).id, spec)

    def look(self, handle: Handle) -> Call:
        """Ask for the job."""
        return Call(method="GET", path=f"/generations/{quote(handle.id, safe='')}")

    def standing(self, handle: Handle, answer: Answer) -> Status:
        """Read the state, what was made, and why it failed."""
        del handle
        return status_of(answer, now=self.clock())

    def fault(self, answer: Answer, *, creating: bool) -> EngineError | None:
        """Tell too many jobs from too many calls, moderation, and a model that is gone."""
        return fault_in(answer, now=self.clock(), creating=creating)

    def upload(self, ref: Ref, spec: JobSpec) -> Talk[Ref] | None:
        """Hand a file over where those of the order are too large to travel in it."""
        if ref.path is None or _is_named(ref) or _weight(spec) <= _INLINE_MOST:
            return None
        return handed_over(ref, ref.path, spec, now=self.clock())

    def finding(self) -> Talk[list[Finding]]:
        """List files, which costs nothing and needs a good key."""
        return looked_around()

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Take the id of a generation. Raises Refused if it has not the form of one."""
        return self.handle(checked_id(job_id), spec)


def _is_named(ref: Ref) -> bool:
    """Whether Luma knows it already, as a file or as a job of its own."""
    return bool(ref.uri and "://" not in ref.uri) or bool(ref.job and ref.role is RefRole.SOURCE)


def _weight(spec: JobSpec) -> int:
    paths = [ref.path for ref in spec.refs if ref.path and not _is_named(ref)]
    return sum(path.stat().st_size for path in paths if path.exists())


ENGINE = Luma
