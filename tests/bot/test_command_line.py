"""`circletake` does what it says, says what it cannot do in one sentence, and stops when told."""

import argparse
import asyncio
import io
import json
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import aiohttp
import pytest

from bot import backup
from bot.commands import db, digest, run
from bot.settings import Settings, read
from storage import schema
from tests.databases import sqlite_copy
from tests.workspace.server import SmallSlack

ROOT = Path(__file__).resolve().parents[2]
STOPS_WITHIN = 10
STARTS_WITHIN = 60


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


async def _started(
    *words: str | Path, folder: Path, slack: SmallSlack | None = None, **variables: str
) -> asyncio.subprocess.Process:
    known = {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "CIRCLETAKE_DATA": str(folder)}
    known |= {"CIRCLETAKE_HOST": "127.0.0.1", "CIRCLETAKE_PORT": "0"}
    if slack:
        known |= {"SLACK_API_URL": slack.base_url, "SLACK_BOT_TOKEN": slack.state.app.bot_token}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *map(str, words),
        cwd=folder, env=known | variables,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def circletake(
    *words: str | Path, folder: Path, slack: SmallSlack | None = None, **variables: str
) -> Done:
    process = await _started(*words, folder=folder, slack=slack, **variables)
    out, err = await process.communicate()
    return Done(process.returncode or 0, out.decode(), err.decode())


@dataclass
class App:
    """A running app and what it has logged."""

    process: asyncio.subprocess.Process
    lines: list[str]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def stopped(self) -> tuple[int, float]:
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        _, err = await self.process.communicate()
        self.lines += err.decode().splitlines()
        return self.process.returncode or 0, time.monotonic() - began


@asynccontextmanager
async def running(folder: Path, slack: SmallSlack, **variables: str) -> AsyncGenerator[App]:
    process = await _started("run", folder=folder, slack=slack, **variables)
    try:
        async with asyncio.timeout(STARTS_WITHIN):
            yield await _open(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _open(process: asyncio.subprocess.Process) -> App:
    assert process.stderr
    lines: list[str] = []
    while line := (await process.stderr.readline()).decode():
        lines.append(line.strip())
        if '"app.open"' in line:
            return App(process, lines, json.loads(line)["port"])
    raise AssertionError("\n".join(lines))


@pytest.fixture
async def small_slack() -> AsyncGenerator[SmallSlack]:
    async with SmallSlack(rate_limits=False) as slack:
        yield slack


async def test_help_lists_every_command(tmp_path: Path) -> None:
    done = await circletake("--help", folder=tmp_path)

    assert done.status == 0
    for word in ("run", "doctor", "db", "log", "digest"):
        assert f"\n    {word}" in done.out


async def test_a_word_that_is_no_command_is_refused(tmp_path: Path) -> None:
    done = await circletake("dance", folder=tmp_path)

    assert done.status == 2
    assert "invalid choice: 'dance'" in done.err


async def test_without_tokens_it_says_which_and_where_they_are(tmp_path: Path) -> None:
    done = await circletake("run", folder=tmp_path)

    assert done.status == 1
    bot, way = done.err.splitlines()
    assert bot.startswith("SLACK_BOT_TOKEN is not set: ")
    assert way.startswith("Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: ")
    assert not await asyncio.to_thread(lambda: list(tmp_path.iterdir()))


async def test_a_wrong_value_in_the_settings_file_is_named_with_its_default(
    tmp_path: Path,
) -> None:
    (tmp_path / ".env").write_text("CIRCLETAKE_FILE_LIMIT_MB=lots\n")

    done = await circletake("doctor", folder=tmp_path)

    assert done.status == 1
    assert done.err.startswith("CIRCLETAKE_FILE_LIMIT_MB is 'lots', which cannot be used: ")
    assert done.err.endswith("Its default is 1000.\n")


async def test_a_token_that_slack_does_not_know_is_one_sentence(
    tmp_path: Path, small_slack: SmallSlack
) -> None:
    done = await circletake(
        "run", folder=tmp_path, slack=small_slack,
        SLACK_BOT_TOKEN="xoxb-wrong", SLACK_SIGNING_SECRET="x",
    )  # fmt: skip

    assert done.status == 1
    said = done.err.splitlines()[-1]
    assert said == "Slack refuses the token: invalid_auth. `circletake doctor` tells more."


async def test_it_serves_by_http_and_stops_cleanly(tmp_path: Path, small_slack: SmallSlack) -> None:
    secret = small_slack.state.app.signing_secret
    async with running(tmp_path, small_slack, SLACK_SIGNING_SECRET=secret) as app:
        small_slack.request_url = f"{app.url}/slack/events"
        seen = await small_slack.command("/scene", "help", user="maya", channel="aurora-team")
        await _looks_healthy(app)
        await _refuses_strangers(app)
        backed_up = await circletake("db", "backup", tmp_path / "copy.db", folder=tmp_path)
        status, seconds = await app.stopped()

    assert seen.status == 200
    assert backed_up.status == 0, backed_up.err
    assert status == 0
    assert seconds < STOPS_WITHIN
    _tells_no_secret(app, small_slack)


async def _looks_healthy(app: App) -> None:
    async with aiohttp.ClientSession(app.url) as http:
        async with http.get("/healthz") as alive:
            assert alive.status == 200
        async with http.get("/readyz") as ready:
            told = await ready.json()
            assert ready.status == 200, told
            assert told["database"] == "ok"
            assert told["migrations"] == "current"
            assert told["work"] == told["lease"] == "ok"
        async with http.get("/metrics") as metrics:
            assert "circletake_heard_seconds" in await metrics.text()


async def _refuses_strangers(app: App) -> None:
    async with aiohttp.ClientSession(app.url) as http:
        async with http.post("/slack/events", data=b"command=%2Fscene") as unsigned:
            assert unsigned.status == 401
        async with http.post("/slack/events", data=io.BytesIO(bytes(5 << 20))) as large:
            assert large.status == 413
        async with http.post("/slack/events", data=b"\xff\xfe") as no_text:
            assert no_text.status == 400
    reader, writer = await asyncio.open_connection("127.0.0.1", app.port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nslow")
    assert b" 408 " in await reader.readline()
    writer.close()


def _tells_no_secret(app: App, slack: SmallSlack) -> None:
    told = "\n".join(app.lines)
    assert all(isinstance(json.loads(line), dict) for line in app.lines)
    assert slack.state.app.bot_token not in told
    assert slack.state.app.signing_secret not in told
    assert '"app.closing"' in told


async def test_it_runs_by_socket_on_records_that_are_there(
    tmp_path: Path, sqlite_ready: Path, small_slack: SmallSlack
) -> None:
    sqlite_copy(sqlite_ready, tmp_path)
    token = small_slack.state.app.app_token
    async with running(tmp_path, small_slack, SLACK_APP_TOKEN=token) as app:
        seen = await small_slack.command("/scene", "help", user="maya", channel="aurora-team")
        status, seconds = await app.stopped()

    assert seen.via == "socket"
    assert status == 0
    assert seconds < STOPS_WITHIN


async def test_a_port_that_is_taken_is_one_sentence(
    tmp_path: Path, small_slack: SmallSlack
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = await circletake(
            "run", folder=tmp_path, slack=small_slack,
            SLACK_SIGNING_SECRET="x", CIRCLETAKE_PORT=port,
        )  # fmt: skip

    assert done.status == 1
    assert "address already in use" in done.err.splitlines()[-1]
    assert "Traceback" not in done.err


def commanded(module: ModuleType, settings: Settings, *words: str | Path) -> int:
    """Run a command without starting a process for it."""
    parser = argparse.ArgumentParser()
    module.arguments(parser)
    return module.run(parser.parse_args([str(word) for word in words]), settings)


def test_a_database_from_the_future_is_not_touched(
    tmp_path: Path, sqlite_ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sqlite_copy(sqlite_ready, tmp_path)
    with sqlite3.connect(tmp_path / "circletake.db") as records:
        records.execute("UPDATE alembic_version SET version_num = '9999'")
    records.close()
    before = (tmp_path / "circletake.db").read_bytes()

    assert commanded(run, _with_tokens(tmp_path)) == 1
    assert commanded(db, _with_tokens(tmp_path), "upgrade") == 1

    said = "The database stands at migration 9999 and this version ends at "
    assert all(line.startswith(said) for line in capsys.readouterr().err.splitlines())
    assert (tmp_path / "circletake.db").read_bytes() == before


def test_a_database_that_is_behind_waits_for_its_upgrade(
    tmp_path: Path,
    sqlite_ready: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sqlite_copy(sqlite_ready, tmp_path)
    monkeypatch.setattr(schema, "wanted", lambda: "9999")

    assert commanded(run, _with_tokens(tmp_path)) == 1
    assert "this version needs 9999: back it up, run `circletake db upgrade`." in (
        capsys.readouterr().err
    )


def _with_tokens(folder: Path) -> Settings:
    return read({
        "CIRCLETAKE_DATA": str(folder), "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "x",
    })  # fmt: skip


def test_a_digest_is_printed_without_slack(
    tmp_path: Path, sqlite_ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sqlite_copy(sqlite_ready, tmp_path)

    assert commanded(digest, Settings(data=tmp_path), "preview", "--weekly") == 0
    assert "There is no production yet" in capsys.readouterr().out


def test_upgrading_makes_the_tables_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commanded(db, Settings(data=tmp_path), "upgrade") == 0
    assert commanded(db, Settings(data=tmp_path), "upgrade") == 0

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("The database stood at migration none and stands at ")
    assert second.startswith("The database is up to date: ")


def test_a_backup_replaces_nothing(tmp_path: Path, sqlite_ready: Path) -> None:
    sqlite_copy(sqlite_ready, tmp_path)
    (tmp_path / "copy.db").write_text("yesterday's")

    with pytest.raises(FileExistsError, match="a backup never replaces a file"):
        commanded(db, Settings(data=tmp_path), "backup", tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "yesterday's"


def test_a_damaged_database_is_not_backed_up(
    tmp_path: Path, sqlite_ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sqlite_copy(sqlite_ready, tmp_path)
    with (tmp_path / "circletake.db").open("r+b") as file:
        file.seek(4096 * 20)
        file.write(b"\xaa" * 4096 * 4)

    assert commanded(db, Settings(data=tmp_path), "backup", tmp_path / "copy.db") == 1
    assert "The backup was not made: " in capsys.readouterr().err
    assert not (tmp_path / "copy.db").exists()


def test_a_backup_is_whole_while_somebody_writes(tmp_path: Path, sqlite_ready: Path) -> None:
    sqlite_copy(sqlite_ready, tmp_path)
    statement = "INSERT INTO delivery (workspace_id, key, at) VALUES ('T', ?, '2026-11-22')"
    with sqlite3.connect(tmp_path / "circletake.db", isolation_level=None) as records:
        records.execute("PRAGMA journal_mode=WAL")
        records.execute(statement, ("kept",))
        records.execute("BEGIN IMMEDIATE")
        records.execute(statement, ("open",))
        backup.copy(tmp_path / "circletake.db", tmp_path / "copy.db")
        records.execute("COMMIT")
    records.close()

    with sqlite3.connect(tmp_path / "copy.db") as copied:
        assert copied.execute("SELECT key FROM delivery").fetchall() == [("kept",)]
    copied.close()


def test_postgresql_is_told_how_to_back_itself_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "postgresql://office:hush@db.test:5433/circletake"

    assert commanded(db, Settings(data=tmp_path, database_url=url), "backup", "today.dump") == 1

    said = capsys.readouterr().err
    assert "pg_dump --format=custom --file=today.dump postgresql://office@db.test:5433/" in said
    assert "hush" not in said
