"""References of before, which were a scene's own, become assets of their production."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, text

from storage import Database, castings, productions, references, schema, takes
from tests.conftest import IN_CI
from tests.databases import postgres_blank

AT = "2026-01-01 00:00:00+00:00"
MIRA, DUSK = "a" * 64, "b" * 64


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give a database without any table, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    ready: tuple[str, str] | None = request.getfixturevalue("postgres_ready")
    if ready is None:
        assert not IN_CI, "In CI the PostgreSQL tests may not be skipped."
        pytest.skip("no PostgreSQL server answers on 127.0.0.1")
    with postgres_blank(ready[0]) as url:
        yield url


def put(connection: Connection, table: str, **values: Any) -> None:
    """Insert a row as the old version did."""
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)  # noqa: S608 - names of our own


def old_records(where: str) -> None:
    """Make a database as it was before, with two references, and two takes one of the other."""
    with schema._connected(where) as connection:  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001 - a migration is tested from inside
        config = schema._config()  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001 - the same
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        own = {"workspace_id": "T1"}
        put(connection, "production", **own, id="p", name="Aurora", channel_id="C1",
            client_open=True, zone="UTC", opened_by="U1", opened_at=AT)  # fmt: skip
        put(connection, "sequence", **own, id="q", production_id="p", number=10, title="")
        texts = dict.fromkeys(
            ("change", "feeling", "must_carry", "must_not_show", "constraints", "brief",
             "source_text", "source_link"), "",
        )  # fmt: skip
        put(connection, "scene", **own, **texts, id="s", production_id="p", sequence_id="q",
            number=10, title="Rooftop", purpose="she leaves", salt="00", channel_id="C1",
            opened_by="U1", opened_at=AT)  # fmt: skip
        put(connection, "shot", **own, id="h", scene_id="s", number=10, action="", framing="",
            camera="", seconds=5, ratio="16:9", takes_made=2)  # fmt: skip
        for name, sha256, problem in (("r1", MIRA, ""), ("r2", None, "This is no picture.")):
            put(connection, "reference", **own, id=name, scene_id="s", version=1, kind="style",
                status="proposed", title=f"{name}.jpg", file_id="F1", sha256=sha256,
                problem=problem, proposed_by="U1", proposed_at=AT)  # fmt: skip
        direct = {"id": "r1", "version": 1, "sha256": MIRA}
        for number, made_after in ((1, direct), (2, {"take": "t1", "version": 1, "sha256": DUSK})):
            body = json.dumps({"v": 2, "references": [made_after]}, separators=(",", ":"))
            put(connection, "setup", **own, id=f"u{number}", sha256=f"{number:064}", body=body,
                engine="animatic", model="", prompt="", family="")  # fmt: skip
            put(connection, "take", **own, id=f"t{number}", production_id="p", scene_id="s",
                shot_id="h", setup_id=f"u{number}", number=number, state="waiting",
                engine="animatic", ordered_by="U1", ordered_at=AT, cost_cents=0, handle="",
                progress=0, problem="", size=0, seconds=0, width=0, height=0,
                probe="{}")  # fmt: skip
        connection.commit()


async def test_what_scenes_had_and_takes_used_is_kept(blank_url: str) -> None:
    old_records(blank_url)
    schema.upgrade(blank_url)
    db = Database(blank_url)
    async with db.read() as session:
        production = await productions.get(session, "T1", "p")
        found = await references.assets(session, "T1", ["r1", "r2"])
        assert [(each.reference.code, each.reference.title) for each in found] == [
            ("R1", "r1.jpg"), ("R2", "r2.jpg"),
        ]  # fmt: skip
        assert found[0].files[0].sha256 == MIRA
        assert found[1].files[0].problem == "This is no picture."
        assert [each.code for each in await castings.scenes_of(session, found[0].reference)] == [
            "SC010"
        ]
        first, second = [
            await references.uses_of(session, take) for take in await takes.every(session, "T1")
        ]
    await db.close()
    assert production.name == "Aurora"
    assert [(use.reference_id, use.sha256, use.via_take_id) for use in first] == [
        ("r1", MIRA, None)
    ]
    assert [(use.reference_id, use.sha256, use.via_take_id) for use in second] == [
        ("r1", MIRA, "t1")
    ]
