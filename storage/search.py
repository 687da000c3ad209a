"""What people wrote, found again: one index, kept by the database itself (migration 0007)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlmodel import SQLModel, col, select

from storage import _search_postgres, _search_sqlite
from storage._search_words import BEYOND, Look, first_of
from storage._sql import table_of
from storage.database import Session
from storage.models import Card, CardKind, Person, Production, ReferenceVersion

Record = TypeVar("Record", bound=SQLModel)


class DocumentKind(StrEnum):
    """What kinds of record are searched."""

    SCENE = "scene"
    SEQUENCE = "sequence"
    TAKE = "take"
    NOTE = "note"
    REFERENCE = "reference"
    DECISION = "decision"


@dataclass(frozen=True)
class Wanted:
    """What is looked for: all the words, and of each filter any of its values."""

    terms: tuple[str, ...] = ()
    """Words, or several in one as a phrase, as people typed them."""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """By the letter of the mark: `k` kind, `s` state, `e` engine, `f` family, `u` user id."""
    since: datetime | None = None
    until: datetime | None = None
    """A moment that is just too late."""


@dataclass(frozen=True)
class Hit:
    """A record that was found; `seq` falls from hit to hit, and continues the search."""

    seq: int
    kind: DocumentKind
    subject_id: str


async def find(
    session: Session,
    production: Production,
    wanted: Wanted,
    *,
    before: int | None = None,
    limit: int,
) -> list[Hit]:
    """Find records of one production, the newest first; those before a hit's `seq`, if given."""
    until = first_of(wanted.until) if wanted.until else BEYOND
    look = Look(
        workspace_id=production.workspace_id,
        production_id=production.id,
        terms=wanted.terms,
        filters=wanted.filters,
        since=first_of(wanted.since) if wanted.since else 0,
        before=min(until, BEYOND if before is None else before),
        limit=limit,
    )
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    found = await (_search_sqlite.found if is_sqlite else _search_postgres.found)(session, look)
    return [Hit(seq, DocumentKind(kind), subject_id) for seq, kind, subject_id in found]


async def records(
    session: Session, model: type[Record], workspace_id: str, ids: Collection[str]
) -> dict[str, Record]:
    """Give records of one kind by their ids; those that are not of this workspace are left out."""
    if not ids:
        return {}
    table: Any = table_of(model).c
    wanted = select(model).where(table.workspace_id == workspace_id, table.id.in_(ids))
    return {getattr(each, "id"): each for each in (await session.exec(wanted)).all()}  # noqa: B009 - the type does not say that records have ids


async def posted(session: Session, workspace_id: str, subject_ids: Collection[str]) -> list[Card]:
    """Give the team's posted cards of takes and references."""
    wanted = select(Card).where(
        col(Card.workspace_id) == workspace_id,
        col(Card.kind).in_((CardKind.TAKE, CardKind.REFERENCE)),
        col(Card.subject_id).in_(subject_ids),
        col(Card.message_ts).is_not(None),
    )
    return list((await session.exec(wanted)).all())


async def version_notes(
    session: Session, workspace_id: str, reference_ids: Collection[str]
) -> list[ReferenceVersion]:
    """Give the versions of references, the newest first."""
    wanted = select(ReferenceVersion).where(
        col(ReferenceVersion.workspace_id) == workspace_id,
        col(ReferenceVersion.reference_id).in_(reference_ids),
    )
    newest = wanted.order_by(col(ReferenceVersion.number).desc())
    return list((await session.exec(newest)).all())


async def called(session: Session, workspace_id: str, name: str) -> list[Person]:
    """Give the people of a workspace whom Slack shows by this name, however it is cased."""
    everybody = select(Person).where(col(Person.workspace_id) == workspace_id, Person.name != "")
    people = (await session.exec(everybody)).all()
    return [each for each in people if each.name.casefold() == name.casefold()]
