"""A bell that wakes a loop before its time."""

import asyncio
from contextlib import suppress


class Bell:
    """Rung by whoever has work; heard once by the loop that does it."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Say that there is something to do."""
        self._rung.set()

    async def heard(self, *, within: float) -> None:
        """Wait for the bell, or until the time is over."""
        # Not by wait_for: on Python 3.11 it forgets that it was cancelled if the bell rings then.
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._rung.wait()
        self._rung.clear()
