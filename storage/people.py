"""People that Slack has shown us."""

from sqlmodel import select

from storage._sql import insert_new
from storage._types import new_id
from storage.database import Session
from storage.models import Person


async def find(session: Session, workspace_id: str, user_id: str) -> Person | None:
    """Give a person by Slack's user id."""
    wanted = select(Person).where(Person.workspace_id == workspace_id, Person.user_id == user_id)
    return (await session.exec(wanted)).first()


async def known(session: Session, workspace_id: str, user_id: str, *, team_id: str) -> Person:
    """Give a person, and remember them if they are new."""
    person = await find(session, workspace_id, user_id)
    if person is not None:
        return person
    values = {
        "id": new_id(), "workspace_id": workspace_id, "user_id": user_id,
        "team_id": team_id, "name": "", "zone": "UTC",
    }  # fmt: skip
    await insert_new(session, Person, values)
    person = await find(session, workspace_id, user_id)
    if person is None:
        raise LookupError(f"{user_id} could not be remembered.")
    return person


async def named(session: Session, workspace_id: str) -> dict[str, Person]:
    """Give everybody of a workspace by their pseudonym in the log."""
    rows = (await session.exec(select(Person).where(Person.workspace_id == workspace_id))).all()
    return {person.id: person for person in rows}
