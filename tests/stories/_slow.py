"""A paid engine that takes its time: to answer an order, and to make the film."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from engines import Handle, JobSpec, JobState, Status
from tests.stories._paid import Paid


class Slow(Paid):
    """Keeps one ledger for everybody who orders, and answers only after it has taken the money."""

    name: ClassVar[str] = "slow"
    label: ClassVar[str] = "Slow films"

    def __init__(self, folder: Path, *, answers_after: float, renders_for: float) -> None:
        super().__init__(folder)
        self._answers_after = answers_after
        self._renders_for = timedelta(seconds=renders_for)

    async def submit(self, spec: JobSpec) -> Handle:
        """Take the money at once, and be slow to say so."""
        handle = await super().submit(spec)
        await asyncio.sleep(self._answers_after)
        return handle

    async def poll(self, handle: Handle) -> Status:
        """Be ready when the time is over, whoever asks."""
        now = datetime.fromtimestamp(time.time(), tz=UTC)
        if now < handle.submitted_at + self._renders_for:
            return Status(state=JobState.RUNNING)
        return await super().poll(handle)
