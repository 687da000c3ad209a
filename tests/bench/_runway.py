"""Asks Runway with bare aiohttp and the standard library's JSON, and nothing else: the floor."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.bench._servers import Vendor

CONNECTIONS = 64
"""As many as an engine of ours opens."""
_ORDER = {"model": "veo3.1_fast", "promptText": "Rain.", "ratio": "1280:720", "duration": 4}


@dataclass(frozen=True)
class BareRunway:
    """One session with Runway."""

    session: aiohttp.ClientSession
    vendor: Vendor

    async def order(self) -> str:
        """Place one order; give its id."""
        url = f"{self.vendor.url}/v1/text_to_video"
        headers = self.vendor.headers
        async with self.session.post(url, json=_ORDER, headers=headers) as answer:
            told: dict[str, Any] = json.loads(await answer.read())
            return told["id"]

    async def look(self, job_id: str) -> dict[str, Any]:
        """Look at a job once."""
        url = f"{self.vendor.url}/v1/tasks/{job_id}"
        async with self.session.get(url, headers=self.vendor.headers) as answer:
            return json.loads(await answer.read())

    async def film(self, url: str) -> bytes:
        """Fetch a small film whole."""
        async with self.session.get(url) as answer:
            return await answer.read()

    async def orders(self, count: int) -> list[str]:
        """Place many orders; give their ids."""
        return list(await asyncio.gather(*(self.order() for _ in range(count))))


@asynccontextmanager
async def bare_runway(vendor: Vendor) -> AsyncGenerator[BareRunway]:
    """Open a session."""
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield BareRunway(session, vendor)
