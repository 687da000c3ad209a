"""Order animatics, wait for them, and find the children that draw them."""

import asyncio
import contextlib
import hashlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engines import (
    Handle,
    JobSpec,
    JobState,
    Status,
)
from engines.animatic import Animatic

SHOT = {
    "scene": "SC020",
    "shot": "SH030",
    "action": "Mara walks the ridge alone.",
    "framing": "Wide",
    "camera": "slow push in",
    "feeling": "Quiet dread",
    "title": "The Lighthouse",
}


def a_shot(**changes: Any) -> JobSpec:
    plain: dict[str, Any] = {
        "seconds": 1.0,
        "resolution": "540p",
        "seed": 7,
        "user_tag": "take-1",
        "about": SHOT,
    }
    return JobSpec(**{**plain, **changes})


async def until(
    engine: Animatic, handle: Handle, reached: Callable[[Status], bool]
) -> list[Status]:
    seen: list[Status] = []
    for _ in range(3000):
        seen.append(await engine.poll(handle))
        if reached(seen[-1]):
            return seen
        await asyncio.sleep(0.02)
    raise AssertionError(seen[-1])


async def film_of(engine: Animatic, spec: JobSpec) -> Path:
    handle = await engine.submit(spec)
    last = (await until(engine, handle, lambda status: status.state.is_over))[-1]
    assert last.state is JobState.SUCCEEDED, last
    assert last.outputs[0].path is not None
    return last.outputs[0].path


def child_of(engine: Animatic, handle: Handle) -> int | None:
    """Find the process that renders an order."""
    film = str((engine.work / handle.id / "take.mp4").absolute()).encode()
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if film in told.read_bytes():
                return int(told.parent.name)
    return None


def kill_child(engine: Animatic, handle: Handle) -> None:
    child = child_of(engine, handle)
    assert child is not None
    os.kill(child, signal.SIGKILL)


async def gone(engine: Animatic, handle: Handle) -> bool:
    """Wait a little for the child to end."""
    for _ in range(300):
        if child_of(engine, handle) is None:
            return True
        await asyncio.sleep(0.02)
    return False


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
