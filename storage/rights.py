"""Releases and licences, and the references that they cover."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, delete, exists, func, or_, update
from sqlmodel import col, select

from storage._sql import changed, find, insert_new
from storage.database import Session
from storage.models import Production, Reference, Release, ReleaseCover, RightsNotice

Told = tuple[str, str, date]
"""A reminder by its release, its word and the day that it was about."""


async def get(session: Session, workspace_id: str, release_id: str) -> Release | None:
    """Give one as it is now."""
    return await find(session, Release, workspace_id, release_id)


async def hold(session: Session, workspace_id: str, release_id: str) -> Release | None:
    """Give one as it is now and keep others from changing it until the commit."""
    wanted = select(Release).where(Release.workspace_id == workspace_id, Release.id == release_id)
    fresh = wanted.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(fresh)).first()


async def by_number(session: Session, production: Production, number: int) -> Release | None:
    """Give the release of a production by its number."""
    wanted = select(Release).where(*_in(production), Release.number == number)
    return (await session.exec(wanted)).first()


async def next_number(session: Session, production: Production) -> int:
    """Give the next release number. The caller holds the production's row."""
    wanted = select(func.max(Release.number)).where(
        col(Release.workspace_id) == production.workspace_id,
        col(Release.production_id) == production.id,
    )
    return ((await session.exec(wanted)).one() or 0) + 1


async def of_production(session: Session, production: Production) -> list[Release]:
    """Give a production's releases and licences, by number."""
    wanted = select(Release).where(*_in(production)).order_by(col(Release.number))
    return list((await session.exec(wanted)).all())


def _in(production: Production) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Release.workspace_id) == production.workspace_id,
        col(Release.production_id) == production.id,
    )


async def covered_by(
    session: Session, workspace_id: str, release_ids: Collection[str]
) -> dict[str, list[Reference]]:
    """Give the references that each of these releases covers, by number, by the release's id."""
    wanted = (
        select(ReleaseCover.release_id, Reference)
        .join(
            Reference,
            and_(
                col(Reference.workspace_id) == ReleaseCover.workspace_id,
                col(Reference.id) == ReleaseCover.reference_id,
            ),
        )
        .where(
            ReleaseCover.workspace_id == workspace_id,
            col(ReleaseCover.release_id).in_(release_ids),
        )
        .order_by(col(Reference.number))
    )
    found: dict[str, list[Reference]] = {}
    for release_id, reference in (await session.exec(wanted)).all():
        found.setdefault(release_id, []).append(reference)
    return found


async def cover(session: Session, release: Release, reference_ids: Collection[str]) -> None:
    """Let a release cover these references and no others."""
    key = {"workspace_id": release.workspace_id, "release_id": release.id}
    gone = delete(ReleaseCover).where(
        col(ReleaseCover.workspace_id) == release.workspace_id,
        col(ReleaseCover.release_id) == release.id,
        col(ReleaseCover.reference_id).not_in(reference_ids),
    )
    await changed(session, gone)
    for reference_id in reference_ids:
        await insert_new(session, ReleaseCover, {**key, "reference_id": reference_id})


async def covering(
    session: Session, workspace_id: str, reference_ids: Collection[str]
) -> dict[str, list[Release]]:
    """Give the releases that stand behind each of these references, by the reference's id."""
    wanted = (
        select(ReleaseCover.reference_id, Release)
        .join(
            Release,
            and_(
                col(Release.workspace_id) == ReleaseCover.workspace_id,
                col(Release.id) == ReleaseCover.release_id,
            ),
        )
        .where(
            ReleaseCover.workspace_id == workspace_id,
            col(ReleaseCover.reference_id).in_(reference_ids),
        )
        .order_by(col(Release.number))
    )
    found: dict[str, list[Release]] = {}
    for reference_id, release in (await session.exec(wanted)).all():
        found.setdefault(reference_id, []).append(release)
    return found


async def awaiting(session: Session, *, before: date) -> list[tuple[Release, Production]]:
    """Give releases of every workspace that begin or end before a day and were not said to have.

    Of those that were revoked nobody is reminded. Whether one began after it was recorded is for
    the day of its production to say; here it is by another's, so that none is left out.
    """
    begins = and_(
        col(Release.starts_on) <= before,
        col(Release.starts_on) >= func.date(col(Release.recorded_at), type_=Date),
        ~_said("begins", col(Release.starts_on)),
    )
    ends = and_(col(Release.ends_on) <= before, ~_said("over", col(Release.ends_on)))
    wanted = (
        select(Release, Production)
        .join(
            Production,
            and_(
                col(Production.workspace_id) == Release.workspace_id,
                col(Production.id) == Release.production_id,
            ),
        )
        .where(col(Release.revoked_at).is_(None), or_(begins, ends))
        .order_by(col(Release.id))
    )
    return list((await session.exec(wanted)).all())


def _said(notice: str, day: Any) -> Any:
    return exists().where(
        col(RightsNotice.workspace_id) == Release.workspace_id,
        col(RightsNotice.release_id) == Release.id,
        col(RightsNotice.notice) == notice,
        col(RightsNotice.ends_on) == day,
    )


async def notices(session: Session, release_ids: Collection[str]) -> set[Told]:
    """Give the reminders that were sent about releases, of every workspace."""
    wanted = select(RightsNotice).where(col(RightsNotice.release_id).in_(release_ids))
    return {
        (each.release_id, each.notice, each.ends_on) for each in (await session.exec(wanted)).all()
    }


async def claim(session: Session, release: Release, told: Told, *, at: datetime) -> bool:
    """Claim a reminder; False if somebody has sent it."""
    _, notice, day = told
    values = {
        "workspace_id": release.workspace_id, "release_id": release.id, "notice": notice,
        "ends_on": day, "at": at,
    }  # fmt: skip
    return await insert_new(session, RightsNotice, values)


async def unread_documents(session: Session, *, limit: int) -> list[Release]:
    """Give releases of every workspace whose paper has not been fetched yet, oldest first."""
    wanted = select(Release).where(
        col(Release.document_file_id).is_not(None),
        col(Release.document_sha256).is_(None),
        Release.document_problem == "",
    )
    return list((await session.exec(wanted.order_by(col(Release.id)).limit(limit))).all())


async def settle_document(session: Session, release: Release, **values: Any) -> bool:
    """Keep what became of a release's paper, once; False if it was settled or exchanged."""
    settled = (
        update(Release)
        .where(
            col(Release.workspace_id) == release.workspace_id,
            col(Release.id) == release.id,
            col(Release.document_file_id) == release.document_file_id,
            col(Release.document_sha256).is_(None),
            col(Release.document_problem) == "",
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(await changed(session, settled))
