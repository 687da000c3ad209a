"""What survives a restart: tables, queries, files, migrations."""

from storage._types import new_id
from storage.database import Database, Session

__all__ = ["Database", "Session", "new_id"]
