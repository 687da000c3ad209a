"""Productions and their crews."""

from sqlalchemy import delete
from sqlmodel import col, or_, select

from storage._sql import one
from storage.database import Session
from storage.models import CrewMember, Production, Role


async def get(session: Session, workspace_id: str, production_id: str) -> Production:
    """Give one; it must exist."""
    return await one(session, Production, workspace_id, production_id)


async def in_channel(session: Session, workspace_id: str, channel_id: str) -> Production | None:
    """Give the production whose team or client channel this is."""
    wanted = select(Production).where(
        Production.workspace_id == workspace_id,
        or_(Production.channel_id == channel_id, Production.client_channel_id == channel_id),
    )
    return (await session.exec(wanted)).first()


async def every(session: Session, workspace_id: str) -> list[Production]:
    """Give a workspace's productions, oldest first."""
    wanted = select(Production).where(Production.workspace_id == workspace_id)
    return list((await session.exec(wanted.order_by(col(Production.opened_at)))).all())


async def crew(session: Session, production: Production) -> dict[str, set[Role]]:
    """Give everybody's roles by user id."""
    wanted = select(CrewMember).where(
        CrewMember.workspace_id == production.workspace_id,
        CrewMember.production_id == production.id,
    )
    roles: dict[str, set[Role]] = {}
    for member in (await session.exec(wanted)).all():
        roles.setdefault(member.user_id, set()).add(member.role)
    return roles


async def cast(session: Session, production: Production, role: Role, user_ids: set[str]) -> None:
    """Make these, and nobody else, hold a role."""
    key = {"workspace_id": production.workspace_id, "production_id": production.id}
    await session.exec(
        delete(CrewMember).where(
            col(CrewMember.workspace_id) == production.workspace_id,
            col(CrewMember.production_id) == production.id,
            col(CrewMember.role) == role,
        )
    )
    session.add_all(CrewMember(**key, user_id=user_id, role=role) for user_id in user_ids)
    await session.flush()
