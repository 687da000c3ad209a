"""The graph is answered by indexes: no question reads a big table through."""

import re
from datetime import date
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session as PlainSession

from storage import Database, Session, graph, references
from storage.models import Reference, Take
from tests.storage import _calls_graph, _calls_references
from tests.storage._world import a_world

BIG = ("take", "setup", "reference_use", "export", "placement", "card", "shot", "scene")
BY_INDEX_ALONE = r"(?:COVERING INDEX|Index Only Scan using) reference_use_by_reference"
TODAY = date(2026, 11, 22)


async def test_no_question_about_the_graph_reads_a_big_table_through(database_url: str) -> None:
    db = Database(database_url)
    async with db.begin() as session:
        world = await a_world(session)
        for each in (_calls_references, _calls_graph):
            await each.add(session, world)
    async with db.read() as session:
        plans = await plans_of(session, world.reference, world.take, is_sqlite=db.is_sqlite)
    await db.close()
    assert len(plans) > 6
    for plan in plans:
        scanned = re.findall(r"(?:SCAN|Seq Scan on) (\w+)", plan)
        assert not {*scanned} & {*BIG}, plan
    counted = [plan for plan in plans if re.search(BY_INDEX_ALONE, plan)]
    assert len(counted) >= len(("tallied", "every")), plans


async def plans_of(
    session: Session, reference: Reference, take: Take, *, is_sqlite: bool
) -> list[str]:
    """Ask everything, then have each statement explained."""
    asked: list[tuple[str, Any]] = []

    def heard(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", heard)
    try:
        found = await graph.tallied(session, reference, today=TODAY, first=10)
        assert await graph.every(session, reference, today=TODAY) == found.take_ids
        assert await graph.dependents(session, reference, found.take_ids)
        await graph.circled_scenes(session, reference)
        assert await graph.made_after(session, take)
        await references.uses_of(session, take)
    finally:
        event.remove(Engine, "before_cursor_execute", heard)
    return await session.run_sync(_explained, asked, "QUERY PLAN " if is_sqlite else "")


def _explained(session: PlainSession, asked: list[tuple[str, Any]], how: str) -> list[str]:
    connection = session.connection()
    if not how:
        # The tables here are so small that PostgreSQL would rather read them through.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    rows = [
        connection.exec_driver_sql(f"EXPLAIN {how}{statement}", parameters).all()
        for statement, parameters in asked
    ]
    return ["\n".join(str(row[-1]) for row in plan) for plan in rows]
