"""Run one piece of work on a hostile file in a child process, and end it with all it started."""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


class Lost(Exception):  # noqa: N818 - it says what became of the child
    """The child died without an answer; the text completes "its decoder ..."."""


@asynccontextmanager
async def desk_in(folder: Path, *, prefix: str) -> AsyncGenerator[Path]:
    """Give a child a place to leave files, in a folder that is made if need be; then clear it."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    desk = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=prefix, dir=folder))
    try:
        yield desk
    finally:
        await asyncio.to_thread(shutil.rmtree, desk, ignore_errors=True)


async def in_child(
    module: str, job: dict[str, Any], problem: type[Exception], *, limit_seconds: float
) -> dict[str, Any]:
    """Give a job to `python -m module` and return its answer.

    Raises `problem` with the child's own sentence, OSError for the machine's troubles (a full
    disk), TimeoutError, Lost after a crash. The child sees none of our environment.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        env={"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
    )  # fmt: skip
    told = json.dumps(job | {"parent": os.getpid()}).encode()
    try:
        async with asyncio.timeout(limit_seconds):
            out, err = await child.communicate(told)
    finally:
        await _end(child)
    return _answer(child.returncode, out, err, problem)


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        os.killpg(child.pid, signal.SIGKILL)
        await child.wait()


def _answer(status: int | None, out: bytes, err: bytes, problem: type[Exception]) -> dict[str, Any]:
    if status is None or status < 0:
        raise Lost(f"was stopped by signal {-(status or 0)}")
    if status > 0:
        raise RuntimeError(err.decode(errors="replace"))
    match json.loads(out):
        case {"done": dict() as done}:  # pyright: ignore[reportUnknownVariableType] - JSON
            return done  # pyright: ignore[reportUnknownVariableType] - JSON
        case {"problem": str() as text}:
            raise problem(text)
        case {"errno": int() as number, "text": str() as text}:
            raise OSError(number, text)
        case other:
            raise RuntimeError(f"The child said {other!r}.")
