"""The context that every use-case takes first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.bell import Bell
from bot.ports import Room
from bot.settings import Settings
from engines import Engine
from storage import Database
from storage.files import Files


class Work(Protocol):
    """Durable work: what is handed over is carried on after any crash."""

    async def start(self, take_id: str, workspace_id: str, *, engine: str) -> None:
        """Carry a take from its order to its card; starting it twice is starting it once."""
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
