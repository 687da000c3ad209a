"""Luma's Dream Machine API, the older of the two: Ray 2 for clips, Photon for stills."""

import mimetypes
from dataclasses import replace
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, RootModel

from ._answer import Balance, Failure, Handle, Output, Status
from ._base import Finding
from ._call import Answer, Call, Talk
from ._caps import Caps
from ._dream_machine_body import call_for, is_still, needs_address
from ._dream_machine_problems import problems_in
from ._dream_machine_tables import CAPS, RAY, cents_of
from ._errors import EngineError, Refused
from ._facts import Facts, Statement, Variable
from ._http import HttpEngine
from ._job import JobSpec, Ref
from ._luma_faults import MODERATED, TURNED_DOWN, checked_id, fault_in
from ._problems import Problem
from ._words import FailKind, JobState, RefKind

_STATES = {
    "queued": JobState.QUEUED,
    "dreaming": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
}
_EMPTY = "Luma says it is done and names no file; look into its account."


class _Assets(BaseModel):
    video: str | None = None
    image: str | None = None


class _Generation(BaseModel):
    id: str | None = None
    state: str | None = None
    failure_reason: str | None = None
    assets: _Assets | None = None


class _Credits(BaseModel):
    credit_balance: float


class _Concepts(RootModel[list[str]]):
    pass


class LumaDreamMachine(HttpEngine):
    """It reads media at public addresses only; of its own jobs it tells the address itself.

    A failure is a sentence without a code. Cancelling deletes the job and what it has made.
    """

    name = "luma_dream_machine"
    label = "Luma Dream Machine"
    base_url = "https://api.lumalabs.ai/dream-machine/v1"
    facts = Facts(
        maker="Luma AI",
        prefix="LUMA_DREAM_MACHINE",
        variables=(
            Variable(
                name="LUMA_DREAM_MACHINE_API_KEY",
                about="Key of the Dream Machine API; not the one of the Agents API.",
                secret=True,
                needed=True,
            ),
            Variable(
                name="LUMA_DREAM_MACHINE_BASE_URL",
                about="Another address of the Dream Machine API.",
                default=base_url,
            ),
            Variable(
                name="LUMA_DREAM_MACHINE_CALLBACK_URL",
                about="An address of yours that Luma tells about each job; it signs nothing.",
            ),
        ),
        rights=(
            Statement("Whoever sees the work must be told that AI made it.", "secondary"),
            Statement("No statement about content credentials was found.", "unverified"),
        ),
    )

    def models(self) -> tuple[str, ...]:
        """Name the Rays for clips, and the Photons for stills."""
        return tuple(CAPS)

    def caps(self, model: str = "") -> Caps:
        """Tell what a model can do; one that is not known is read as the default."""
        return CAPS.get(model, CAPS[RAY])

    def more_problems(self, spec: JobSpec) -> list[Problem]:
        """Find frames and jobs that are missing, and options that cannot be read."""
        return list(problems_in(spec))

    def estimate(self, spec: JobSpec) -> int | None:
        """Price clips and stills by their pixels; what other work costs is written nowhere."""
        return cents_of(spec, spec.model or RAY)

    def order(self, spec: JobSpec) -> Call:
        """Write the order."""
        return call_for(spec, spec.model or RAY, callback=self.setting("CALLBACK_URL"))

    def ticket(self, spec: JobSpec, answer: Answer) -> Handle:
        """Read the id."""
        return self._handle_of(answer.read(_Generation).id or "", spec)

    def look(self, handle: Handle) -> Call:
        """Ask for the job."""
        return _asking(handle.id)

    def standing(self, handle: Handle, answer: Answer) -> Status:
        """Read the state, what was made, and why it failed."""
        told = answer.read(_Generation)
        state = _STATES.get(told.state or "", JobState.UNKNOWN)
        if state is JobState.FAILED:
            return Status(state=state, fail=_failure(told), raw=answer.json())
        if state is not JobState.SUCCEEDED:
            return Status(state=state, raw=answer.json())
        kind = RefKind.IMAGE if handle.extra.get("still") else RefKind.VIDEO
        address = _address_in(told, kind)
        if address is None:
            fail = Failure(FailKind.ENGINE, _EMPTY)
            return Status(state=JobState.FAILED, fail=fail, raw=answer.json())
        return Status(state=state, outputs=(_output(address, kind),), raw=answer.json())

    def fault(self, answer: Answer, *, creating: bool) -> EngineError | None:
        """Tell moderation and an empty account by what the answer says; there are no codes."""
        return fault_in(answer, now=self.clock(), creating=creating)

    def upload(self, ref: Ref, spec: JobSpec) -> Talk[Ref] | None:
        """Ask for the address of what a job of its own made, where only an address will do."""
        return _addressed(ref, ref.job) if ref.job and needs_address(ref, spec.mode) else None

    def cancelling(self, handle: Handle) -> Call:
        """Delete the job."""
        return Call(method="DELETE", path=_path(handle.id))

    def holding(self) -> Talk[Balance | None]:
        """Ask for what is left."""
        return _held()

    def finding(self) -> Talk[list[Finding]]:
        """Ask whether it is there, what is left, and which camera moves it knows."""
        return _looked_around()

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Take the id of a generation. Raises Refused if it has not the form of one."""
        return self._handle_of(checked_id(job_id), spec)

    def _handle_of(self, job_id: str, spec: JobSpec) -> Handle:
        still = is_still(spec.mode, spec.model or RAY)
        return self.handle(job_id, spec, extra={"still": still})


def _path(job_id: str) -> str:
    return f"/generations/{quote(job_id, safe='')}"


def _asking(job_id: str) -> Call:
    return Call(method="GET", path=_path(job_id))


def _address_in(told: _Generation, kind: RefKind) -> str | None:
    assets = told.assets or _Assets()
    return assets.image if kind is RefKind.IMAGE else assets.video


def _output(address: str, kind: RefKind) -> Output:
    usual = "image/jpeg" if kind is RefKind.IMAGE else "video/mp4"
    guessed = mimetypes.guess_type(urlsplit(address).path)[0]
    return Output(kind=kind, url=address, mime=guessed or usual)


def _failure(told: _Generation) -> Failure:
    why = (told.failure_reason or "it gives no reason").strip(" .")
    if MODERATED.search(why):
        return Failure(FailKind.MODERATION_INPUT, TURNED_DOWN)
    return Failure(FailKind.ENGINE, f"Luma failed: {why}. Order again, or look into its account.")


def _addressed(ref: Ref, job: str) -> Talk[Ref]:
    told = (yield _asking(job)).read(_Generation)
    address = _address_in(told, ref.kind)
    if address is None:
        raise Refused(f"Luma no longer has the {ref.role.value} {ref.kind.value}; choose another.")
    return replace(ref, uri=address)


def _left() -> Talk[int]:
    """Ask for what is left, in cents; parts of a cent buy nothing."""
    answer = yield Call(method="GET", path="/credits")
    return int(answer.read(_Credits).credit_balance)


def _held() -> Talk[Balance | None]:
    cents = yield from _left()
    return Balance(cents=cents, text=f"${cents / 100:,.2f} left")


def _looked_around() -> Talk[list[Finding]]:
    yield Call(method="GET", path="/ping")
    cents = yield from _left()
    path = "/generations/concepts/list"
    concepts = (yield Call(method="GET", path=path)).read(_Concepts).root
    left = f"${cents / 100:,.2f} left."
    advice = "" if cents > 0 else " A producer tops the account up."
    return [
        Finding("key", is_ok=True, told="It is accepted."),
        Finding("credit", is_ok=cents > 0, told=left + advice),
        Finding("concepts", is_ok=True, told=f"Moves of the camera: {', '.join(concepts)}."),
    ]


ENGINE = LumaDreamMachine
