"""The Interactions API, by which Omni is spoken to at both of Google's doors, as values."""

import re
from collections.abc import Callable, Mapping
from mimetypes import guess_type
from typing import Any

from pydantic import BaseModel

from ._answer import Failure, Output, Status
from ._call import Answer
from ._caps import Offer
from ._google import UNNAMED, last_word
from ._google_errors import Status as RpcStatus
from ._google_errors import failure_of, moderated, sentence
from ._google_omni_offers import TASKS
from ._google_safety import is_about_the_result, is_moderation
from ._inline import base64_of
from ._job import JobSpec, Ref
from ._media_kind import mime_of
from ._words import FailKind, JobState, RefKind, RefRole

_ROLES = (RefRole.SOURCE, RefRole.FIRST, RefRole.LAST, RefRole.REFERENCE)
"""The order in which media are sent: tags count them in it."""
_STATES = {
    "queued": JobState.QUEUED,
    "in_progress": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "cancelled": JobState.CANCELED,
    "failed": JobState.FAILED,
    "incomplete": JobState.FAILED,
    "budget_exceeded": JobState.FAILED,
    "requires_action": JobState.FAILED,
    "requires_continuation": JobState.FAILED,
}
_PASSING = re.compile(
    r"unavailable|temporar|deadline|overloaded|timed? ?out|try again", re.IGNORECASE
)
_FULL = re.compile(r"quota|exhausted|rate.?limit", re.IGNORECASE)
_BLOCKED_PLACES = (
    "Uploaded clips cannot be edited or extended from the EEA, Switzerland, the United Kingdom and"
    " some US states; takes that Omni made can. A filter may also have kept the clip back."
)


class Part(BaseModel):
    """A piece of what was said or made."""

    type: str = ""
    text: str | None = None
    data: str | None = None
    uri: str | None = None
    mime_type: str | None = None


class _Step(BaseModel):
    type: str = ""
    content: list[Part] | str | None = None
    error: RpcStatus | None = None

    def parts(self, kind: str) -> list[Part]:
        """Give what the model made of this kind."""
        made = self.content if self.type == "model_output" else None
        return [part for part in made if part.type == kind] if isinstance(made, list) else []


class _Wrong(BaseModel):
    code: str | int | None = None
    message: str | None = None


class Interaction(BaseModel):
    """The few fields that we read."""

    id: str = ""
    status: str = ""
    steps: list[_Step] | None = None
    errors: list[_Wrong] | None = None

    def parts(self, kind: str) -> list[Part]:
        """Give everything of this kind that the model made."""
        return [part for step in self.steps or () for part in step.parts(kind)]


def follows(spec: JobSpec) -> str | None:
    """Give the job that an order goes on from, where Omni made its source and is to remember."""
    is_a_file = spec.native.get("source") == "file"
    sources = spec.refs_in(RefRole.SOURCE, RefKind.VIDEO)
    return None if is_a_file else next((ref.job for ref in sources if ref.job), None)


def body_of(
    spec: JobSpec,
    offer: Offer,
    *,
    model: str,
    delivery: Mapping[str, str],
    is_inline: Callable[[Ref], bool],
) -> dict[str, Any]:
    """Write the order; `is_inline` tells which files go along with it."""
    job, is_open = follows(spec), spec.native.get("task") == "auto"
    media = [_media(ref, inline=is_inline(ref)) for ref in _sent(spec, job)]
    return {
        "model": model,
        "background": True,
        **({} if is_open else {"generation_config": {"video_config": {"task": TASKS[spec.mode]}}}),
        "input": _input(spec.prompt, media),
        "response_format": {"type": "video", **_format(spec, offer), **delivery},
        **({"previous_interaction_id": job} if job else {}),
    }


def _sent(spec: JobSpec, job: str | None) -> list[Ref]:
    refs = [ref for ref in spec.refs if ref.role is not RefRole.SOURCE or job is None]
    return sorted(refs, key=lambda ref: (_ROLES.index(ref.role), ref.kind is RefKind.VIDEO))


def _media(ref: Ref, *, inline: bool) -> dict[str, str]:
    named = {"type": ref.kind.value, "mime_type": _mime(ref)}
    if ref.path is not None and (inline or ref.uri is None):
        return {**named, "data": base64_of(ref.path)}
    return {**named, "uri": ref.uri or ""}


def _mime(ref: Ref) -> str:
    told = mime_of(ref.path) if ref.path is not None else guess_type(ref.uri or "")[0]
    return told or UNNAMED[ref.kind]


def _input(prompt: str, media: list[dict[str, str]]) -> Any:
    if not media:
        return prompt
    text = [{"type": "text", "text": prompt}] if prompt.strip() else []
    return [{"type": "user_input", "content": [*media, *text]}]


def _format(spec: JobSpec, offer: Offer) -> dict[str, str]:
    """Write the format; what an order leaves open is Google's to choose."""
    asked = {
        "resolution": spec.resolution,
        "aspect_ratio": spec.ratio if offer.ratios else "",
        "duration": f"{spec.seconds:.0f}s" if offer.lengths and spec.seconds else "",
    }
    return {name: value for name, value in asked.items() if value}


def standing_in(answer: Answer, *, engine: str, film: Callable[[Part], Output]) -> Status:
    """Read how an interaction stands; `film` says how one that it made is fetched."""
    told = answer.read(Interaction)
    state = _STATES.get(told.status, JobState.UNKNOWN)
    if not state.is_over:
        return Status(state=state)
    raw = last_word(answer)
    outputs = tuple(film(part) for part in told.parts("video") if part.data or part.uri)
    if state is JobState.SUCCEEDED and outputs:
        return Status(state=state, outputs=outputs, raw=raw)
    if state is JobState.CANCELED:
        fail = Failure(FailKind.CANCELED, f"It was cancelled at {engine}.")
        return Status(state=state, fail=fail, raw=raw)
    return Status(state=JobState.FAILED, fail=_failure(told, engine), raw=raw)


def _failure(told: Interaction, engine: str) -> Failure:
    for step in told.steps or ():
        if step.error is not None and step.error.message:
            return failure_of(step.error, engine=engine)
    match told.status:
        case "completed":
            return _nothing_made(told, engine)
        case "budget_exceeded":
            text = f"The budget at {engine} is spent. A producer raises it."
            return Failure(FailKind.OUT_OF_CREDIT, text)
        case "requires_action" | "requires_continuation":
            text = f"{engine} stopped and wants something that this app cannot give: {told.status}."
            return Failure(FailKind.ENGINE, text)
        case _:
            return _as_said(told, engine)


def _nothing_made(told: Interaction, engine: str) -> Failure:
    words = sentence(" ".join(part.text or "" for part in told.parts("text")))
    said = f"{engine} says that it is done and made no clip."
    return Failure(FailKind.ENGINE, " ".join(filter(None, (said, words, _BLOCKED_PLACES))))


def _as_said(told: Interaction, engine: str) -> Failure:
    wrong = (told.errors or [_Wrong()])[0]
    message, code = wrong.message or "", str(wrong.code or "")
    if is_moderation(f"{code} {message}"):
        is_late = told.status == "incomplete" or is_about_the_result(message)
        return moderated(message, engine=engine, made=is_late)
    kind, advice = _kind_of(f"{code} {message}")
    text = sentence(message) or "it does not say why."
    return Failure(kind, f"{engine} failed: {text} {advice}")


def _kind_of(text: str) -> tuple[FailKind, str]:
    if _PASSING.search(text):
        return FailKind.TRANSIENT, "Order again."
    if _FULL.search(text):
        return FailKind.RATE_LIMIT, "Order again later."
    return FailKind.ENGINE, "Look at it, and order again or elsewhere."
