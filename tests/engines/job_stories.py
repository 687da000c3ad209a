"""What becomes of an order at every vendor alike; each engine's test says at whom, and by what.

A test arranges the fault in the sandbox and brings the order; a story carries it and judges.
"""

import asyncio
from pathlib import Path

import pytest

from engines import Busy, EngineError, Expired, FailKind, Handle, JobSpec, JobState, Unsure
from tests.sandbox import Ledger, Sandbox

from .jobs_of import AnyEngine, Made, kept, looks, made, over, placed

_OFTEN = 0.005


async def one_order_is_found_though_its_answer_was_lost(
    engine: AnyEngine, spec: JobSpec, ledger: Ledger
) -> Handle:
    """Tell of an order that arrives while its answer does not: a person adopts it, and it ends."""
    with pytest.raises(Unsure):
        await placed(engine, spec)
    (row,) = ledger.of(engine.name)
    found = engine.adopted(row.job_id, spec)
    assert (await over(engine, found)).state is JobState.SUCCEEDED
    assert len(ledger) == 1
    return found


async def a_refusal_names_who_acts_next(
    engine: AnyEngine, spec: JobSpec, *, error: type[EngineError], kind: FailKind
) -> None:
    """Tell of an order that the vendor does not take."""
    with pytest.raises(error) as refused:
        await placed(engine, spec)
    assert (type(refused.value), refused.value.kind) == (error, kind)
    assert str(refused.value).endswith(".")


async def a_busy_engine_is_left_alone(engine: AnyEngine, spec: JobSpec, ledger: Ledger) -> Busy:
    """Tell of two orders at a busy vendor, the second of which is not sent; give what it said."""
    with pytest.raises(Busy) as told:
        await placed(engine, spec)
    with pytest.raises(Busy, match="had its orders") as again:
        await placed(engine, spec)
    assert 0 < (again.value.retry_after or 0) <= 2
    assert len(ledger) == 0
    return told.value


async def a_failure_names_who_acts_next(engine: AnyEngine, spec: JobSpec, kind: FailKind) -> Made:
    """Tell of a job that is taken and fails."""
    job = await made(engine, spec)
    assert (job.status.state, job.status.outputs) == (JobState.FAILED, ())
    assert job.status.fail is not None
    assert job.status.fail.kind is kind
    return job


async def an_unknown_state_is_looked_at_again(
    engine: AnyEngine, spec: JobSpec, sandbox: Sandbox
) -> None:
    """Tell of a job that passes through a state that nobody knows."""
    sandbox.pace.latency = 1.5  # the state lasts for a part of it, and a busy machine may look late
    handle = await placed(engine, spec)
    seen = [status.state async for status in looks(engine, handle, between=_OFTEN)]
    assert JobState.UNKNOWN in seen
    assert seen[-1] is JobState.SUCCEEDED


async def a_look_that_fails_is_only_a_look(engine: AnyEngine, handle: Handle) -> None:
    """Tell of a job of which the next look fails."""
    with pytest.raises(Busy) as told:
        await engine.poll(handle)
    assert told.value.kind is FailKind.TRANSIENT
    assert (await over(engine, handle)).state is JobState.SUCCEEDED


async def a_look_mints_an_expired_link_again(
    engine: AnyEngine, spec: JobSpec, folder: Path, sandbox: Sandbox
) -> None:
    """Tell of a film whose link no longer works when it is fetched."""
    sandbox.pace.expiring_link_seconds = 0.1
    job = await made(engine, spec)
    await asyncio.sleep(0.15)
    with pytest.raises(Expired):
        await kept(engine, job, folder)
    sandbox.pace.expiring_link_seconds = 60
    again = Made(job.handle, await engine.poll(job.handle))
    assert len(again.status.outputs) == 1
    assert again.url != job.url
    assert (await kept(engine, again, folder)).size > 1000
