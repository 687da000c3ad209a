"""What another workspace might ask of the queries about sequences' pages."""

# One table of calls, in which not every call needs all that is known.
from datetime import date, timedelta

from storage import Session, page_contents, pages, sequences, takes
from storage.models import (
    Decision,
    Export,
    Page,
    Person,
    Placement,
    ReferenceUse,
    Role,
    Stage,
    Use,
    Verdict,
    Waiver,
)
from tests.storage._world import NOW, OURS, THEIRS, Call, World, forged

OF_EVERY_WORKSPACE = {"pages.due"}
NOTHING: dict[str, object] = {
    "page_contents.shots_of": {}, "page_contents.used_by": {}, "page_contents.posted": {},
    "page_contents.names": {}, "page_contents.cast_ids": [], "page_contents.unnamed": [],
    "page_contents.takes_of": [], "page_contents.exports_of": [],
}  # fmt: skip
CALLS: dict[str, Call] = {
    "pages.get": lambda s, w: pages.get(s, THEIRS, w.more["page"].id),
    "pages.of_sequence": lambda s, w: pages.of_sequence(s, w.more["paged"]),
    "pages.make": lambda s, w: pages.make(s, forged(w.more["page"], id="theirs")),
    "pages.take_up": lambda s, w: pages.take_up(
        s, w.more["page"], at=NOW, lease=timedelta(seconds=9)
    ),
    "pages.settle": lambda s, w: pages.settle(s, w.more["page"], at=NOW, problem="theirs"),
    "pages.put_off": lambda s, w: pages.put_off(s, w.more["page"], until=NOW, problem="theirs"),
    "pages.keep_shown": lambda s, w: pages.keep_shown(s, w.more["page"], {"theirs": 1}),
    "pages.forget_message": lambda s, w: pages.forget_message(s, w.more["page"]),
    "pages.want": lambda s, w: pages.want(s, w.more["page"], at=NOW),
    "page_contents.takes_of": lambda s, w: page_contents.takes_of(s, THEIRS, [w.shot.id], last=9),
    "page_contents.shots_of": lambda s, w: page_contents.shots_of(s, w.more["paged"]),
    "page_contents.approvals_of": lambda s, w: page_contents.approvals_of(
        s, w.more["paged"], last=9
    ),
    "page_contents.cast_ids": lambda s, w: page_contents.cast_ids(s, w.more["paged"]),
    "page_contents.used_by": lambda s, w: page_contents.used_by(s, THEIRS, [w.take.id]),
    "page_contents.waivers_of": lambda s, w: page_contents.waivers_of(s, w.more["paged"]),
    "page_contents.exports_of": lambda s, w: page_contents.exports_of(s, w.more["paged"]),
    "page_contents.posted": lambda s, w: page_contents.posted(s, THEIRS, [w.take.id]),
    "page_contents.names": lambda s, w: page_contents.names(s, THEIRS, [w.more["named"].user_id]),
    "page_contents.unnamed": lambda s, w: page_contents.unnamed(s, w.more["paged"], limit=9),
}


async def add(session: Session, world: World) -> None:
    """Make the records that these calls need."""
    sequence = await sequences.get(session, OURS, world.scene.sequence_id)
    page = Page(
        workspace_id=OURS, production_id=world.production.id, sequence_id=sequence.id,
        channel_id="C0ONE", message_ts="1.0", due_at=NOW,
    )  # fmt: skip
    export = Export(
        workspace_id=OURS, production_id=world.production.id, scene_id=world.scene.id,
        take_id=world.take.id, number=901, preset="page", sha256="3" * 64, exported_by="U0ONE",
        exported_at=NOW,
    )  # fmt: skip
    person = Person(workspace_id=OURS, user_id="U0PAGE", team_id=OURS, name="Ours")
    use = ReferenceUse(
        workspace_id=OURS, take_id=world.take.id, reference_id=world.reference.id, version=9,
        sha256="4" * 64, setup_id=world.setup.id,
    )  # fmt: skip
    waiver = Waiver(
        workspace_id=OURS, scene_id=world.scene.id, key="9" * 16, waived_by="U0ONE", waived_at=NOW
    )
    session.add_all([page, export, person, use, waiver])
    await session.flush()
    placed = Placement(
        workspace_id=OURS, production_id=world.production.id, export_id=export.id,
        use=Use.DECK_INSERT, placed_on=date(2026, 11, 22), placed_by="U0ONE", placed_at=NOW,
    )  # fmt: skip
    session.add(placed)
    await session.flush()
    approval = Decision(
        workspace_id=OURS, production_id=world.production.id, take_id=world.take.id,
        stage=Stage.TEAM, verdict=Verdict.APPROVE, by="U0STRANGER", team_id=OURS, role=Role.OWNER,
        sha256=world.take.sha256 or "", at=NOW,
    )  # fmt: skip
    await takes.keep_decision(session, approval)
    world.more |= {"page": page, "paged": sequence, "named": person}
