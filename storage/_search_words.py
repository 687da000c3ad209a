"""What both kinds of database are asked, and the marks that stand beside people's words."""

import re
import string
import unicodedata
from dataclasses import dataclass
from datetime import datetime

_BITS = 20
"""A `seq` is a second, and below it a count of this many bits."""
BEYOND = 1 << 62
WEEK = 7 * 86_400 << _BITS
_LONGEST = 200
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
Row = tuple[int, str, str]


@dataclass(frozen=True)
class Look:
    """One look into the index, from `before` back to `since`."""

    workspace_id: str
    production_id: str
    terms: tuple[str, ...]
    filters: dict[str, tuple[str, ...]]
    since: int
    before: int
    limit: int


def first_of(at: datetime) -> int:
    """Give the lowest `seq` that a record of this moment can have."""
    return int(at.timestamp()) << _BITS


def mark(letter: str, value: str) -> str:
    """Write a mark as the triggers do: no word of anybody's is spelled like one."""
    return f"{letter}{value[:_LONGEST].translate(_SMALL).encode().hex()}0"


def spoken(term: str) -> str:
    """Leave only letters, digits and blanks: nothing of a search language is ever in there."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", term)))
