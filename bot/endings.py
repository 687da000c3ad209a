"""How a take ends without a film: failed, left open, or called off; and how that is mended."""

from datetime import datetime
from typing import Any

from bot import board, log
from bot.billing import Bill, watched
from bot.people import Actor
from bot.shots import called
from bot.studio import Studio
from engines import FailKind
from storage import Session, bake_offs, scenes, takes
from storage.models import UNDER_WAY, Scene, Take, TakeState


async def fail(
    studio: Studio,
    take: Take,
    why: str,
    *,
    kind: FailKind | None,
    bill: Bill | None = None,
    answer: str = "",
) -> None:
    """Give a take up aloud: on its card, in its thread and in the log.

    `kind` says who acts next; None for what happened on our side. `bill` is what is charged
    nevertheless, `answer` the engine's last word on it.
    """
    values: dict[str, Any] = {"fail_kind": kind.value if kind else ""}
    if answer:
        values["answer"] = answer
    await _end(studio, take, TakeState.FAILED, why=why, bill=bill, **values)


async def fail_by_id(studio: Studio, workspace_id: str, take_id: str) -> None:
    """Give a take up that broke something nobody foresaw; the log of the app has the details."""
    take = await take_of(studio, workspace_id, take_id)
    if take.state in UNDER_WAY:
        why = f"Something broke here. Quote {take.id[-6:]} to the operator."
        await fail(studio, take, why, kind=None)


async def leave_open(studio: Studio, take: Take, why: str) -> None:
    """Leave to a person whether an order was placed; nothing is ordered again by itself."""
    known = f"{why} It may or may not have been ordered, so nothing is ordered again by itself."
    await hand_over(studio, take, known)


async def hand_over(studio: Studio, take: Take, why: str) -> None:
    """Leave it to a person how a take goes on."""
    word = FailKind.AMBIGUOUS_SUBMIT.value
    await _end(studio, take, TakeState.AMBIGUOUS, why=why, fail_kind=word)


async def call_off(
    studio: Studio, take: Take, *, actor: Actor | None, why: str, bill: Bill | None = None
) -> bool:
    """End a take that somebody cancelled, with what is charged all the same; say if it was open."""
    return await _end(studio, take, TakeState.CANCELLED, why=why, actor=actor, bill=bill)


async def _end(
    studio: Studio,
    take: Take,
    state: TakeState,
    *,
    why: str,
    actor: Actor | None = None,
    bill: Bill | None = None,
    **values: Any,
) -> bool:
    now = studio.clock()
    async with studio.db.begin() as session:
        if not await _moved(session, take, state, bill=bill, at=now, problem=why, **values):
            return False
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
        await board.redraw_take(session, take, at=now)
        await bake_offs.want_sheet(session, take, at=now)
        await tell(session, scene, take, why, studio=studio)
        facts = {"kind": take.fail_kind} if take.fail_kind else {}
        await log.record(
            session, f"take.{state.value}", workspace_id=take.workspace_id, actor=actor, at=now,
            about=log.about_take(take), facts=facts,
        )  # fmt: skip
    studio.bell.ring()
    return True


async def _moved(
    session: Session,
    take: Take,
    state: TakeState,
    *,
    bill: Bill | None,
    at: datetime,
    **values: Any,
) -> bool:
    if bill is None:
        return await takes.move(session, take, state, **values)
    async with watched(session, take, at=at):
        return await takes.move(session, take, state, **bill.written(at), **values)


async def take_of(studio: Studio, workspace_id: str, take_id: str) -> Take:
    """Give a take as it is now. Raises LookupError if there is none."""
    async with studio.db.read() as session:
        take = await takes.get(session, workspace_id, take_id)
    if take is None:
        raise LookupError(f"There is no take {take_id} in {workspace_id}.")
    return take


async def tell(session: Session, scene: Scene, take: Take, text: str, *, studio: Studio) -> None:
    """Say one sentence about a take in its scene's thread."""
    line = f"*{scene.code} {called(await scenes.shots(session, scene), take)}:* {text}"
    await board.tell_thread(session, scene, line, at=studio.clock())
