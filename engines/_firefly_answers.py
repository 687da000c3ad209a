"""What Firefly answers: tokens, jobs and refusals, and what they mean here."""

import mimetypes
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from ._answer import Failure, Output, Status
from ._call import Answer
from ._errors import Broken, EngineError, Misconfigured, OutOfCredit, Refused
from ._words import FailKind, JobState, RefKind

_FORBIDDEN = 403
_LINK_LASTS = timedelta(hours=1)
_WHOLE = 100
_STATES = {
    "pending": JobState.QUEUED,
    "running": JobState.RUNNING,
    "cancel_pending": JobState.RUNNING,
    "succeeded": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
    "timeout": JobState.FAILED,
    "cancelled": JobState.CANCELED,
    "canceled": JobState.CANCELED,
}
_NOT_ALLOWED = {
    "prompt_unsafe": "the prompt",
    "prompt_entity_denied": "a name in the prompt",
    "reference_image_unsafe_error": "a picture that came with the order",
    "input_media_unsafe": "a picture that came with the order",
    "image_unsafe": "the picture",
    "video_unsafe": "the clip",
    "legal_error": "this, for a legal reason",
}
_OF_WHAT_WAS_MADE = frozenset({"image_unsafe", "video_unsafe"})
_KINDS = {
    **dict.fromkeys(_NOT_ALLOWED, FailKind.MODERATION_INPUT),
    **dict.fromkeys(_OF_WHAT_WAS_MADE, FailKind.MODERATION_OUTPUT),
    "validation_error": FailKind.BAD_INPUT,
    "cai_assertion_violation_error": FailKind.BAD_INPUT,
    "bad_request": FailKind.BAD_INPUT,
    "timeout_error": FailKind.TRANSIENT,
    "access_error": FailKind.AUTH,
}
_ADVICE = {
    FailKind.BAD_INPUT: "Change the order and order again.",
    FailKind.TRANSIENT: "Order again.",
    FailKind.AUTH: "The operator checks what the client may do.",
    FailKind.ENGINE: "Order again, or ask Adobe with the job's id.",
}
_ACCESS: Mapping[str, tuple[type[EngineError], str]] = {
    "quota_exhausted": (
        OutOfCredit,
        "Firefly's contract has no operations left. A producer asks Adobe for more.",
    ),
    "user_non_entitled": (
        Misconfigured,
        "Adobe has not given this client Firefly. The operator adds the API to its project.",
    ),
    "user_profile_denied": (
        Misconfigured,
        "The client's product profile does not allow this. The operator changes the profile.",
    ),
    "invalid_ims_scope": (
        Misconfigured,
        "The token lacks a scope for this. The operator checks FIREFLY_SCOPES.",
    ),
}


class Token(BaseModel):
    """A grant of Adobe's sign-in; `expires_in` counts seconds."""

    access_token: str = Field(min_length=1)
    expires_in: float = 0


class _Link(BaseModel):
    href: str


class Accepted(BaseModel):
    """The answer to an order, in the shape of either version."""

    job_id: str = Field(default="", alias="jobId")
    status_url: str = Field(default="", alias="statusUrl")
    cancel_url: str = Field(default="", alias="cancelUrl")
    links: dict[str, _Link] = Field(default_factory=dict[str, _Link])

    def address(self, name: str) -> str:
        """Give the address of the `result` or for the `cancel`; empty if it was not told."""
        if name in self.links:
            return self.links[name].href
        return self.status_url if name == "result" else self.cancel_url

    @property
    def id(self) -> str:
        """The job's id, which Image 5 tells within an address only."""
        return self.job_id or urlsplit(self.address("result")).path.rpartition("/")[2]


class _Image(BaseModel):
    id: str = Field(min_length=1)


class Kept(BaseModel):
    """The answer to an upload."""

    images: list[_Image] = Field(min_length=1)


class _Error(BaseModel):
    error_code: str = ""
    error: str = ""
    error_description: str = ""


class _File(BaseModel):
    url: str


class _Made(BaseModel):
    video: _File | None = None
    image: _File | None = None


class _Result(BaseModel):
    outputs: list[_Made] = Field(default_factory=list[_Made])
    has_denied_words: bool = Field(default=False, alias="promptHasDeniedWords")
    has_blocked_artists: bool = Field(default=False, alias="promptHasBlockedArtists")

    @property
    def note(self) -> str:
        """Say what was left out of the prompt."""
        left_out = [
            *(["words that are not allowed"] if self.has_denied_words else []),
            *(["artists who are not drawn after"] if self.has_blocked_artists else []),
        ]
        if not left_out:
            return ""
        return f"Firefly left {' and '.join(left_out)} out of the prompt."


class _Job(BaseModel):
    status: str
    progress: float | None = None
    result: _Result = Field(default_factory=_Result)
    error_code: str = ""
    message: str = ""


def status_of(answer: Answer, now: datetime) -> Status:
    """Read how a job stands; `now` is when its links were minted."""
    job = answer.read(_Job)
    state = _STATES.get(job.status, JobState.UNKNOWN)
    raw = answer.json()
    if state is JobState.FAILED:
        return Status(state=state, fail=_failure(job), raw=raw)
    if state is JobState.CANCELED:
        fail = Failure(FailKind.CANCELED, "The job was cancelled at Firefly.")
        return Status(state=state, fail=fail, raw=raw)
    if state is not JobState.SUCCEEDED:
        return Status(state=state, progress=_share(job.progress), raw=raw)
    outputs = tuple(_output(made, now) for made in job.result.outputs if made.video or made.image)
    if not outputs:
        return Status(state=JobState.FAILED, fail=_nothing_made(job.result), raw=raw)
    return Status(state=state, progress=1.0, outputs=outputs, note=job.result.note, raw=raw)


def refusal_of(answer: Answer) -> EngineError | None:
    """Name a refusal that only Adobe words so; None for all others."""
    reason = answer.headers.get("x-access-error", "")
    if answer.status == _FORBIDDEN and reason in _ACCESS:
        error, text = _ACCESS[reason]
        return error(text)
    code = code_of(answer)
    if code in _NOT_ALLOWED:
        return Refused(_not_allowed(code), kind=FailKind.MODERATION_INPUT)
    return None


def code_of(answer: Answer) -> str:
    """Give Adobe's code of an error; empty if there is none."""
    return _error(answer).error_code


def not_signed_in(answer: Answer) -> Misconfigured:
    """Say why Adobe gives no token."""
    told = _error(answer)
    why = (told.error_description or told.error or str(answer.status))[:200].rstrip(".")
    text = f"Adobe gives no token: {why}. The operator checks FIREFLY_CLIENT_ID"
    return Misconfigured(f"{text} and FIREFLY_CLIENT_SECRET.")


def _error(answer: Answer) -> _Error:
    try:
        return answer.read(_Error)
    except Broken:
        return _Error()


def _share(progress: float | None) -> float | None:
    return None if progress is None else min(max(progress / _WHOLE, 0.0), 1.0)


def _output(made: _Made, now: datetime) -> Output:
    url = (made.video or made.image or _File(url="")).url
    guess = mimetypes.guess_type(urlsplit(url).path)[0]
    usual = "video/mp4" if made.video else "image/jpeg"
    return Output(
        kind=RefKind.VIDEO if made.video else RefKind.IMAGE,
        url=url,
        expires_at=now + _LINK_LASTS,
        mime=guess or usual,
    )


def _failure(job: _Job) -> Failure:
    if job.error_code in _NOT_ALLOWED:
        return Failure(_KINDS[job.error_code], _not_allowed(job.error_code))
    usual = FailKind.TRANSIENT if job.status == "timeout" else FailKind.ENGINE
    kind = _KINDS.get(job.error_code, usual)
    why = " ".join((job.message or job.error_code or job.status).split())[:200].rstrip(".")
    return Failure(kind, f"Firefly failed: {why}. {_ADVICE[kind]}")


def _nothing_made(result: _Result) -> Failure:
    if result.note:
        return Failure(FailKind.MODERATION_INPUT, f"{result.note} Nothing was left to be made.")
    return Failure(FailKind.ENGINE, "Firefly says that it is done and names no file. Order again.")


def _not_allowed(code: str) -> str:
    return f"Firefly does not allow {_NOT_ALLOWED[code]}. Change the prompt or the pictures."
