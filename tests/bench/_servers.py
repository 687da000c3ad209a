"""Starts and stops the processes that are measured."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import (
    postgres_copy,
    postgres_server,
    postgres_template,
    sqlite_copy,
    sqlite_template,
)

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A process that listens to Slack."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        """Where Slack delivers."""
        return f"http://127.0.0.1:{self.port}/slack/events"

    def busy(self) -> float:
        """Give the processor seconds it has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def megabytes(self) -> float:
        """Give its memory: its own and its share of what it shares (PSS), else all of it (RSS)."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup")
        return _megabytes(rollup, "Pss:") if rollup.exists() else self.resident()

    def resident(self) -> float:
        """Give all that it has in memory, shared or not (RSS), in megabytes."""
        return _megabytes(Path(f"/proc/{self.pid}/status"), "VmRSS:")


def _megabytes(source: Path, name: str) -> float:
    line = next(line for line in source.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


@dataclass(frozen=True)
class Vendor:
    """The sandbox as Runway, in a process of its own."""

    pid: int
    url: str
    key: str
    files: str
    """Where its host of files is."""

    @property
    def headers(self) -> dict[str, str]:
        """What a call must carry."""
        return {"authorization": f"Bearer {self.key}", "x-runway-version": "2024-11-06"}

    @property
    def variables(self) -> dict[str, str]:
        """The settings that hire it."""
        return {"RUNWAY_API_KEY": self.key, "RUNWAY_BASE_URL": self.url}


@asynccontextmanager
async def vendor(*, latency: float) -> AsyncGenerator[Vendor]:
    """Start the vendor; its jobs take `latency` seconds, a fifth more or less."""
    async with _child("tests.bench._vendor", str(latency)) as (pid, line):
        yield Vendor(pid=pid, **json.loads(line))


# What a shell would hand them, and what the Dockerfile sets.
_ENVIRONMENT = {**os.environ, "MALLOC_ARENA_MAX": "2"}  # noqa: TID251


@asynccontextmanager
async def _started(module: str, *arguments: str) -> AsyncGenerator[Server]:
    async with _child(module, *arguments) as (pid, line):
        yield Server(pid, int(line))


@asynccontextmanager
async def _child(module: str, *arguments: str) -> AsyncGenerator[tuple[int, str]]:
    """Start a process; give its id and the one line by which it says that it is ready."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, env=_ENVIRONMENT, stdout=asyncio.subprocess.PIPE
    )
    if child.stdout is None:
        raise RuntimeError("The child has no output to read its port from.")
    try:
        line = await asyncio.wait_for(child.stdout.readline(), 180)
        yield child.pid, line.decode()
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


def bare(api: str) -> AbstractAsyncContextManager[Server]:
    """Start the floor."""
    return _started("tests.bench._bare", api)


def ours(
    api: str, database_url: str, folder: Path, *, variables: Mapping[str, str] | None = None
) -> AbstractAsyncContextManager[Server]:
    """Start the app on a database that is ready; `variables` are its engines' own settings."""
    told = json.dumps(dict(variables or {}))
    return _started("tests.bench._ours", api, database_url, str(folder), told)


@contextmanager
def databases() -> Generator[dict[str, str]]:
    """Make an empty database of each kind there is, by its name."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        found = {"SQLite": sqlite_copy(sqlite_template(home), home)}
        server = postgres_server()
        if server is None:
            yield found
            return
        with (
            postgres_template(server) as template,
            postgres_copy(server, template) as url,
        ):
            yield {**found, "PostgreSQL": url}
