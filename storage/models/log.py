"""The log, its head, and the deliveries that have had their effect."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from storage._types import Utc


class Entry(SQLModel, table=True):
    """One row of the log. The database refuses to change or remove it."""

    __tablename__: ClassVar[Any] = "entry"
    __table_args__ = (
        Index("entry_by_scene", "workspace_id", "scene_id", "seq"),
        Index("entry_by_day", "workspace_id", "production_id", "at"),
    )

    workspace_id: str = Field(primary_key=True, max_length=24)
    seq: int = Field(primary_key=True)
    """1, 2, 3 … without a gap in each workspace."""
    at: datetime = Field(sa_type=Utc)
    kind: str = Field(max_length=40)
    """`noun.past_tense`, such as `take.approved`."""
    production_id: str | None = Field(default=None, max_length=24)
    scene_id: str | None = Field(default=None, max_length=24)
    take_id: str | None = Field(default=None, max_length=24)
    actor: str = Field(max_length=24)
    """A `Person.id`, or `circletake` for what the app did by itself."""
    body: str = Field(sa_type=Text)
    """The whole entry as canonical JSON, with the hash of the one before it."""
    hash: str = Field(max_length=64)
    """SHA-256 of a zero byte and `body` (an RFC 9162 leaf)."""


class LogHead(SQLModel, table=True):
    """The last entry of a workspace's log: locked while the next one is written."""

    __tablename__: ClassVar[Any] = "log_head"

    workspace_id: str = Field(primary_key=True, max_length=24)
    seq: int = 0
    hash: str = Field(default="0" * 64, max_length=64)


class Delivery(SQLModel, table=True):
    """A delivery of Slack's that has had its effect; a second one has none."""

    __tablename__: ClassVar[Any] = "delivery"

    workspace_id: str = Field(primary_key=True, max_length=24)
    key: str = Field(primary_key=True, max_length=200)
    at: datetime = Field(sa_type=Utc, index=True)
