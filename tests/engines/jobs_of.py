"""Carry an order through an engine that is hired at the vendor sandbox, as the office does."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from engines import Engine, Handle, JobSpec, Status, Stored, known
from engines._http import HttpEngine
from tests.sandbox import Sandbox

from .conftest import HouseTerms

_LOOKS = 1000
_BETWEEN = 0.02
AnyEngine = Engine | HttpEngine
"""pyright takes an adapter for an `Engine` only if its `name` is annotated as a ClassVar."""


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


async def placed(engine: AnyEngine, spec: JobSpec) -> Handle:
    """Prepare and submit an order in which the engine finds nothing wrong."""
    assert engine.validate(spec) == []
    return await engine.submit(await engine.prepare(spec))


async def made(engine: AnyEngine, spec: JobSpec) -> Made:
    """Place an order and look until the job is over."""
    handle = await placed(engine, spec)
    return Made(handle, await over(engine, handle))


async def over(engine: AnyEngine, handle: Handle) -> Status:
    """Look until a job is over."""
    return [status async for status in looks(engine, handle)][-1]


async def looks(
    engine: AnyEngine, handle: Handle, *, between: float = _BETWEEN
) -> AsyncIterator[Status]:
    """Give what each look at a job tells, up to the one that finds it over."""
    for _ in range(_LOOKS):
        status = await engine.poll(handle)
        yield status
        if status.state.is_over:
            return
        await asyncio.sleep(between)
    raise AssertionError(f"{handle.id} does not end")


async def kept(engine: AnyEngine, job: Made, folder: Path) -> Stored:
    """Fetch a job's first output."""
    return await engine.download(job.status.outputs[0], folder / "kept")
