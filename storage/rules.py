"""Rule books and the constraints that producers have waived."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from storage._sql import insert_new
from storage.database import Session
from storage.models import Production, RuleBook, Scene, Sequence, Waiver


async def newest(session: Session, production: Production) -> RuleBook | None:
    """Give the edition that counts; None while there is none."""
    wanted = select(RuleBook).where(
        RuleBook.workspace_id == production.workspace_id, RuleBook.production_id == production.id
    )
    return (await session.exec(wanted.order_by(col(RuleBook.number).desc()).limit(1))).first()


@dataclass(frozen=True)
class Bearing:
    """A scene with what says something to it, but for what its sequence inherits."""

    scene: Scene
    sequence: Sequence
    book: RuleBook | None
    """The edition that counts."""


_OTHER = aliased(RuleBook)
_NEWEST = (
    select(func.max(_OTHER.number))
    .where(
        col(_OTHER.workspace_id) == Scene.workspace_id,
        col(_OTHER.production_id) == Scene.production_id,
    )
    .correlate(Scene)
    .scalar_subquery()
)
_BEARING = (
    select(Scene, Sequence, RuleBook)
    .join(
        Sequence,
        and_(
            col(Sequence.workspace_id) == Scene.workspace_id, col(Sequence.id) == Scene.sequence_id
        ),
    )
    .join(
        RuleBook,
        and_(
            col(RuleBook.workspace_id) == Scene.workspace_id,
            col(RuleBook.production_id) == Scene.production_id,
            col(RuleBook.number) == _NEWEST,
        ),
        isouter=True,
    )
    .where(col(Scene.workspace_id) == bindparam("workspace_id"), Scene.id == bindparam("scene_id"))
)


async def bearing_on(session: Session, workspace_id: str, scene_id: str) -> Bearing:
    """Give a scene with what says something to it, in one question; it must exist."""
    values = {"workspace_id": workspace_id, "scene_id": scene_id}
    return Bearing(*(await session.exec(_BEARING, params=values)).one())


async def edition(session: Session, production: Production, number: int) -> RuleBook | None:
    """Give one edition by its number."""
    wanted = select(RuleBook).where(
        RuleBook.workspace_id == production.workspace_id,
        RuleBook.production_id == production.id,
        RuleBook.number == number,
    )
    return (await session.exec(wanted)).first()


async def editions(session: Session, production: Production, *, last: int) -> list[RuleBook]:
    """Give the newest editions, newest first."""
    wanted = select(RuleBook).where(
        RuleBook.workspace_id == production.workspace_id, RuleBook.production_id == production.id
    )
    newest_first = wanted.order_by(col(RuleBook.number).desc()).limit(last)
    return list((await session.exec(newest_first)).all())


async def with_text(session: Session, production: Production, sha256: str) -> RuleBook | None:
    """Give the newest edition whose text has this hash."""
    wanted = select(RuleBook).where(
        RuleBook.workspace_id == production.workspace_id,
        RuleBook.production_id == production.id,
        RuleBook.sha256 == sha256,
    )
    return (await session.exec(wanted.order_by(col(RuleBook.number).desc()).limit(1))).first()


async def next_number(session: Session, production: Production) -> int:
    """Give the next edition's number. The caller holds the production's row."""
    wanted = select(func.max(RuleBook.number)).where(
        col(RuleBook.workspace_id) == production.workspace_id,
        col(RuleBook.production_id) == production.id,
    )
    return ((await session.exec(wanted)).one() or 0) + 1


async def waived(session: Session, scene: Scene) -> dict[str, Waiver]:
    """Give what producers have waived for a scene, by the constraint's key."""
    wanted = select(Waiver).where(
        Waiver.workspace_id == scene.workspace_id, Waiver.scene_id == scene.id
    )
    return {each.key: each for each in (await session.exec(wanted)).all()}


async def waive(session: Session, waiver: Waiver) -> bool:
    """Keep a waiver; say whether that constraint was not waived for the scene already."""
    return await insert_new(session, Waiver, waiver.model_dump())
