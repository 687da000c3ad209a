"""What a production's rights look like on a day: what is on hold, and every release's term."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from bot.crew import Power, production_in, role_for
from bot.errors import NotAllowed, NotNow
from bot.people import Actor
from bot.releases import GONE
from bot.rights import Clearance, Standing, standing_of, term_of, today_of
from bot.studio import Studio
from storage import Session, held, productions, rights
from storage.models import Production, Reference, Release

SOON = 30
"""Days before its end from which a term is listed as ending."""


class Place(IntEnum):
    """Where a release stands in the list: what needs somebody comes first."""

    ENDED = 1
    ENDING = 2
    RUNNING = 3
    REVOKED = 4


@dataclass(frozen=True)
class Line:
    """A release as it stands."""

    release: Release
    term: Standing
    covers: list[Reference]

    @property
    def place(self) -> Place:
        """Where it stands in the list."""
        if self.term.clearance is Clearance.REVOKED:
            return Place.REVOKED
        if self.term.clearance is Clearance.EXPIRED:
            return Place.ENDED
        left = self.term.days_left
        return Place.ENDING if left is not None and left <= SOON else Place.RUNNING


@dataclass(frozen=True)
class Open:
    """What holds takes, and how many."""

    reference: Reference
    standing: Standing
    cause: str
    takes: int


@dataclass(frozen=True)
class Ledger:
    """Everything that `/scene rights` lists."""

    production: Production
    held: list[Open]
    lines: list[Line]
    may_decide: bool
    """Whether whoever asks holds the rights here."""


async def ledger_of(studio: Studio, actor: Actor, channel_id: str) -> Ledger:
    """Give the rights of a channel's production. Raises NotAllowed to guests of the channel."""
    async with studio.db.read() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        return await _ledger(session, actor, production, at=studio.clock())


async def line_by_id(studio: Studio, actor: Actor, release_id: str) -> tuple[Ledger, Line]:
    """Give one release with the rights of its production. Raises NotAllowed or NotNow."""
    async with studio.db.read() as session:
        release = await rights.get(session, actor.workspace_id, release_id)
        if release is None:
            raise NotNow(GONE)
        production = await productions.get(session, actor.workspace_id, release.production_id)
        ledger = await _ledger(session, actor, production, at=studio.clock())
    return ledger, next(each for each in ledger.lines if each.release.id == release_id)


async def line_of(
    studio: Studio, actor: Actor, channel_id: str, number: int
) -> tuple[Ledger, Line]:
    """Give one release of a channel's production by its number. Raises NotAllowed or NotNow."""
    ledger = await ledger_of(studio, actor, channel_id)
    line = next((each for each in ledger.lines if each.release.number == number), None)
    if line is None:
        raise NotNow(f"There is no L{number} here. `/scene rights` lists what there is.")
    return ledger, line


async def _ledger(
    session: Session, actor: Actor, production: Production, *, at: datetime
) -> Ledger:
    if actor.is_external:
        raise NotAllowed("The rights of this production are for its own team.")
    today = today_of(production, at)
    may = await role_for(session, Power.RIGHTS, actor, production=production)
    releases = await rights.of_production(session, production)
    lines = await _lines(session, production, releases, today)
    ordered = sorted(lines, key=lambda each: (each.place, _end(each.release), each.release.number))
    found = await _open(session, production, today)
    return Ledger(production, found, ordered, may is not None)


async def _lines(
    session: Session, production: Production, releases: list[Release], today: date
) -> list[Line]:
    ids = [each.id for each in releases]
    covered = await rights.covered_by(session, production.workspace_id, ids)
    return [Line(each, term_of(each, today), covered.get(each.id, [])) for each in releases]


async def _open(session: Session, production: Production, today: date) -> list[Open]:
    causes = await held.open_causes(session, production)
    ids = [each.reference.id for each in causes]
    releases = await rights.covering(session, production.workspace_id, ids)
    return [
        Open(
            each.reference,
            standing_of(each.reference, releases.get(each.reference.id, []), today),
            each.cause,
            each.takes,
        )
        for each in causes
    ]


def _end(release: Release) -> date:
    return release.ends_on or date.max
