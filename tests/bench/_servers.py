"""Starts and stops the processes that are measured."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncGenerator, Generator
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
        name, source = ("Pss:", rollup) if rollup.exists() else ("VmRSS:", rollup.parent / "status")
        line = next(line for line in source.read_text().splitlines() if line.startswith(name))
        return int(line.split()[1]) / 1024


@asynccontextmanager
async def _started(module: str, *arguments: str) -> AsyncGenerator[Server]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdout=asyncio.subprocess.PIPE
    )
    if child.stdout is None:
        raise RuntimeError("The child has no output to read its port from.")
    try:
        port = await asyncio.wait_for(child.stdout.readline(), 60)
        yield Server(child.pid, int(port))
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


def bare(api: str) -> AbstractAsyncContextManager[Server]:
    """Start the floor."""
    return _started("tests.bench._bare", api)


def ours(api: str, database_url: str, folder: Path) -> AbstractAsyncContextManager[Server]:
    """Start the app on a database that is ready."""
    return _started("tests.bench._ours", api, database_url, str(folder))


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
