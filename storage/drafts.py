"""What was read of a thread while its form is open."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from storage.database import Session
from storage.models import Draft


async def keep(session: Session, workspace_id: str, body: dict[str, Any], *, at: datetime) -> str:
    """Keep a draft and give its id."""
    draft = Draft(workspace_id=workspace_id, body=body, at=at)
    session.add(draft)
    await session.flush()
    return draft.id


async def get(session: Session, workspace_id: str, draft_id: str) -> dict[str, Any] | None:
    """Give a draft's content."""
    draft = await session.get(Draft, (workspace_id, draft_id))
    return draft.body if draft else None


async def forget(session: Session, *, before: datetime) -> None:
    """Drop drafts whose form was never sent."""
    await session.exec(delete(Draft).where(col(Draft.at) < before))
