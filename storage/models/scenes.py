"""Sequences, scenes and shots."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from storage._types import Utc
from storage.models import _columns as make


class Sequence(SQLModel, table=True):
    """Ordered scenes with one story job."""

    __tablename__: ClassVar[Any] = "sequence"
    __table_args__ = (
        make.whole(),
        make.whole("production_id", "number"),
        make.refers("production_id", "production"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    number: int
    title: str = make.text()
    story_job: str = make.text()
    """What the sequence does for the story."""
    visual_rules: str = make.text()
    feeling: str = make.text()
    must_carry: str = make.text()
    must_not_show: str = make.text()
    constraints: str = make.text()
    """As a scene's: one a line, for every scene of the sequence."""
    inherits_id: str | None = Field(default=None, max_length=24)
    """Another sequence of the production, whose intent holds here where this one is silent."""
    salt: str = ""
    """Commits the log to the texts without containing them."""

    @property
    def code(self) -> str:
        """`SQ010` and so on, in tens as the trade counts."""
        return f"SQ{self.number:03d}"


class Scene(SQLModel, table=True):
    """The production object. Its Slack thread is its record."""

    __tablename__: ClassVar[Any] = "scene"
    __table_args__ = (
        make.whole(),
        make.whole("production_id", "number"),
        make.refers("production_id", "production"),
        make.refers("sequence_id", "sequence"),
        Index("scene_by_thread", "workspace_id", "channel_id", "thread_ts"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    sequence_id: str = Field(max_length=24)
    number: int
    title: str
    purpose: str = make.text()
    change: str = make.text()
    feeling: str = make.text()
    must_carry: str = make.text()
    must_not_show: str = make.text()
    constraints: str = make.text()
    """Rights, brand, safety and disclosure as people wrote them, one a line."""
    brief: str = make.text()
    source_text: str = make.text()
    """The thread the scene was made from, whole, as it was read."""
    source_link: str = make.text()
    overrides: str = make.text()
    """Why it departs from what sequence and production say; empty where it departs from nothing."""
    salt: str = ""
    """Commits the log to `purpose` without containing it."""
    channel_id: str = Field(max_length=24)
    thread_ts: str | None = Field(default=None, max_length=24)
    """None until the scene's card is posted, unless it was made from a thread."""
    opened_by: str = Field(max_length=24)
    opened_at: datetime = Field(sa_type=Utc)

    @property
    def code(self) -> str:
        """`SC010` and so on."""
        return f"SC{self.number:03d}"


class Shot(SQLModel, table=True):
    """The smallest planned unit."""

    __tablename__: ClassVar[Any] = "shot"
    __table_args__ = (
        make.whole(),
        make.whole("scene_id", "number"),
        make.refers("scene_id", "scene"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    scene_id: str = Field(max_length=24)
    number: int
    action: str = make.text()
    framing: str = make.text()
    camera: str = make.text()
    seconds: float = 5
    ratio: str = "16:9"
    continues_id: str | None = Field(default=None, max_length=24)
    """The take of an earlier shot that it goes on from: its first order begins as that one did."""
    takes_made: int = 0
    """The highest take number given out so far."""
    circle_take_id: str | None = Field(default=None, max_length=24)
    """The approved take; at most one, and always findable here."""

    @property
    def code(self) -> str:
        """`SH010` and so on."""
        return f"SH{self.number:03d}"


class Draft(SQLModel, table=True):
    """What was read of a thread while its form is open: more than Slack's forms can carry."""

    __tablename__: ClassVar[Any] = "draft"

    workspace_id: str = Field(primary_key=True, max_length=24)
    id: str = make.key()
    body: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_type=Utc, index=True)
