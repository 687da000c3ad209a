"""Withdrawing a reference: what it would touch, then the status, the holds and the telling."""

from datetime import datetime

from bot import board, log
from bot.crew import Power, must
from bot.errors import NotNow
from bot.graph import Impact, impact_of
from bot.holds import reconsider
from bot.people import Actor
from bot.reference_records import GONE, held, record, told_name
from bot.reference_status import Seen, check_reason, check_turn, moved
from bot.rights import today_of
from bot.studio import Studio
from storage import Session, deliveries, graph, productions, references, scenes
from storage.graph import Tally
from storage.models import Production, Reference, ReferenceStatus

_TOLD = 20
"""Scenes that are told in their own thread; beyond that one line says how many more."""


async def may_withdraw(studio: Studio, actor: Actor, reference_id: str) -> Impact:
    """Give what a withdrawal would touch, to somebody who may; the form shows it first.

    Raises NotAllowed, or NotNow if it is gone or retired already.
    """
    async with studio.db.read(long=True) as session:
        reference = await references.get(session, actor.workspace_id, reference_id)
        if reference is None:
            raise NotNow(GONE)
        production = await productions.get(session, actor.workspace_id, reference.production_id)
        await must(session, Power.BAR_REFERENCE, actor, production=production)
        check_turn(reference, Seen.of(reference), ReferenceStatus.RETIRED)
        return await impact_of(session, reference, today=today_of(production, studio.clock()))


async def withdraw(
    studio: Studio, actor: Actor, seen: Seen, *, reason: str, key: str
) -> Reference | None:
    """Retire a reference as somebody saw it, and hold what was made after it; None if repeated.

    Raises BadForm without a reason, NotAllowed, or NotNow where somebody else was faster.
    """
    check_reason(ReferenceStatus.RETIRED, reason)
    now = studio.clock()
    async with studio.db.begin() as session:
        reference, production = await held(session, actor, seen.reference_id)
        role = await must(session, Power.BAR_REFERENCE, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        check_turn(reference, seen, ReferenceStatus.RETIRED)
        was = reference.status
        await moved(session, actor, reference, ReferenceStatus.RETIRED, reason=reason, at=now)
        on_hold = await reconsider(session, production, [reference], at=now)
        await _tell(session, production, reference, at=now)
        today = today_of(production, now)
        counts = await graph.tallied(session, reference, today=today, first=0)
        facts = {"was": was.value, "role": role.value, "held": on_hold, **_counted(counts.whole)}
        facts["reason"] = log.commitment(reference.status_reason, reference.status_salt)
        await record(
            session, "reference.withdrawn", reference, actor=actor, at=now, scene=None, **facts
        )
    studio.bell.ring()
    return reference


def _counted(whole: Tally) -> dict[str, object]:
    return {
        "setups": whole.setups, "takes": whole.takes, "circle_takes": whole.circles,
        "undecided": whole.undecided, "exports": whole.exports, "live_placements": whole.live,
    }  # fmt: skip


async def _tell(
    session: Session, production: Production, reference: Reference, *, at: datetime
) -> None:
    """Tell the scenes whose circle takes used it, each in its thread up to a number of them."""
    circled = await graph.circled_scenes(session, reference)
    for scene_id, number in list(circled.items())[:_TOLD]:
        scene = await scenes.get(session, reference.workspace_id, scene_id)
        used = "The circle take" if number == 1 else f"{number} circle takes"
        text = (
            f":no_entry: *{told_name(reference)}* was withdrawn. {used} here used it: a producer "
            "decides whether that stands. `/scene rights` shows what waits."
        )
        await board.tell_thread(session, scene, text, at=at)
    if (more := len(circled) - _TOLD) > 0:
        text = (
            f":no_entry: *{told_name(reference)}* was withdrawn. {more:,} more scenes have a "
            f"circle take that used it; `/scene ref {reference.code} where` names them."
        )
        await board.tell_channel(session, production, text, at=at)
