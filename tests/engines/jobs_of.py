"""Carry an order through an engine that is hired at the vendor sandbox, as the office does."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from engines import Engine, Handle, JobSpec, Status, Stored, known
from tests.sandbox import Sandbox

from .conftest import HouseTerms

_LOOKS = 400
_BETWEEN = 0.02


@dataclass(frozen=True)
class Made:
    """A job that is over."""

    handle: Handle
    status: Status

    @property
    def url(self) -> str:
        """Where its first output lies."""
        url = self.status.outputs[0].url
        assert url is not None, self.status
        return url


def hired_at(sandbox: Sandbox, name: str, *, path: str, work: Path, **more: str) -> Engine:
    """Hire an engine with its base address at the sandbox; `path` is that of its version."""
    prefix = known()[name].facts.prefix
    variables = {
        f"{prefix}_BASE_URL": f"{sandbox.url(name)}{path}",
        f"{prefix}_API_KEY": sandbox.key(name),
        **{f"{prefix}_{key}": value for key, value in more.items()},
    }
    engine = known()[name].hired(HouseTerms(work, variables))
    assert engine is not None
    return engine


async def made(engine: Engine, spec: JobSpec) -> Made:
    """Prepare, submit and look until the job is over."""
    handle = await engine.submit(await engine.prepare(spec))
    return Made(handle, await over(engine, handle))


async def over(engine: Engine, handle: Handle) -> Status:
    """Look until a job is over."""
    for _ in range(_LOOKS):
        status = await engine.poll(handle)
        if status.state.is_over:
            return status
        await asyncio.sleep(_BETWEEN)
    raise AssertionError(f"{handle.id} does not end")


async def kept(engine: Engine, job: Made, folder: Path) -> Stored:
    """Fetch a job's first output."""
    return await engine.download(job.status.outputs[0], folder / "kept")
