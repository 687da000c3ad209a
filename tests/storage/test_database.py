"""Transactions, on both kinds of database."""

import asyncio

import pytest
from sqlalchemy import func, insert
from sqlmodel import select

from storage import Database
from storage._sql import table_of
from storage.models import Person

ROW = {"workspace_id": "T1", "team_id": "T1", "name": "", "zone": "UTC"}


async def add(db: Database, number: int, *, lasting: bool = True) -> None:
    async with db.begin(lasting=lasting) as session:
        person = {**ROW, "id": f"p{number}", "user_id": f"U{number}"}
        await session.exec(insert(table_of(Person)).values(**person))


async def count(db: Database) -> int:
    async with db.read() as session:
        return (await session.exec(select(func.count()).select_from(Person))).one()


@pytest.mark.parametrize("lasting", [True, False])
async def test_many_write_at_once_and_each_is_kept(database_url: str, *, lasting: bool) -> None:
    db = Database(database_url)
    await asyncio.gather(*(add(db, number, lasting=lasting) for number in range(40)))
    assert await count(db) == 40
    await db.close()


async def test_whoever_raises_leaves_nothing_and_takes_nobody_along(database_url: str) -> None:
    db = Database(database_url)

    async def break_off(number: int) -> None:
        async with db.begin() as session:
            person = {**ROW, "id": f"p{number}", "user_id": f"U{number}"}
            await session.exec(insert(table_of(Person)).values(**person))
            raise KeyError(number)

    works = [add(db, n) if n % 3 else break_off(n) for n in range(30)]
    ended = await asyncio.gather(*works, return_exceptions=True)
    assert sum(isinstance(each, KeyError) for each in ended) == 10
    assert await count(db) == 20
    await db.close()


async def test_plain_rows_are_read_as_records_are(database_url: str) -> None:
    db = Database(database_url)
    await add(db, 1)
    async with db.read() as session:
        rows = (await session.exec(select(table_of(Person).c.user_id))).all()
        assert list(rows) == ["U1"]
    await db.close()
