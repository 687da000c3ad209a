"""What such a server answers: the video object, and errors in each server's shape."""

from datetime import UTC, datetime

from pydantic import BaseModel, Field

from ._answer import Failure
from ._answers import said
from ._call import Answer
from ._errors import Broken, EngineError, Misconfigured, OutOfCredit, Refused
from ._words import FailKind, JobState

STATES = {
    "queued": JobState.QUEUED,
    "in_progress": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
    "cancelled": JobState.CANCELED,
    "canceled": JobState.CANCELED,
}
_WHOLE = 100
_NOT_FOUND = 404
_NOT_ALLOWED = ("moderation", "content_policy", "contentpolicy", "content_filter")
"""Parts of codes: how a server spells the whole is nowhere written down."""
_NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_KINDS = {
    "server_error": FailKind.TRANSIENT,
    "server_overloaded": FailKind.TRANSIENT,
    "rate_limit_exceeded": FailKind.TRANSIENT,
    "invalid_value": FailKind.BAD_INPUT,
    "invalid_input_reference": FailKind.BAD_INPUT,
    "400": FailKind.BAD_INPUT,
    "413": FailKind.BAD_INPUT,
    "422": FailKind.BAD_INPUT,
    "503": FailKind.TRANSIENT,
    "504": FailKind.TRANSIENT,
}
_ADVICE = {
    FailKind.MODERATION_OUTPUT: "Change the prompt or the pictures.",
    FailKind.OUT_OF_CREDIT: "A producer tops the account up.",
    FailKind.BAD_INPUT: "Change the order and order again.",
    FailKind.TRANSIENT: "Order again.",
    FailKind.ENGINE: "Order again, or ask whoever runs the server.",
}


class _Error(BaseModel):
    code: str | int | None = None
    message: str | None = None


class Video(BaseModel):
    """The few fields of a video object that we read."""

    id: str = Field(min_length=1)
    object: str = ""
    status: str
    progress: float | None = None
    error: _Error | str | None = None
    url: str | None = None
    expires_at: float | None = None

    @property
    def ends_at(self) -> datetime | None:
        """When the server deletes the film, where it says so in seconds that can be read."""
        try:
            return None if self.expires_at is None else datetime.fromtimestamp(self.expires_at, UTC)
        except (ValueError, OverflowError, OSError):
            return None

    @property
    def state(self) -> JobState:
        """Where the job stands."""
        return STATES.get(self.status, JobState.UNKNOWN)

    @property
    def share(self) -> float | None:
        """How much of it is done, from 0 to 1."""
        return None if self.progress is None else min(max(self.progress / _WHOLE, 0.0), 1.0)

    def failure(self) -> Failure:
        """Say why it came to nothing."""
        error = self.error if isinstance(self.error, _Error) else _Error(message=self.error)
        code = str(error.code or "").lower()
        kind = _job_kind(code)
        why = " ".join((error.message or code or "it does not say why").split())[:200]
        return Failure(kind, f"The server failed: {why.rstrip('.')}. {_ADVICE[kind]}")


def video_in(answer: Answer) -> Video | None:
    """Find the video object in an answer, whatever its HTTP status says; None if it is no such."""
    try:
        video = answer.read(Video)
    except Broken:
        return None
    return video if video.object == "video" else None


def refusal_of(answer: Answer, *, engine: str, creating: bool) -> EngineError | None:
    """Name a refusal by what its body says; None for what the HTTP status usually means."""
    told = said(answer)
    code = code_of(answer)
    if code in _NO_CREDIT:
        return OutOfCredit(f"The account at this server is empty: {told} {_ADVICE_CREDIT}")
    if any(word in code for word in _NOT_ALLOWED) or "ContentPolicyViolation" in told:
        text = f"{engine} does not allow this: {told} Change the prompt or the pictures."
        return Refused(text, kind=FailKind.MODERATION_INPUT)
    if code == "model_not_found" or "model mismatch" in told.lower():
        text = f"{engine} has no such model: {told} The operator checks OPENAI_VIDEOS_MODEL."
        return Misconfigured(text, kind=FailKind.RETIRED)
    if answer.status == _NOT_FOUND:
        return _missing(engine, told, creating=creating)
    return None


def code_of(answer: Answer) -> str:
    """Give an error's code in lower case, or its type; empty if there is neither."""
    try:
        told = answer.json()
    except Broken:
        return ""
    match told:
        case {"error": {"code": str(code)}} if code:
            return code.lower()
        case {"error": {"type": str(kind)}}:
            return kind.lower()
        case _:
            return ""


_ADVICE_CREDIT = _ADVICE[FailKind.OUT_OF_CREDIT]


def _job_kind(code: str) -> FailKind:
    if any(word in code for word in _NOT_ALLOWED):
        return FailKind.MODERATION_OUTPUT
    if code in _NO_CREDIT:
        return FailKind.OUT_OF_CREDIT
    return _KINDS.get(code, FailKind.ENGINE)


def _missing(engine: str, told: str, *, creating: bool) -> EngineError:
    if creating:
        text = f"{engine} does not know what was asked for: {told} The operator checks"
        return Misconfigured(
            f"{text} OPENAI_VIDEOS_BASE_URL and OPENAI_VIDEOS_MODEL.", kind=FailKind.RETIRED
        )
    text = f"{engine} does not know this job; many such servers forget their jobs when they restart"
    return Broken(f"{text}. Ask whoever runs it, or order again.", kind=FailKind.NOT_FOUND)
