"""Fills a database as if a team had worked for a while, without asking an engine."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import SQLModel

from storage import Database
from storage._types import new_id
from storage.models import (
    Card,
    CardKind,
    CrewMember,
    Person,
    Production,
    Role,
    Scene,
    Sequence,
    Setup,
    Shot,
    Take,
    TakeState,
)

WORKSPACE, DIRECTOR, CHANNEL = "T0BENCH0001", "U0DIRECT001", "C0BENCHTEAM"
SHOTS = 5
"""Shots a scene, with one take each: no approval supersedes another."""
_BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
_BODY = (
    '{"v":1,"mode":"t2v","model":"","native":{},"prompt":"She walks to the edge.","ratio":"16:9",'
    '"references":[],"resolution":"720p","seconds":5,"seed":1}'
)


@dataclass(frozen=True)
class Seeded:
    """Which takes there are, in the order they were made."""

    take_ids: list[str]


async def seed(database_url: str, count: int, *, state: TakeState, engine: str = "slow") -> Seeded:
    """Write a production with this many takes in one state, their scenes, shots and cards."""
    db = Database(database_url)
    production = _production()
    made: list[Take] = []
    try:
        await _write(db, _opening(production, engine))
        for first in range(0, count, 500):
            rows: list[SQLModel] = []
            for number in range(first, min(first + 500, count), SHOTS):
                rows += _scene(production, number, state=state, engine=engine)
            await _write(db, rows)
            made += [row for row in rows if isinstance(row, Take)]
    finally:
        await db.close()
    return Seeded([take.id for take in made[:count]])


async def _write(db: Database, rows: list[SQLModel]) -> None:
    async with db.begin() as session:
        for kind in (Person, Production, CrewMember, Sequence, Setup, Scene, Shot, Take, Card):
            session.add_all([row for row in rows if isinstance(row, kind)])
            await session.flush()


def _production() -> Production:
    return Production(
        workspace_id=WORKSPACE,
        name="Bench",
        channel_id=CHANNEL,
        opened_by=DIRECTOR,
        opened_at=_BEGAN,
    )


def _opening(production: Production, engine: str) -> list[SQLModel]:
    crew = [(DIRECTOR, Role.DIRECTOR), (DIRECTOR, Role.OWNER)]
    crew += [(f"U0EDITOR{number:03d}", Role.EDITOR) for number in range(6)]
    return [
        production,
        Sequence(id=_SEQUENCE, workspace_id=WORKSPACE, production_id=production.id, number=10),
        Setup(id=_SETUP, workspace_id=WORKSPACE, sha256=_hash("setup"), body=_BODY, engine=engine),
        *(
            CrewMember(
                workspace_id=WORKSPACE, production_id=production.id, user_id=user_id, role=role
            )
            for user_id, role in crew
        ),
    ]


_SEQUENCE, _SETUP = new_id(), new_id()


def _scene(
    production: Production, number: int, *, state: TakeState, engine: str
) -> Iterator[SQLModel]:
    thread_ts = f"{1793600000 + number}.000100"
    scene = Scene(
        workspace_id=WORKSPACE,
        production_id=production.id,
        sequence_id=_SEQUENCE,
        number=10 * (number + 1),
        title=f"Rooftop {number}",
        purpose="Mira decides to leave.",
        channel_id=CHANNEL,
        thread_ts=thread_ts,
        opened_by=DIRECTOR,
        opened_at=_BEGAN,
    )
    yield scene
    yield _card(CardKind.SCENE, scene.id, message_ts=thread_ts, thread_ts=None)
    for order in range(SHOTS):
        yield from _shot(scene, order, state=state, engine=engine)


def _shot(scene: Scene, order: int, *, state: TakeState, engine: str) -> Iterator[SQLModel]:
    shot = Shot(
        workspace_id=WORKSPACE,
        scene_id=scene.id,
        number=10 * (order + 1),
        action="She walks to the edge.",
        takes_made=1,
    )
    yield shot
    take = _take(scene, shot, state=state, engine=engine)
    yield take
    yield _card(
        CardKind.TAKE,
        take.id,
        message_ts=f"{(scene.thread_ts or '')[:10]}.{order + 2:06d}",
        thread_ts=scene.thread_ts,
    )


def _take(scene: Scene, shot: Shot, *, state: TakeState, engine: str) -> Take:
    take = Take(
        workspace_id=WORKSPACE,
        production_id=scene.production_id,
        scene_id=scene.id,
        shot_id=shot.id,
        setup_id=_SETUP,
        number=1,
        state=state,
        engine=engine,
        ordered_by=DIRECTOR,
        ordered_at=_BEGAN + timedelta(hours=1),
    )
    if state not in {TakeState.ORDERED, TakeState.RENDERING}:
        take.sha256, take.ready_at = _hash(take.id), _BEGAN + timedelta(hours=2)
        take.size, take.seconds, take.width, take.height = 4_000_000, 5.0, 1280, 720
    return take


def _card(kind: CardKind, subject_id: str, *, message_ts: str, thread_ts: str | None) -> Card:
    return Card(
        workspace_id=WORKSPACE,
        kind=kind,
        subject_id=subject_id,
        channel_id=CHANNEL,
        thread_ts=thread_ts,
        message_ts=message_ts,
        shown=1,
        stale=False,
        due_at=_BEGAN,
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
