"""Every query is scoped: what belongs to one workspace is nowhere to be found from another."""

import inspect
from collections.abc import AsyncIterator
from types import ModuleType
from typing import Any, cast

import pytest
import pytest_asyncio
from sqlmodel import select

from storage import (
    Database,
    Session,
    bake_offs,
    cards,
    castings,
    deliveries,
    digests,
    drafts,
    exports,
    graph,
    held,
    holds,
    log,
    models,
    outages,
    page_contents,
    pages,
    people,
    productions,
    reference_files,
    references,
    replicas,
    rights,
    rules,
    scenes,
    search,
    sequences,
    spending,
    subscriptions,
    takes,
)
from tests.storage import (
    _calls,
    _calls_graph,
    _calls_pages,
    _calls_references,
    _calls_rights,
    _calls_rules,
    _calls_search,
)
from tests.storage._world import OURS, Call, World, a_world, guessed

MODULES = (
    page_contents, pages,
    exports, graph,
    bake_offs, held, holds, outages, spending,
    cards, castings, deliveries, digests, drafts, log, people, productions, reference_files,
    references, replicas, rights, rules, scenes, search, sequences, subscriptions, takes,
)  # fmt: skip
TABLED: tuple[Any, ...] = (
    _calls,
    _calls_pages,
    _calls_graph,
    _calls_references,
    _calls_rights,
    _calls_rules,
    _calls_search,
)
"""Each a table of calls about some of the modules, with the records that they need."""
CALLS: dict[str, Call] = {name: call for each in TABLED for name, call in each.CALLS.items()}
NOTHING = {name: told for each in TABLED for name, told in each.NOTHING.items()}
"""What is no record, and yet would tell of ours."""
FIGURES = {name for name in CALLS if name.startswith("digests.")}
"""Walk through many rows, so they are read beside the loop."""
OF_EVERY_WORKSPACE = {
    "bake_offs.due", "cards.due", "cards.release", "cards.count_due", "deliveries.forget",
    "digests.every_production", "drafts.forget", "log.counted", "log.hold_still",
    "log.workspaces",
    "subscriptions.abandoned", "subscriptions.readers", "spending.placed_lately", "takes.beginning",
    "takes.in_flight", "takes.unfinished",
}.union(*(getattr(each, "OF_EVERY_WORKSPACE", set[str]()) for each in TABLED))  # fmt: skip
"""Chores and gauges: what they give says whose it is, and is handled in that workspace."""
OF_NO_WORKSPACE = {
    "replicas.join", "replicas.renew", "replicas.leave", "replicas.replace_late", "replicas.living",
}  # fmt: skip
"""About our own processes, which serve every workspace: nothing of anybody's is in them."""
BY_KEY_OF_A_READER = {"subscriptions.runs", "subscriptions.claim", "subscriptions.settle"}
"""A run of a digest is found by its reader's id, which is only ever read in its workspace."""
TABLES: list[Any] = [
    getattr(models, name)
    for name in models.__all__
    if "workspace_id" in getattr(getattr(models, name), "model_fields", {})
]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(long_database_url: str) -> AsyncIterator[Database]:
    """Give one empty database of each kind; every test takes back what it did."""
    db = Database(long_database_url)
    yield db
    await db.close()


async def whole_world(session: Session) -> World:
    """Make one of everything in our workspace."""
    world = await a_world(session)
    for each in TABLED:
        if hasattr(each, "add"):
            await each.add(session, world)
    return world


def public(module: ModuleType) -> set[str]:
    """Name the module's own query functions."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for name, value in vars(module).items()
        if not name.startswith("_")
        and getattr(value, "__module__", "") == module.__name__
        and (inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value))
    }


async def test_every_query_is_asked_here() -> None:
    every = set[str]().union(*map(public, MODULES))
    assert every == set(CALLS) | OF_EVERY_WORKSPACE | OF_NO_WORKSPACE | BY_KEY_OF_A_READER


async def outcome(session: Session, call: Call, world: World) -> object:
    """Say what somebody of the other workspace gets, if only a refusal."""
    attempt = await session.begin_nested()
    try:
        found = await call(session, world)
        await session.flush()
    except Exception as refused:  # noqa: BLE001 - a refusal is an outcome here
        await attempt.rollback()
        return type(refused).__name__
    return found


async def ours(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Read all that our workspace has."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in TABLES:
        wanted: Any = select(table).where(table.workspace_id == OURS)
        read_in: Any = session.exec
        rows: Any = await read_in(wanted.execution_options(populate_existing=True))
        found[table.__name__] = [row.model_dump() for row in rows.all()]
    return found


async def probed(session: Session, name: str) -> tuple[object, bool]:
    """Give what somebody elsewhere gets, and whether ours is as it was."""
    world = await whole_world(session)
    before = await ours(session)
    theirs = await outcome(session, CALLS[name], guessed(world))
    session.expunge_all()
    return theirs, await ours(session) == before


@pytest.mark.parametrize("name", sorted(set(CALLS) - FIGURES))
async def test_nothing_of_ours_is_seen_or_changed_from_elsewhere(
    database: Database, name: str
) -> None:
    async with database.begin() as session:
        attempt = await session.begin_nested()
        theirs, is_as_it_was = await probed(session, name)
        await attempt.rollback()
    assert is_as_it_was
    assert _mine(theirs) == [], f"{name} gave {theirs}"
    if name in NOTHING:
        assert theirs == NOTHING[name]


async def test_no_figure_counts_what_is_of_another_workspace(database_url: str) -> None:
    db = Database(database_url)
    async with db.begin() as session:
        world = await whole_world(session)
    for name in sorted(FIGURES):
        async with db.read(long=True) as session:
            assert await CALLS[name](session, guessed(world)) == NOTHING[name], name
            assert await CALLS[name](session, world) != NOTHING[name] or name == "digests.waiting"
    await db.close()


def _mine(found: object) -> list[object]:
    """Pick out of an answer what carries our workspace or counts something of ours."""
    several: list[Any] = list(cast("Any", found)) if isinstance(found, list | tuple) else [found]
    return [each for each in several if getattr(each, "workspace_id", "") == OURS]
