"""What every listener is given: the studio, Slack itself, and a place for what may wait."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.studio import Studio
from handlers.room import SlackRoom

_tell = structlog.get_logger(__name__)


@dataclass(frozen=True)
class House:
    """The studio and the door it has to Slack."""

    studio: Studio
    room: SlackRoom
    bot_user_id: str
    _errands: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    def later(self, errand: Coroutine[Any, Any, None]) -> None:
        """Run something after the acknowledgement that is lost without harm: a whisper, a form.

        What must survive is committed before the acknowledgement instead.
        """
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._back)

    def _back(self, task: asyncio.Task[None]) -> None:
        self._errands.discard(task)
        if not task.cancelled() and (trouble := task.exception()):
            _tell.warning("errand.failed", why=str(trouble), exc_info=trouble)

    async def settle(self) -> None:
        """Wait for the errands that are still out."""
        await asyncio.gather(*self._errands, return_exceptions=True)
