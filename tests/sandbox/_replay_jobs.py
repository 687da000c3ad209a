"""Settings for replays: let a job be so far along, or let the call run into a fault."""

from collections.abc import Awaitable, Callable, Mapping

from tests.engines.captures import Capture
from tests.sandbox import Fault
from tests.sandbox._replay import Replay, along

Swaps = dict[str, str]
Setting = Callable[[Replay], Awaitable[Swaps]]


def job_at(
    share: float,
    *,
    create: Capture,
    recorded_id: str,
    fault: Fault | None = None,
    swaps: Mapping[str, str] | None = None,
) -> Setting:
    """Place an order as recorded, and let the job it becomes stand for the recorded id."""

    async def begin(replay: Replay) -> Swaps:
        if fault is not None:
            replay.sandbox.next(replay.vendor, fault)
        answer = await replay.send(create, swaps or {})
        assert answer.is_success, answer.text
        job = replay.sandbox.jobs(replay.vendor)[-1]
        along(job, share)
        return {recorded_id: job.id}

    return begin


def refused(fault: Fault) -> Setting:
    """Let the call run into a fault."""

    async def begin(replay: Replay) -> Swaps:
        replay.sandbox.next(replay.vendor, fault)
        return {}

    return begin
