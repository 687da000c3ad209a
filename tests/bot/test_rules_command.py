"""`circletake rules` checks a book before it is posted, and hands out templates and what counts."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.commands import rules
from bot.rulebook import read_rules, templates
from bot.settings import Settings
from storage import Database
from storage.models import RuleBook
from tests.databases import sqlite_copy
from tests.factories import a_production

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
BOOK = """name: Aurora launch
intent:
  required: [change]
  feeling: relief
constraints:
  - {kind: rights, text: No face of Mira., source: release L3, effect: block, at: [order, export]}
  - {kind: safety, text: The stunt is cleared., effect: ask}
brand:
  colours:
    - {name: night blue, value: "#1A2B3C"}
prohibited:
  - {route: smoking, words: [smoke], synonyms: [lit pipe], text: Nobody smokes.}
"""
IN_WORDS = """Aurora launch

Every scene has to say
  - what it is for and what changes

Where scene and sequence are silent
  - The audience should feel: relief

Rights
  - Blocks at the order and at export: No face of Mira. (source: release L3)

Safety
  - Confirmed with every order, shown at review and at export: The stunt is cleared.

Prohibited routes
  - Smoking, pointed out: Nobody smokes. (looked for: smoke, lit pipe)

Colours
  - night blue: #1A2B3C, within 6
"""


def circletake_rules(where: Settings, *words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    rules.arguments(parser)
    return rules.run(parser.parse_args([str(each) for each in words]), where)


def test_a_good_book_is_read_back_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(BOOK)
    assert circletake_rules(Settings(data=tmp_path), "check", file) == 0
    assert capsys.readouterr().out == IN_WORDS


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"name: Aurora\nwishes: none\n", "Line 2: "),
        (b"name: [unclosed\n", "this is not YAML"),
        (b"\xff\xfe\x00", "is no text in UTF-8"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(
    data: bytes, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes(data)
    assert circletake_rules(Settings(data=tmp_path), "check", file) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_a_template_is_printed_as_it_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, body in templates().items():
        assert circletake_rules(Settings(data=tmp_path), "template", name) == 0
        assert capsys.readouterr().out == body
        read_rules(body)
    assert circletake_rules(Settings(data=tmp_path), "template", "comercial") == 1
    assert "Did you mean commercial?" in capsys.readouterr().err


def test_the_book_that_counts_in_a_channel_is_exported(
    tmp_path: Path, sqlite_ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = sqlite_copy(sqlite_ready, tmp_path)
    asyncio.run(_fill(url))
    where = Settings(data=tmp_path)
    assert circletake_rules(where, "export", "--channel", "C0WITHRULES") == 0
    assert capsys.readouterr().out == "name: The second\n"
    assert circletake_rules(where, "export", "--channel", "C0WITHNONE1") == 1
    assert "has no rule book" in capsys.readouterr().err
    assert circletake_rules(where, "export", "--channel", "C0NOWHERE01") == 1
    assert "No production has the team channel C0NOWHERE01" in capsys.readouterr().err


async def _fill(url: str) -> None:
    db = Database(url)
    async with db.begin() as session:
        await a_production(session, at=AT, channel_id="C0WITHNONE1")
        production = await a_production(session, at=AT, channel_id="C0WITHRULES")
        for number, body in ((1, "name: The first\n"), (2, "name: The second\n")):
            session.add(
                RuleBook(
                    workspace_id=production.workspace_id, production_id=production.id,
                    number=number, body=body, sha256=f"{number:064x}",
                    made_by=production.opened_by, made_at=AT,
                )
            )  # fmt: skip
    await db.close()
