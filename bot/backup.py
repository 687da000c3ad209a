"""Copy SQLite databases while they are in use."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

_PAGES = 2000
"""Copied at a time; the app may write in between, and what it wrote is copied again."""


def copy(source: Path, target: Path, *, tell: Callable[[int, int], None] | None = None) -> None:
    """Copy a database to a new file, consistent as of the moment the copy ends.

    Checks the copy before it gets its name. Raises OSError, or sqlite3.Error if the source is
    damaged; leaves nothing half-made behind.
    """
    if target.exists():
        raise FileExistsError(f"{target} is there already; a backup never replaces a file.")
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        _copy(source, part, tell)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def _copy(source: Path, part: Path, tell: Callable[[int, int], None] | None) -> None:
    def progress(_status: int, remaining: int, total: int) -> None:
        if tell:
            tell(total - remaining, total)

    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as there,
        closing(sqlite3.connect(part)) as here,
    ):
        there.backup(here, pages=_PAGES, progress=progress, sleep=0.01)
        here.execute("PRAGMA journal_mode=DELETE")
        (verdict,) = here.execute("PRAGMA quick_check").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"The copy is damaged: {verdict}")
    with part.open("rb") as file:
        os.fsync(file.fileno())
