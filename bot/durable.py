"""Durable work: the only file that knows DBOS.

One workflow per attempt at a take, named by the take's id, so that starting it twice is starting it
once. Workflows run on DBOS's own threads; every step is carried over to the app's loop, where the
records, the engines and the room live. Whose work it is, on PostgreSQL, is in `bot/replicas.py`.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy.exc import SQLAlchemyError

from bot.endings import fail_by_id
from bot.fetching import fetch
from bot.generation import place
from bot.presenting import present
from bot.replicas import SOLE, Lease, Leased, Seat
from bot.settings import Settings
from bot.stage import Stage, Step
from bot.studio import Studio
from bot.waiting import wait
from engines import Engine, limits_of
from storage import Database, takes
from storage.brisk import BriskConnection
from storage.database import LONGEST_REST
from storage.models import TakeState

_VERSION = "1"
"""Fixed, so that a deployment carries on what the one before it began (DESIGN 6.18)."""
_MANY = 5000
"""Orders that may wait at an engine which names no limit of its own."""
_REMEMBERED = 10_000
"""Takes whose start need not be repeated; forgetting one costs a statement, no more."""
_ANSWERS_WITHIN = 5.0
"""Seconds that a clean stop leaves to orders whose answer is on its way: none is made ambiguous."""
_BRISK = {"factory": BriskConnection}
_LOOKS_FOR_STRAYS_EVERY = 60.0
_PACE = 0.25
"""Seconds between two looks of DBOS at a queue."""

_tell = structlog.get_logger(__name__)


_stages: list[Stage] = []
"""The one that is open is the last."""


async def _on_stage(step: Step, workspace_id: str, take_id: str) -> None:
    if not _stages:
        raise RuntimeError("Durable work began before the studio was open.")
    stage = _stages[-1]
    carried = asyncio.run_coroutine_threadsafe(stage.carry(step, workspace_id, take_id), stage.loop)
    await asyncio.wrap_future(carried)


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


# Unlimited: DBOS gives a workflow up in silence after 100 restarts of the app, and a paid job that
# takes hours must outlive them. What a file could break at is done by children that it cannot take
# the app down with.
@DBOS.workflow(name="take", max_recovery_attempts=None)
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
    """The office's durable work on DBOS: in a file of its own, or shared in PostgreSQL."""

    def __init__(self, settings: Settings, engines: Mapping[str, Engine]) -> None:
        self._settings = settings
        self._engines = engines
        self._seat = Seat(settings)
        is_shared = settings.work_store.startswith("postgresql")
        # Of its own, so that a renewal never queues for a connection behind the work.
        self._db = Database(settings.database) if is_shared else None
        self._lease: Lease | None = None
        self._chores: list[asyncio.Task[None]] = []
        self._started: set[str] = set()
        self._is_closing = False
        self.is_up = False
        """Whether work is begun and carried on here."""

    @property
    def is_ours(self) -> bool:
        """Whether no other process can be carrying our work on."""
        return self._lease is None or self._lease.is_held

    async def open(self, studio: Studio) -> None:
        """Take up what was left off, and listen for new work. Raises Occupied."""
        self._seat.take()
        try:
            await self._begin(studio, instead_of=self._seat.before)
        except BaseException:
            self._seat.leave()
            raise
        if self._lease:
            self._chores = [
                asyncio.create_task(self._keep(studio)),
                asyncio.create_task(self._relieve()),
            ]

    async def _begin(self, studio: Studio, *, instead_of: str = "") -> None:
        executor_id = SOLE
        if self._db:
            self._lease = Lease(self._db, seconds=self._settings.lease_seconds)
            executor_id = self._lease.id
            await self._lease.begin(instead_of=instead_of)
            self._seat.sign(executor_id)
            leased = {name: Leased(each, self._lease) for name, each in studio.engines.items()}
            studio = replace(studio, engines=cast("Mapping[str, Engine]", leased))
        _stages.append(Stage(studio, asyncio.get_running_loop(), self._lease))
        await asyncio.to_thread(self._launch, executor_id)
        self.is_up = True
        if self._lease:
            await self._adopt_strays(self._lease)
        await self._start_owed(studio)

    async def _start_owed(self, studio: Studio) -> None:
        """Start what was ordered just before a crash; the sweep would take its time."""
        async with studio.db.read() as session:
            owed = await takes.unfinished(session, before=studio.clock(), limit=_MANY)
        for take in owed:
            if take.state is TakeState.ORDERED:
                await self.start(
                    take.id, take.workspace_id, engine=take.engine, attempt=take.attempt
                )

    def _launch(self, executor_id: str) -> None:
        DBOS(
            config=DBOSConfig(
                name="circletake",
                system_database_url=_plain(self._settings.work_store),
                # Nothing hangs on its last commits: each step looks at the records before it
                # acts, and the sweep begins whatever is not begun.
                db_engine_kwargs=None if self._db else {"connect_args": _BRISK},
                sys_db_idle_transaction_timeout_sec=LONGEST_REST,
                application_version=_VERSION,
                executor_id=executor_id,
                enable_otlp=False,
                log_level="WARNING",
                use_listen_notify=False,
            )
        )
        DBOS.launch()
        for name, engine in self._engines.items():
            limits = limits_of(engine.facts, self._settings.engine_variables)
            is_shared = bool(self._db and limits.concurrency and not limits.each_process)
            DBOS.register_queue(
                _queue(name),
                # What a killed replica had begun counts until it is adopted, and no longer.
                global_concurrency=limits.concurrency if is_shared else None,
                worker_concurrency=limits.concurrency or _MANY,
                polling_interval_sec=_PACE,
                on_conflict="always_update",
            )

    async def start(
        self, take_id: str, workspace_id: str, *, engine: str, attempt: int = 0
    ) -> None:
        """Carry a take from its order to its card; starting it twice is starting it once.

        A take that a person has settled is carried again, as its next `attempt`. Nothing happens
        while the work is not up: the sweep asks again.
        """
        work_id = f"{take_id}:{attempt}" if attempt else take_id
        if work_id in self._started or not self.is_up:
            return
        name = _queue(engine if engine in self._engines else next(iter(self._engines)))

        def enqueue() -> None:
            with SetWorkflowID(work_id):
                DBOS.enqueue_workflow(name, _take, workspace_id, take_id)

        await asyncio.to_thread(enqueue)
        if len(self._started) >= _REMEMBERED:
            self._started.clear()
        self._started.add(work_id)

    async def _keep(self, studio: Studio) -> None:
        """Renew our lease for ever; once it is lost, begin anew as another replica."""
        while self._lease:
            try:
                is_kept = await self._lease.renew()
                if not self._is_closing and not (is_kept and self.is_up):
                    _tell.warning("replica.replaced", replica=self._lease.id)
                    await self._end(spare=place)
                    await self._begin(studio)
            except Exception as trouble:  # noqa: BLE001 - a clock: whatever breaks is tried again
                _tell.warning("replica.unsure", replica=self._lease.id, why=str(trouble))
            await asyncio.sleep(self._lease.pause)

    async def _relieve(self) -> None:
        """Take over, for ever, the work of replicas that no longer renew their leases."""
        loop = asyncio.get_running_loop()
        looked_at = loop.time()
        while lease := self._lease:
            await asyncio.sleep(lease.pause)
            try:
                if not (self.is_up and lease.is_held):
                    continue
                await self._adopt(await lease.replace_late())
                if loop.time() - looked_at > _LOOKS_FOR_STRAYS_EVERY:
                    await self._adopt_strays(lease)
                    looked_at = loop.time()
            except Exception as trouble:  # noqa: BLE001 - a clock, as above
                _tell.warning("replica.unsure", replica=lease.id, why=str(trouble))

    async def _adopt(self, executor_ids: Sequence[str]) -> None:
        if not executor_ids:
            return
        # DBOS's own recovery call, which its recovery service uses. It hands back to the queues
        # only what is still theirs, so that two who call it for one replica do it once; the public
        # `resume_workflow` would also pull back what somebody has taken up meanwhile.
        recover = DBOS._recover_pending_workflows  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as said
        found = await asyncio.to_thread(recover, list(executor_ids))
        _tell.warning("replica.relieved", replicas=list(executor_ids), orders=len(found))

    async def _adopt_strays(self, lease: Lease) -> None:
        """Adopt what is in nobody's hands.

        Somebody may have been killed after he had taken a late one off the list, or before he knew
        that he was off it himself; and before there were leases, everything was done by one.
        """
        pending = await asyncio.to_thread(_pending)
        # Read after it, the list has everybody who may have begun any of this.
        living = {each.id for each in await lease.living()}
        await self._adopt(sorted(pending - living))

    async def _end(self, *, spare: Step | None = None) -> None:
        self.is_up = False
        stage = _stages[-1]
        stage.is_closing = True
        if spare is None:
            await stage.finished(place, within=_ANSWERS_WITHIN)
        await asyncio.to_thread(DBOS.destroy)
        await stage.clear(spare=spare)
        _stages.remove(stage)

    async def close(self) -> None:
        """Stop; what is under way is taken up at the next start, or by the others at once."""
        self._is_closing = True
        await self._end()
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        try:
            if self._lease:
                await self._lease.end()
        except (SQLAlchemyError, OSError) as trouble:
            _tell.warning("replica.unsure", why=str(trouble))  # it runs out by itself
        if self._db:
            await self._db.close()
        self._seat.leave()


def _pending() -> set[str]:
    """Name the executors that have work under way."""
    begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    return {each.executor_id or "" for each in begun}


def _plain(store: str) -> str:
    return store.replace("postgresql+psycopg", "postgresql")


def _queue(engine: str) -> str:
    return f"engine-{engine}"
