"""Transactions that share a commit, when the database undoes all of it."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from storage import Database, deliveries
from storage.models import Delivery
from tests.stage import WORKSPACE

NOW = datetime(2026, 11, 22, tzinfo=UTC)


async def _claim(db: Database, key: str, at: Any, *, weight: int = 0) -> str:
    async with db.begin() as session:
        await deliveries.claim(session, WORKSPACE, key, at=at)
        await asyncio.sleep(0.02)  # long enough for the others to queue behind it
        for number in range(weight):
            await deliveries.claim(session, WORKSPACE, f"{key} {number} {'x' * 180}", at=at)
    return key


async def test_whoever_is_told_that_it_is_done_finds_it_done(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    async with db.begin() as session:
        pages = await session.scalar(text("PRAGMA page_count"))
        await session.scalar(text(f"PRAGMA max_page_count={pages + 2}"))
    told = await asyncio.gather(
        _claim(db, "one", NOW),
        _claim(db, "two", NOW),
        _claim(db, "heavy", NOW, weight=500),
        _claim(db, "three", NOW),
        return_exceptions=True,
    )
    assert isinstance(told[2], OperationalError)
    assert "full" in str(told[2].orig)
    async with db.read() as session:
        kept = {key for key in ("one", "two", "three", "heavy") if await _has(session, key)}
    assert kept == {each for each in told if isinstance(each, str)}
    assert "three" in kept
    await db.close()


async def _has(session: Any, key: str) -> bool:
    return await session.get(Delivery, (WORKSPACE, key)) is not None


async def test_after_a_full_disk_writing_goes_on(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    async with db.begin() as session:
        pages = await session.scalar(text("PRAGMA page_count"))
        await session.scalar(text(f"PRAGMA max_page_count={pages + 2}"))
    for number in range(3):
        with pytest.raises(OperationalError, match="full"):
            await _claim(db, f"heavy {number}", NOW, weight=500)
    assert await _claim(db, "light", NOW) == "light"
    await db.close()
