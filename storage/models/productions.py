"""People, the production they work on, and their roles in it."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from storage._types import Utc
from storage.models import _columns as make
from storage.models.words import Role


class Person(SQLModel, table=True):
    """Somebody seen in Slack. The log knows only `id`; the name beside it can be erased."""

    __tablename__: ClassVar[Any] = "person"
    __table_args__ = (make.whole(), make.whole("user_id"))

    id: str = make.key()
    workspace_id: str = make.workspace()
    user_id: str = Field(max_length=24)
    team_id: str = Field(max_length=24)
    """The person's home workspace: differs from `workspace_id` for people of a client."""
    name: str = make.text()
    zone: str = "UTC"
    read_at: datetime | None = make.moment()
    """When name and zone were last read from Slack; None if they never were."""


class Production(SQLModel, table=True):
    """The job: bound to a team channel and, if there is one, a client channel."""

    __tablename__: ClassVar[Any] = "production"
    __table_args__ = (make.whole(), make.whole("channel_id"), make.whole("client_channel_id"))

    id: str = make.key()
    workspace_id: str = make.workspace()
    name: str
    channel_id: str = Field(max_length=24)
    client_channel_id: str | None = Field(default=None, max_length=24)
    client_team_id: str | None = Field(default=None, max_length=24)
    client_open: bool = True
    """Anybody of the client's workspace decides; otherwise only named clients."""
    budget_soft_cents: int | None = None
    """Beyond this an order is warned about, once the line is crossed; None for no such line."""
    budget_hard_cents: int | None = None
    """Beyond this nothing is ordered."""
    zone: str = "UTC"
    opened_by: str = Field(max_length=24)
    opened_at: datetime = Field(sa_type=Utc)


class CrewMember(SQLModel, table=True):
    """One role of one person in a production."""

    __tablename__: ClassVar[Any] = "crew"
    __table_args__ = (make.refers("production_id", "production"),)

    workspace_id: str = Field(primary_key=True, max_length=24)
    production_id: str = Field(primary_key=True, max_length=24)
    user_id: str = Field(primary_key=True, max_length=24)
    role: Role = Field(primary_key=True, sa_type=make.word(Role))
