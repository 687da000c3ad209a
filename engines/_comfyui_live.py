"""Progress as it happens: one socket for all jobs of a process, opened anew whenever it breaks.

Nothing depends on it. Whatever is missed here, a look at the job tells all but the percentage.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from typing import Any, cast

from ._errors import EngineError

Json = dict[str, Any]
_MOST_JOBS = 1000
_LONGEST_WAIT = 30.0
_NEARLY = 0.99
"""Until the job is over: its clip is still to be decoded and saved."""


class Live:
    """What the server tells while jobs run; `texts` opens the socket and gives its messages.

    A second socket with the same client id would take the first one's messages away, so that there
    is one to a process, and another id in every process.
    """

    def __init__(self, texts: Callable[[], AsyncGenerator[str]], *, pause: float = 1.0) -> None:
        self._texts = texts
        self._pause = pause
        self._jobs: OrderedDict[str, dict[str, float]] = OrderedDict()
        self._task: asyncio.Task[None] | None = None

    def watch(self, job_id: str) -> None:
        """Listen for a job from now on; the oldest of very many is let go."""
        self._jobs.setdefault(job_id, {})
        while len(self._jobs) > _MOST_JOBS:
            self._jobs.popitem(last=False)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen(), name="comfyui progress")

    def progress(self, job_id: str, nodes: Collection[str]) -> float | None:
        """Give how much of the work of these nodes is done, below 1; None if nothing is known."""
        done = self._jobs.get(job_id)
        if not done or not nodes:
            return None
        return min(sum(done.get(node, 0.0) for node in nodes) / len(nodes), _NEARLY)

    def forget(self, job_id: str) -> None:
        """Listen for a job no more; the socket is let go with the last one."""
        self._jobs.pop(job_id, None)

    async def close(self) -> None:
        """Hang up."""
        self._jobs.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _listen(self) -> None:
        """Read until no job is left to listen for; wait longer each time nobody answers."""
        wait = self._pause
        while self._jobs:
            try:
                async with aclosing(self._texts()) as texts:
                    async for text in texts:
                        wait = self._pause
                        self._hear(text)
                        if not self._jobs:
                            return
            except EngineError:
                wait = min(wait * 2, _LONGEST_WAIT)
            await asyncio.sleep(wait)

    def _hear(self, text: str) -> None:
        match _read(text):
            case {"type": str(kind), "data": {"prompt_id": str(job_id)} as data}:
                reader, done = _READERS.get(kind), self._jobs.get(job_id)
                if reader is not None and done is not None:
                    reader(done, cast("Json", data))
            case _:
                pass


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _step(done: dict[str, float], data: Json) -> None:
    match data:
        case {"node": str(node), "value": int() | float(), "max": int() | float() as most} if most:
            done[node] = min(max(data["value"] / most, 0.0), 1.0)
        case _:
            pass


def _state(done: dict[str, float], data: Json) -> None:
    nodes = data.get("nodes")
    for node, told in cast("Json", nodes).items() if isinstance(nodes, dict) else ():
        match told:
            case {"state": "finished"}:
                done[node] = 1.0
            case {"state": "running"}:
                _step(done, {**cast("Json", told), "node": node})
            case _:
                pass


def _finished(done: dict[str, float], data: Json) -> None:
    match data:
        case {"nodes": list()}:
            done.update({str(node): 1.0 for node in data["nodes"]})
        case {"node": str(node)}:
            done[node] = 1.0
        case _:
            pass


_READERS: dict[str, Callable[[dict[str, float], Json], None]] = {
    "progress": _step,
    "progress_state": _state,
    "execution_cached": _finished,
    "executed": _finished,
}
