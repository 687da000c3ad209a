"""Sequences, scenes, shots, and the references that they are made after."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from storage._types import Utc
from storage.models import _columns as make
from storage.models.words import ReferenceKind, ReferenceStatus


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
    takes_made: int = 0
    """The highest take number given out so far."""
    circle_take_id: str | None = Field(default=None, max_length=24)
    """The approved take; at most one, and always findable here."""

    @property
    def code(self) -> str:
        """`SH010` and so on."""
        return f"SH{self.number:03d}"


class Reference(SQLModel, table=True):
    """A versioned asset that a scene is made after."""

    __tablename__: ClassVar[Any] = "reference"
    __table_args__ = (make.whole(), make.refers("scene_id", "scene"))

    id: str = make.key()
    workspace_id: str = make.workspace(index=True)
    scene_id: str = Field(max_length=24, index=True)
    version: int = 1
    kind: ReferenceKind = Field(default=ReferenceKind.STYLE, sa_type=make.word(ReferenceKind))
    status: ReferenceStatus = Field(
        default=ReferenceStatus.PROPOSED, sa_type=make.word(ReferenceStatus)
    )
    title: str = make.text()
    file_id: str | None = Field(default=None, max_length=24)
    """Slack's file, if it came from a thread."""
    sha256: str | None = Field(default=None, max_length=64)
    """None until the file has been fetched and found to be a picture."""
    problem: str = make.text()
    """Why the file could not be used, in a sentence; empty if it can."""
    proposed_by: str = Field(max_length=24)
    proposed_at: datetime = Field(sa_type=Utc)


class Draft(SQLModel, table=True):
    """What was read of a thread while its form is open: more than Slack's forms can carry."""

    __tablename__: ClassVar[Any] = "draft"

    workspace_id: str = Field(primary_key=True, max_length=24)
    id: str = make.key()
    body: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_type=Utc, index=True)
