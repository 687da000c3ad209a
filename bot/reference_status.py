"""Whether a reference may be used: who says so, why, and what of several at once counts."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot import board, log
from bot.crew import Power, must
from bot.errors import BadForm, NotNow
from bot.governed import Governed, governed, named
from bot.holds import reconsider
from bot.people import Actor
from bot.reference_records import held, record
from bot.studio import Studio
from storage import Session, castings, deliveries, productions, references, scenes
from storage.models import Production, Reference, ReferenceStatus, Role
from storage.references import Asset

_LONGEST = 3000
_BARRED = {ReferenceStatus.RESTRICTED, ReferenceStatus.RETIRED}


@dataclass(frozen=True)
class Seen:
    """What of a reference somebody had before them; a button carries it."""

    reference_id: str
    turn: int
    version: int

    def written(self) -> str:
        """Write it as a button's value."""
        return f"{self.reference_id}:{self.turn}:{self.version}"

    @classmethod
    def read(cls, value: str) -> "Seen":
        """Read it back."""
        reference_id, turn, version = value.split(":")
        return cls(reference_id, int(turn), int(version))

    @classmethod
    def of(cls, reference: Reference) -> "Seen":
        """See a reference as it is."""
        return cls(reference.id, reference.status_turn, reference.version)


def power_for(reference: Reference, to: ReferenceStatus) -> Power:
    """Name what it takes to change a status: what a producer barred, a producer frees."""
    is_barred = {reference.status, to} & _BARRED
    return Power.BAR_REFERENCE if is_barred else Power.APPROVE_REFERENCE


async def change(
    studio: Studio, actor: Actor, seen: Seen, to: ReferenceStatus, *, reason: str = "", key: str
) -> Reference | None:
    """Change the status of a reference as somebody saw it; None if this was done already.

    Raises BadForm without the reason that all but an approval need, NotAllowed, or NotNow where
    somebody else was faster or there is nothing yet to approve.
    """
    check_reason(to, reason)
    now = studio.clock()
    async with studio.db.begin() as session:
        reference, production = await held(session, actor, seen.reference_id)
        power = power_for(reference, to)
        role = await must(session, power, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        check_turn(reference, seen, to)
        if to is ReferenceStatus.APPROVED:
            _check_ready(await references.asset(session, reference))
        was = reference.status
        await moved(session, actor, reference, to, reason=reason, at=now)
        await reconsider(session, production, [reference], at=now)
        await _record(session, reference, was, actor=actor, role=role, at=now)
    studio.bell.ring()
    return reference


def check_reason(to: ReferenceStatus, reason: str) -> None:
    """Raise BadForm without the reason that all but an approval need, or with one too long."""
    if to is not ReferenceStatus.APPROVED and not reason.strip():
        raise BadForm({"reason": "Say why: whoever used it will ask."})
    if len(reason) > _LONGEST:
        told = f"At most {_LONGEST:,} characters fit here; this has {len(reason):,}."
        raise BadForm({"reason": told})


def check_turn(reference: Reference, seen: Seen, to: ReferenceStatus) -> None:
    """Raise NotNow if a reference is not as somebody saw it. The caller holds it."""
    who = f", by <@{reference.status_by}>" if reference.status_by else ""
    name = f"{reference.code} · {named(reference)}"
    if reference.status is to:
        raise NotNow(f"{name} is {to.value} already{who}. Nothing was changed.")
    if reference.status_turn != seen.turn:
        told = f"{name} has meanwhile become {reference.status.value}{who}."
        raise NotNow(f"{told} Nothing was changed.")
    if reference.version != seen.version:
        told = f"{name} has version {reference.version} by now. Nothing was changed."
        raise NotNow(f"{told} `/scene ref {reference.code}` shows it.")


def _check_ready(asset: Asset) -> None:
    """Hold an approval to exact bytes: those of a file that is yet to come are not known."""
    name = f"{asset.reference.code} · {named(asset.reference)}"
    if any(not each.sha256 and not each.problem for each in asset.files):
        raise NotNow(f"{name} is still being fetched. Wait a moment.")
    if asset.files and not any(each.sha256 for each in asset.files):
        raise NotNow(f"{name} has no file that can be used. Add a version with one.")


async def moved(
    session: Session,
    actor: Actor,
    reference: Reference,
    to: ReferenceStatus,
    *,
    reason: str = "",
    at: datetime,
) -> None:
    """Change the status of a reference that the caller holds, and draw its cards again."""
    reference.status = to
    reference.status_turn += 1
    reference.status_by, reference.status_at = actor.user_id, at
    reference.status_reason = reason.strip()
    reference.status_salt = log.new_salt() if reason.strip() else ""
    session.add(reference)
    await session.flush()
    cast = await castings.scenes_of(session, reference)
    await board.redraw_reference(session, reference, cast, at=at)


async def _record(
    session: Session,
    reference: Reference,
    was: ReferenceStatus,
    *,
    actor: Actor,
    role: Role,
    at: datetime,
) -> None:
    facts: dict[str, object] = {"was": was.value, "role": role.value}
    if reference.status_reason:
        facts["reason"] = log.commitment(reference.status_reason, reference.status_salt)
    cast = await castings.scenes_of(session, reference)
    kind = f"reference.{reference.status.value}"
    only = cast[0] if len(cast) == 1 else None
    await record(session, kind, reference, actor=actor, at=at, scene=only, **facts)


async def waiting(
    session: Session, production: Production, subject_id: str, *, at: datetime
) -> list[Governed]:
    """Give what is proposed for a scene, or for no scene yet where the subject is the production.

    These are what one card stands for and what one press approves: not what has its own card.
    """
    if subject_id == production.id:
        found = await references.uncast_proposals(session, production)
    else:
        scene = await scenes.get(session, production.workspace_id, subject_id)
        found = await references.cast_in(session, scene)
    ids = [each.reference.id for each in found]
    alone = await references.shown_alone(session, production.workspace_id, ids)
    proposed = [
        each
        for each in found
        if each.reference.status is ReferenceStatus.PROPOSED and each.reference.id not in alone
    ]
    return await governed(session, production, proposed, at=at)


@dataclass(frozen=True)
class Waiting:
    """What of the references that wait together somebody had before them."""

    production_id: str
    subject_id: str
    digest: str
    """Another list, or another version in it, has another."""

    def written(self) -> str:
        """Write it as a button's value."""
        return f"{self.production_id}:{self.subject_id}:{self.digest}"

    @classmethod
    def read(cls, value: str) -> "Waiting":
        """Read it back."""
        return cls(*value.split(":"))

    @classmethod
    def of(cls, production_id: str, subject_id: str, members: list[Governed]) -> "Waiting":
        """See those that wait as they are."""
        every = "\n".join(Seen.of(each.reference).written() for each in members)
        return cls(production_id, subject_id, sha256(every.encode()).hexdigest()[:16])


async def approve_all(
    studio: Studio, actor: Actor, seen: Waiting, *, key: str
) -> tuple[list[Reference], list[Reference]]:
    """Approve what waits together; give what was, and what has no file yet or none of use.

    Raises NotAllowed, or NotNow if others wait by now than somebody saw.
    """
    now = studio.clock()
    async with studio.db.begin() as session:
        production = await productions.get(session, actor.workspace_id, seen.production_id)
        role = await must(session, Power.APPROVE_REFERENCE, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return [], []
        await scenes.hold(session, production)
        members = await waiting(session, production, seen.subject_id, at=now)
        if Waiting.of(production.id, seen.subject_id, members) != seen:
            raise NotNow("Others wait by now than you saw. Look again; nothing was changed.")
        ready = [each.reference for each in members if each.pictures and not each.is_coming]
        for reference in ready:
            await references.hold(session, actor.workspace_id, reference.id)
            await moved(session, actor, reference, ReferenceStatus.APPROVED, at=now)
        for reference in ready:
            was = ReferenceStatus.PROPOSED
            await _record(session, reference, was, actor=actor, role=role, at=now)
    studio.bell.ring()
    return ready, [each.reference for each in members if each.reference not in ready]
