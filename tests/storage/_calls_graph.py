"""What another workspace might ask of the queries about the graph, exports and placements."""

from datetime import date

from storage import Session, exports, graph
from storage.graph import Tallied, Tally
from storage.models import Export, Placement, Use
from tests.storage._world import NOW, OURS, THEIRS, Call, World

TODAY = date(2026, 11, 22)
NOTHING: dict[str, object] = {
    "graph.tallied": Tallied({}, Tally(), []), "graph.every": [], "graph.circled_scenes": {},
    "graph.dependents": [], "graph.made_after": [], "exports.next_number": 1,
    "exports.newest": [], "exports.placements": [], "exports.placed": [],
    "exports.end_placement": False,
}  # fmt: skip
CALLS: dict[str, Call] = {
    "graph.tallied": lambda s, w: graph.tallied(s, w.reference, today=TODAY, first=9),
    "graph.every": lambda s, w: graph.every(s, w.reference, today=TODAY),
    "graph.circled_scenes": lambda s, w: graph.circled_scenes(s, w.reference),
    "graph.dependents": lambda s, w: graph.dependents(s, w.reference, [w.take.id]),
    "graph.made_after": lambda s, w: graph.made_after(s, w.take),
    "exports.of_take": lambda s, w: exports.of_take(s, w.take, "master"),
    "exports.by_number": lambda s, w: exports.by_number(s, w.production, 1),
    "exports.get": lambda s, w: exports.get(s, THEIRS, w.more["export"].id),
    "exports.next_number": lambda s, w: exports.next_number(s, w.production),
    "exports.keep": lambda s, w: exports.keep(s, w.more["export"]),
    "exports.newest": lambda s, w: exports.newest(s, w.production, last=9),
    "exports.with_take": lambda s, w: exports.with_take(s, w.more["export"]),
    "exports.placements": lambda s, w: exports.placements(s, w.more["export"]),
    "exports.placed": lambda s, w: exports.placed(s, w.production, last=9),
    "exports.placement": lambda s, w: exports.placement(s, THEIRS, w.more["placement"].id),
    "exports.keep_placement": lambda s, w: exports.keep_placement(s, w.more["placement"]),
    "exports.end_placement": lambda s, w: exports.end_placement(s, w.more["placement"], TODAY),
}


async def add(session: Session, world: World) -> None:
    """Make the records that these calls need."""
    take = world.take
    export = Export(
        workspace_id=OURS, production_id=take.production_id, scene_id=take.scene_id,
        take_id=take.id, number=1, path="a.mp4", sha256="2" * 64, exported_by="U0ONE",
        exported_at=NOW,
    )  # fmt: skip
    session.add(export)
    await session.flush()
    placement = Placement(
        workspace_id=OURS, production_id=take.production_id, export_id=export.id,
        use=Use.DECK_INSERT, title="ours", placed_on=TODAY, placed_by="U0ONE", placed_at=NOW,
    )  # fmt: skip
    session.add(placement)
    await session.flush()
    world.more |= {"export": export, "placement": placement}
