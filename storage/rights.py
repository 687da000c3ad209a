"""Releases and licences, and the references that they cover."""

from collections.abc import Collection

from sqlalchemy import and_
from sqlmodel import col, select

from storage.database import Session
from storage.models import Release, ReleaseCover


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
