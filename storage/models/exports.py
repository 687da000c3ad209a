"""Exports of circle takes, where they were placed, and the pages of sequences."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Date, Index
from sqlmodel import Field, SQLModel

from storage._types import Utc
from storage.models import _columns as make
from storage.models.words import Use


class Export(SQLModel, table=True):
    """A deliverable made from a circle take."""

    __tablename__: ClassVar[Any] = "export"
    __table_args__ = (
        make.whole(),
        make.whole("take_id", "preset"),
        make.refers("production_id", "production"),
        make.refers("scene_id", "scene"),
        make.refers("take_id", "take"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    scene_id: str = Field(max_length=24)
    take_id: str = Field(max_length=24)
    number: int
    """Counts a production's exports: `X4`."""
    preset: str = Field(default="master", max_length=40)
    path: str = make.text()
    """The name it is delivered under."""
    sha256: str = Field(max_length=64)
    exported_by: str = Field(max_length=24)
    exported_at: datetime = Field(sa_type=Utc)

    @property
    def code(self) -> str:
        """`X4` and so on."""
        return f"X{self.number}"


class Placement(SQLModel, table=True):
    """An export in a slot where people see it."""

    __tablename__: ClassVar[Any] = "placement"
    __table_args__ = (
        make.whole(),
        make.refers("export_id", "export"),
        Index("placement_by_export", "workspace_id", "export_id"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    export_id: str = Field(max_length=24)
    use: Use = Field(sa_type=make.word(Use))
    title: str = make.text()
    url: str = make.text()
    placed_on: date = Field(sa_type=Date)
    ended_on: date | None = Field(default=None, sa_type=Date)
    """The first day that it is not shown any more; None while it is."""
    placed_by: str = Field(max_length=24)
    placed_at: datetime = Field(sa_type=Utc)


class Page(SQLModel, table=True):
    """A sequence's page as Slack shows it."""

    __tablename__: ClassVar[Any] = "page"
    __table_args__ = (
        make.whole(),
        make.whole("sequence_id"),
        make.refers("sequence_id", "sequence"),
        Index("page_by_due", "due_at"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    sequence_id: str = Field(max_length=24)
    channel_id: str = Field(max_length=24)
    canvas_id: str | None = Field(default=None, max_length=24)
    sections: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """What each of its sections shows, by the section's name."""
    message_ts: str | None = Field(default=None, max_length=24)
    """The message that stands for the canvas where there can be none."""
    due_at: datetime | None = make.moment()
    """From when on it may be brought up to date; None while it is."""
    wanted: int = 1
    """Counts the changes of what it shows; the database's own triggers do."""
    problem: str = make.text()
