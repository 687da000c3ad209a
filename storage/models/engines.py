"""What happens to engines, as far as productions notice."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage._types import Utc
from storage.models import _columns as make

_OPEN = text("ended_at IS NULL")


class Outage(SQLModel, table=True):
    """A time in which an engine did not answer, as one production was told of it, once."""

    __tablename__: ClassVar[Any] = "outage"
    __table_args__ = (
        make.whole(),
        make.refers("production_id", "production"),
        Index(
            "outage_is_open_once",
            "workspace_id",
            "production_id",
            "engine",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    engine: str
    began_at: datetime = Field(sa_type=Utc)
    ended_at: datetime | None = make.moment()
    why: str = make.text()
