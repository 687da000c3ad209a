"""What every subcommand shares: its shape, and reading codes out of words."""

from collections.abc import Awaitable
from typing import Any, Protocol

from handlers.house import House
from handlers.payloads import Call

Answer = str | list[dict[str, Any]] | None


class Subcommand(Protocol):
    """One file of this folder: the first line of its docstring is its help."""

    __doc__: str | None

    def run(self, call: Call, house: House) -> Awaitable[Answer]:
        """Do it; what it gives is read by the person who asked."""
        ...


def split(text: str) -> tuple[str, str]:
    """Split a subcommand's name from what follows it."""
    name, _, rest = text.strip().partition(" ")
    return name.lower(), rest.strip()
