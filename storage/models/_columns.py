"""The few columns and constraints that every table is made of."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, ForeignKeyConstraint, Text, UniqueConstraint
from sqlmodel import Field

from storage._types import Utc, new_id


def key() -> Any:
    """Make the id column, known before the row is inserted."""
    return Field(default_factory=new_id, primary_key=True, max_length=24)


def workspace(*, index: bool = False) -> Any:
    """Make the column that says whose record it is."""
    return Field(max_length=24, index=index)


def text() -> Any:
    """Make a column for text of any length."""
    return Field(default="", sa_type=Text)


def moment(*, default: None = None) -> Any:
    """Make a column for a moment that may not have come yet."""
    return Field(default=default, sa_type=Utc)


def word(kind: type[StrEnum]) -> Enum:
    """Store an enum as its plain word: readable in SQL, and a new word is no migration."""
    return Enum(kind, native_enum=False, length=20, values_callable=_words)


def _words(kind: type[StrEnum]) -> list[str]:
    return [word.value for word in kind]


def refers(here: str, there: str) -> ForeignKeyConstraint:
    """Tie a record to another of the same workspace; no other can be reached."""
    return ForeignKeyConstraint(["workspace_id", here], [f"{there}.workspace_id", f"{there}.id"])


def whole(*columns: str) -> UniqueConstraint:
    """Say that these columns, or the id, name one record of a workspace."""
    return UniqueConstraint("workspace_id", *(columns or ("id",)))
