"""Rule books and the constraints that producers have waived."""

from sqlalchemy import func
from sqlmodel import col, select

from storage._sql import insert_new
from storage.database import Session
from storage.models import Production, RuleBook, Scene, Waiver


async def newest(session: Session, production: Production) -> RuleBook | None:
    """Give the edition that counts; None while there is none."""
    wanted = select(RuleBook).where(
        RuleBook.workspace_id == production.workspace_id, RuleBook.production_id == production.id
    )
    return (await session.exec(wanted.order_by(col(RuleBook.number).desc()).limit(1))).first()


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
