"""Durable work: the only file that knows DBOS.

One workflow per take, whose id is the take's id, so that starting it twice is starting it once.
Workflows run on DBOS's own threads; every step is carried over to the app's loop, where the
records, the engines and the room live.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy.exc import OperationalError

from bot.generation import fail_by_id, fetch, place, present, wait
from bot.studio import Studio
from engines import Engine, EngineError
from storage import takes
from storage.models import TakeState

_VERSION = "1"
"""Fixed, so that a deployment carries on what the one before it began (DESIGN 6.18)."""
_WAITS_FOR = (OSError, OperationalError, EngineError)
"""A full disk, a locked database, an engine that is down: worth waiting for, never worth a take."""
_LONGEST_PAUSE = 60.0
_MANY = 2000
"""Orders that may wait at an engine which names no limit of its own."""
_REMEMBERED = 10_000
"""Takes whose start need not be repeated; forgetting one costs a statement, no more."""

Step = Callable[[Studio, str, str], Awaitable[None]]
_tell = structlog.get_logger(__name__)


class _Stage:
    """Where the steps of the workflows find the studio and its loop; there is one a process."""

    studio: Studio | None = None
    loop: asyncio.AbstractEventLoop | None = None


async def _on_stage(step: Step, workspace_id: str, take_id: str) -> None:
    if _Stage.studio is None or _Stage.loop is None:
        raise RuntimeError("Durable work began before the studio was open.")
    work = _patiently(step, _Stage.studio, workspace_id, take_id)
    if asyncio.get_running_loop() is _Stage.loop:
        await work
    else:
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, _Stage.loop))


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


@DBOS.step(name="place")
async def _place(workspace_id: str, take_id: str) -> None:
    await _on_stage(place, workspace_id, take_id)


@DBOS.step(name="wait")
async def _wait(workspace_id: str, take_id: str) -> None:
    await _on_stage(wait, workspace_id, take_id)


@DBOS.step(name="fetch")
async def _fetch(workspace_id: str, take_id: str) -> None:
    await _on_stage(fetch, workspace_id, take_id)


@DBOS.step(name="present")
async def _present(workspace_id: str, take_id: str) -> None:
    await _on_stage(present, workspace_id, take_id)


@DBOS.step(name="give_up")
async def _give_up(workspace_id: str, take_id: str) -> None:
    await _on_stage(fail_by_id, workspace_id, take_id)


@DBOS.workflow(name="take")
async def _take(workspace_id: str, take_id: str) -> None:
    try:
        await _place(workspace_id, take_id)
        await _wait(workspace_id, take_id)
        await _fetch(workspace_id, take_id)
        await _present(workspace_id, take_id)
    except Exception:  # noqa: BLE001 - what nobody foresaw ends the take aloud, not in silence
        _tell.exception("take.broken", take=take_id)
        await _give_up(workspace_id, take_id)


class DurableWork:
    """The office's durable work on DBOS: in a file of its own, or in PostgreSQL."""

    def __init__(self, store: str, engines: Mapping[str, Engine], *, pace: float = 0.25) -> None:
        self._config = DBOSConfig(
            name="circletake",
            system_database_url=store.replace("postgresql+psycopg", "postgresql"),
            application_version=_VERSION,
            executor_id="local",
            enable_otlp=False,
            log_level="WARNING",
            use_listen_notify=False,
        )
        DBOS(config=self._config)
        self._engines = engines
        self._pace = pace
        self._started: set[str] = set()

    async def open(self, studio: Studio) -> None:
        """Take up what was left off, and listen for new work."""
        _Stage.studio, _Stage.loop = studio, asyncio.get_running_loop()
        await asyncio.to_thread(self._launch)
        await self._start_owed(studio)

    async def _start_owed(self, studio: Studio) -> None:
        """Start what was ordered just before a crash; the sweep would take its time."""
        async with studio.db.read() as session:
            owed = await takes.unfinished(session, before=studio.clock(), limit=500)
        for take in owed:
            if take.state is TakeState.ORDERED:
                await self.start(take.id, take.workspace_id, engine=take.engine)

    def _launch(self) -> None:
        DBOS.launch()
        for name, engine in self._engines.items():
            DBOS.register_queue(
                _queue(name),
                worker_concurrency=engine.caps().concurrency or _MANY,
                polling_interval_sec=self._pace,
                on_conflict="always_update",
            )

    async def start(self, take_id: str, workspace_id: str, *, engine: str) -> None:
        """Carry a take from its order to its card; starting it twice is starting it once."""
        if take_id in self._started:
            return  # the sweep asks again and again
        name = _queue(engine if engine in self._engines else next(iter(self._engines)))

        def enqueue() -> None:
            with SetWorkflowID(take_id):
                DBOS.enqueue_workflow(name, _take, workspace_id, take_id)

        await asyncio.to_thread(enqueue)
        if len(self._started) >= _REMEMBERED:
            self._started.clear()
        self._started.add(take_id)

    async def close(self) -> None:
        """Stop; what is under way is taken up at the next start."""
        await asyncio.to_thread(DBOS.destroy)
        _Stage.studio, _Stage.loop = None, None


def _queue(engine: str) -> str:
    return f"engine-{engine}"
