"""A line before each engine: how many of us ask it for something new at once."""

import asyncio

_AT_ONCE = 32
"""Orders being placed at one engine. Nothing is known of those behind them, and no intent is
written: if the app dies, only so few are left open, and the answer of none is lost to a time limit
that ran while it stood in the line."""


class Lines:
    """The lines, by engine."""

    def __init__(self) -> None:
        self._lines: dict[str, asyncio.Semaphore] = {}

    def at(self, engine: str) -> asyncio.Semaphore:
        """Give an engine's line, to be entered with `async with`."""
        return self._lines.setdefault(engine, asyncio.Semaphore(_AT_ONCE))
