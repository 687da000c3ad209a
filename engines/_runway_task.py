"""What Runway's answers say: a task and how it stands, an account, and why an order is refused."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel, Field

from ._answer import Failure, Output, Status
from ._answers import said
from ._call import Answer
from ._errors import Broken, EngineError, Misconfigured, OutOfCredit
from ._words import FailKind, JobState, RefKind

_LONGEST = 200
_ABSURD = 1e9
"""Credits that no task can cost."""
_STATES = {
    "PENDING": JobState.QUEUED,
    "THROTTLED": JobState.QUEUED,
    "RUNNING": JobState.RUNNING,
    "SUCCEEDED": JobState.SUCCEEDED,
    "FAILED": JobState.FAILED,
    "CANCELLED": JobState.CANCELED,
}
_FORMS: Mapping[str, tuple[RefKind, str]] = {
    ".mp4": (RefKind.VIDEO, "video/mp4"),
    ".mov": (RefKind.VIDEO, "video/quicktime"),
    ".webm": (RefKind.VIDEO, "video/webm"),
    ".zip": (RefKind.VIDEO, "application/zip"),
    ".png": (RefKind.IMAGE, "image/png"),
    ".jpg": (RefKind.IMAGE, "image/jpeg"),
    ".jpeg": (RefKind.IMAGE, "image/jpeg"),
    ".webp": (RefKind.IMAGE, "image/webp"),
    ".wav": (RefKind.AUDIO, "audio/wav"),
}
_FAILURES: tuple[tuple[str, FailKind, str], ...] = (
    (
        "INPUT_PREPROCESSING.SAFETY",
        FailKind.MODERATION_INPUT,
        "Runway's moderation stopped the prompt: change it, then order again.",
    ),
    (
        "SAFETY.OUTPUT",
        FailKind.MODERATION_OUTPUT,
        "Runway's moderation held back what was made: change the prompt, then order again.",
    ),
    (
        "SAFETY",
        FailKind.MODERATION_INPUT,
        "Runway's moderation stopped the prompt or a reference: change it, then order again.",
    ),
    (
        "ASSET",
        FailKind.BAD_INPUT,
        "Runway cannot use one of the references: replace it, then order again.",
    ),
    (
        "INTERNAL.BAD_OUTPUT",
        FailKind.ENGINE,
        "Runway made nothing usable of this: change the prompt, then order once more.",
    ),
    (
        "THIRD_PARTY",
        FailKind.TRANSIENT,
        "The model's maker did not answer Runway: order again later.",
    ),
    ("INPUT_PREPROCESSING", FailKind.TRANSIENT, "Runway stumbled: order again later."),
    ("INTERNAL", FailKind.TRANSIENT, "Runway stumbled: order again later."),
    ("", FailKind.TRANSIENT, "Runway gave no reason: order again later."),
)
"""What a failure code begins with, by https://docs.dev.runwayml.com/errors/task-failures."""
_UNKNOWN = "Runway failed for a reason that is not known here: look at the task in its console."
_CREDIT = re.compile(r"\bcredits?\b|\binsufficient (funds|balance)\b", re.IGNORECASE)
"""Runway has no 402; how it words a want of credit is not documented."""


class Task(BaseModel):
    """The few fields of a task that are read; an odd one among the optional is as if not there."""

    status: str
    progress: Any = None
    output: list[str] | None = None
    failure: str | None = None
    failure_code: str | None = Field(None, alias="failureCode")
    cost: Any = None


class Created(BaseModel):
    """The answer to an order; whatever else is odd in it, its id must not be lost."""

    id: str
    estimated: Any = Field(None, alias="estimatedCost")
    routing: Any = None

    @property
    def cents(self) -> int | None:
        """What Runway itself expects it to cost."""
        match self.routing:
            case {"estimatedCost": told}:
                credit = _credits(told)
            case _:
                credit = _credits(self.estimated)
        return None if credit is None else math.ceil(credit)

    @property
    def routed_to(self) -> str:
        """The model that the router chose; empty where it was not asked."""
        match self.routing:
            case {"model": str(model)}:
                return model
            case _:
                return ""


class Place(BaseModel):
    """Where a file is to be put, and what it will be called."""

    uri: str = Field(alias="runwayUri")
    url: str = Field(alias="uploadUrl")
    fields: dict[str, str]


def status_of(answer: Answer, *, mime: str, expires_at: datetime) -> Status:
    """Read how a task stands; `mime` is what its file is where the address does not say."""
    task, raw = answer.read(Task), answer.json()
    state = _STATES.get(task.status, JobState.UNKNOWN)
    cents = _credits(task.cost)
    match state:
        case JobState.SUCCEEDED if not task.output:
            text = "Runway says that the task is done and names no file: order again."
            failure = Failure(FailKind.ENGINE, text)
            return Status(state=JobState.FAILED, fail=failure, cost_cents=cents, raw=raw)
        case JobState.SUCCEEDED:
            made = tuple(_output(url, mime, expires_at) for url in task.output or ())
            return Status(state=state, progress=1.0, outputs=made, cost_cents=cents, raw=raw)
        case JobState.FAILED:
            return Status(state=state, fail=_failure(task), cost_cents=cents, raw=raw)
        case JobState.CANCELED:
            failure = Failure(FailKind.CANCELED, "The task was cancelled at Runway.")
            return Status(state=state, fail=failure, cost_cents=cents, raw=raw)
        case _:
            return Status(state=state, progress=_share(task.progress), raw=raw)


def _credits(told: Any) -> float | None:
    match told:
        case {"credits": int(credit) | float(credit)} if 0 <= credit < _ABSURD:
            return credit
        case _:
            return None


def _share(told: Any) -> float | None:
    return min(max(0.0, told), 1.0) if isinstance(told, int | float) else None


def _output(url: str, mime: str, expires_at: datetime) -> Output:
    ending = PurePosixPath(url.partition("?")[0]).suffix.lower()
    told = next((each for each in _FORMS.values() if each[1] == mime), _FORMS[".mp4"])
    kind, mime = _FORMS.get(ending, told)
    return Output(kind=kind, url=url, mime=mime, expires_at=expires_at)


def _failure(task: Task) -> Failure:
    code = task.failure_code or ""
    known = (
        (kind, text) for start, kind, text in _FAILURES if code == start or _lies_in(code, start)
    )
    kind, text = next(known, (FailKind.ENGINE, _UNKNOWN))
    told = " ".join((task.failure or "").split())[:_LONGEST]
    reason = ", ".join(part for part in (told.rstrip("."), code) if part)
    return Failure(kind, f"{text} (Runway: {reason}.)" if reason else text)


def _lies_in(code: str, start: str) -> bool:
    return bool(start) and code.startswith(f"{start}.")


class _Issue(BaseModel):
    path: list[Any] = []


class _Complaint(BaseModel):
    issues: list[_Issue] = []


def refusal_of(answer: Answer) -> EngineError | None:
    """Read a 400: a model that is gone, or a want of credit; None for any other fault in it."""
    told = said(answer)
    try:
        issues = answer.read(_Complaint).issues
    except Broken:
        return None
    if any(issue.path[:1] == ["model"] for issue in issues):
        text = f"Runway no longer takes this model; the operator chooses another. {told}"
        return Misconfigured(text, kind=FailKind.RETIRED)
    if not issues and _CREDIT.search(told):
        return OutOfCredit(f"Runway's account is out of credit. {told} A producer tops it up.")
    return None
