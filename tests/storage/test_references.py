"""What is asked of references, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import Database, Session, castings, reference_files, references
from storage.models import Production, Reference, ReferenceStatus, Scene
from tests.factories import a_production, a_reference, a_scene

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PROPOSED = ReferenceStatus.PROPOSED


@pytest.fixture
async def database(database_url: str) -> Database:
    return Database(database_url)


async def a_board(session: Session) -> tuple[Production, Scene, dict[str, Reference]]:
    """Make a production with references of these titles, the last two only proposed."""
    production = await a_production(session, at=NOW)
    scene = await a_scene(session, production)
    made = {
        title: await a_reference(session, scene, title, at=NOW)
        for title in ("Old Mira", "Mira", "100% wool", "Roof")
    }
    for count, title in enumerate(("Mira's coat", "Harbour")):
        at = NOW + timedelta(seconds=count)
        made[title] = await a_reference(session, scene, title, at=at, status=PROPOSED)
    return production, scene, made


async def test_a_menu_offers_what_is_approved_first_and_what_begins_with_the_words(
    database: Database,
) -> None:
    async with database.begin() as session:
        production, _, _ = await a_board(session)

        async def offered(typed: str, limit: int = 9) -> list[str]:
            found = await references.titled(session, production, typed, limit=limit)
            return [each.title for each in found]

        assert await offered("mira") == ["Mira", "Old Mira", "Mira's coat"]
        assert await offered("MIRA", 1) == ["Mira"]
        assert await offered("%") == ["100% wool"]
        assert await offered("_") == []
        assert await offered("r4") == ["Roof"]
        assert await offered("5") == ["Mira's coat"]
        assert len(await offered("")) == 6
    await database.close()


async def test_what_waits_without_a_scene_is_found_apart(database: Database) -> None:
    async with database.begin() as session:
        production, scene, made = await a_board(session)
        assert await references.uncast_proposals(session, production) == []
        await castings.uncast(session, scene, made["Harbour"].id)
        await castings.uncast(session, scene, made["Roof"].id)
        [found] = await references.uncast_proposals(session, production)
        assert found.reference.title == "Harbour"
        assert await references.proposed_with(session, made["Mira"]) == 5
        assert await references.proposed_with(session, made["Harbour"]) == 1
        ids = [each.id for each in made.values()]
        cast = await castings.scenes_with(session, production.workspace_id, ids)
        assert set(cast) == set(ids) - {made["Harbour"].id, made["Roof"].id}
        page = await references.of_production(session, production, skip=4, first=3)
        assert [each.reference.title for each in page] == ["Mira's coat", "Harbour"]
        assert await references.count(session, production) == 6
    await database.close()


async def test_only_the_newest_versions_files_are_compared(database: Database) -> None:
    async with database.begin() as session:
        production, scene, made = await a_board(session)
        other = await a_scene(session, await a_production(session, at=NOW))
        await a_reference(session, other, "Elsewhere", at=NOW)
        kept = await references.kept_files(session, production)
        assert [each.title for each, _ in kept] == list(made)
        assert scene.production_id == production.id
        _, file = kept[0]
        await reference_files.keep_shown(session, file, "F0SHOWN")
        session.expunge_all()
        [again, *_] = await references.kept_files(session, production)
        assert again[1].shown_file_id == "F0SHOWN"
    await database.close()
