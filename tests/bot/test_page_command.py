"""`circletake page` says in one sentence what it cannot do, and leaves no half of a file behind."""

import argparse
import asyncio
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands import page
from bot.errors import NotNow
from bot.settings import Settings, read
from storage import Database
from tests.factories import a_production, a_scene

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return read({"CIRCLETAKE_DATA": str(tmp_path), "CIRCLETAKE_DATABASE_URL": sqlite_url})


async def _fill(settings: Settings, *names: str, channels: tuple[str, ...] = ()) -> None:
    db = Database(settings.database)
    async with db.begin() as session:
        for count, name in enumerate(names):
            more: dict[str, Any] = {"channel_id": channels[count]} if channels else {}
            await a_scene(session, await a_production(session, at=NOW, name=name, **more))
    await db.close()


def typed(settings: Settings, *words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    page.arguments(parser)
    return page.run(parser.parse_args([str(each) for each in words]), settings)


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_the_ending_of_the_file_says_what_it_is(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    asyncio.run(_fill(settings, "Northlight"))
    out = tmp_path / f"page.{ending}"
    assert typed(settings, "sq010", "--out", out) == 0
    assert str(out) in capsys.readouterr().out
    begins = {"html": b"<!doctype", "pdf": b"%PDF-"}[ending]
    assert io.BytesIO(out.read_bytes()).read(9).lower().startswith(begins.lower())
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith(".page")) == []


@pytest.mark.parametrize(
    ("names", "words", "why"),
    [
        ((), ["SQ010"], "There is no production yet"),
        (("Northlight",), ["SQ090"], "There is no sequence SQ090. Northlight has SQ010."),
        (("Northlight",), ["nonsense"], "There is no sequence nonsense"),
        (("Northlight", "Aurora"), ["SQ010"], "Several productions are meant: name one"),
        (("Northlight",), ["SQ010", "--production", "Aurora"], "no production Aurora"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(
    settings: Settings, tmp_path: Path, names: tuple[str, ...], words: list[str], why: str
) -> None:
    asyncio.run(_fill(settings, *names))
    with pytest.raises(NotNow, match=why):
        typed(settings, *words, "--out", tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_a_production_is_named_by_its_channel_where_two_are_called_the_same(
    settings: Settings, tmp_path: Path
) -> None:
    asyncio.run(_fill(settings, "Northlight", "Northlight", channels=("C0ONE", "C0TWO")))
    out = tmp_path / "page.html"
    with pytest.raises(NotNow, match=r"Northlight \(C0ONE\), Northlight \(C0TWO\)"):
        typed(settings, "SQ010", "--production", "Northlight", "--out", out)
    assert typed(settings, "SQ010", "--channel", "C0TWO", "--out", out) == 0


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("page.docx", "ends in neither .html nor .pdf"),
        ("nowhere/page.pdf", "is no folder"),
        ("there.pdf", "is there already"),
    ],
)
def test_a_file_is_never_replaced_or_guessed_at(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, why: str
) -> None:
    (tmp_path / "there.pdf").touch()
    assert typed(settings, "SQ010", "--out", tmp_path / name) == 1
    assert why in capsys.readouterr().err
