"""Dream Machine's callbacks: the generation is posted when it dreams and when it is over.

Unsigned; three tries, 0.1 s apart, 5 s each. The sandbox calls nobody but this machine: an address
elsewhere is accepted and never called.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from tests.sandbox._jobs import QUEUED_SHARE, Job, Json

_TRIES: Final = 3
_PAUSE: Final = 0.1
_TIMEOUT: Final = aiohttp.ClientTimeout(total=5)
_LOOKS_EVERY: Final = 0.05


class Callbacks:
    """Posts what `tell` says of a job. One task for each job that asked to be called, no others."""

    def __init__(self, tell: Callable[[Job], Json]) -> None:
        self._tell = tell
        self._tasks: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None

    async def living(self, _: web.Application) -> AsyncIterator[None]:
        """Open and close with the application."""
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as self._http:
            yield
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def follow(self, job: Job, url: str) -> None:
        """Call an address whenever the job has moved on."""
        if urlsplit(url).hostname not in {"127.0.0.1", "localhost", "::1"}:
            return
        task = asyncio.create_task(self._follow(job, url))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self, job: Job, url: str) -> None:
        span = job.ends - job.started
        await asyncio.sleep(max(0.0, job.started + span * QUEUED_SHARE - time.monotonic()))
        if not job.is_over:
            await self._post(job, url)
        while not job.is_over:  # noqa: ASYNC110 - a job ends by the clock, which tells nobody
            await asyncio.sleep(_LOOKS_EVERY)
        if not job.canceled:
            await self._post(job, url)

    async def _post(self, job: Job, url: str) -> None:
        assert self._http is not None
        for _ in range(_TRIES):
            try:
                async with self._http.post(url, json=self._tell(job)) as answer:
                    if answer.ok:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(_PAUSE)
