"""Place a take's order: intent written, engine asked once, answer written.

It looks at the take's state first and does nothing if its work is done, so that repeating it after
a crash is harmless. The waiting for what was placed is in `bot/waiting.py`.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import board, log
from bot.billing import watched
from bot.endings import fail, leave_open, take_of, tell
from bot.materials import spec_for
from bot.outages import note_answer, note_trouble
from bot.studio import Studio
from bot.waiting import LONGEST_PAUSE, first_pause, spread
from engines import (
    Busy,
    Engine,
    EngineError,
    FailKind,
    Handle,
    JobSpec,
    Unsure,
    limits_of,
)
from storage import Session, scenes, spending, takes
from storage.models import Take, TakeState

_FULL_DAY_PAUSE = 300.0


async def place(studio: Studio, workspace_id: str, take_id: str) -> None:
    """Write the intent, ask the engine once, write its answer."""
    take = await take_of(studio, workspace_id, take_id)
    if take.state not in {TakeState.ORDERED, TakeState.PLACING}:
        return
    engine = studio.engines.get(take.engine)
    if engine is None:
        why = f"The engine {take.engine} is switched off. Order this take from another."
        await fail(studio, take, why, kind=None)
        return
    spec = await spec_for(studio, take)
    if take.state is TakeState.PLACING and not engine.caps(spec.model).repeatable:
        await leave_open(studio, take, "The app stopped while it was asking the engine.")
        return
    await _place(_Asking(studio, take, engine, spec))


@dataclass
class _Asking:
    """An order on its way to an engine; `is_ready` once its files lie there."""

    studio: Studio
    take: Take
    engine: Engine
    spec: JobSpec
    is_ready: bool = False


async def _place(asking: _Asking) -> None:
    """Ask again for as long as the engine wants us to wait.

    Meanwhile the take is `ordered`, because nothing is accepted and nothing is asked.
    """
    pause = first_pause(asking.studio, asking.engine, asking.spec.model)
    while (asked_for := await _asked(asking)) is not None:
        await asyncio.sleep(spread(asked_for or pause))
        pause = min(2 * pause, LONGEST_PAUSE)


async def _asked(asking: _Asking) -> float | None:
    """Ask once; give the seconds to wait before asking again (0: unsaid), None if that is all."""
    studio, take, engine = asking.studio, asking.take, asking.engine
    try:
        handle = await _submitted(asking)
    except Busy as busy:
        if busy.kind is FailKind.TRANSIENT:
            await note_trouble(studio, take, engine, why=str(busy))
        return (busy.retry_after or 0.0) if await _back(studio, take) else None
    except Unsure as unsure:
        await leave_open(studio, take, str(unsure))
    except EngineError as refused:
        await fail(studio, take, str(refused), kind=refused.kind)
    else:
        if handle is not None:
            await note_answer(studio, take, engine)
            await _accepted(studio, take, handle)
    return None


async def _submitted(asking: _Asking) -> Handle | None:
    """Hand the files over, write the intent, place the order; None if it is not wanted any more."""
    async with asking.studio.lines.at(asking.take.engine):
        await _turn(asking.studio, asking.take, asking.engine)
        if not asking.is_ready:
            asking.spec, asking.is_ready = await asking.engine.prepare(asking.spec), True
        if not await _intend(asking.studio, asking.take):
            return None
        return await asking.engine.submit(asking.spec)


async def _turn(studio: Studio, take: Take, engine: Engine) -> None:
    """Raise Busy while the engine has had its orders for the day, of everybody together."""
    per_day = limits_of(engine.facts, studio.settings.engine_variables).per_day
    if per_day is None:
        return
    async with studio.db.read() as session:
        placed = await spending.placed_lately(session, take.engine, at=studio.clock())
    if placed >= per_day:
        text = f"{engine.label} has had its {per_day} orders of the day."
        raise Busy(text, retry_after=_FULL_DAY_PAUSE)


async def _intend(studio: Studio, take: Take) -> bool:
    if take.state is TakeState.PLACING:
        return True  # a repeatable order, found as a crash had left it
    return await _move(studio, take, TakeState.PLACING)


async def _back(studio: Studio, take: Take) -> bool:
    """Take the intent back, because nothing was accepted; say whether the take is still wanted."""
    if take.state is TakeState.PLACING:
        return await _move(studio, take, TakeState.ORDERED)
    now = await take_of(studio, take.workspace_id, take.id)
    return now.state is TakeState.ORDERED


async def _accepted(studio: Studio, take: Take, handle: Handle) -> None:
    """Write the ticket down, also if somebody has given up on the answer in the meantime."""
    values: dict[str, Any] = {
        "handle": json.dumps(handle.to_json()),
        "placed_at": studio.clock(),
        "problem": "",
        "fail_kind": "",
    }
    if (told := handle.extra.get("estimate_cents")) is not None:
        values["estimate_cents"] = told
    async with studio.db.begin() as session:
        is_ours = await _moved(session, take, TakeState.RENDERING, at=studio.clock(), **values)
        if is_ours:
            await board.redraw_progress(session, [take], at=studio.clock())
    if is_ours:
        studio.bell.ring()
        return
    await _late(studio, take, handle, values)


async def _late(studio: Studio, take: Take, handle: Handle, values: dict[str, Any]) -> None:
    """Settle a take that was left open before its answer came: this process had been frozen."""
    now = await take_of(studio, take.workspace_id, take.id)
    if now.state is TakeState.AMBIGUOUS and await _move(
        studio, now, TakeState.RENDERING, attempt=now.attempt + 1, **values
    ):
        await studio.work.start(now.id, now.workspace_id, engine=now.engine, attempt=now.attempt)
        return
    async with studio.db.begin() as session:
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
        text = (
            f"The engine has accepted an order for this take late, as job `{handle.id}`; "
            "look it up before you pay twice."
        )
        await tell(session, scene, take, text, studio=studio)
        await log.record(
            session, "take.answered_late", workspace_id=take.workspace_id, actor=None,
            at=studio.clock(), about=log.about_take(take), facts={"engine": take.engine},
        )  # fmt: skip
    studio.bell.ring()


async def _move(studio: Studio, take: Take, to: TakeState, **values: Any) -> bool:
    async with studio.db.begin() as session:
        return await _moved(session, take, to, at=studio.clock(), **values)


async def _moved(
    session: Session, take: Take, to: TakeState, *, at: datetime, **values: Any
) -> bool:
    """Move a take on; an estimate of the engine's own may take the production over its line."""
    if "estimate_cents" not in values:
        return await takes.move(session, take, to, **values)
    async with watched(session, take, at=at):
        return await takes.move(session, take, to, **values)
