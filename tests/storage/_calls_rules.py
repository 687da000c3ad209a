"""What another workspace might ask of the queries about rule books, waivers and sequences."""

# One table of calls, in which not every call needs all that is known.
from storage import Session, rules, sequences
from storage.models import RuleBook, Waiver
from tests.storage._world import NOW, OURS, THEIRS, Call, World, forged

NOTHING: dict[str, object] = {
    "rules.next_number": 1, "rules.waived": {}, "sequences.next_number": 10,
}  # fmt: skip
CALLS: dict[str, Call] = {
    "rules.newest": lambda s, w: rules.newest(s, w.production),
    "rules.bearing_on": lambda s, w: rules.bearing_on(s, THEIRS, w.scene.id),
    "rules.edition": lambda s, w: rules.edition(s, w.production, 1),
    "rules.editions": lambda s, w: rules.editions(s, w.production, last=9),
    "rules.with_text": lambda s, w: rules.with_text(s, w.production, "2" * 64),
    "rules.next_number": lambda s, w: rules.next_number(s, w.production),
    "rules.waived": lambda s, w: rules.waived(s, w.scene),
    "rules.waive": lambda s, w: rules.waive(s, forged(w.more["waiver"], id="theirs")),
    "sequences.get": lambda s, w: sequences.get(s, THEIRS, w.scene.sequence_id),
    "sequences.every": lambda s, w: sequences.every(s, w.production),
    "sequences.by_number": lambda s, w: sequences.by_number(s, w.production, 10),
    "sequences.next_number": lambda s, w: sequences.next_number(s, w.production),
    "sequences.scenes_of": lambda s, w: sequences.scenes_of(
        s, forged(w.more["sequence"], id=w.scene.sequence_id)
    ),
}


async def add(session: Session, world: World) -> None:
    """Make the records that these calls need."""
    book = RuleBook(
        workspace_id=OURS, production_id=world.production.id, number=1, body="name: Ours",
        sha256="2" * 64, made_by="U0ONE", made_at=NOW,
    )  # fmt: skip
    waiver = Waiver(
        workspace_id=OURS, scene_id=world.scene.id, key="0" * 16, waived_by="U0ONE", waived_at=NOW
    )
    session.add_all([book, waiver])
    await session.flush()
    sequence = await sequences.get(session, OURS, world.scene.sequence_id)
    world.more |= {"waiver": waiver, "sequence": sequence}
