"""The calls to ComfyUI that carry nothing but a job's id, and the bare form of its answers."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from pydantic import ValidationError

from ._answer import Status
from ._call import Answer, Call
from ._errors import Broken, Busy
from ._words import FailKind, JobState

_RUNNING = ("queue_running", JobState.RUNNING)
_PENDING = ("queue_pending", JobState.QUEUED)


def job(job_id: str) -> Call:
    """Look a job up, at a server with the jobs API."""
    return Call(method="GET", path=f"/api/jobs/{job_id}")


def cancel(job_id: str) -> Call:
    """Stop a job, at a server that can by one call."""
    return Call(method="POST", path=f"/api/jobs/{job_id}/cancel")


def history(job_id: str) -> Call:
    """Look a finished job up; `{}` if it is not finished, or not known."""
    return Call(method="GET", path=f"/history/{job_id}")


def queue() -> Call:
    """List what runs and what waits."""
    return Call(method="GET", path="/queue")


def unqueue(job_id: str) -> Call:
    """Take a waiting job from the queue."""
    return Call(method="POST", path="/queue", json={"delete": [job_id]})


def interrupt(job_id: str) -> Call:
    """Stop a running job; without the id, ComfyUI would stop whatever runs."""
    return Call(method="POST", path="/interrupt", json={"prompt_id": job_id})


def view(file: Mapping[str, str]) -> Call:
    """Read a file that a job saved."""
    return Call(method="GET", path="/view", query=file)


def listen(client_id: str) -> Call:
    """Open the socket on which a client hears of its jobs."""
    return Call(method="GET", path="/ws", query={"clientId": client_id})


def in_queue(told: Mapping[str, Any], job_id: str) -> Status | None:
    """Find a job in the queue, and its place there from 1; None if it is not there."""
    for name, state in (_RUNNING, _PENDING):
        rows = sorted(_rows(told.get(name)), key=_number)  # the server lists a heap
        for place, row in enumerate(rows, start=1):
            if row[1] == job_id:
                return Status(state=state, queue_pos=place if state is JobState.QUEUED else None)
    return None


def knows_jobs(answer: Answer) -> bool:
    """Whether a 404 is the jobs API's own: it answers in JSON, a missing route does not."""
    try:
        return "error" in object_of(answer)
    except Broken:
        return False


def object_of(answer: Answer) -> dict[str, Any]:
    """Read an answer that is a JSON object. Raises Broken if it is anything else."""
    told = answer.json()
    if not isinstance(told, dict):
        raise Broken("ComfyUI's answer is not as described.")
    return cast("dict[str, Any]", told)


@contextmanager
def legible() -> Generator[None]:
    """Take a web page in place of an answer for a server that is not well: look again later."""
    try:
        yield
    except (Broken, ValidationError) as unread:
        raise Busy("ComfyUI's answer cannot be read.", kind=FailKind.TRANSIENT) from unread


def _rows(told: Any) -> list[list[Any]]:
    rows = cast("list[Any]", told) if isinstance(told, list) else []
    return [cast("list[Any]", row) for row in rows if _is_row(row)]


def _is_row(row: Any) -> bool:
    if not isinstance(row, list):
        return False
    number, job_id = [*cast("list[Any]", row), None, None][:2]
    return isinstance(number, int | float) and isinstance(job_id, str)


def _number(row: list[Any]) -> float:
    return float(row[0])
