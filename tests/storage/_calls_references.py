"""What another workspace might ask of the queries about references and their rights."""

# One table of calls, in which not every call needs all that is known.
from storage import Session, castings, reference_files, references, rights
from storage.models import ReferenceUse
from tests.storage._world import THEIRS, Call, World

OF_EVERY_WORKSPACE = {"reference_files.unread"}
NOTHING: dict[str, object] = {
    "references.next_number": 1,
    "references.count": 0,
    "references.proposed_with": 0,
    "castings.scenes_with": {},
    "rights.covering": {},
}
CALLS: dict[str, Call] = {
    "references.get": lambda s, w: references.get(s, THEIRS, w.reference.id),
    "references.hold": lambda s, w: references.hold(s, THEIRS, w.reference.id),
    "references.by_number": lambda s, w: references.by_number(s, w.production, 1),
    "references.next_number": lambda s, w: references.next_number(s, w.production),
    "references.version": lambda s, w: references.version(s, THEIRS, w.more["version"].id),
    "references.asset": lambda s, w: references.asset(s, w.reference),
    "references.assets": lambda s, w: references.assets(s, THEIRS, [w.reference.id]),
    "references.cast_in": lambda s, w: references.cast_in(s, w.scene),
    "references.of_production": lambda s, w: references.of_production(s, w.production, first=9),
    "references.count": lambda s, w: references.count(s, w.production),
    "references.titled": lambda s, w: references.titled(s, w.production, "", limit=9),
    "references.uncast_proposals": lambda s, w: references.uncast_proposals(s, w.production),
    "references.proposed_with": lambda s, w: references.proposed_with(s, w.reference),
    "references.shown_alone": lambda s, w: references.shown_alone(s, THEIRS, [w.reference.id]),
    "castings.scenes_with": lambda s, w: castings.scenes_with(s, THEIRS, [w.reference.id]),
    "references.kept_files": lambda s, w: references.kept_files(s, w.production),
    "reference_files.keep_shown": lambda s, w: reference_files.keep_shown(
        s, w.more["file"], "F0THEIRS"
    ),
    "reference_files.settle": lambda s, w: reference_files.settle(
        s, w.more["file"], problem="theirs"
    ),
    "castings.cast": lambda s, w: castings.cast(s, w.scene, w.reference.id),
    "castings.uncast": lambda s, w: castings.uncast(s, w.scene, w.reference.id),
    "castings.scenes_of": lambda s, w: castings.scenes_of(s, w.reference),
    "references.keep_uses": lambda s, w: references.keep_uses(s, [w.more["use"]]),
    "references.uses_of": lambda s, w: references.uses_of(s, w.take),
    "rights.covering": lambda s, w: rights.covering(s, THEIRS, [w.reference.id]),
}


async def add(session: Session, world: World) -> None:
    """Make the records that these calls need."""
    take, reference = world.take, world.reference
    held = await references.asset(session, reference)
    use = ReferenceUse(
        workspace_id=take.workspace_id, take_id=take.id, reference_id=reference.id, version=1,
        sha256="1" * 64, setup_id=take.setup_id,
    )  # fmt: skip
    await references.keep_uses(session, [use])
    world.more |= {"version": held.version, "file": held.files[0], "use": use}
