"""Castings: which scenes are made after which references."""

from collections.abc import Collection

from sqlalchemy import and_, delete
from sqlmodel import col, select

from storage._sql import changed, insert_new
from storage.database import Session
from storage.models import Casting, Reference, Scene


async def cast(session: Session, scene: Scene, reference_id: str) -> bool:
    """Make a scene after a reference; say whether it was not so before."""
    values = {
        "workspace_id": scene.workspace_id, "scene_id": scene.id, "reference_id": reference_id,
    }  # fmt: skip
    return await insert_new(session, Casting, values)


async def uncast(session: Session, scene: Scene, reference_id: str) -> bool:
    """Make a scene without a reference; takes keep what they used. Say whether it was in it."""
    gone = delete(Casting).where(
        col(Casting.workspace_id) == scene.workspace_id,
        col(Casting.scene_id) == scene.id,
        col(Casting.reference_id) == reference_id,
    )
    return bool(await changed(session, gone))


async def scenes_of(session: Session, reference: Reference) -> list[Scene]:
    """Give the scenes that a reference is cast in, by number."""
    wanted = (
        select(Scene)
        .join(
            Casting,
            and_(
                col(Casting.workspace_id) == Scene.workspace_id,
                col(Casting.scene_id) == Scene.id,
            ),
        )
        .where(Casting.workspace_id == reference.workspace_id, Casting.reference_id == reference.id)
    )
    return list((await session.exec(wanted.order_by(col(Scene.number)))).all())


async def scenes_with(
    session: Session, workspace_id: str, reference_ids: Collection[str]
) -> dict[str, list[Scene]]:
    """Give the scenes that each of these references is cast in, by the reference's id."""
    wanted = (
        select(Casting.reference_id, Scene)
        .join(
            Scene,
            and_(
                col(Scene.workspace_id) == Casting.workspace_id,
                col(Scene.id) == Casting.scene_id,
            ),
        )
        .where(Casting.workspace_id == workspace_id, col(Casting.reference_id).in_(reference_ids))
        .order_by(col(Scene.number))
    )
    found: dict[str, list[Scene]] = {}
    for reference_id, scene in (await session.exec(wanted)).all():
        found.setdefault(reference_id, []).append(scene)
    return found
