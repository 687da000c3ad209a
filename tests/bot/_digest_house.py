"""A production whose digests can be tested: its records, its readers, a room that keeps letters."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from bot.bell import Bell
from bot.ports import Room, RoomBusy
from bot.settings import Settings
from bot.studio import Studio, Work
from bot.views import DigestView
from storage import Database, subscriptions
from storage._types import new_id
from storage.files import Files
from storage.models import (
    Card,
    CardKind,
    CrewMember,
    Decision,
    DigestRun,
    Person,
    Production,
    Reason,
    Role,
    Scene,
    Sequence,
    Setup,
    Shot,
    Stage,
    Subscription,
    Take,
    TakeState,
    Verdict,
)
from storage.subscriptions import RunKey

WORKSPACE, TEAM = "T0STUDIO001", "C0TEAM"
MONDAY = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)
"""The first moment of week 47."""
LONG_AGO = MONDAY - timedelta(days=700)


@dataclass
class Clock:
    """Stands still until it is told to go on."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Letters:
    """Keeps what was posted; `before` may refuse, wait or die first."""

    kept: list[tuple[str, DigestView]] = field(default_factory=list[tuple[str, DigestView]])
    begun: list[str] = field(default_factory=list[str])
    before: Callable[[str], Awaitable[None]] | None = None
    linked: bool = True

    async def post_digest(self, channel_id: str, view: DigestView, *, run_id: str) -> None:
        assert run_id
        self.begun.append(channel_id)
        if self.before:
            await self.before(channel_id)
        await asyncio.sleep(0)
        self.kept.append((channel_id, view))

    async def link_to(self, channel_id: str, message_ts: str) -> str:
        if not self.linked:
            raise RoomBusy("Slack could not be reached.")
        return f"https://x.test/{channel_id}/{message_ts}"

    @property
    def headings(self) -> list[str]:
        return [view.digest.heading for _, view in self.kept]

    @property
    def addressees(self) -> list[str]:
        return [channel_id for channel_id, _ in self.kept]


@dataclass
class House:
    """One production, and what a test needs to fill it."""

    studio: Studio
    clock: Clock
    letters: Letters
    production: Production
    shot: Shot
    made: int = 0

    async def reader(self, channel_id: str = TEAM, **values: Any) -> Subscription:
        """Give a reader of the daily digest alone, unless `values` say otherwise."""
        wanted: dict[str, Any] = {"daily": True, "weekly": False, "started_at": LONG_AGO, **values}
        reader = Subscription(
            workspace_id=WORKSPACE,
            production_id=self.production.id,
            channel_id=channel_id,
            **wanted,
        )
        await self.keep(reader)
        return reader

    async def take(
        self,
        ready_at: datetime,
        *,
        state: TakeState = TakeState.WAITING,
        family: str = "neon-noir",
        came: bool = True,
        **more: Any,
    ) -> Take:
        self.made += 1
        setup = Setup(
            workspace_id=WORKSPACE, sha256=f"{self.made:064}", body="{}", engine="animatic",
            family=family,
        )  # fmt: skip
        known: dict[str, Any] = {
            "production_id": self.production.id,
            "scene_id": self.shot.scene_id,
            "shot_id": self.shot.id,
            "setup_id": setup.id,
            "number": self.made,
            "ordered_at": ready_at - timedelta(minutes=3),
            "sha256": setup.sha256,
            "spent_at": ready_at,
        }
        take = Take(
            workspace_id=WORKSPACE, state=state, engine="animatic", ordered_by="U0MAYA",
            seconds=4.0, ready_at=ready_at if came else None, **known | more,
        )  # fmt: skip
        await self.keep(setup)
        await self.keep(take)
        return take

    async def decided(
        self,
        take: Take,
        verdict: Verdict,
        at: datetime,
        *,
        reason: Reason | None = None,
        stage: Stage = Stage.TEAM,
    ) -> None:
        await self.keep(
            Decision(
                workspace_id=WORKSPACE, production_id=take.production_id, take_id=take.id,
                stage=stage, verdict=verdict, reason=reason, by="U0JONAS", team_id=WORKSPACE,
                role=Role.DIRECTOR, sha256=take.sha256 or "", at=at,
            )
        )  # fmt: skip

    async def card(self, take: Take, kind: CardKind, channel_id: str = TEAM) -> None:
        await self.keep(
            Card(
                workspace_id=WORKSPACE, kind=kind, subject_id=take.id, channel_id=channel_id,
                message_ts="1790000000.000100", due_at=MONDAY,
            )
        )  # fmt: skip

    async def keep(self, *records: Any) -> None:
        async with self.studio.db.begin() as session:
            session.add_all(records)

    async def run(self, reader: Subscription, kind: str, period: str) -> DigestRun | None:
        key: RunKey = (reader.id, kind, period)
        async with self.studio.db.read() as session:
            return (await subscriptions.runs(session, [key])).get(key)

    async def standing(self, reader: Subscription) -> Subscription:
        async with self.studio.db.read() as session:
            found = await subscriptions.get(session, WORKSPACE, reader.id)
        assert found
        return found


@asynccontextmanager
async def opened(
    url: str, *, letters: Letters | None = None, at: datetime = MONDAY
) -> AsyncGenerator[Studio]:
    """Open a studio on a database: a second one on the same is a second replica."""
    db = Database(url)
    try:
        yield Studio(
            db=db,
            files=cast("Files", None),
            engines={},
            room=cast("Room", letters or Letters()),
            work=cast("Work", None),
            clock=Clock(at),
            settings=Settings(),
            bell=Bell(),
        )
    finally:
        await db.close()


async def furnished(studio: Studio, **production: Any) -> House:
    """Put a production with one shot and its crew into an empty database."""
    wanted: dict[str, Any] = {"opened_at": LONG_AGO, **production}
    made = Production(
        workspace_id=WORKSPACE, name="Aurora launch", channel_id=TEAM, opened_by="U0MAYA", **wanted
    )
    key: dict[str, Any] = {"workspace_id": WORKSPACE, "production_id": made.id}
    sequence = Sequence(**key, number=10)
    scene = Scene(
        **key, sequence_id=sequence.id, number=10, title="Rooftop opener", channel_id=TEAM,
        opened_by="U0MAYA", opened_at=MONDAY,
    )  # fmt: skip
    shot = Shot(workspace_id=WORKSPACE, scene_id=scene.id, number=10)
    crew = [
        CrewMember(**key, user_id="U0MAYA", role=Role.OWNER),
        CrewMember(**key, user_id="U0JONAS", role=Role.DIRECTOR),
        CrewMember(**key, user_id="U0KIM", role=Role.CLIENT),
    ]
    maya = Person(
        id=new_id(), workspace_id=WORKSPACE, user_id="U0MAYA", team_id=WORKSPACE, name="Maya"
    )
    async with studio.db.begin() as session:
        for record in (made, sequence, scene, shot, *crew, maya):
            session.add(record)
            await session.flush()
    assert isinstance(studio.clock, Clock)
    return House(studio, studio.clock, cast("Letters", studio.room), made, shot)
