"""Setups, takes and what was decided about them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, and_, bindparam, func, update
from sqlalchemy import select as plain_select
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select

from storage._sql import find, insert_new, insert_row, one, run, table_of
from storage.database import Session
from storage.models import (
    UNDER_WAY,
    CrewMember,
    Decision,
    Production,
    Role,
    Scene,
    Setup,
    Shot,
    Take,
    TakeState,
)


async def keep_setup(session: Session, setup: Setup) -> Setup:
    """Keep a setup; one with the same content is the same record."""
    await insert_new(session, Setup, setup.model_dump())
    wanted = select(Setup).where(
        Setup.workspace_id == setup.workspace_id, Setup.sha256 == setup.sha256
    )
    return (await session.exec(wanted)).one()


async def setup_of(session: Session, take: Take) -> Setup:
    """Give the setup that a take was made from."""
    return await one(session, Setup, take.workspace_id, take.setup_id)


async def get(session: Session, workspace_id: str, take_id: str) -> Take | None:
    """Give a take of this workspace."""
    return await find(session, Take, workspace_id, take_id)


async def every(session: Session, workspace_id: str) -> list[Take]:
    """Give every take of a workspace, oldest first."""
    wanted = select(Take).where(Take.workspace_id == workspace_id)
    return list((await session.exec(wanted.order_by(col(Take.id)))).all())


async def beginning(session: Session, sha256: str) -> list[Take]:
    """Give takes of every workspace whose file's hash begins so, for the operator."""
    wanted = select(Take).where(col(Take.sha256).startswith(sha256, autoescape=True))
    return list((await session.exec(wanted.order_by(col(Take.id)).limit(100))).all())


_OF_SCENE = (
    select(Take)
    .join(Shot, and_(col(Shot.workspace_id) == Take.workspace_id, col(Shot.id) == Take.shot_id))
    .where(
        col(Shot.workspace_id) == bindparam("workspace_id"),
        col(Shot.scene_id) == bindparam("scene_id"),
    )
    .order_by(col(Shot.number), col(Take.number).desc())
)


async def of_scene(session: Session, scene: Scene) -> list[Take]:
    """Give a scene's takes, shot by shot, the newest of each first."""
    values = {"workspace_id": scene.workspace_id, "scene_id": scene.id}
    return list((await session.exec(_OF_SCENE, params=values)).all())


async def move(session: Session, take: Take, to: TakeState, **values: Any) -> bool:
    """Move a take on, if it still is in the state that we saw; say whether it was."""
    seen = {"of_workspace": take.workspace_id, "of_take": take.id, "seen": take.state}
    values["state"] = to
    moved = await run(session, _move(tuple(sorted(values))), {**seen, **values})
    if moved.rowcount:
        for name, value in values.items():
            set_committed_value(take, name, value)
    return bool(moved.rowcount)


@cache
def _move(names: tuple[str, ...]) -> Update:
    return (
        update(table_of(Take))
        .where(
            col(Take.workspace_id) == bindparam("of_workspace"),
            col(Take.id) == bindparam("of_take"),
            col(Take.state) == bindparam("seen"),
        )
        .values({name: bindparam(name) for name in names})
    )


@dataclass(frozen=True)
class Moved:
    """How far the job of a take is by now."""

    take: Take
    percent: int


async def note_progress(session: Session, moved: Collection[Moved]) -> None:
    """Note how far many jobs are, of those whose take still is with its engine."""
    values = [
        {
            "of_workspace": each.take.workspace_id,
            "of_take": each.take.id,
            "seen": TakeState.RENDERING,
            "progress": each.percent,
        }
        for each in sorted(moved, key=lambda each: each.take.id)  # so that nobody locks crosswise
    ]
    await run(session, _move(("progress",)), values)
    for each in moved:
        set_committed_value(each.take, "progress", each.percent)


@dataclass(frozen=True)
class Case:
    """What somebody's decision about a take hangs on."""

    take: Take
    production: Production
    shot: Shot
    roles: set[Role]
    """Theirs, in this production."""


_CASE = (
    select(Take, Production, Shot, CrewMember.role)
    .join(
        Production,
        and_(
            col(Production.workspace_id) == Take.workspace_id,
            col(Production.id) == Take.production_id,
        ),
    )
    .join(Shot, and_(col(Shot.workspace_id) == Take.workspace_id, col(Shot.id) == Take.shot_id))
    .join(
        CrewMember,
        and_(
            col(CrewMember.workspace_id) == Take.workspace_id,
            col(CrewMember.production_id) == Take.production_id,
            col(CrewMember.user_id) == bindparam("user_id"),
        ),
        isouter=True,
    )
    .where(col(Take.workspace_id) == bindparam("workspace_id"), Take.id == bindparam("take_id"))
    .with_for_update(of=Shot)
    .execution_options(populate_existing=True)
)


async def case(session: Session, workspace_id: str, take_id: str, *, user_id: str) -> Case | None:
    """Give a take with what a decision needs, and hold its shot until the commit."""
    values = {"workspace_id": workspace_id, "take_id": take_id, "user_id": user_id}
    rows = (await session.exec(_CASE, params=values)).all()
    if not rows:
        return None
    take, production, shot, _ = rows[0]
    return Case(take, production, shot, {Role(role) for *_, role in rows if role})


async def keep_decision(session: Session, decision: Decision) -> None:
    """Keep what was decided; it is never changed."""
    await insert_row(session, decision)


async def same_bytes(session: Session, take: Take, sha256: str) -> Take | None:
    """Give another take of the production that consists of these very bytes."""
    wanted = select(Take).where(
        Take.workspace_id == take.workspace_id,
        Take.production_id == take.production_id,
        Take.sha256 == sha256,
        Take.id != take.id,
    )
    return (await session.exec(wanted.order_by(col(Take.id)).limit(1))).first()


async def mentioning(session: Session, take: Take, job_id: str) -> list[Take]:
    """Give other takes of the workspace, of the same engine, whose handle has this text in it."""
    wanted = select(Take).where(
        Take.workspace_id == take.workspace_id,
        Take.engine == take.engine,
        Take.id != take.id,
        col(Take.handle).contains(job_id, autoescape=True),
    )
    return list((await session.exec(wanted)).all())


async def keep_poster(session: Session, take: Take, file_id: str) -> None:
    """Keep the id of Slack's copy of a take's poster."""
    await session.exec(
        update(Take)
        .where(col(Take.workspace_id) == take.workspace_id, col(Take.id) == take.id)
        .values(poster_file_id=file_id)
        .execution_options(synchronize_session=False)
    )


async def keep_sheet(session: Session, take: Take, file_id: str) -> None:
    """Keep the id of Slack's copy of a take's contact sheet."""
    await session.exec(
        update(Take)
        .where(col(Take.workspace_id) == take.workspace_id, col(Take.id) == take.id)
        .values(sheet_file_id=file_id)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Owed:
    """A take that an engine still owes, as far as starting its work needs it."""

    id: str
    workspace_id: str
    engine: str
    attempt: int
    state: TakeState


async def unfinished(session: Session, *, before: datetime, limit: int) -> list[Owed]:
    """Give takes of every workspace that an engine still owes, oldest first, for the sweep."""
    wanted = (
        plain_select(
            col(Take.id),
            col(Take.workspace_id),
            col(Take.engine),
            col(Take.attempt),
            col(Take.state),
        )
        .where(col(Take.state).in_(UNDER_WAY), col(Take.ordered_at) <= before)
        .order_by(col(Take.ordered_at))
        .limit(limit)
    )
    run_it: Any = session.exec
    return [Owed(*row) for row in (await run_it(wanted)).all()]


_DECISIONS = (
    select(Decision)
    .where(
        col(Decision.workspace_id) == bindparam("workspace_id"),
        col(Decision.take_id) == bindparam("take_id"),
    )
    .order_by(col(Decision.at))
)


async def decisions(session: Session, take: Take) -> list[Decision]:
    """Give what was decided about a take, oldest first."""
    values = {"workspace_id": take.workspace_id, "take_id": take.id}
    return list((await session.exec(_DECISIONS, params=values)).all())


async def waiting(session: Session, production: Production, *, first: int) -> list[Take]:
    """Give the takes that have waited longest for a decision."""
    wanted = select(Take).where(
        Take.workspace_id == production.workspace_id,
        Take.production_id == production.id,
        col(Take.state).in_((TakeState.WAITING, TakeState.WITH_CLIENT)),
    )
    return list((await session.exec(wanted.order_by(col(Take.ready_at)).limit(first))).all())


async def in_flight(session: Session) -> dict[TakeState, int]:
    """Count the takes of every workspace by state, for the gauges, without the decided ones."""
    states = (*list(TakeState)[:6], TakeState.AMBIGUOUS)
    counted = select(Take.state, func.count()).where(col(Take.state).in_(states))
    rows = (await session.exec(counted.group_by(Take.state))).all()
    return {TakeState(state): number for state, number in rows}
