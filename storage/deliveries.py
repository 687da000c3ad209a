"""Which of Slack's deliveries have had their effect."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col

from storage._sql import insert_new
from storage.database import Session
from storage.models import Delivery


async def claim(session: Session, workspace_id: str, key: str, *, at: datetime) -> bool:
    """Say whether this delivery is new, and note it in the transaction of its effect."""
    values = {"workspace_id": workspace_id, "key": key[:200], "at": at}
    return await insert_new(session, Delivery, values)


async def forget(session: Session, *, before: datetime) -> None:
    """Drop what Slack will not repeat any more."""
    await session.exec(delete(Delivery).where(col(Delivery.at) < before))
