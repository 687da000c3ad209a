"""What the Agents API says of a job, in the words that every engine shares."""

import mimetypes
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pydantic import BaseModel

from ._answer import Failure, Output, Status
from ._call import Answer
from ._luma_faults import TURNED_DOWN
from ._words import FailKind, JobState, RefKind

_LINK_LIVES = timedelta(hours=1)
_STATES = {
    "queued": JobState.QUEUED,
    "processing": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
}
_EMPTY = (FailKind.ENGINE, "Luma says it is done and names no file; look into its account.")
_FAILURES: dict[str, tuple[FailKind, str]] = {
    "content_moderated": (FailKind.MODERATION_INPUT, TURNED_DOWN),
    "generation_failed": (
        FailKind.TRANSIENT,
        "Luma could not finish it this time; the same order may succeed.",
    ),
    "output_not_found": (
        FailKind.TRANSIENT,
        "Luma lost what it had made; the same order may succeed.",
    ),
    "budget_exhausted": (
        FailKind.OUT_OF_CREDIT,
        "The budget at Luma is used up; a producer tops it up.",
    ),
    "image_too_large": (FailKind.BAD_INPUT, "A picture is too large for Luma; use a smaller one."),
    "unsupported_format": (
        FailKind.BAD_INPUT,
        "Luma cannot read a reference; use JPEG, PNG, WebP or MP4.",
    ),
    "corrupt_input": (FailKind.BAD_INPUT, "A reference is damaged; export it once more."),
    "invalid_request": (FailKind.BAD_INPUT, "Luma cannot work with this order; change it."),
    "rate_limited": (FailKind.RATE_LIMIT, "Luma had too much to do; the order may come later."),
}
_USUAL = {"video": "video/mp4", "image": "image/png"}
_UNKNOWN_KIND = "application/octet-stream"


class _Output(BaseModel):
    type: str
    url: str


class _Generation(BaseModel):
    state: str
    output: list[_Output] | None = None
    failure_code: str | None = None
    failure_reason: str | None = None


def status_of(answer: Answer, *, now: datetime) -> Status:
    """Read how a job stands. Raises Broken if the answer tells of none."""
    told = answer.read(_Generation)
    state = _STATES.get(told.state, JobState.UNKNOWN)
    if state is JobState.FAILED:
        return _failed(answer, *_reason(told))
    if state is not JobState.SUCCEEDED:
        return Status(state=state, raw=answer.json())
    made = sorted(told.output or (), key=lambda each: each.type not in _USUAL)  # EXR comes last
    if not made:
        return _failed(answer, *_EMPTY)
    outputs = tuple(_output(each, now=now) for each in made)
    return Status(state=state, outputs=outputs, raw=answer.json())


def _failed(answer: Answer, kind: FailKind, text: str) -> Status:
    return Status(state=JobState.FAILED, fail=Failure(kind, text), raw=answer.json())


def _reason(told: _Generation) -> tuple[FailKind, str]:
    """Know the code, or repeat what Luma says for a code that is new."""
    known = _FAILURES.get(told.failure_code or "")
    said = (told.failure_reason or told.failure_code or "it gives no reason").strip(" .")
    return known or (FailKind.ENGINE, f"Luma failed: {said}. Look into its account.")


def _output(made: _Output, *, now: datetime) -> Output:
    guessed = mimetypes.guess_type(urlsplit(made.url).path)[0]
    return Output(
        kind=RefKind.VIDEO if made.type == "video" else RefKind.IMAGE,
        url=made.url,
        expires_at=now + _LINK_LIVES,
        mime=guessed or _USUAL.get(made.type, _UNKNOWN_KIND),
    )
