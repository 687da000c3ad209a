"""What another workspace might ask of the queries about rights and holds."""

from storage import Session, held, holds, rights
from storage.models import Hold, Release, ReleaseCover, Ruling
from tests.storage._world import NOW, OURS, THEIRS, Call, World

OF_EVERY_WORKSPACE = {"rights.awaiting", "rights.notices", "rights.unread_documents"}
NOTHING: dict[str, object] = {
    "holds.open_all": 0, "holds.rule": False, "held.used_by": {}, "holds.causes_of": [],
    "held.open_causes": [], "holds.let_go": 0, "held.counted": {}, "held.of_cause": [],
    "held.dependents": [], "held.count_dependents": (0, 0), "rights.next_number": 1,
    "rights.covered_by": {}, "rights.of_production": [], "rights.settle_document": False,
}  # fmt: skip
CALLS: dict[str, Call] = {
    "holds.open_all": lambda s, w: holds.open_all(s, w.reference, cause="theirs", at=NOW),
    "holds.rule": lambda s, w: holds.rule(
        s, w.more["hold"], Ruling.STANDS, by="U0TWO", at=NOW, reason="theirs", salt="00"
    ),
    "held.used_by": lambda s, w: held.used_by(s, THEIRS, [w.take.id]),
    "held.open_causes": lambda s, w: held.open_causes(s, w.production),
    "holds.causes_of": lambda s, w: holds.causes_of(s, w.reference),
    "holds.let_go": lambda s, w: holds.let_go(s, w.reference, but=""),
    "held.counted": lambda s, w: held.counted(s, w.reference, "status:1"),
    "held.of_cause": lambda s, w: held.of_cause(s, w.reference, "status:1", first=9),
    "held.last_ruled": lambda s, w: held.last_ruled(s, w.reference, "status:1"),
    "held.dependents": lambda s, w: held.dependents(s, w.reference),
    "held.count_dependents": lambda s, w: held.count_dependents(s, THEIRS, [w.reference.id]),
    "rights.get": lambda s, w: rights.get(s, THEIRS, w.more["release"].id),
    "rights.hold": lambda s, w: rights.hold(s, THEIRS, w.more["release"].id),
    "rights.by_number": lambda s, w: rights.by_number(s, w.production, 1),
    "rights.next_number": lambda s, w: rights.next_number(s, w.production),
    "rights.of_production": lambda s, w: rights.of_production(s, w.production),
    "rights.covered_by": lambda s, w: rights.covered_by(s, THEIRS, [w.more["release"].id]),
    "rights.cover": lambda s, w: rights.cover(s, w.more["release"], []),
    "rights.claim": lambda s, w: rights.claim(
        s, w.more["release"], (w.more["release"].id, "7", NOW.date()), at=NOW
    ),
    "rights.settle_document": lambda s, w: rights.settle_document(
        s, w.more["release"], document_problem="theirs"
    ),
}


async def add(session: Session, world: World) -> None:
    """Make the records that these calls need."""
    release = Release(
        workspace_id=OURS, production_id=world.production.id, number=1, holder="Mira Holt",
        starts_on=NOW.date(), document_file_id="F0ONE", recorded_by="U0ONE", recorded_at=NOW,
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
