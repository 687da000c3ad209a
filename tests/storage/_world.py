"""One workspace's records, and what somebody of another would have to guess to reach them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import SQLModel

from storage import Session, deliveries, drafts, log, people, scenes, takes
from storage.models import (
    BakeOff,
    Card,
    CardKind,
    Decision,
    Entry,
    Outage,
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
    Verdict,
)
from tests.factories import a_production, a_reference, a_scene, a_take

M = TypeVar("M", bound=SQLModel)
OURS, THEIRS = "T0OURS", "T0THEIRS"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SPAN = (NOW - timedelta(days=1), NOW + timedelta(days=1))


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
    more: dict[str, Any] = field(default_factory=dict[str, Any])
    """Further records by name, as the files of calls add them."""


async def a_world(session: Session) -> World:
    """Make one of everything in our workspace."""
    production = await a_production(session, at=NOW, workspace_id=OURS, opened_by="U0ONE")
    scene = await a_scene(session, production, thread_ts="1.0")
    take = await a_take(session, scene, at=NOW)
    [shot] = await scenes.shots(session, scene)
    known: dict[str, Any] = {"workspace_id": OURS}
    reference = await a_reference(session, scene, at=NOW)
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
    session.add_all([card, shown, reader, bake_off, outage])
    await session.flush()
    await takes.keep_decision(session, a_decision(take))
    await people.known(session, OURS, "U0ONE", team_id=OURS)
    await deliveries.claim(session, OURS, "one", at=NOW)
    draft_id = await drafts.keep(session, OURS, {"source_text": "ours"}, at=NOW)
    await log.lock_head(session, OURS)
    await log.append(session, an_entry(OURS, scene))
    setup = await takes.setup_of(session, take)
    return World(
        production, scene, shot, take, setup, reference, card, reader, draft_id, bake_off, outage,
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
    rows["more"] = {name: forged(row) for name, row in world.more.items()}
    return World(**rows)


Call = Callable[[Session, World], Awaitable[Any]]
