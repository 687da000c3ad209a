"""Decisions: a table of moves, and what one press does in one transaction."""

from dataclasses import dataclass

from bot import board, log, pulse
from bot.crew import DECIDES, refusal, role_that_may
from bot.errors import BadForm, NotAllowed, NotNow
from bot.people import Actor
from bot.review_gate import barred
from bot.scene_form import LONGEST
from bot.studio import Studio
from storage import Session, deliveries, scenes, takes
from storage.models import (
    Decision,
    Production,
    Reason,
    Role,
    Shot,
    Stage,
    Take,
    TakeState,
    Verdict,
)

MOVES: dict[tuple[TakeState, Stage, Verdict], TakeState] = {
    (TakeState.WAITING, Stage.TEAM, Verdict.APPROVE): TakeState.APPROVED,
    (TakeState.WAITING, Stage.TEAM, Verdict.RETAKE): TakeState.RETAKE,
    (TakeState.WAITING, Stage.TEAM, Verdict.REJECT): TakeState.REJECTED,
    (TakeState.WITH_CLIENT, Stage.CLIENT, Verdict.APPROVE): TakeState.APPROVED,
    (TakeState.WITH_CLIENT, Stage.CLIENT, Verdict.RETAKE): TakeState.RETAKE,
    (TakeState.WITH_CLIENT, Stage.CLIENT, Verdict.REJECT): TakeState.REJECTED,
    (TakeState.WITH_CLIENT, Stage.TEAM, Verdict.WITHDRAW): TakeState.WAITING,
    (TakeState.APPROVED, Stage.TEAM, Verdict.WITHDRAW): TakeState.WAITING,
    (TakeState.RETAKE, Stage.TEAM, Verdict.WITHDRAW): TakeState.WAITING,
    (TakeState.REJECTED, Stage.TEAM, Verdict.WITHDRAW): TakeState.WAITING,
}
PAST: dict[Verdict, str] = {
    Verdict.APPROVE: "approved",
    Verdict.RETAKE: "retake_asked",
    Verdict.REJECT: "rejected",
    Verdict.WITHDRAW: "withdrawn",
}
SAID: dict[TakeState, str] = {
    TakeState.WAITING: "is waiting for the team",
    TakeState.WITH_CLIENT: "is with the client",
    TakeState.APPROVED: "is approved already",
    TakeState.SUPERSEDED: "was superseded by a later circle take",
    TakeState.RETAKE: "was sent back for a retake already",
    TakeState.REJECTED: "was rejected already",
    TakeState.FAILED: "failed",
}
_GONE = "This take is not in our records any more."


@dataclass(frozen=True)
class Press:
    """What somebody pressed, or filled in after pressing."""

    take_id: str
    verdict: Verdict
    stage: Stage
    key: str
    """Slack's identity of the delivery: the same press twice is one decision."""
    reason: Reason | None = None
    note: str = ""


def ruled(
    state: TakeState, stage: Stage, verdict: Verdict, *, has_client: bool
) -> TakeState | None:
    """Give the state that a verdict leads to; None if it cannot be given now."""
    to = MOVES.get((state, stage, verdict))
    if to is TakeState.APPROVED and stage is Stage.TEAM and has_client:
        return TakeState.WITH_CLIENT
    return to


async def decide(studio: Studio, actor: Actor, press: Press) -> Take | None:
    """Decide about a take on its exact bytes; None if this delivery had its effect already.

    A press that comes too late raises NotNow, one by somebody without the authority NotAllowed;
    either is in the log.
    """
    if len(press.note) > LONGEST:
        told = f"At most {LONGEST:,} characters fit here; this has {len(press.note):,}."
        raise BadForm({"note": told})
    async with studio.db.begin() as session:
        if not await deliveries.claim(session, actor.workspace_id, press.key, at=studio.clock()):
            return await _once(session, actor, press)
        outcome = await decided(session, actor, press, studio=studio)
    studio.bell.ring()
    if isinstance(outcome, Exception):
        raise outcome
    pulse.decided.labels(press.stage.value, press.verdict.value).inc()
    return outcome


async def _once(session: Session, actor: Actor, press: Press) -> None:
    """Let a repeated press rest if it was heard; a form sent again after a refusal was not."""
    take = await takes.get(session, actor.workspace_id, press.take_id)
    made = await takes.decisions(session, take) if take else []
    if take and not any(each.by == actor.user_id for each in made):
        raise NotNow(await _too_late(session, take))


async def may_decide(studio: Studio, actor: Actor, press: Press) -> Take:
    """Log the press that opens a form, and give the take if the verdict could be given now.

    Raises NotAllowed or NotNow, so that nobody fills in a form for nothing.
    """
    async with studio.db.begin() as session:
        await deliveries.claim(session, actor.workspace_id, press.key, at=studio.clock())
        case = await _case(session, actor, press)
        if case is None:
            raise NotNow(_GONE)
        take = case.take
        refused = await _why_not(session, actor, press, case, studio=studio)
        if refused is None:
            await log.record(
                session, "button.pressed", workspace_id=take.workspace_id, actor=actor,
                at=studio.clock(), about=log.about_take(take),
                facts={"button": press.verdict.value},
            )  # fmt: skip
    if refused is not None:
        raise refused
    return take


async def _case(session: Session, actor: Actor, press: Press) -> takes.Case | None:
    return await takes.case(session, actor.workspace_id, press.take_id, user_id=actor.user_id)


def _role(actor: Actor, press: Press, case: takes.Case) -> Role | None:
    power = DECIDES[press.stage]
    return role_that_may(power, actor, production=case.production, roles=case.roles)


async def _why_not(
    session: Session, actor: Actor, press: Press, case: takes.Case, *, studio: Studio
) -> NotAllowed | NotNow | None:
    take, power = case.take, DECIDES[press.stage]
    if _role(actor, press, case) is None:
        await _refused(session, take, press, actor=actor, studio=studio, why="authority")
        return NotAllowed(refusal(power))
    if ruled(take.state, press.stage, press.verdict, has_client=False) is None:
        await _refused(session, take, press, actor=actor, studio=studio, why="too late")
        return NotNow(await _too_late(session, take))
    return await _held(session, actor, press, case, studio=studio)


async def _held(
    session: Session, actor: Actor, press: Press, case: takes.Case, *, studio: Studio
) -> NotNow | None:
    """Refuse to approve what rights or rules keep from it, unless a producer let it."""
    if press.verdict is not Verdict.APPROVE:
        return None
    now, take = studio.clock(), case.take
    found = await barred(session, case.production, take, stage=press.stage, at=now)
    if found is None:
        return None
    await _refused(session, take, press, actor=actor, studio=studio, why=found.why)
    return NotNow(found.told)


async def decided(
    session: Session, actor: Actor, press: Press, *, studio: Studio
) -> Take | NotAllowed | NotNow:
    """Decide within a transaction; a refusal is given, not raised, so that its entry stays.

    Records in the log, so only more of that may follow it.
    """
    case = await _case(session, actor, press)
    if case is None:
        return NotNow(_GONE)
    take, seen = case.take, case.take.state
    role = _role(actor, press, case)
    if role is None:
        await _refused(session, take, press, actor=actor, studio=studio, why="authority")
        return NotAllowed(refusal(DECIDES[press.stage]))
    has_client = case.production.client_channel_id is not None
    to = ruled(seen, press.stage, press.verdict, has_client=has_client)
    if to and (on_hold := await _held(session, actor, press, case, studio=studio)):
        return on_hold
    now = studio.clock()
    if to is None or not await takes.move(session, take, to, decided_at=now):
        await _refused(session, take, press, actor=actor, studio=studio, why="too late")
        return NotNow(await _too_late(session, take))
    circled = await _circle(session, case.shot, take, was=seen, studio=studio)
    made = await _keep_decision(session, take, press, actor=actor, role=role, studio=studio)
    await _show(session, case.production, take, studio=studio)
    await _record(session, take, made, actor=actor)
    if circled:
        await _record_superseded(session, circled, by=take, studio=studio)
    return take


async def _too_late(session: Session, take: Take) -> str:
    current = await takes.get(session, take.workspace_id, take.id) or take
    said = SAID.get(current.state, "cannot be decided now")
    decisions = await takes.decisions(session, current)
    last = decisions[-1] if decisions else None
    who = f", by <@{last.by}>" if last and current.state is not TakeState.WAITING else ""
    return f"{current.code} {said}{who}. Nothing was changed."


async def _circle(
    session: Session, shot: Shot, take: Take, *, was: TakeState, studio: Studio
) -> Take | None:
    """Keep at most one circle take a shot; give the one that was superseded."""
    if was is TakeState.APPROVED and shot.circle_take_id == take.id:
        await scenes.circle(session, shot, None)
        return None
    if take.state is not TakeState.APPROVED:
        return None
    earlier_id = shot.circle_take_id
    await scenes.circle(session, shot, take.id)
    if earlier_id is None or earlier_id == take.id:
        return None
    earlier = await takes.get(session, take.workspace_id, earlier_id)
    if earlier is None or not await takes.move(session, earlier, TakeState.SUPERSEDED):
        return None
    await board.redraw_take(session, earlier, at=studio.clock())
    return earlier


async def _keep_decision(
    session: Session, take: Take, press: Press, *, actor: Actor, role: Role, studio: Studio
) -> Decision:
    decision = Decision(
        workspace_id=take.workspace_id,
        production_id=take.production_id,
        take_id=take.id,
        stage=press.stage,
        verdict=press.verdict,
        reason=press.reason,
        note=press.note.strip(),
        salt=log.new_salt(),
        by=actor.user_id,
        team_id=actor.team_id,
        role=role,
        sha256=take.sha256 or "",
        at=studio.clock(),
    )
    await takes.keep_decision(session, decision)
    return decision


async def _show(session: Session, production: Production, take: Take, *, studio: Studio) -> None:
    now = studio.clock()
    await board.redraw_take(session, take, at=now)
    if take.state is TakeState.WITH_CLIENT:
        await board.show_client(session, production, take, at=now)


async def _record(session: Session, take: Take, decision: Decision, *, actor: Actor) -> None:
    await log.record(
        session,
        f"take.{PAST[decision.verdict]}",
        workspace_id=take.workspace_id,
        actor=actor,
        at=decision.at,
        about=log.about_take(take),
        facts={
            "decision": decision.id,
            "stage": decision.stage.value,
            "role": decision.role.value,
            "reason": decision.reason.value if decision.reason else None,
            "note": log.commitment(decision.note, decision.salt) if decision.note else None,
            "state": take.state.value,
        },
    )


async def _record_superseded(session: Session, earlier: Take, *, by: Take, studio: Studio) -> None:
    await log.record(
        session,
        "take.superseded",
        workspace_id=earlier.workspace_id,
        actor=None,
        at=studio.clock(),
        about=log.about_take(earlier),
        facts={"by": by.id, "by_sha256": by.sha256},
    )


async def _refused(
    session: Session, take: Take, press: Press, *, actor: Actor, studio: Studio, why: str
) -> None:
    await log.record(
        session,
        "press.refused",
        workspace_id=take.workspace_id,
        actor=actor,
        at=studio.clock(),
        about=log.about_take(take),
        facts={"verdict": press.verdict.value, "stage": press.stage.value, "why": why},
    )
