"""Wait for a job: the only loop that waits for engines.

It looks at the take's state first and does nothing if its work is done, so that repeating it after
a crash is harmless.
"""

import asyncio
import random
from dataclasses import dataclass

from bot import board
from bot.endings import hand_over, take_of, tell
from bot.materials import handle_of
from bot.outages import note_answer, note_trouble
from bot.studio import Studio
from engines import (
    Busy,
    Engine,
    EngineError,
    FailKind,
    Failure,
    Handle,
    JobState,
    Misconfigured,
    Status,
    limits_of,
)
from storage import deliveries, scenes, takes
from storage.models import Take, TakeState

_SHOWN_EVERY = 3.0
"""Seconds between two redraws of a progress bar; Slack asks for no more."""
_FIRST_PAUSE, LONGEST_PAUSE = 5.0, 120.0
"""Seconds between two calls that fail: at first, unless the engine likes to be asked more often,
and in the end."""
_SPREAD = 0.25
"""By how much a pause differs from its plan, so that polls do not come in waves."""


async def wait(studio: Studio, workspace_id: str, take_id: str) -> None:
    """Look at the engine until the job is over, and show its progress in place."""
    take = await take_of(studio, workspace_id, take_id)
    engine = studio.engines.get(take.engine)
    if take.state is not TakeState.RENDERING:
        return
    if engine is None:
        why = (
            f"The engine {take.engine} was switched off while it made this, as job "
            f"`{handle_of(take).id}`. Switch it on and say that it was placed, or order elsewhere."
        )
        await hand_over(studio, take, why)
    else:
        await until_over(studio, take, engine, handle=handle_of(take))


@dataclass(slots=True)
class _Watch:
    """How the waiting for one job goes: what was shown and said, and the pause after a failure."""

    every: float
    """Seconds between two looks, if the engine does not ask for others."""
    pause: float
    shown_at: float = -_SHOWN_EVERY
    is_told: bool = False


async def until_over(studio: Studio, take: Take, engine: Engine, *, handle: Handle) -> Status:
    """Look again and again, and give the look at which the job was over.

    Thousands wait here at once, so that nothing of a look outlives it.
    """
    every = _every(studio, engine, handle.model)
    watch = _Watch(every, min(_FIRST_PAUSE, every))
    while True:
        seen = await _seen(studio, take, engine, handle=handle, watch=watch)
        if isinstance(seen, Status):
            return seen
        await asyncio.sleep(spread(seen))
        watch.is_told = watch.is_told or await _speak_of_slowness(studio, take, handle)


async def _seen(
    studio: Studio, take: Take, engine: Engine, *, handle: Handle, watch: _Watch
) -> Status | float:
    """Look once and show how far it is; give the seconds to wait unless the job is over."""
    status = await _look(studio, take, engine, handle=handle)
    if not isinstance(status, Status):
        pause = status or watch.pause
        watch.pause = min(2 * watch.pause, LONGEST_PAUSE)
        return pause
    if status.state.is_over:
        return status
    watch.pause = min(_FIRST_PAUSE, watch.every)
    now = asyncio.get_running_loop().time()
    if now - watch.shown_at >= _SHOWN_EVERY:
        await _show_progress(studio, take, status)
        watch.shown_at = asyncio.get_running_loop().time()
    return status.retry_after or watch.every


async def _look(
    studio: Studio, take: Take, engine: Engine, *, handle: Handle
) -> Status | float | None:
    """Look once; where the look itself fails, give the seconds to wait, if the engine said."""
    try:
        status = await engine.poll(handle)
    except Busy as busy:
        if busy.kind is FailKind.TRANSIENT:
            await note_trouble(studio, take, engine, why=str(busy))
        return busy.retry_after
    except Misconfigured as wrong:  # a key that stopped working says nothing of the job
        await note_trouble(studio, take, engine, why=str(wrong))
        return LONGEST_PAUSE
    except EngineError as lost:
        return Status(state=JobState.FAILED, fail=Failure(lost.kind, str(lost)))
    await note_answer(studio, take, engine)
    return status


async def _show_progress(studio: Studio, take: Take, status: Status) -> None:
    percent = min(round(100 * (status.progress or 0)), 100)
    if percent <= take.progress:
        return  # engines are known to count backwards
    moved = await studio.moved.add(take.id, takes.Moved(take, percent))
    if not moved:
        return  # somebody else is about to write it, with his own
    async with studio.db.begin(lasting=False) as session:
        await takes.note_progress(session, moved)
        await board.redraw_progress(session, (each.take for each in moved), at=studio.clock())
    studio.bell.ring()


async def _speak_of_slowness(studio: Studio, take: Take, handle: Handle) -> bool:
    """Say once that a job does not end, and whether that is said by now.

    A deadline of ours never cancels anything.
    """
    limit = studio.settings.slow_after_hours
    if (studio.clock() - handle.submitted_at).total_seconds() < limit * 3600:
        return False
    async with studio.db.begin() as session:
        key = f"slow:{take.id}:{take.attempt}"
        if not await deliveries.claim(session, take.workspace_id, key, at=studio.clock()):
            return True
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
        text = f"The engine has worked on this for {limit:g} hours. It is still waited for."
        await tell(session, scene, take, text, studio=studio)
    studio.bell.ring()
    return True


def _every(studio: Studio, engine: Engine, model: str) -> float:
    limits = limits_of(engine.facts, studio.settings.engine_variables)
    return limits.poll_seconds or engine.caps(model).poll_seconds


def first_pause(studio: Studio, engine: Engine, model: str) -> float:
    """Give the seconds to wait after the first call in a row that did not succeed."""
    return min(_FIRST_PAUSE, _every(studio, engine, model))


def spread(seconds: float) -> float:
    """Give a pause that differs a little from its plan."""
    return seconds * random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311 - no secret hangs on it
