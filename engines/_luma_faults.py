"""What both of Luma's APIs mean by a refusal, told by its words: there are no codes in it."""

import re
from datetime import datetime

from ._answers import retry_after, said
from ._call import Answer
from ._errors import Busy, EngineError, Misconfigured, OutOfCredit, Refused
from ._words import FailKind

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""What the id of a job looks like."""
MODERATED = re.compile(r"moderat", re.IGNORECASE)
TURNED_DOWN = "Luma's moderation turned it down; change the prompt or the pictures."
_CREDIT = re.compile(r"insufficient.*(credit|balance|fund)", re.IGNORECASE)
_GONE = re.compile(r"model\b.*(deprecat|retired|no longer|not found|unknown)", re.IGNORECASE)
_ASKS_LATER = 429
_NOT_THERE = 404
_REFUSALS = frozenset({400, 403, 404, 422})


def fault_in(answer: Answer, *, now: datetime, creating: bool) -> EngineError | None:
    """Name what the status alone does not tell; None where it tells enough."""
    told = said(answer)
    if answer.status == _ASKS_LATER and "concurrent" in told.lower():
        text = "Luma works on as many jobs as the account may have; the order waits."
        after = retry_after(answer.headers, now=now)
        return Busy(text, kind=FailKind.CONCURRENCY, retry_after=after)
    return _refusal(answer, told) if creating and answer.status in _REFUSALS else None


def _refusal(answer: Answer, told: str) -> EngineError | None:
    if MODERATED.search(told):
        return Refused(TURNED_DOWN, kind=FailKind.MODERATION_INPUT)
    if _CREDIT.search(told):
        return OutOfCredit("The account at Luma is empty; a producer tops it up.")
    if _GONE.search(told):
        text = f"Luma no longer offers this model; the operator chooses another. {told}"
        return Misconfigured(text, kind=FailKind.RETIRED)
    if answer.status == _NOT_THERE:
        return Refused("Luma does not know the take that this works on; choose another.")
    return None


def checked_id(told: str) -> str:
    """Give the id of a job as a person copied it. Raises Refused if it has not the form of one."""
    job_id = told.strip()
    if not _UUID.fullmatch(job_id):
        form = "d290f1ee-6c54-4b01-90e6-d701748f0851"
        raise Refused(f"The id of a job at Luma looks like {form}; copy it whole.")
    return job_id
