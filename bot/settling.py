"""What people do about an order under way: call it off, or say what became of an open one."""

import asyncio
import json
from typing import Any

from bot import board, log
from bot.billing import Bill, told_bill
from bot.crew import Power, must
from bot.endings import call_off
from bot.errors import BadForm, NotNow
from bot.materials import handle_of, spec_for
from bot.people import Actor
from bot.shots import called
from bot.studio import Studio
from engines import Cancellation, EngineError, Handle
from storage import deliveries, productions, scenes, takes
from storage.models import Take, TakeState

_LONGEST_ID = 300
_PATIENCE = 0.8
"""Seconds that asking for the bill of a cancelled job may take: a person waits for the answer."""
_TOLD = {
    Cancellation.TOO_LATE: "It was too late to cancel: the engine is done. The take comes.",
    Cancellation.UNSUPPORTED: "This engine cannot be stopped once it works. The take comes.",
    Cancellation.UNKNOWN: "The engine does not say whether it stopped. The take may still come.",
}
"""What whoever cancelled is told where the engine did not stop."""


async def may_settle(studio: Studio, actor: Actor, take_id: str) -> Take:
    """Give a take to whoever may order. Raises NotAllowed, or NotNow if it is gone."""
    async with studio.db.read() as session:
        take = await takes.get(session, actor.workspace_id, take_id)
        if take is None:
            raise NotNow("This take is not in our records any more.")
        production = await productions.get(session, take.workspace_id, take.production_id)
        await must(session, Power.ORDER, actor, production=production)
    return take


async def not_placed(studio: Studio, actor: Actor, take_id: str, *, key: str) -> None:
    """Order an open take again, because somebody looked and it had not been placed."""
    take = await may_settle(studio, actor, take_id)
    values = {"problem": "", "fail_kind": "", "handle": "", "progress": 0}
    await _settle(studio, actor, take, TakeState.ORDERED, key=key, word="not_placed", **values)


async def was_placed(studio: Studio, actor: Actor, take_id: str, *, job_id: str, key: str) -> None:
    """Go on with an open take by the id that somebody found in the engine's console.

    Raises BadForm if it cannot be such an id.
    """
    take = await may_settle(studio, actor, take_id)
    engine = studio.engines.get(take.engine)
    if engine is None:
        raise NotNow(f"The engine {take.engine} is switched off; nothing can be fetched from it.")
    told = job_id.strip()
    if not told or len(told) > _LONGEST_ID:
        raise BadForm({"job_id": "Paste the id of the job, as the engine's console shows it."})
    try:
        handle = engine.adopted(told, await spec_for(studio, take))
    except EngineError as wrong:
        raise BadForm({"job_id": str(wrong)}) from wrong
    await _is_nobody_elses(studio, take, handle)
    text = json.dumps(handle.to_json())
    values = {"problem": "", "fail_kind": "", "handle": text, "placed_at": studio.clock()}
    await _settle(studio, actor, take, TakeState.RENDERING, key=key, word="was_placed", **values)


async def _is_nobody_elses(studio: Studio, take: Take, handle: Handle) -> None:
    """Raise BadForm if another take of ours was made by this job."""
    async with studio.db.read() as session:
        others = await takes.mentioning(session, take, handle.id)
        other = next((each for each in others if handle_of(each).id == handle.id), None)
        if other is None:
            return
        scene = await scenes.get(session, other.workspace_id, other.scene_id)
        name = called(await scenes.shots(session, scene), other)
    said = f"This job is {scene.code} {name} already. Look for another one."
    raise BadForm({"job_id": said})


async def _settle(
    studio: Studio, actor: Actor, take: Take, to: TakeState, *, key: str, word: str, **values: Any
) -> None:
    if take.state is not TakeState.AMBIGUOUS:
        raise NotNow(f"{take.code} is settled already: it is {take.state.value}.")
    now = studio.clock()
    async with studio.db.begin() as session:
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return
        if not await takes.move(session, take, to, attempt=take.attempt + 1, **values):
            raise NotNow("Somebody was faster. Look at the card again.")
        await board.redraw_take(session, take, at=now)
        await log.record(
            session, "take.settled", workspace_id=take.workspace_id, actor=actor, at=now,
            about=log.about_take(take), facts={"as": word, "attempt": take.attempt},
        )  # fmt: skip
    studio.bell.ring()
    await studio.work.start(take.id, take.workspace_id, engine=take.engine, attempt=take.attempt)


async def cancel(studio: Studio, actor: Actor, take_id: str, *, key: str) -> str:
    """Call a take off, at the engine too if it works already; give what to tell whoever asked.

    Empty where the card tells. Raises NotNow for a take that is past calling off.
    """
    take = await may_settle(studio, actor, take_id)
    if take.state not in {TakeState.ORDERED, TakeState.PLACING, TakeState.RENDERING}:
        raise NotNow(f"{take.code} cannot be cancelled: it is {take.state.value} by now.")
    async with studio.db.begin() as session:
        if not await deliveries.claim(session, actor.workspace_id, key, at=studio.clock()):
            return ""
    if take.state is TakeState.PLACING:
        raise NotNow(f"{take.code} is being placed this moment. Try again in a few seconds.")
    bill = None
    if take.state is TakeState.RENDERING:
        outcome = await _stopped(studio, take)
        if outcome is not Cancellation.DONE:
            return _TOLD[outcome]
        bill = await _charged(studio, take)
    if not await call_off(studio, take, actor=actor, why="Cancelled before it came.", bill=bill):
        return "It has gone on in the meantime. Look at the card again."
    return ""


async def _charged(studio: Studio, take: Take) -> Bill | None:
    """Ask what a job that was just stopped is charged all the same, where its engine tells."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return told_bill(await studio.engines[take.engine].poll(handle_of(take)))
    except (EngineError, TimeoutError):
        return None


async def _stopped(studio: Studio, take: Take) -> Cancellation:
    engine = studio.engines.get(take.engine)
    if engine is None:
        return Cancellation.UNSUPPORTED
    try:
        return await engine.cancel(handle_of(take))
    except EngineError:
        return Cancellation.UNKNOWN
