"""The context that every use-case takes first."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.bell import Bell
from bot.gathering import Gathering
from bot.lines import Lines
from bot.ports import Room
from bot.settings import Settings
from bot.weather import Weather
from engines import Engine
from storage import Database
from storage.files import Files
from storage.takes import Moved


class Work(Protocol):
    """Durable work: what is handed over is carried on after any crash."""

    async def start(
        self, take_id: str, workspace_id: str, *, engine: str, attempt: int = 0
    ) -> None:
        """Carry a take from its order to its card; starting it twice is starting it once.

        A take that a person has settled is carried again, as its next `attempt`.
        """
        ...


@dataclass(frozen=True)
class Studio:
    """Everything that use-cases reach the world through."""

    db: Database
    files: Files
    engines: Mapping[str, Engine]
    room: Room
    work: Work
    clock: Callable[[], datetime]
    settings: Settings
    bell: Bell
    """Rung when a card has become stale, so that the sender need not wait for its next look."""
    weather: Weather = field(default_factory=Weather)
    """Which engines are away."""
    lines: Lines = field(default_factory=Lines)
    """Where orders wait for their turn at an engine."""
    viewing: asyncio.Semaphore = field(default_factory=asyncio.Semaphore)
    """Where finished takes wait to be looked at, which is done one at a time."""
    moved: Gathering[Moved] = field(default_factory=Gathering[Moved])
    """How far jobs are, where it is not written yet."""
