"""Releases and licences, what they cover, and the takes that wait for a producer's ruling."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Date, Index
from sqlmodel import Field, SQLModel

from storage._types import Utc
from storage.models import _columns as make
from storage.models.words import ReleaseKind, Ruling


class Release(SQLModel, table=True):
    """The permission behind references: from whom, for what, where and for how long."""

    __tablename__: ClassVar[Any] = "release"
    __table_args__ = (
        make.whole(),
        make.whole("production_id", "number"),
        make.refers("production_id", "production"),
        Index("release_by_end", "ends_on"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    number: int
    kind: ReleaseKind = Field(default=ReleaseKind.RELEASE, sa_type=make.word(ReleaseKind))
    holder: str = make.text()
    """Who gives the permission."""
    scope: str = make.text()
    """What may be done."""
    media: str = make.text()
    territory: str = make.text()
    starts_on: date = Field(sa_type=Date)
    ends_on: date | None = Field(default=None, sa_type=Date)
    """The last day that it holds, in the production's time zone; None if it never ends."""
    exclusive: bool = False
    note: str = make.text()
    document_name: str = make.text()
    document_file_id: str | None = Field(default=None, max_length=24)
    """Slack's file, if the document came from there."""
    document_sha256: str | None = Field(default=None, max_length=64)
    """The signed paper, kept as a file; None until it has been fetched, or if there is none."""
    document_problem: str = make.text()
    revoked_at: datetime | None = make.moment()
    revoked_by: str = Field(default="", max_length=24)
    revoked_reason: str = make.text()
    salt: str = ""
    """Commits the log to holder, scope and reason without containing them."""
    recorded_by: str = Field(max_length=24)
    recorded_at: datetime = Field(sa_type=Utc)

    @property
    def code(self) -> str:
        """`L3` and so on."""
        return f"L{self.number}"


class ReleaseCover(SQLModel, table=True):
    """That a release covers a reference."""

    __tablename__: ClassVar[Any] = "release_cover"
    __table_args__ = (
        make.refers("release_id", "release"),
        make.refers("reference_id", "reference"),
        Index("release_cover_by_reference", "workspace_id", "reference_id"),
    )

    workspace_id: str = Field(primary_key=True, max_length=24)
    release_id: str = Field(primary_key=True, max_length=24)
    reference_id: str = Field(primary_key=True, max_length=24)


class RightsNotice(SQLModel, table=True):
    """The claim on one reminder of one release: whoever inserts it, sends it."""

    __tablename__: ClassVar[Any] = "rights_notice"

    workspace_id: str = Field(primary_key=True, max_length=24)
    release_id: str = Field(primary_key=True, max_length=24)
    notice: str = Field(primary_key=True, max_length=8)
    """`30`, `7` or `1` days before the end, `over`, or `begins`."""
    ends_on: date = Field(primary_key=True, sa_type=Date)
    """Of the term it was about: a term that is prolonged is reminded of anew."""
    at: datetime = Field(sa_type=Utc)


class Hold(SQLModel, table=True):
    """A take whose reference is not in order any more, and what a producer decided about it."""

    __tablename__: ClassVar[Any] = "hold"
    __table_args__ = (
        make.whole(),
        make.whole("take_id", "reference_id", "cause"),
        make.refers("take_id", "take"),
        make.refers("reference_id", "reference"),
        make.refers("scene_id", "scene"),
        Index("hold_by_ruling", "workspace_id", "production_id", "ruling", "opened_at"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    scene_id: str = Field(max_length=24)
    take_id: str = Field(max_length=24)
    reference_id: str = Field(max_length=24)
    cause: str = Field(max_length=64)
    """What happened, by its identity: another cause is another hold."""
    opened_at: datetime = Field(sa_type=Utc)
    ruling: Ruling | None = Field(default=None, sa_type=make.word(Ruling))
    ruled_by: str = Field(default="", max_length=24)
    ruled_at: datetime | None = make.moment()
    reason: str = make.text()
    salt: str = ""
    """Commits the log to the reason without containing it."""
