"""Let those who want the same small thing written within a second write it together."""

import asyncio
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Gathering(Generic[_T]):
    """Collects what is to be written, by a key of which the newest counts.

    For what is no loss: what nobody came to write, because he was cancelled, waits for the next.
    Two writings are so many seconds apart; whoever is alone does not wait for company.
    """

    def __init__(self, *, apart: float = 1.0) -> None:
        self._apart = apart
        self._gathered: dict[str, _T] = {}
        self._has_writer = False
        self._written_at = float("-inf")

    async def add(self, key: str, value: _T) -> list[_T]:
        """Add one; give all that have come together to the one who is to write them."""
        self._gathered[key] = value
        if self._has_writer:
            return []
        loop, self._has_writer = asyncio.get_running_loop(), True
        try:
            if (pause := self._written_at + self._apart - loop.time()) > 0:
                await asyncio.sleep(pause)
        finally:
            self._has_writer = False
        self._written_at = loop.time()
        gathered, self._gathered = self._gathered, {}
        return list(gathered.values())
