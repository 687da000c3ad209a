"""What the sandbox's own tests ask for."""

import io
from collections.abc import AsyncIterator
from typing import Any, cast

import av
import httpx
import pytest
from PIL import Image

from tests.sandbox import Sandbox


@pytest.fixture
async def sandbox(request: pytest.FixtureRequest) -> AsyncIterator[Sandbox]:
    """Give a sandbox that needs a twentieth of a second for a job, with the test file's VENDORS."""
    only = getattr(cast("Any", request).module, "VENDORS", None)
    async with Sandbox(latency=0.05, only=only) as sandbox:
        yield sandbox


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """Give a client without a key."""
    async with httpx.AsyncClient() as client:
        yield client


async def fetched(url: str) -> bytes:
    """Download an output as a client without a key."""
    async with httpx.AsyncClient() as http:
        answer = await http.get(url)
        answer.raise_for_status()
        return answer.content


def a_png() -> bytes:
    """Draw a small picture."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "PNG")
    return file.getvalue()


def frames(film: bytes) -> int:
    """Decode a film and count its frames."""
    with cast("Any", av.open(io.BytesIO(film))) as container:
        return sum(1 for _ in container.decode(video=0))
