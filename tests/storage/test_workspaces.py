"""Every query is scoped: what belongs to one workspace is nowhere to be found from another."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

import pytest
import pytest_asyncio
from sqlmodel import SQLModel, select

from storage import (
    Database,
    Session,
    bake_offs,
    cards,
    deliveries,
    digests,
    drafts,
    log,
    outages,
    people,
    productions,
    replicas,
    scenes,
    spending,
    subscriptions,
    takes,
)
from storage.models import (
    BakeOff,
    Card,
    CardKind,
    CrewMember,
    Decision,
    Delivery,
    Draft,
    Entry,
    Outage,
    Person,
    Production,
    Reason,
    Reference,
    Role,
    Scene,
    Setup,
    Shot,
    Stage,
    Subscription,
    Take,
    TakeState,
    Verdict,
)
from tests.conftest import IN_CI
from tests.databases import postgres_copy, sqlite_copy
from tests.factories import a_production, a_scene, a_take

OURS, THEIRS = "T0OURS", "T0THEIRS"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SPAN = (NOW - timedelta(days=1), NOW + timedelta(days=1))
MODULES = (
    bake_offs, outages, spending,
    cards, deliveries, digests, drafts, log, people, productions, replicas, scenes, subscriptions,
    takes,
)  # fmt: skip
OF_EVERY_WORKSPACE = {
    "bake_offs.due", "cards.due", "cards.release", "cards.count_due", "deliveries.forget",
    "digests.every_production", "drafts.forget", "log.counted", "log.hold_still",
    "log.workspaces", "scenes.unread_references",
    "subscriptions.abandoned", "subscriptions.readers", "spending.placed_lately", "takes.beginning",
    "takes.in_flight", "takes.unfinished",
}  # fmt: skip
"""Chores and gauges: what they give says whose it is, and is handled in that workspace."""
OF_NO_WORKSPACE = {
    "replicas.join", "replicas.renew", "replicas.leave", "replicas.replace_late", "replicas.living",
}  # fmt: skip
"""About our own processes, which serve every workspace: nothing of anybody's is in them."""
BY_KEY_OF_A_READER = {"subscriptions.runs", "subscriptions.claim", "subscriptions.settle"}
"""A run of a digest is found by its reader's id, which is only ever read in its workspace."""
# One table of calls, in which not every call needs all that is known.
# ruff: noqa: ARG005
M = TypeVar("M", bound=SQLModel)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
async def database(
    request: pytest.FixtureRequest, sqlite_ready: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Database]:
    """Give one empty database of each kind; every test takes back what it did."""
    if request.param == "sqlite":
        db = Database(sqlite_copy(sqlite_ready, tmp_path_factory.mktemp("records")))
        yield db
        await db.close()
        return
    ready: tuple[str, str] | None = request.getfixturevalue("postgres_ready")
    if ready is None:
        assert not IN_CI, "In CI the PostgreSQL tests may not be skipped."
        pytest.skip("no PostgreSQL server answers on 127.0.0.1")
    with postgres_copy(*ready) as url:
        db = Database(url)
        yield db
        await db.close()


@dataclass
class World:
    """One workspace's records, or what another would have to guess to reach them."""

    production: Production
    scene: Scene
    shot: Shot
    take: Take
    setup: Setup
    reference: Reference
    card: Card
    subscription: Subscription
    draft_id: str
    bake_off: BakeOff
    outage: Outage
    user_id: str = "U0ONE"
    message_ts: str = "1.0"
    file_id: str = "F0ONE"


async def a_world(session: Session) -> World:
    """Make one of everything in our workspace."""
    production = await a_production(session, at=NOW, workspace_id=OURS, opened_by="U0ONE")
    scene = await a_scene(session, production, thread_ts="1.0")
    take = await a_take(session, scene, at=NOW)
    [shot] = await scenes.shots(session, scene)
    known: dict[str, Any] = {"workspace_id": OURS}
    reference = Reference(**known, scene_id=scene.id, proposed_by="U0ONE", proposed_at=NOW)
    card = Card(
        **known, kind=CardKind.VIDEO, subject_id=take.id, channel_id=scene.channel_id,
        file_id="F0ONE", due_at=NOW, posting=True,
    )  # fmt: skip
    shown = Card(
        **known, kind=CardKind.TAKE, subject_id=take.id, channel_id=scene.channel_id,
        message_ts="1.0", due_at=NOW,
    )  # fmt: skip
    reader = Subscription(
        **known, production_id=production.id, channel_id=scene.channel_id, started_at=NOW
    )
    bake_off = BakeOff(
        **known, production_id=production.id, scene_id=scene.id, ordered_by="U0ONE", ordered_at=NOW
    )
    outage = Outage(**known, production_id=production.id, engine=take.engine, began_at=NOW)
    session.add_all([reference, card, shown, reader, bake_off, outage])
    await session.flush()
    await takes.keep_decision(session, a_decision(take))
    await people.known(session, OURS, "U0ONE", team_id=OURS)
    await deliveries.claim(session, OURS, "one", at=NOW)
    draft_id = await drafts.keep(session, OURS, {"source_text": "ours"}, at=NOW)
    await log.lock_head(session, OURS)
    await log.append(session, an_entry(OURS, scene))
    setup = await takes.setup_of(session, take)
    return World(
        production, scene, shot, take, setup, reference, card, reader, draft_id, bake_off, outage
    )  # fmt: skip


def a_decision(take: Take) -> Decision:
    return Decision(
        workspace_id=take.workspace_id, production_id=take.production_id, take_id=take.id,
        stage=Stage.TEAM, verdict=Verdict.REJECT, reason=Reason.MOTION, by="U0ONE",
        team_id=OURS, role=Role.OWNER, sha256=take.sha256 or "", at=NOW,
    )  # fmt: skip


def an_entry(workspace_id: str, scene: Scene) -> Entry:
    return Entry(
        workspace_id=workspace_id, seq=1, at=NOW, kind="scene.opened", scene_id=scene.id,
        production_id=scene.production_id, actor="circletake", body="{}", hash="0" * 64,
    )  # fmt: skip


def forged(row: M, **changes: Any) -> M:
    """Copy a record as somebody of the other workspace would hold it."""
    return type(row)(**{**row.model_dump(), "workspace_id": THEIRS, **changes})


def guessed(world: World) -> World:
    """Know every id of ours, but be of the other workspace."""
    rows: dict[str, Any] = {
        name: forged(value) if isinstance(value, SQLModel) else value
        for name, value in vars(world).items()
    }
    return World(**rows)


Call = Callable[[Session, World], Awaitable[Any]]
CALLS: dict[str, Call] = {
    "bake_offs.get": lambda s, w: bake_offs.get(s, THEIRS, w.bake_off.id),
    "bake_offs.takes_of": lambda s, w: bake_offs.takes_of(s, w.bake_off),
    "bake_offs.want_sheet": lambda s, w: bake_offs.want_sheet(
        s, forged(w.take, bake_off_id=w.bake_off.id), at=NOW
    ),
    "bake_offs.claim": lambda s, w: bake_offs.claim(s, w.bake_off, until=NOW),
    "bake_offs.keep_sheet": lambda s, w: bake_offs.keep_sheet(s, w.bake_off, "0" * 64),
    "bake_offs.keep_file": lambda s, w: bake_offs.keep_file(s, w.bake_off, "F0OTHER"),
    "outages.begin": lambda s, w: outages.begin(s, w.take, why="theirs", at=NOW),
    "outages.standing": lambda s, w: outages.standing(s, w.take),
    "outages.end": lambda s, w: outages.end(s, w.outage, at=NOW),
    "spending.committed": lambda s, w: spending.committed(s, w.production),
    "spending.account": lambda s, w: spending.account(s, w.production),
    "spending.unpriced": lambda s, w: spending.unpriced(s, w.production, first=9),
    "spending.scenes_of": lambda s, w: spending.scenes_of(s, w.production, {w.scene.id}),
    "cards.want": lambda s, w: cards.want(s, w.card),
    "cards.redraw": lambda s, w: cards.redraw(s, THEIRS, at=NOW, **_redrawn(w)),
    "cards.line": lambda s, w: cards.line(s, THEIRS, "told", channel_id="C0", at=NOW),
    "cards.take_up": lambda s, w: cards.take_up(s, w.card, at=NOW, lease=timedelta(1)),
    "cards.hold": lambda s, w: cards.hold(s, w.card, until=NOW + timedelta(1)),
    "cards.in_its_thread": lambda s, w: cards.in_its_thread(
        s, forged(w.card, thread_card_id=w.card.id)
    ),
    "cards.keep_file": lambda s, w: cards.keep_file(s, w.card, "F0OTHER"),
    "cards.settle": lambda s, w: cards.settle(s, w.card, message_ts="9.9", shown=9, at=NOW),
    "cards.put_off": lambda s, w: cards.put_off(s, w.card, until=NOW + timedelta(1)),
    "cards.give_up": lambda s, w: cards.give_up(s, w.card, "why"),
    "cards.get": lambda s, w: cards.get(s, THEIRS, w.card.id),
    "cards.of_subject": lambda s, w: cards.of_subject(s, THEIRS, CardKind.TAKE, w.take.id),
    "cards.of_message": lambda s, w: cards.of_message(s, THEIRS, w.card.channel_id, w.message_ts),
    "cards.of_file": lambda s, w: cards.of_file(s, THEIRS, w.file_id, channel_id=w.card.channel_id),
    "cards.unplaced": lambda s, w: cards.unplaced(s, THEIRS, w.card.channel_id, newest=9),
    "cards.place": lambda s, w: cards.place(s, w.card, "9.9"),
    "deliveries.claim": lambda s, w: deliveries.claim(s, THEIRS, "one", at=NOW),
    "digests.counts": lambda s, w: digests.counts(s, w.production, [SPAN]),
    "digests.medians": lambda s, w: digests.medians(s, w.production, [SPAN]),
    "digests.families": lambda s, w: digests.families(s, w.production, SPAN),
    "digests.waiting": lambda s, w: digests.waiting(s, w.production, first=9),
    "drafts.keep": lambda s, w: _done(drafts.keep(s, THEIRS, {}, at=NOW)),
    "drafts.get": lambda s, w: drafts.get(s, THEIRS, w.draft_id),
    "log.lock_head": lambda s, w: _number(log.lock_head(s, THEIRS, user_id=w.user_id)),
    "log.append": lambda s, w: log.append(s, an_entry(THEIRS, w.scene)),
    "log.head_of": lambda s, w: log.head_of(s, THEIRS),
    "log.of_scene": lambda s, w: log.of_scene(s, THEIRS, w.scene.id, last=9),
    "log.whole": lambda s, w: _pages(s),
    "people.find": lambda s, w: people.find(s, THEIRS, w.user_id),
    "people.known": lambda s, w: _done(people.known(s, THEIRS, w.user_id, team_id=THEIRS)),
    "people.named": lambda s, w: people.named(s, THEIRS),
    "productions.get": lambda s, w: productions.get(s, THEIRS, w.production.id),
    "productions.in_channel": lambda s, w: productions.in_channel(
        s, THEIRS, w.production.channel_id
    ),
    "productions.every": lambda s, w: productions.every(s, THEIRS),
    "productions.crew": lambda s, w: productions.crew(s, w.production),
    "productions.cast": lambda s, w: productions.cast(s, w.production, Role.OWNER, set()),
    "scenes.get": lambda s, w: scenes.get(s, THEIRS, w.scene.id),
    "scenes.by_number": lambda s, w: scenes.by_number(s, w.production, 10),
    "scenes.of_thread": lambda s, w: scenes.of_thread(s, THEIRS, w.scene.channel_id, w.message_ts),
    "scenes.of_production": lambda s, w: scenes.of_production(s, w.production, last=9),
    "scenes.count": lambda s, w: scenes.count(s, w.production),
    "scenes.next_number": lambda s, w: scenes.next_number(s, w.production),
    "scenes.hold": lambda s, w: scenes.hold(s, w.production),
    "scenes.first_sequence": lambda s, w: scenes.first_sequence(s, w.production),
    "scenes.shots": lambda s, w: scenes.shots(s, w.scene),
    "scenes.hold_shot": lambda s, w: scenes.hold_shot(s, THEIRS, w.shot.id),
    "scenes.change": lambda s, w: scenes.change(
        s, forged(w.scene, title="Theirs"), forged(w.shot, action="theirs")
    ),
    "scenes.circle": lambda s, w: scenes.circle(s, w.shot, w.take.id),
    "scenes.start_thread": lambda s, w: scenes.start_thread(s, THEIRS, w.scene.id, "9.9"),
    "scenes.references": lambda s, w: scenes.references(s, w.scene),
    "scenes.settle_reference": lambda s, w: scenes.settle_reference(s, w.reference, sha256="0"),
    "subscriptions.get": lambda s, w: subscriptions.get(s, THEIRS, w.subscription.id),
    "subscriptions.hold": lambda s, w: subscriptions.hold(s, THEIRS, w.subscription.id),
    "subscriptions.to_channel": lambda s, w: subscriptions.to_channel(
        s, w.production, w.subscription.channel_id
    ),
    "subscriptions.open_for": lambda s, w: subscriptions.open_for(
        s, w.production, w.subscription.channel_id, zone="UTC", at=NOW
    ),
    "takes.keep_setup": lambda s, w: _done(takes.keep_setup(s, forged(w.setup, id="new"))),
    "takes.setup_of": lambda s, w: takes.setup_of(s, w.take),
    "takes.get": lambda s, w: takes.get(s, THEIRS, w.take.id),
    "takes.every": lambda s, w: takes.every(s, THEIRS),
    "takes.of_scene": lambda s, w: takes.of_scene(s, w.scene),
    "takes.move": lambda s, w: takes.move(s, w.take, TakeState.APPROVED),
    "takes.case": lambda s, w: takes.case(s, THEIRS, w.take.id, user_id=w.user_id),
    "takes.keep_decision": lambda s, w: takes.keep_decision(s, a_decision(w.take)),
    "takes.keep_poster": lambda s, w: takes.keep_poster(s, w.take, "F0OTHER"),
    "takes.keep_sheet": lambda s, w: takes.keep_sheet(s, w.take, "F0OTHER"),
    "takes.decisions": lambda s, w: takes.decisions(s, w.take),
    "takes.same_bytes": lambda s, w: takes.same_bytes(
        s, forged(w.take, id="other"), w.take.sha256 or ""
    ),
    "takes.mentioning": lambda s, w: takes.mentioning(s, forged(w.take, id="other"), ""),
    "takes.note_progress": lambda s, w: takes.note_progress(s, [takes.Moved(w.take, 50)]),
    "takes.waiting": lambda s, w: takes.waiting(s, w.production, first=9),
}


NOTHING: dict[str, object] = {
    "digests.counts": [digests.Count()],
    "digests.families": {},
    "digests.medians": [None],
    "digests.waiting": ([], 0),
    "people.named": {},
    "productions.crew": {},
    "spending.account": [],
    "spending.committed": 0,
    "spending.scenes_of": {},
    "scenes.circle": None,
    "scenes.count": 0,
    "scenes.next_number": 10,
    "takes.case": None,
}
"""What is no record, and yet would tell of ours."""
FIGURES = {name for name in CALLS if name.startswith("digests.")}
"""Walk through many rows, so they are read beside the loop."""


def _redrawn(world: World) -> dict[str, Any]:
    wanted = inspect.signature(cards.redraw).parameters
    known = {"kind": CardKind.TAKE, "kinds": (CardKind.TAKE,)}
    known |= {"subject_id": world.take.id, "subject_ids": (world.take.id,)}
    return {name: value for name, value in known.items() if name in wanted}


async def _done(work: Awaitable[object]) -> str:
    await work
    return "done"


async def _number(work: Awaitable[log.Head]) -> tuple[int, str | None]:
    head = await work
    return head.seq, head.pseudonym


async def _pages(session: Session) -> list[list[Entry]]:
    return [page async for page in log.whole(session, THEIRS)]


def public(module: ModuleType) -> set[str]:
    """Name the module's own query functions."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for name, value in vars(module).items()
        if not name.startswith("_")
        and getattr(value, "__module__", "") == module.__name__
        and (inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value))
    }


async def test_every_query_is_asked_here() -> None:
    every = set[str]().union(*map(public, MODULES))
    assert every == set(CALLS) | OF_EVERY_WORKSPACE | OF_NO_WORKSPACE | BY_KEY_OF_A_READER


async def outcome(session: Session, call: Call, world: World) -> object:
    """Say what somebody of the other workspace gets, if only a refusal."""
    attempt = await session.begin_nested()
    try:
        found = await call(session, world)
        await session.flush()
    except Exception as refused:  # noqa: BLE001 - a refusal is an outcome here
        await attempt.rollback()
        return type(refused).__name__
    return found


async def ours(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Read all that our workspace has."""
    tables = (
        BakeOff, Card, CrewMember, Decision, Delivery, Draft, Entry, Outage, Person,
        Production, Reference, Scene, Setup, Shot, Subscription, Take,
    )  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = {}
    for table in tables:
        wanted: Any = select(table).where(cast("Any", table).workspace_id == OURS)
        read_in: Any = session.exec
        rows: Any = await read_in(wanted.execution_options(populate_existing=True))
        found[table.__name__] = [row.model_dump() for row in rows.all()]
    return found


async def probed(session: Session, name: str) -> tuple[object, bool]:
    """Give what somebody elsewhere gets, and whether ours is as it was."""
    world = await a_world(session)
    before = await ours(session)
    theirs = await outcome(session, CALLS[name], guessed(world))
    session.expunge_all()
    return theirs, await ours(session) == before


@pytest.mark.parametrize("name", sorted(set(CALLS) - FIGURES))
async def test_nothing_of_ours_is_seen_or_changed_from_elsewhere(
    database: Database, name: str
) -> None:
    async with database.begin() as session:
        attempt = await session.begin_nested()
        theirs, is_as_it_was = await probed(session, name)
        await attempt.rollback()
    assert is_as_it_was
    assert _mine(theirs) == [], f"{name} gave {theirs}"
    if name in NOTHING:
        assert theirs == NOTHING[name]


async def test_no_figure_counts_what_is_of_another_workspace(database_url: str) -> None:
    db = Database(database_url)
    async with db.begin() as session:
        world = await a_world(session)
    for name in sorted(FIGURES):
        async with db.read(long=True) as session:
            assert await CALLS[name](session, guessed(world)) == NOTHING[name], name
            assert await CALLS[name](session, world) != NOTHING[name] or name == "digests.waiting"
    await db.close()


def _mine(found: object) -> list[object]:
    """Pick out of an answer what carries our workspace or counts something of ours."""
    several: list[Any] = list(cast("Any", found)) if isinstance(found, list | tuple) else [found]
    return [each for each in several if getattr(each, "workspace_id", "") == OURS]
