"""`circletake log` proves a log that is whole, and names the place in one that is not."""

import argparse
import asyncio
import json
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands import log
from bot.log import About, leaf, record
from bot.people import Actor
from bot.proof import proofs
from bot.settings import Settings
from storage import Database
from tests.databases import sqlite_copy

BEGAN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ENTRIES = 12
HOME, OTHER = "T0STUDIO001", "T0ZZOTHER01"


async def _fill(url: str) -> None:
    db = Database(url)
    for number in range(1, ENTRIES + 1):
        async with db.begin() as session:
            await record(
                session,
                "take.approved",
                workspace_id=HOME,
                actor=Actor(HOME, "U0MAYA00001", HOME),
                at=BEGAN + timedelta(minutes=number),
                about=About("p1", "s1", f"t{number}", f"{number:064x}"),
                facts={"stage": "team", "words": "größer — 大きく"},
            )
    async with db.begin() as session:
        await record(
            session, "scene.opened", workspace_id=OTHER, actor=None, at=BEGAN, about=About("p2")
        )
    await db.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_ready: Path) -> Path:
    folder = tmp_path_factory.mktemp("log")
    asyncio.run(_fill(sqlite_copy(sqlite_ready, folder)))
    return folder / "circletake.db"


@pytest.fixture
def where(filled: Path, tmp_path: Path) -> Settings:
    sqlite_copy(filled, tmp_path)
    return Settings(data=tmp_path)


def circletake_log(where: Settings, *words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    log.arguments(parser)
    return log.run(parser.parse_args([str(word) for word in words]), where)


def tamper(where: Settings, *statements: str) -> None:
    with sqlite3.connect(where.data / "circletake.db") as db:
        db.execute("DROP TRIGGER entry_is_never_changed")
        db.execute("DROP TRIGGER entry_is_never_removed")
        for statement in statements:
            db.execute(statement)
    db.close()


def exported(where: Settings) -> Path:
    out = where.data / "out.jsonl"
    assert circletake_log(where, "export", "--out", out) == 0
    return out


def test_an_intact_log_is_told_with_its_length_and_head(
    where: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert circletake_log(where, "verify") == 0

    told = capsys.readouterr().out.splitlines()
    assert re.match(rf"{HOME}: 12 entries are intact: .* Head: 12 [0-9a-f]{{64}}$", told[0])
    assert told[1].startswith(f"{OTHER}: 1 entries are intact")


def test_one_workspace_may_be_asked_for(
    where: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert circletake_log(where, "verify", "--workspace", OTHER) == 0
    assert HOME not in capsys.readouterr().out


def test_an_empty_log_is_no_error(
    tmp_path: Path, sqlite_ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sqlite_copy(sqlite_ready, tmp_path)

    assert circletake_log(Settings(data=tmp_path), "verify") == 0
    assert "there is no entry yet" in capsys.readouterr().out


def test_where_there_are_no_records_none_are_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert circletake_log(Settings(data=tmp_path / "nothing"), "verify") == 1

    assert "There are no records" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()


EDITED = (
    "UPDATE entry SET body = replace(body, 'team', 'mine') "
    "WHERE seq = 5 AND workspace_id = 'T0STUDIO001'"
)
TAMPERED = [
    (EDITED, "Entry 5 has been changed: its text and its hash disagree."),
    ("UPDATE entry SET kind = 'take.rejected' WHERE seq = 4 AND workspace_id = 'T0STUDIO001'",
     "Entry 4 has been changed: its column kind is not what it says."),
    ("UPDATE entry SET take_id = NULL WHERE seq = 4 AND workspace_id = 'T0STUDIO001'",
     "Entry 4 has been changed: its column take_id is not what it says."),
    ("UPDATE entry SET actor = 'circletake' WHERE seq = 1 AND workspace_id = 'T0STUDIO001'",
     "Entry 1 has been changed: its column actor is not what it says."),
    ("UPDATE entry SET at = datetime(at, '+1 day') WHERE seq = 12 AND workspace_id = 'T0STUDIO001'",
     "Entry 12 has been changed: its column at is not what it says."),
    ("UPDATE entry SET at = 'yesterday' WHERE seq = 3 AND workspace_id = 'T0STUDIO001'",
     "One of the entries after 0 has been changed: it cannot be read."),
    ("UPDATE entry SET body = '[1' WHERE seq = 2 AND workspace_id = 'T0STUDIO001'",
     "Entry 2 has been changed"),
    ("DELETE FROM entry WHERE seq = 7 AND workspace_id = 'T0STUDIO001'",
     "Entry 7 is missing: 8 follows 6."),
    ("DELETE FROM entry WHERE seq < 3 AND workspace_id = 'T0STUDIO001'",
     "Entry 1 is missing: the log begins with entry 3."),
    ("DELETE FROM entry WHERE seq > 9 AND workspace_id = 'T0STUDIO001'",
     "Entry 10 is missing: the head says that there are 12."),
    ("DELETE FROM entry WHERE workspace_id = 'T0STUDIO001'",
     "Entry 1 is missing: the head says that there are 12."),
    ("UPDATE entry SET seq = -seq WHERE seq = 12 AND workspace_id = 'T0STUDIO001'",
     "There are 12 rows, but 11 entries: some have impossible numbers."),
    ("UPDATE log_head SET seq = 11 WHERE workspace_id = 'T0STUDIO001'",
     "Entry 12 is not in the head's count: it says that there are 11."),
    ("UPDATE log_head SET hash = 'ffff' WHERE workspace_id = 'T0STUDIO001'",
     "The head does not point at entry 12: it names another hash."),
    ("DELETE FROM log_head WHERE workspace_id = 'T0STUDIO001'", "The log's head is missing."),
    ("UPDATE entry SET workspace_id = 'T0STUDIO001', seq = 13 WHERE workspace_id = 'T0ZZOTHER01'",
     "Entry 13 does not follow entry 12: it was sealed over another."),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "said"), TAMPERED)
def test_whatever_was_done_to_the_database_is_named_with_its_place(
    where: Settings, statement: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(where, statement)

    assert circletake_log(where, "verify") == 1
    assert f"{HOME}: BROKEN. {said}" in capsys.readouterr().out


def test_two_entries_that_changed_places_are_noticed(
    where: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(
        where,
        "UPDATE entry SET seq = 99 WHERE seq = 5 AND workspace_id = 'T0STUDIO001'",
        "UPDATE entry SET seq = 5 WHERE seq = 6 AND workspace_id = 'T0STUDIO001'",
        "UPDATE entry SET seq = 6 WHERE seq = 99 AND workspace_id = 'T0STUDIO001'",
    )

    assert circletake_log(where, "verify") == 1
    assert "Entry 5 does not follow entry 4" in capsys.readouterr().out


def test_an_entry_that_was_written_anew_breaks_the_seal_of_the_next(
    where: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(where.data / "circletake.db") as db:
        (body,) = db.execute(
            "SELECT body FROM entry WHERE seq = 5 AND workspace_id = ?", (HOME,)
        ).fetchone()
    db.close()
    forged = body.replace('"stage":"team"', '"stage":"none"')
    tamper(
        where,
        f"UPDATE entry SET body = '{forged}', hash = '{leaf(forged)}' WHERE seq = 5 "  # noqa: S608 - the test is the forger
        "AND workspace_id = 'T0STUDIO001'",
    )

    assert circletake_log(where, "verify") == 1
    assert "Entry 6 does not follow entry 5" in capsys.readouterr().out


def test_the_database_refuses_to_change_the_log(where: Settings) -> None:
    with (
        sqlite3.connect(where.data / "circletake.db") as db,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        db.execute(EDITED)
    db.close()


def test_an_export_is_verified_without_the_database(
    where: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    out = exported(where)
    (where.data / "circletake.db").unlink()
    capsys.readouterr()

    assert circletake_log(where, "verify", out) == 0
    assert f"{HOME}: 12 entries are intact" in capsys.readouterr().out
    assert list(where.data.glob(".*.part")) == []


def test_an_export_is_an_entry_with_the_files_hash(
    where: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(where)
    sha256 = capsys.readouterr().out.split("SHA-256 ")[1][:64]
    again = where.data / "again.jsonl"

    assert circletake_log(where, "export", "--workspace", HOME, "--out", again) == 0

    *_, last, _ = [json.loads(line) for line in again.read_text().splitlines()]
    told = json.loads(last["body"])
    assert told["kind"] == "log.exported"
    assert told["sha256"] == sha256
    assert told["facts"]["upto"] == ENTRIES
    assert last["seq"] == ENTRIES + 1


def test_an_export_replaces_nothing(where: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    out = exported(where)
    before = out.read_bytes()

    assert circletake_log(where, "export", "--out", out) == 1
    assert out.read_bytes() == before
    assert "is there already" in capsys.readouterr().err


def test_a_broken_log_is_exported_as_it_is_and_said_to_be_broken(
    where: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(where, EDITED)
    out = where.data / "out.jsonl"

    assert circletake_log(where, "export", "--out", out) == 1
    assert "Entry 5 has been changed" in capsys.readouterr().out
    assert circletake_log(where, "verify", out) == 1
    assert len(out.read_text().splitlines()) == ENTRIES + 3


def _without(number: int) -> Callable[[list[str]], list[str]]:
    return lambda lines: lines[: number - 1] + lines[number:]


SPOILT: list[tuple[Callable[[list[str]], list[str]], str]] = [
    (_without(7), "Line 7: Entry 7 is missing: 8 follows 6."),
    (_without(13), "The file ends after entry 12 without a head: it has been cut off."),
    (lambda lines: lines[:5], "The file ends after entry 5 without a head"),
    (lambda _: [], "The file ends after entry 0 without a head"),
    (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "Line 4: Entry 4 is missing"),
    (lambda lines: [*lines[:4], lines[3], *lines[4:]], "Line 5: Entry 4 comes twice"),
    (lambda lines: [*lines[:2], lines[2].replace("team", "mine"), *lines[3:]], "Line 3: Entry 3"),
    (lambda lines: [*lines[:2], "{oops", *lines[2:]], "Line 3 is not a line of an exported log."),
    (lambda lines: [*lines[:2], "[1]", *lines[2:]], "Line 3 is not a line of an exported log."),
    (lambda lines: [*lines[:2], lines[2][: len(lines[2]) // 2]], "Line 3 is not a line"),
    (lambda lines: [f'{{"workspace": "{HOME}"}}', *lines], "Line 1: It is neither an entry nor a"),
    (lambda lines: [*lines, lines[0]], "Line 16 comes after the head of its log."),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "said"), SPOILT)
def test_whatever_was_done_to_an_exported_file_is_named_with_its_line(
    where: Settings,
    spoil: Callable[[list[str]], list[str]],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = exported(where)
    out.write_text("\n".join(spoil(out.read_text().splitlines())))
    capsys.readouterr()

    assert circletake_log(where, "verify", out) == 1
    assert f"BROKEN. {said}" in capsys.readouterr().out


def test_a_file_of_one_endless_line_is_refused_in_little_memory(
    where: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    out = where.data / "endless.jsonl"
    with out.open("wb") as file:
        file.truncate(1 << 26)

    assert circletake_log(where, "verify", out) == 1
    assert "Line 1 is not a line" in capsys.readouterr().out


async def test_a_log_is_proved_on_either_database(database_url: str) -> None:
    await _fill(database_url)
    db = Database(database_url)

    found = await proofs(db)
    await db.close()

    assert [(proof.workspace_id, proof.entries, proof.fault) for proof in found] == [
        (HOME, ENTRIES, None),
        (OTHER, 1, None),
    ]
