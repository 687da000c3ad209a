"""Where the steps of durable work run: on the app's loop, each to its end.

DBOS asks for a step from a thread of its own and may be gone before the step has ended, because the
app closes or because others have taken our work over. An order that is being placed then must still
hear its answer, so a step is not DBOS's to end.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import OperationalError

from bot.replicas import Lease
from bot.studio import Studio
from engines import EngineError

_WAITS_FOR = (OSError, OperationalError, EngineError)
"""A full disk, a locked database, an engine that is down: worth waiting for, never worth a take."""
_LONGEST_PAUSE = 60.0

Step = Callable[[Studio, str, str], Awaitable[None]]
_tell = structlog.get_logger(__name__)


@dataclass
class Stage:
    """What the steps need, and those that are running; there is one for each start of DBOS."""

    studio: Studio
    loop: asyncio.AbstractEventLoop
    lease: Lease | None
    is_closing: bool = False
    running: dict[asyncio.Task[None], Step] = field(default_factory=dict[asyncio.Task[None], Step])

    async def carry(self, step: Step, workspace_id: str, take_id: str) -> None:
        """Run a step, if it is ours to run, and wait for it; whoever waits may be cancelled."""
        if self.is_closing:
            await asyncio.Event().wait()  # DBOS is about to go; whoever is next begins it again
        if self.lease:
            await self.lease.held()
        task = asyncio.create_task(_patiently(step, self.studio, workspace_id, take_id))
        self.running[task] = step
        task.add_done_callback(self.running.pop)
        await asyncio.shield(task)

    async def finished(self, step: Step, *, within: float) -> None:
        """Wait until no such step is running, or until the time is over."""
        if waited_for := [task for task, each in self.running.items() if each is step]:
            await asyncio.wait(waited_for, timeout=within)

    async def clear(self, *, spare: Step | None = None) -> None:
        """End what is still running, but for the steps to `spare`."""
        ending = [task for task, each in self.running.items() if each is not spare]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)


async def _patiently(step: Step, studio: Studio, workspace_id: str, take_id: str) -> None:
    pause = 1.0
    while True:
        try:
            await step(studio, workspace_id, take_id)
        except _WAITS_FOR as trouble:
            _tell.warning("take.delayed", take=take_id, step=step.__name__, why=str(trouble))
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            return
