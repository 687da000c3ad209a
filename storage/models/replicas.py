"""The processes of ours that share one PostgreSQL, and how long each may be counted on."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from storage._types import Utc
from storage.models import _columns as make


class Replica(SQLModel, table=True):
    """One living process: its executor id, and the lease that it renews while it lives.

    It is about our own processes, so it belongs to no workspace. A row that is gone is a replica
    that others have replaced.
    """

    __tablename__: ClassVar[Any] = "replica"

    id: str = make.key()
    """DBOS's executor id of this start of the process; never used again."""
    host: str
    """Machine and process, for the operator's eyes."""
    started_at: datetime = Field(sa_type=Utc)
    until: datetime = Field(sa_type=Utc, index=True)
    """By the database's clock: from then on others take its work over."""
