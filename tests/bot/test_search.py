"""Reading a search, cutting a text to its words, and the index that the database keeps."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import col

from bot.errors import NotNow
from bot.search_words import LONGEST, Asked, asked_in, excerpt
from storage import Database, Session, search
from storage.models import (
    Note,
    Production,
    Reference,
    ReferenceKind,
    ReferenceStatus,
    ReferenceVersion,
    Sequence,
    TakeState,
)
from storage.search import DocumentKind, Wanted
from tests.factories import a_production, a_scene, a_take

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def shown(text: str, *terms: str, most: int = 220) -> str:
    """Write an excerpt with the words looked for in square brackets."""
    pieces = excerpt(text, terms, most=most)
    return "".join(f"[{each.text}]" if each.is_sought else each.text for each in pieces)


def test_words_phrases_and_filters_are_read_in_any_order() -> None:
    typed = "neon “golden hour” Engine:Runway status:with-client since:2026-11-01 kind:notes rain"
    assert asked_in(typed) == Asked(
        terms=("neon", "golden hour", "rain"),
        kinds=("note",),
        states=("with_client",),
        engines=("runway",),
        since=date(2026, 11, 1),
    )
    assert asked_in('family:"the hero" by:<@U0MAYA|maya>') == Asked(
        families=("the hero",), by=("@U0MAYA",)
    )
    assert asked_in("status:rendering").states == ("under_way",)


def test_an_address_and_a_time_of_day_are_words() -> None:
    assert asked_in("<https://example.com/a>").terms == ("https //example.com/a",)
    assert asked_in("12:30").terms == ("12:30",)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Say what to find"),
        ("!!! *", "Say what to find"),
        ("sence:2026-11-01", "Did you mean `since:`?"),
        ("since:yesterday", "`since:2026-11-01`"),
        ("since:2026-02-30", "is no date"),
        ("until:1/2/2026", "is no date"),
        ("status:fine", "is no status"),
        ("kind:prop", "there are scene, sequence"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(NotNow) as refused:
        asked_in(typed)
    assert sentence in str(refused.value)


@given(st.text(max_size=LONGEST))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    with suppress(NotNow):
        assert asked_in(typed) != Asked()


@given(st.text(max_size=600), st.lists(st.text(max_size=10), max_size=3))
def test_an_excerpt_is_short_and_invents_nothing(text: str, terms: list[str]) -> None:
    pieces = excerpt(text, tuple(terms), most=80)
    cut = "".join(each.text for each in pieces)
    assert len(cut) <= 82
    assert set(cut) <= set(text) | set(" …'")


def test_the_words_looked_for_are_marked_whatever_their_form() -> None:
    assert shown("Walking, she WALKS to the café.", "walk", "cafe") == (
        "[Walking], she [WALKS] to the [café]."
    )
    assert shown("She is running.", "runs") == "She is [running]."
    assert shown("*Bold* `code`", "bold") == "[Bold] code"


def test_a_long_text_is_cut_to_where_the_word_stands() -> None:
    text = "word " * 100 + "rooftop " + "word " * 100
    told = shown(text, "rooftop", most=60)
    assert told.startswith("…word")
    assert "[rooftop]" in told
    assert told.endswith("word…")


async def kinds(session: Session, production: Production, *terms: str, **filters: str) -> list[str]:
    """Find something; give the kinds of what was found."""
    wanted = Wanted(terms, {letter: (value,) for letter, value in filters.items()})
    return [each.kind for each in await search.find(session, production, wanted, limit=50)]


async def test_every_kind_of_record_is_indexed_changed_and_forgotten_with_it(
    database_url: str,
) -> None:
    db = Database(database_url)
    async with db.begin() as session:
        production = await a_production(session, at=NOW)
        scene = await a_scene(session, production, feeling="Wistful vertigo")
        reference = Reference(
            workspace_id=scene.workspace_id, production_id=production.id, number=12,
            kind=ReferenceKind.CHARACTER, title="Mira", fields={"wardrobe": "A scarlet coat"},
            proposed_by="U0LIN", proposed_at=NOW,
        )  # fmt: skip
        note = Note(
            workspace_id=scene.workspace_id,
            scene_id=scene.id,
            text="Too bright",
            by="U0LIN",
            at=NOW,
        )
        session.add_all([reference, note])
        await session.flush()
        assert await kinds(session, production, "vertigo") == ["scene"]
        assert await kinds(session, production, "coats", u="U0LIN") == ["reference"]
        assert await kinds(session, production, "R12", s="proposed") == ["reference"]
        assert await kinds(session, production, "wardrobe") == []
        version = ReferenceVersion(
            workspace_id=scene.workspace_id, reference_id=reference.id, number=1,
            note="With the torn sleeve", made_by="U0LIN", made_at=NOW,
        )  # fmt: skip
        session.add(version)
        reference.status = ReferenceStatus.RESTRICTED
        sequence = await session.get_one(Sequence, scene.sequence_id)
        sequence.story_job = "Bring her to the brink"
        session.add_all([reference, sequence])
        await session.flush()
        assert await kinds(session, production, "torn sleeves", s="restricted") == ["reference"]
        assert await kinds(session, production, s="proposed") == []
        assert await kinds(session, production, "brink") == ["sequence"]
    await db.close()


async def test_what_is_deleted_is_forgotten(database_url: str) -> None:
    db = Database(database_url)
    async with db.begin() as session:
        production = await a_production(session, at=NOW)
        scene = await a_scene(session, production)
        here = {"workspace_id": scene.workspace_id, "scene_id": scene.id}
        note = Note(**here, text="Too bright", by="U0LIN", at=NOW)
        session.add(note)
        await session.flush()
        assert await kinds(session, production, "bright") == ["note"]
        await session.exec(delete(Note).where(col(Note.id) == note.id))
        assert await kinds(session, production, "bright") == []
    await db.close()


async def test_a_take_goes_with_its_state_and_a_search_goes_back_in_time(database_url: str) -> None:
    db = Database(database_url)
    async with db.begin() as session:
        production = await a_production(session, at=NOW - timedelta(days=900))
        scene = await a_scene(session, production)
        made = [
            await a_take(session, scene, at=NOW - timedelta(days=30 * age), engine="runway")
            for age in range(24)
        ]
        wanted = Wanted(("mira",), {"k": (DocumentKind.TAKE,), "e": ("runway",)})
        first = await search.find(session, production, wanted, limit=10)
        assert [each.subject_id for each in first] == [take.id for take in made[:10]]
        rest = await search.find(session, production, wanted, before=first[-1].seq, limit=50)
        assert [each.subject_id for each in rest] == [take.id for take in made[10:]]
        between = Wanted(("mira",), wanted.filters, NOW - timedelta(days=60), NOW)
        hits = await search.find(session, production, between, limit=50)
        assert [each.subject_id for each in hits] == [take.id for take in made[1:3]]
        made[20].state = TakeState.APPROVED
        session.add(made[20])
        await session.flush()
        circled = Wanted((), {"s": ("approved", "superseded")})
        [hit] = await search.find(session, production, circled, limit=50)
        assert hit.subject_id == made[20].id
        assert len(await kinds(session, production, s="waiting")) == 23
    await db.close()
