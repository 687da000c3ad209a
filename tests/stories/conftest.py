"""What stories share: one stage for a whole file, where its tests do not disturb each other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.databases import sqlite_copy
from tests.stage import Stage, opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def long_stage(
    sqlite_ready: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """Open the app once for a file's tests, with its production set up; each opens its scenes."""
    folder = tmp_path_factory.mktemp("stage")
    async with opened(sqlite_copy(sqlite_ready, folder), folder) as stage:
        await stage.set_up()
        yield stage
