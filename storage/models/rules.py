"""A production's rule books, and the constraints that a producer has waived."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from storage._types import Utc
from storage.models import _columns as make


class RuleBook(SQLModel, table=True):
    """One edition of a production's rules as YAML. Never changes; the newest edition counts."""

    __tablename__: ClassVar[Any] = "rule_book"
    __table_args__ = (
        make.whole(),
        make.whole("production_id", "number"),
        make.refers("production_id", "production"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    number: int
    template: str = Field(default="", max_length=40)
    """The template it began as."""
    body: str = Field(sa_type=Text)
    sha256: str = Field(max_length=64)
    made_by: str = Field(max_length=24)
    made_at: datetime = Field(sa_type=Utc)


class Waiver(SQLModel, table=True):
    """A producer's override of one constraint for one scene, with the reason."""

    __tablename__: ClassVar[Any] = "waiver"
    __table_args__ = (
        make.whole(),
        make.whole("scene_id", "key"),
        make.refers("scene_id", "scene"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    scene_id: str = Field(max_length=24)
    key: str = Field(max_length=16)
    """The constraint's own, by its kind and text: one that is reworded has to be waived anew."""
    reason: str = make.text()
    salt: str = ""
    """Commits the log to the reason without containing it."""
    waived_by: str = Field(max_length=24)
    waived_at: datetime = Field(sa_type=Utc)
