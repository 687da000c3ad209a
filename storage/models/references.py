"""References: versioned assets of a production, their files, and who used them."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from storage._types import Utc
from storage.models import _columns as make
from storage.models.words import FileForm, ReferenceKind, ReferenceStatus


class Reference(SQLModel, table=True):
    """A character, location, object, brand or style that takes are made after."""

    __tablename__: ClassVar[Any] = "reference"
    __table_args__ = (
        make.whole(),
        make.whole("production_id", "number"),
        make.refers("production_id", "production"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    number: int
    kind: ReferenceKind = Field(default=ReferenceKind.STYLE, sa_type=make.word(ReferenceKind))
    title: str = make.text()
    fields: dict[str, str] = Field(
        default_factory=dict[str, str], sa_column=Column(JSON, nullable=False)
    )
    """What its kind is described by, such as a character's face and wardrobe."""
    version: int = 1
    """The newest version's number."""
    needs_release: bool = False
    """Whether it may be used only with a release or licence that holds."""
    status: ReferenceStatus = Field(
        default=ReferenceStatus.PROPOSED, sa_type=make.word(ReferenceStatus)
    )
    status_turn: int = 0
    """Counts the changes of status, so that of two producers only the first has an effect."""
    status_by: str = Field(default="", max_length=24)
    status_at: datetime | None = make.moment()
    status_reason: str = make.text()
    status_salt: str = ""
    """Commits the log to the reason without containing it."""
    proposed_by: str = Field(max_length=24)
    proposed_at: datetime = Field(sa_type=Utc)

    @property
    def code(self) -> str:
        """`R12` and so on."""
        return f"R{self.number}"


class ReferenceVersion(SQLModel, table=True):
    """One state of a reference. Never changes; a change is the next version."""

    __tablename__: ClassVar[Any] = "reference_version"
    __table_args__ = (
        make.whole(),
        make.whole("reference_id", "number"),
        make.refers("reference_id", "reference"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    reference_id: str = Field(max_length=24)
    number: int
    note: str = make.text()
    """What is different from the version before."""
    made_by: str = Field(max_length=24)
    made_at: datetime = Field(sa_type=Utc)


class ReferenceFile(SQLModel, table=True):
    """One picture, clip or document of a version."""

    __tablename__: ClassVar[Any] = "reference_file"
    __table_args__ = (
        make.whole(),
        make.whole("version_id", "position"),
        make.refers("version_id", "reference_version"),
        make.refers("production_id", "production"),
        Index("reference_file_by_bytes", "workspace_id", "production_id", "sha256"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    version_id: str = Field(max_length=24)
    position: int
    """The first picture is the one that engines get unless others are chosen."""
    name: str = make.text()
    file_id: str | None = Field(default=None, max_length=24)
    """Slack's file, if it came from there."""
    form: FileForm | None = Field(default=None, sa_type=make.word(FileForm))
    """By its bytes, whatever its name says; None until it has been fetched."""
    sha256: str | None = Field(default=None, max_length=64)
    size: int = 0
    width: int = 0
    height: int = 0
    likeness: str = Field(default="", max_length=16)
    """A picture's perceptual hash: 64 bits as hex, near for pictures that look alike."""
    shown_sha256: str | None = Field(default=None, max_length=64)
    """A small plain copy for people to look at."""
    shown_file_id: str | None = Field(default=None, max_length=24)
    """Slack's copy of that."""
    problem: str = make.text()
    """Why the file could not be used, in a sentence; empty if it can."""


class Casting(SQLModel, table=True):
    """A reference that a scene is made after."""

    __tablename__: ClassVar[Any] = "casting"
    __table_args__ = (
        make.refers("scene_id", "scene"),
        make.refers("reference_id", "reference"),
        Index("casting_by_reference", "workspace_id", "reference_id"),
    )

    workspace_id: str = Field(primary_key=True, max_length=24)
    scene_id: str = Field(primary_key=True, max_length=24)
    reference_id: str = Field(primary_key=True, max_length=24)


class ReferenceUse(SQLModel, table=True):
    """That a take was made after one file of a reference's version: the graph, both ways."""

    __tablename__: ClassVar[Any] = "reference_use"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "take_id"], ["take.workspace_id", "take.id"]),
        # All that is counted is in it, so that the rows themselves need not be read.
        Index(
            "reference_use_by_reference",
            "workspace_id",
            "reference_id",
            "version",
            "take_id",
            "setup_id",
        ),
    )

    workspace_id: str = Field(primary_key=True, max_length=24)
    take_id: str = Field(primary_key=True, max_length=24)
    reference_id: str = Field(primary_key=True, max_length=24)
    version: int = Field(primary_key=True)
    sha256: str = Field(primary_key=True, max_length=64)
    setup_id: str = Field(max_length=24)
    via_take_id: str | None = Field(default=None, max_length=24)
    """The take that it was worked from, where the reference came in only through that one."""
