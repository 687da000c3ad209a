"""References with their versions and files, in lists and one by one, and who used them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, func, or_
from sqlalchemy import cast as cast_as
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage._sql import find, one, run, table_of
from storage.database import Session
from storage.models import (
    Card,
    CardKind,
    Casting,
    Production,
    Reference,
    ReferenceFile,
    ReferenceStatus,
    ReferenceUse,
    ReferenceVersion,
    Scene,
    Take,
)


@dataclass(frozen=True)
class Asset:
    """A reference as one of its versions has it."""

    reference: Reference
    version: ReferenceVersion
    files: tuple[ReferenceFile, ...]
    """In their order; some may still be fetched, or be of no use."""


async def get(session: Session, workspace_id: str, reference_id: str) -> Reference | None:
    """Give one as it is now."""
    return await find(session, Reference, workspace_id, reference_id)


async def hold(session: Session, workspace_id: str, reference_id: str) -> Reference:
    """Give one as it is now and keep others from changing it until the commit."""
    wanted = select(Reference).where(
        Reference.workspace_id == workspace_id, Reference.id == reference_id
    )
    fresh = wanted.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(fresh)).one()


async def by_number(session: Session, production: Production, number: int) -> Reference | None:
    """Give the reference of a production by its number."""
    wanted = select(Reference).where(
        Reference.workspace_id == production.workspace_id,
        Reference.production_id == production.id,
        Reference.number == number,
    )
    return (await session.exec(wanted)).first()


async def next_number(session: Session, production: Production) -> int:
    """Give the next reference number. The caller holds the production's row."""
    wanted = select(func.max(Reference.number)).where(
        col(Reference.workspace_id) == production.workspace_id,
        col(Reference.production_id) == production.id,
    )
    return ((await session.exec(wanted)).one() or 0) + 1


async def version(session: Session, workspace_id: str, version_id: str) -> ReferenceVersion:
    """Give one version; it must exist."""
    return await one(session, ReferenceVersion, workspace_id, version_id)


async def asset(session: Session, reference: Reference, *, number: int = 0) -> Asset:
    """Give a reference with its newest version, or with the one of that number; it must exist."""
    versions = select(ReferenceVersion).where(
        ReferenceVersion.workspace_id == reference.workspace_id,
        ReferenceVersion.reference_id == reference.id,
        ReferenceVersion.number == (number or reference.version),
    )
    version = (await session.exec(versions)).one()
    files = select(ReferenceFile).where(
        ReferenceFile.workspace_id == reference.workspace_id,
        ReferenceFile.version_id == version.id,
    )
    found = (await session.exec(files.order_by(col(ReferenceFile.position)))).all()
    return Asset(reference, version, tuple(found))


async def assets(
    session: Session, workspace_id: str, reference_ids: Collection[str]
) -> list[Asset]:
    """Give references with their newest versions, by number; unknown ids are left out."""
    wanted = _NEWEST.where(
        col(Reference.workspace_id) == workspace_id, col(Reference.id).in_(reference_ids)
    )
    return await _gathered(session, wanted)


async def of_production(
    session: Session, production: Production, *, skip: int = 0, first: int
) -> list[Asset]:
    """Give some of a production's references with their newest versions, by number."""
    page = _of(production).order_by(col(Reference.number)).offset(skip).limit(first)
    ids = (await session.exec(page)).all()
    return await assets(session, production.workspace_id, ids)


async def count(session: Session, production: Production) -> int:
    """Count the references of a production."""
    counted = select(func.count()).select_from(_of(production).subquery())
    return (await session.exec(counted)).one()


def _of(production: Production) -> SelectOfScalar[str]:
    return select(Reference.id).where(
        Reference.workspace_id == production.workspace_id,
        Reference.production_id == production.id,
    )


async def titled(
    session: Session, production: Production, typed: str, *, limit: int
) -> list[Reference]:
    """Give a production's references whose title or code has what was typed, for a menu.

    Approved ones come first; of them those that begin with it. Nothing typed is in every title.
    """
    words, title = typed.strip().lower(), func.lower(col(Reference.title))
    begins = title.startswith(words, autoescape=True)
    wanted = select(Reference).where(
        Reference.workspace_id == production.workspace_id,
        Reference.production_id == production.id,
        or_(title.contains(words, autoescape=True), *_coded(words)),
    )
    approved = col(Reference.status) == ReferenceStatus.APPROVED
    order = (case((approved, 0), else_=1), case((begins, 0), else_=1), col(Reference.number))
    return list((await session.exec(wanted.order_by(*order).limit(limit))).all())


def _coded(words: str) -> list[ColumnElement[bool]]:
    digits = words.removeprefix("r")
    if not (digits.isascii() and digits.isdigit()):
        return []
    return [cast_as(col(Reference.number), String()).startswith(digits)]


async def uncast_proposals(session: Session, production: Production) -> list[Asset]:
    """Give what is proposed in a production and cast in no scene, by number."""
    is_cast = select(Casting.scene_id).where(
        col(Casting.workspace_id) == Reference.workspace_id,
        col(Casting.reference_id) == Reference.id,
    )
    wanted = _NEWEST.where(
        col(Reference.workspace_id) == production.workspace_id,
        col(Reference.production_id) == production.id,
        col(Reference.status) == ReferenceStatus.PROPOSED,
        ~is_cast.exists(),
    )
    return await _gathered(session, wanted)


async def shown_alone(
    session: Session, workspace_id: str, reference_ids: Collection[str]
) -> set[str]:
    """Tell which of these references have a card of their own, by id."""
    wanted = select(Card.subject_id).where(
        Card.workspace_id == workspace_id,
        Card.kind == CardKind.REFERENCE,
        col(Card.subject_id).in_(reference_ids),
    )
    return set((await session.exec(wanted)).all())


async def proposed_with(session: Session, reference: Reference) -> int:
    """Count the references that one person proposed at that very moment, this one included."""
    counted = select(func.count()).where(
        col(Reference.workspace_id) == reference.workspace_id,
        col(Reference.production_id) == reference.production_id,
        col(Reference.proposed_by) == reference.proposed_by,
        col(Reference.proposed_at) == reference.proposed_at,
    )
    return (await session.exec(counted)).one()


async def cast_in(session: Session, scene: Scene) -> list[Asset]:
    """Give the references that a scene is made after with their newest versions, by number."""
    wanted = _NEWEST.join(
        Casting,
        and_(
            col(Casting.workspace_id) == Reference.workspace_id,
            col(Casting.reference_id) == Reference.id,
        ),
    ).where(col(Casting.workspace_id) == scene.workspace_id, col(Casting.scene_id) == scene.id)
    return await _gathered(session, wanted)


_NEWEST: Any = (
    select(Reference, ReferenceVersion, ReferenceFile)
    .join(
        ReferenceVersion,
        and_(
            col(ReferenceVersion.workspace_id) == Reference.workspace_id,
            col(ReferenceVersion.reference_id) == Reference.id,
            col(ReferenceVersion.number) == Reference.version,
        ),
    )
    .join(
        ReferenceFile,
        and_(
            col(ReferenceFile.workspace_id) == ReferenceVersion.workspace_id,
            col(ReferenceFile.version_id) == ReferenceVersion.id,
        ),
        isouter=True,
    )
    .order_by(col(Reference.number), col(ReferenceFile.position))
)


async def _gathered(session: Session, wanted: Any) -> list[Asset]:
    run_it: Any = session.exec
    rows: list[tuple[Reference, ReferenceVersion, ReferenceFile | None]]
    rows = (await run_it(wanted)).all()
    found: dict[str, tuple[Reference, ReferenceVersion, list[ReferenceFile]]] = {}
    for reference, version, file in rows:
        _, _, files = found.setdefault(reference.id, (reference, version, []))
        if file is not None:
            files.append(file)
    return [Asset(reference, version, tuple(files)) for reference, version, files in found.values()]


async def kept_files(
    session: Session, production: Production
) -> list[tuple[Reference, ReferenceFile]]:
    """Give every file that a production's references keep in their newest versions."""
    wanted = _NEWEST.where(
        col(Reference.workspace_id) == production.workspace_id,
        col(Reference.production_id) == production.id,
        col(ReferenceFile.sha256).is_not(None),
    )
    run_it: Any = session.exec
    rows: list[tuple[Reference, ReferenceVersion, ReferenceFile]] = (await run_it(wanted)).all()
    return [(reference, file) for reference, _, file in rows]


async def keep_uses(session: Session, uses: Iterable[ReferenceUse]) -> None:
    """Keep what a take is made after; it never changes."""
    if rows := [use.model_dump() for use in uses]:
        await run(session, table_of(ReferenceUse).insert(), rows)


async def uses_of(session: Session, take: Take) -> list[ReferenceUse]:
    """Give what a take was made after, directly and through the takes it was worked from."""
    wanted = select(ReferenceUse).where(
        ReferenceUse.workspace_id == take.workspace_id, ReferenceUse.take_id == take.id
    )
    return list((await session.exec(wanted)).all())
