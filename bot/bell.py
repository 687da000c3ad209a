"""A bell that wakes a loop before its time."""

import asyncio


class Bell:
    """Rung by whoever has work; heard once by the loop that does it."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Say that there is something to do."""
        self._rung.set()

    async def heard(self, *, within: float) -> None:
        """Wait for the bell, or until the time is over."""
        try:
            await asyncio.wait_for(self._rung.wait(), within)
        except TimeoutError:
            return
        finally:
            self._rung.clear()
