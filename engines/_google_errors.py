"""How Google says no: google.rpc's Status, as an answer and as the end of a job."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ._answer import Failure
from ._answers import retry_after, said
from ._call import Answer
from ._errors import Broken, Busy, EngineError, Misconfigured, OutOfCredit, Refused
from ._google_safety import is_about_the_result, is_moderation, seen_in
from ._words import FailKind

_ASKS_LATER, _LEAST_ERROR = 429, 400
_CONCURRENT = re.compile(r"concurrent", re.IGNORECASE)
_DELAY = re.compile(r"(\d+(?:\.\d+)?)s")


class _Detail(BaseModel):
    reason: str = ""
    delay: str = Field("", alias="retryDelay")


class Status(BaseModel):
    """google.rpc.Status; `code` is HTTP's number in an answer and gRPC's within a job."""

    model_config = ConfigDict(extra="ignore")
    code: int = 0
    message: str = ""
    status: str = ""
    details: list[_Detail] = []


@dataclass(frozen=True, slots=True)
class _Rule:
    """What an error means whose number and words are these."""

    code: int
    words: str
    error: type[EngineError]
    kind: FailKind
    advice: str
    creating: bool = False
    """Whether it means that only in answer to an order."""

    def fits(self, status: Status, *, creating: bool) -> bool:
        """Whether it is this error."""
        text = " ".join([status.status, status.message, *(each.reason for each in status.details)])
        is_due = creating or not self.creating
        return (
            is_due
            and self.code == status.code
            and re.search(self.words, text, re.IGNORECASE) is not None
        )


_RULES = (
    _Rule(
        400,
        r"API_KEY_INVALID|API key",
        Misconfigured,
        FailKind.AUTH,
        "The operator checks the key.",
    ),
    _Rule(
        400,
        r"location is not supported",
        Misconfigured,
        FailKind.AUTH,
        "Google does not offer it where this app runs; the operator chooses another engine.",
    ),
    _Rule(403, r"billing", OutOfCredit, FailKind.OUT_OF_CREDIT, "A producer sees to the billing."),
    _Rule(
        403,
        r"access the file|files/",
        Refused,
        FailKind.BAD_INPUT,
        "It no longer keeps a file that was handed over; order again.",
        creating=True,
    ),
    _Rule(
        404,
        r"interaction|operation",
        Refused,
        FailKind.BAD_INPUT,
        "It no longer keeps the job that this builds on; order with the option source=file.",
        creating=True,
    ),
    _Rule(
        404,
        r"",
        Misconfigured,
        FailKind.RETIRED,
        "The model is not offered; choose another, or the operator asks for access.",
        creating=True,
    ),
    _Rule(429, r"prepay|credits", OutOfCredit, FailKind.OUT_OF_CREDIT, "A producer tops it up."),
)


def refusal_of(answer: Answer, *, engine: str, now: datetime, creating: bool) -> EngineError | None:
    """Name an answer that is no success by what Google says in it; None for the usual meaning."""
    status = status_in(answer)
    if status is None:
        return None
    told = said(answer)
    if answer.status == _LEAST_ERROR and is_moderation(status.message):
        return Refused(_turned_down(engine, status.message), kind=FailKind.MODERATION_INPUT)
    here = status.model_copy(update={"code": answer.status})
    rule = next((each for each in _RULES if each.fits(here, creating=creating)), None)
    if rule is not None:
        return rule.error(f"{engine} refused: {told} {rule.advice}", kind=rule.kind)
    if answer.status == _ASKS_LATER:
        return _later(answer, status, f"{engine} asks us to wait. {told}", now=now)
    return None


def hidden_refusal(answer: Answer) -> Answer | None:
    """Find a refusal that came as a success, and give it its own number; None if it is none."""
    status = status_in(answer)
    if status is None or status.code < _LEAST_ERROR:
        return None
    return replace(answer, status=status.code)


def status_in(answer: Answer) -> Status | None:
    """Read the error of an answer, if it has one that can be read."""
    try:
        told: Any = answer.json()
        return Status.model_validate(told["error"])
    except (Broken, ValidationError, LookupError, TypeError):
        return None


def failure_of(status: Status, *, engine: str) -> Failure:
    """Say why a job failed whose error has gRPC's number."""
    text = status.message
    if is_moderation(text):
        return moderated(text, engine=engine, made=is_about_the_result(text))
    kind, advice = _GRPC.get(status.code, _ELSE)
    return Failure(kind, f"{engine} failed: {sentence(text) or 'it does not say why.'} {advice}")


def moderated(text: str, *, engine: str, made: bool) -> Failure:
    """Say that a filter turned down what was asked, or what had been `made`."""
    kind = FailKind.MODERATION_OUTPUT if made else FailKind.MODERATION_INPUT
    return Failure(kind, _turned_down(engine, text, made=made))


def sentence(text: str) -> str:
    """Bring a message onto one line of at most 300 characters, with a stop at its end."""
    line = " ".join(text.split())[:300].rstrip()
    return f"{line}." if line and line[-1] not in ".!?…" else line


def _turned_down(engine: str, text: str, *, made: bool = False) -> str:
    seen = f" because of {seen}" if (seen := seen_in(text)) else ""
    what = "what it had made" if made else "the prompt or a picture"
    advice = "Change the prompt or the pictures and order again."
    said = f": {sentence(text)}" if text.strip() else "."
    return f"{engine} turned {what} down{seen}{said} {advice}"


def _later(answer: Answer, status: Status, text: str, *, now: datetime) -> Busy:
    delays = [_DELAY.fullmatch(each.delay) for each in status.details]
    told = next((float(each[1]) for each in delays if each), None)
    after = retry_after(answer.headers, now=now)
    is_full = _CONCURRENT.search(status.message) is not None
    kind = FailKind.CONCURRENCY if is_full else FailKind.RATE_LIMIT
    return Busy(text.strip(), kind=kind, retry_after=told if after is None else after)


_ELSE = (FailKind.ENGINE, "Look at it, and order again or elsewhere.")
_AGAIN = (FailKind.TRANSIENT, "Order again.")
_GRPC = {
    1: (FailKind.CANCELED, "It was cancelled there."),
    3: (FailKind.BAD_INPUT, "Change the order and order again."),
    4: _AGAIN,
    5: (FailKind.NOT_FOUND, "Something it was given is not there; look at its files."),
    7: (FailKind.AUTH, "The operator checks what its account may do."),
    8: _AGAIN,
    13: _AGAIN,
    14: _AGAIN,
    16: (FailKind.AUTH, "The operator checks its account."),
}
