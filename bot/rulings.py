"""Producers decide about takes on hold: each stands as it is, or is pulled."""

from dataclasses import dataclass
from datetime import datetime

from bot import board, log
from bot.crew import Power, must
from bot.errors import BadForm, NotNow
from bot.gather import hold_view
from bot.governed import named
from bot.holds import hold_users, parsed, redraw_hold
from bot.people import Actor
from bot.review import Press, decided
from bot.rights import told
from bot.scene_form import LONGEST
from bot.studio import Studio
from bot.views import HoldView
from storage import Session, deliveries, held, holds, productions, scenes
from storage.held import HeldTake
from storage.models import (
    Production,
    Reason,
    Reference,
    Role,
    Ruling,
    Stage,
    TakeState,
    Verdict,
)

MOST_AT_ONCE = 100
"""Takes ruled on in one transaction, circle takes first."""
_GONE = "What held these takes is not in our records any more."
_APPROVED = {TakeState.APPROVED, TakeState.WITH_CLIENT}


@dataclass(frozen=True)
class Wish:
    """What a producer wants for takes that one cause holds."""

    about: str
    """The key of reference and cause."""
    ruling: Ruling
    reason: str
    take_ids: frozenset[str] = frozenset()
    """Empty for every take that it holds."""


@dataclass(frozen=True)
class Outcome:
    """How many were ruled on, and how many still wait."""

    ruled: int
    left: int


async def may_rule(studio: Studio, actor: Actor, about: str) -> HoldView:
    """Show what a producer is about to decide. Raises NotAllowed, or NotNow if nothing waits."""
    async with studio.db.read() as session:
        view = await hold_view(session, actor.workspace_id, about, at=studio.clock())
        if view is None:
            raise NotNow(_GONE)
        reference = view.reference
        production = await productions.get(session, actor.workspace_id, reference.production_id)
        await must(session, Power.RIGHTS, actor, production=production)
        if view.is_over or not view.counts.get(None):
            raise NotNow(await _too_late(session, reference, parsed(about)[1]))
    return view


async def rule(studio: Studio, actor: Actor, wish: Wish, *, key: str) -> Outcome | None:
    """Decide about the takes that were chosen, or about the first hundred of all that wait.

    None if this delivery had its effect already. Raises BadForm without a reason, NotAllowed, or
    NotNow where somebody else was faster.
    """
    if not wish.reason.strip() or len(wish.reason) > LONGEST:
        raise BadForm({"reason": f"Say why, in at most {LONGEST:,} characters."})
    async with studio.db.begin() as session:
        case = await _case(session, actor, wish, studio=studio)
        if not await deliveries.claim(session, actor.workspace_id, key, at=studio.clock()):
            return None
        meant = await _meant(session, case, wish)
        if not meant:
            raise NotNow(await _too_late(session, case.reference, case.cause))
        outcome = await _ruled(session, actor, case, meant, wish=wish, studio=studio)
    studio.bell.ring()
    return outcome


@dataclass(frozen=True)
class _Case:
    production: Production
    reference: Reference
    cause: str
    role: Role


async def _case(session: Session, actor: Actor, wish: Wish, *, studio: Studio) -> _Case:
    """Hold the production, and what came in since the cause was noticed with the rest."""
    now = studio.clock()
    view = await hold_view(session, actor.workspace_id, wish.about, at=now)
    if view is None:
        raise NotNow(_GONE)
    reference, (_, cause) = view.reference, parsed(wish.about)
    production = await productions.get(session, actor.workspace_id, reference.production_id)
    role = await must(session, Power.RIGHTS, actor, production=production)
    await scenes.hold(session, production)
    if view.is_over:
        raise NotNow(f"{named(reference)} is {told(view.standing)} by now. Nothing was changed.")
    await hold_users(session, production, reference, cause, at=now)
    return _Case(production, reference, cause, role)


async def _meant(session: Session, case: _Case, wish: Wish) -> list[HeldTake]:
    """Give the takes to rule on; the shots of those that lose an approval are held.

    Shots come before cards and cards before the log, as with every decision.
    """
    meant = await _waiting(session, case, wish)
    if wish.ruling is not Ruling.PULLED:
        return meant
    for shot_id in sorted({each.shot.id for each in meant if each.take.state in _APPROVED}):
        await scenes.hold_shot(session, case.production.workspace_id, shot_id)
    return await _waiting(session, case, wish)


async def _waiting(session: Session, case: _Case, wish: Wish) -> list[HeldTake]:
    return await held.of_cause(
        session, case.reference, case.cause, take_ids=wish.take_ids, first=MOST_AT_ONCE
    )


async def _ruled(
    session: Session,
    actor: Actor,
    case: _Case,
    meant: list[HeldTake],
    *,
    wish: Wish,
    studio: Studio,
) -> Outcome:
    now, salts = studio.clock(), [log.new_salt() for _ in meant]
    for each, salt in zip(meant, salts, strict=True):
        await holds.rule(
            session, each.hold, wish.ruling, by=actor.user_id, at=now,
            reason=wish.reason.strip(), salt=salt,
        )  # fmt: skip
        await board.redraw_take(session, each.take, at=now)
    counts = await held.counted(session, case.reference, case.cause)
    await redraw_hold(session, case.production, case.reference, case.cause, at=now)
    for each, salt in zip(meant, salts, strict=True):
        if wish.ruling is Ruling.PULLED and each.take.state in _APPROVED:
            press = Press(
                each.take.id, Verdict.WITHDRAW, Stage.TEAM, "", Reason.RIGHTS, wish.reason.strip()
            )
            await decided(session, actor, press, studio=studio)
        await _record(session, actor, case, each, wish=wish, salt=salt, at=now)
    return Outcome(len(meant), counts.get(None, 0))


async def _record(
    session: Session,
    actor: Actor,
    case: _Case,
    each: HeldTake,
    *,
    wish: Wish,
    salt: str,
    at: datetime,
) -> None:
    facts = {
        "hold": each.hold.id,
        "reference": case.reference.id,
        "cause": case.cause,
        "ruling": wish.ruling.value,
        "role": case.role.value,
        "reason": log.commitment(wish.reason.strip(), salt),
    }
    await log.record(
        session, "hold.ruled", workspace_id=each.take.workspace_id, actor=actor, at=at,
        about=log.about_take(each.take), facts=facts,
    )  # fmt: skip


async def _too_late(session: Session, reference: Reference, cause: str) -> str:
    last = await held.last_ruled(session, reference, cause)
    who = f" <@{last.ruled_by}> was faster: {_SAID[last.ruling]}." if last and last.ruling else ""
    return f"Nothing waits for a ruling here any more.{who} Nothing was changed."


_SAID = {Ruling.STANDS: "it stands", Ruling.PULLED: "it was pulled"}
