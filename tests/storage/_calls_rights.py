"""What another workspace might ask of the queries about rights and holds."""

from storage import Session, holds
from storage.models import Hold, Release, ReleaseCover, Ruling
from tests.storage._world import NOW, OURS, THEIRS, Call, World

NOTHING: dict[str, object] = {
    "holds.open_all": 0, "holds.of_takes": {}, "holds.open_in": [], "holds.count_open": 0,
    "holds.rule": False, "holds.used_by": {},
}  # fmt: skip
CALLS: dict[str, Call] = {
    "holds.open_all": lambda s, w: holds.open_all(s, w.reference, cause="theirs", at=NOW),
    "holds.get": lambda s, w: holds.get(s, THEIRS, w.more["hold"].id),
    "holds.of_takes": lambda s, w: holds.of_takes(s, THEIRS, [w.take.id]),
    "holds.open_in": lambda s, w: holds.open_in(s, w.production, first=9),
    "holds.count_open": lambda s, w: holds.count_open(s, w.production),
    "holds.rule": lambda s, w: holds.rule(
        s, w.more["hold"], Ruling.STANDS, by="U0TWO", at=NOW, reason="theirs", salt="00"
    ),
    "holds.used_by": lambda s, w: holds.used_by(s, THEIRS, [w.take.id]),
}


async def add(session: Session, world: World) -> None:
    """Make the records that these calls need."""
    release = Release(
        workspace_id=OURS, production_id=world.production.id, number=1, holder="Mira Holt",
        starts_on=NOW.date(), recorded_by="U0ONE", recorded_at=NOW,
    )  # fmt: skip
    hold = Hold(
        workspace_id=OURS, production_id=world.production.id, scene_id=world.scene.id,
        take_id=world.take.id, reference_id=world.reference.id, cause="status:1", opened_at=NOW,
    )  # fmt: skip
    session.add_all([release, hold])
    await session.flush()
    session.add(
        ReleaseCover(workspace_id=OURS, release_id=release.id, reference_id=world.reference.id)
    )
    await session.flush()
    world.more |= {"release": release, "hold": hold}
