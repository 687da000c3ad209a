"""SQLite for what may be done twice: a file that does not wait for the disk at each commit."""

import sqlite3
from typing import Any


class BriskConnection(sqlite3.Connection):
    """A connection whose commits survive a crash of the app; a power cut may take the last ones.

    To be given to the driver as its `factory`. Readers and the writer do not wait for each other.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=NORMAL"):
            self.execute(f"PRAGMA {pragma}").close()
