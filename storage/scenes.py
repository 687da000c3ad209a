"""Sequences, scenes and shots."""

from sqlalchemy import bindparam, func, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select

from storage._sql import one, run, table_of
from storage.database import Session
from storage.models import Production, Scene, Sequence, Shot


async def get(session: Session, workspace_id: str, scene_id: str) -> Scene:
    """Give one; it must exist."""
    return await one(session, Scene, workspace_id, scene_id)


async def by_number(session: Session, production: Production, number: int) -> Scene | None:
    """Give the scene of a production by its number."""
    wanted = select(Scene).where(
        Scene.workspace_id == production.workspace_id,
        Scene.production_id == production.id,
        Scene.number == number,
    )
    return (await session.exec(wanted)).first()


async def of_thread(
    session: Session, workspace_id: str, channel_id: str, thread_ts: str
) -> Scene | None:
    """Give the scene whose record this thread is; the newest if there are several."""
    wanted = select(Scene).where(
        Scene.workspace_id == workspace_id,
        Scene.channel_id == channel_id,
        Scene.thread_ts == thread_ts,
    )
    return (await session.exec(wanted.order_by(col(Scene.number).desc()))).first()


async def of_production(session: Session, production: Production, *, last: int) -> list[Scene]:
    """Give a production's newest scenes, newest first."""
    wanted = select(Scene).where(
        Scene.workspace_id == production.workspace_id, Scene.production_id == production.id
    )
    newest = wanted.order_by(col(Scene.number).desc()).limit(last)
    return list((await session.exec(newest)).all())


async def count(session: Session, production: Production) -> int:
    """Count a production's scenes."""
    wanted = select(func.count()).where(
        col(Scene.workspace_id) == production.workspace_id,
        col(Scene.production_id) == production.id,
    )
    return (await session.exec(wanted)).one()


async def next_number(session: Session, production: Production) -> int:
    """Give the next scene number, in tens. The caller holds the production's row."""
    wanted = select(func.max(Scene.number)).where(
        col(Scene.workspace_id) == production.workspace_id,
        col(Scene.production_id) == production.id,
    )
    return ((await session.exec(wanted)).one() or 0) + 10


async def hold(session: Session, production: Production) -> None:
    """Keep others from numbering and spending in this production until the commit.

    The record is read anew, so that its budget is the one that holds now.
    """
    wanted = select(Production).where(
        Production.workspace_id == production.workspace_id, Production.id == production.id
    )
    fresh = wanted.with_for_update().execution_options(populate_existing=True)
    (await session.exec(fresh)).one()


async def first_sequence(session: Session, production: Production) -> Sequence:
    """Give the production's first sequence; make it if it has none."""
    wanted = select(Sequence).where(
        Sequence.workspace_id == production.workspace_id, Sequence.production_id == production.id
    )
    found = (await session.exec(wanted.order_by(col(Sequence.number)))).first()
    if found is None:
        found = Sequence(
            workspace_id=production.workspace_id, production_id=production.id, number=10
        )
        session.add(found)
        await session.flush()
    return found


_SHOTS = (
    select(Shot)
    .where(
        col(Shot.workspace_id) == bindparam("workspace_id"),
        col(Shot.scene_id) == bindparam("scene_id"),
    )
    .order_by(col(Shot.number))
)


async def shots(session: Session, scene: Scene) -> list[Shot]:
    """Give a scene's shots in order."""
    values = {"workspace_id": scene.workspace_id, "scene_id": scene.id}
    return list((await session.exec(_SHOTS, params=values)).all())


async def shot(session: Session, workspace_id: str, shot_id: str) -> Shot:
    """Give one shot; it must exist."""
    return await one(session, Shot, workspace_id, shot_id)


async def hold_shot(session: Session, workspace_id: str, shot_id: str) -> Shot:
    """Give a shot as it is now and keep others from changing it until the commit."""
    wanted = select(Shot).where(Shot.workspace_id == workspace_id, Shot.id == shot_id)
    fresh = wanted.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(fresh)).one()


_CIRCLE = (
    update(table_of(Shot))
    .where(
        col(Shot.workspace_id) == bindparam("of_workspace"), col(Shot.id) == bindparam("of_shot")
    )
    .values(circle_take_id=bindparam("to_take"))
)


async def circle(session: Session, shot: Shot, take_id: str | None) -> None:
    """Make a take the shot's circle take, or none. The caller holds the shot."""
    values = {"of_workspace": shot.workspace_id, "of_shot": shot.id, "to_take": take_id}
    await run(session, _CIRCLE, values)
    set_committed_value(shot, "circle_take_id", take_id)


async def change(session: Session, scene: Scene, shot: Shot) -> None:
    """Write down what people changed about a scene and its first shot."""
    await _rewrite(session, scene, _WRITTEN)
    await plan(session, shot)


async def plan(session: Session, shot: Shot) -> None:
    """Write down what people changed about a shot."""
    await _rewrite(session, shot, _PLANNED)


async def _rewrite(session: Session, row: Scene | Shot, names: tuple[str, ...]) -> None:
    table = table_of(type(row)).c
    changed_row = update(type(row)).where(
        table.workspace_id == row.workspace_id, table.id == row.id
    )
    values = {name: getattr(row, name) for name in names}
    await session.exec(changed_row.values(values).execution_options(synchronize_session=False))


_WRITTEN = (
    "title", "purpose", "change", "feeling", "must_carry", "must_not_show", "constraints",
    "overrides", "brief", "sequence_id",
)  # fmt: skip
_PLANNED = ("action", "framing", "camera", "seconds", "ratio")


async def start_thread(session: Session, workspace_id: str, scene_id: str, thread_ts: str) -> None:
    """Make a scene's first posted card the head of its thread, unless it has one."""
    await session.exec(
        update(Scene)
        .where(
            col(Scene.workspace_id) == workspace_id,
            col(Scene.id) == scene_id,
            col(Scene.thread_ts).is_(None),
        )
        .values(thread_ts=thread_ts)
    )
