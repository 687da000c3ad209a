"""Takes whose references are not in order any more: what holds them, and showing that they are."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot import board
from bot.governed import named
from bot.mrkdwn import escaped
from bot.rights import Clearance, Standing, standing_of, today_of, told
from storage import Session, cards, castings, holds, rights
from storage import held as held_rows
from storage.held import Used
from storage.models import Card, CardKind, Hold, Production, Reference, Ruling, Take

_AT_ONCE = 5000
"""Subjects whose cards are asked for in one statement."""


@dataclass(frozen=True)
class Trouble:
    """A reference that a take used and that is not in order any more."""

    reference: Reference
    standing: Standing
    hold: Hold | None
    """For this very cause; None while nobody has noticed."""

    @property
    def is_lifted(self) -> bool:
        """Whether a producer decided that the take stands nevertheless."""
        return self.hold is not None and self.hold.ruling is Ruling.STANDS

    @property
    def is_pulled(self) -> bool:
        """Whether a producer decided that the take is not to be used."""
        return self.hold is not None and self.hold.ruling is Ruling.PULLED

    @property
    def why(self) -> str:
        """Say it in a few words: "Mira: expired 30 Nov 2026 (L3)"; as people wrote it."""
        return f"{named(self.reference)}: {told(self.standing)}"


def troubles(used: Iterable[Used], today: date) -> list[Trouble]:
    """Find what a take used that is not in order on a day, ruled on or not."""
    found: list[Trouble] = []
    for each in used:
        standing = standing_of(each.reference, each.releases, today)
        if standing.holds:
            hold = next((hold for hold in each.holds if hold.cause == standing.cause), None)
            found.append(Trouble(each.reference, standing, hold))
    return found


async def troubled(
    session: Session, production: Production, takes: Iterable[Take], *, at: datetime
) -> dict[str, list[Trouble]]:
    """Give what is not in order of what takes used, by the take's id, whatever was ruled on it."""
    ids = [take.id for take in takes]
    used = await held_rows.used_by(session, production.workspace_id, ids) if ids else {}
    today = today_of(production, at)
    found = {take_id: troubles(each, today) for take_id, each in used.items()}
    return {take_id: each for take_id, each in found.items() if each}


async def held(
    session: Session, production: Production, takes: Iterable[Take], *, at: datetime
) -> dict[str, list[Trouble]]:
    """Give what keeps takes from being approved or exported, by the take's id.

    It goes by how the rights stand at that moment, not by whether anybody has noticed; what a
    producer let stand is left out.
    """
    found = await troubled(session, production, takes, at=at)
    keeping = {take_id: [each for each in all_of if not each.is_lifted]
               for take_id, all_of in found.items()}  # fmt: skip
    return {take_id: each for take_id, each in keeping.items() if each}


def why_held(keeping: Sequence[Trouble]) -> str:
    """Say in a sentence why a take cannot be approved or exported, and who acts next."""
    first, *others = keeping
    release = first.standing.release
    why = _WHY[first.standing.clearance].format(
        name=escaped(named(first.reference)), code=release.code if release else ""
    )
    also = f" {len(others)} more that it used {_NOR[len(others) > 1]} in order." if others else ""
    if any(each.is_pulled for each in keeping):
        return f"{why}{also} A producer pulled this take. `/scene rights` shows why."
    return f"{why}{also} A producer decides whether it stands: `/scene rights`."


_NOR = {False: "is not", True: "are not"}
_WHY = {
    Clearance.MISSING: "This take used {name}, which needs a release and has none.",
    Clearance.NOT_BEGUN: "This take used {name}, and the term of {code} has not begun.",
    Clearance.EXPIRED: "This take used {name}, and {code} has expired.",
    Clearance.REVOKED: "This take used {name}, and {code} was revoked.",
    Clearance.RESTRICTED: "This take used {name}, which is restricted.",
    Clearance.RETIRED: "This take used {name}, which is retired.",
}


async def reconsider(
    session: Session, production: Production, touched: Iterable[Reference], *, at: datetime
) -> int:
    """Hold, or let go, what depends on references whose status or rights have changed.

    Everything that shows them is drawn again. Gives how many takes are held anew. To be called
    in the transaction that changed them, before its entry in the log.
    """
    several = list(touched)
    releases = await rights.covering(
        session, production.workspace_id, [each.id for each in several]
    )
    today = today_of(production, at)
    anew = 0
    for reference in several:
        standing = standing_of(reference, releases.get(reference.id, []), today)
        anew += await _reconsidered(session, production, reference, standing, at=at)
    return anew


async def _reconsidered(
    session: Session,
    production: Production,
    reference: Reference,
    standing: Standing,
    *,
    at: datetime,
) -> int:
    cause = standing.cause if standing.holds else ""
    earlier = await holds.causes_of(session, reference)
    await holds.let_go(session, reference, but=cause)
    anew = await hold_users(session, production, reference, cause, at=at) if cause else 0
    for each in earlier:
        await redraw_hold(session, production, reference, each, at=at)
    await redraw_users(session, production, reference, at=at)
    return anew


async def hold_users(
    session: Session, production: Production, reference: Reference, cause: str, *, at: datetime
) -> int:
    """Hold every take that used a reference, and say so in the channel; give how many anew."""
    anew = await holds.open_all(session, reference, cause=cause, at=at)
    if anew:
        card = Card(
            workspace_id=production.workspace_id,
            kind=CardKind.HOLD,
            subject_id=subject_of(reference.id, cause),
            channel_id=production.channel_id,
            text=key_of(reference.id, cause),
            due_at=at,
        )
        await cards.want(session, card)
    return anew


async def noticed(
    session: Session,
    production: Production,
    take: Take,
    keeping: Iterable[Trouble],
    *,
    at: datetime,
) -> None:
    """Give the producers something to rule on, where a take came after its rights had gone."""
    for each in keeping:
        if each.hold is None:
            await hold_users(session, production, each.reference, each.standing.cause, at=at)
    await board.redraw_take(session, take, at=at)


async def redraw_hold(
    session: Session, production: Production, reference: Reference, cause: str, *, at: datetime
) -> None:
    """Ask for the line in the channel about one cause to be drawn again."""
    subject = subject_of(reference.id, cause)
    await _redraw(session, production, (CardKind.HOLD,), (subject,), at=at)


def key_of(reference_id: str, cause: str) -> str:
    """Name what holds takes, as buttons and cards carry it."""
    return f"{reference_id} {cause}"


def parsed(key: str) -> tuple[str, str]:
    """Give the reference's id and the cause again."""
    reference_id, _, cause = key.partition(" ")
    return reference_id, cause


def subject_of(reference_id: str, cause: str) -> str:
    """Give the subject of the card about it, which outlives the holds."""
    return hashlib.sha256(key_of(reference_id, cause).encode()).hexdigest()[:24]


async def redraw_users(
    session: Session, production: Production, reference: Reference, *, at: datetime
) -> None:
    """Ask for everything that shows a reference, or takes that used it, to be drawn again."""
    users = await held_rows.dependents(session, reference)
    cast_in = await castings.scenes_of(session, reference)
    scenes = {each.scene_id for each in users}
    bake_offs = {each.bake_off_id for each in users if each.bake_off_id}
    takes = {each.take_id for each in users}
    of_takes = (CardKind.TAKE, CardKind.CLIENT_TAKE)
    await _redraw(session, production, of_takes, takes, at=at)
    await _redraw(session, production, (CardKind.SCENE,), scenes, at=at)
    await _redraw(session, production, (CardKind.BAKE_OFF,), bake_offs, at=at)
    await board.redraw_reference(session, reference, cast_in, at=at)


async def _redraw(
    session: Session,
    production: Production,
    kinds: tuple[CardKind, ...],
    subject_ids: Iterable[str],
    *,
    at: datetime,
) -> None:
    ids = sorted(subject_ids)
    for start in range(0, len(ids), _AT_ONCE):
        several = ids[start : start + _AT_ONCE]
        await cards.redraw(session, production.workspace_id, kinds, several, at=at)
