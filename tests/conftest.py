"""What every test may ask for: an empty database of either kind, and a stage for the app."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.databases import (
    postgres_copy,
    postgres_server,
    postgres_template,
    sqlite_copy,
    sqlite_template,
)
from tests.stage import Stage, opened

IN_CI = bool(os.environ.get("CI"))  # noqa: TID251 - a test's setting, not the app's


@pytest.fixture(scope="session")
def sqlite_ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_ready() -> Iterator[tuple[str, str] | None]:
    server = postgres_server()
    if server is None:
        yield None
        return
    with postgres_template(server) as template:
        yield server, template


KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_ready: Path
) -> Iterator[str]:
    """Give an empty database; tests that ask for it run once on each kind."""
    yield from _empty(request, tmp_path, sqlite_ready)


@pytest.fixture(scope="module", params=KINDS)
def long_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_ready: Path
) -> Iterator[str]:
    """Give one empty database of each kind to all of a file's tests that ask for it."""
    yield from _empty(request, tmp_path_factory.mktemp("records"), sqlite_ready)


def _empty(request: pytest.FixtureRequest, folder: Path, sqlite_ready: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_copy(sqlite_ready, folder)
        return
    ready = request.getfixturevalue("postgres_ready")
    if ready is None:
        assert not IN_CI, "In CI the PostgreSQL tests may not be skipped."
        pytest.skip("no PostgreSQL server answers on 127.0.0.1")
    with postgres_copy(*ready) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_ready: Path) -> str:
    """Give an empty SQLite database, where the kind makes no difference."""
    return sqlite_copy(sqlite_ready, tmp_path)


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Open the whole app against a small Slack, by Socket Mode, on each kind of database."""
    async with opened(database_url, tmp_path) as stage:
        yield stage


@pytest.fixture
async def quick_stage(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Open the whole app on SQLite alone, where the kind makes no difference."""
    async with opened(sqlite_url, tmp_path) as stage:
        yield stage
