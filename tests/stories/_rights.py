"""A production with references, takes that used them and releases, whose nights pass when told."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import now, open_app
from bot.rights import today_of
from bot.rights_sweep import sweep_rights
from storage import log as rows
from storage import productions, references, rights, takes
from storage.models import (
    Production,
    Reference,
    ReferenceUse,
    Release,
    Scene,
    Take,
)
from tests.factories import a_reference, all_shown, posted_take, scene_of
from tests.stage import CLIENT, TEAM, WORKSPACE, Stage, settings_for
from tests.workspace.records import Message
from tests.workspace.seen import Seen
from tests.workspace.server import SmallSlack
from tests.workspace.state import new_id

NIGHT = timedelta(days=1)


@dataclass
class Nights:
    """The time it is, and how many days of it we have skipped."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return now() + self.ahead


@dataclass
class Rights:
    """A stage whose clock moves, with one scene."""

    stage: Stage
    nights: Nights
    card: Message
    scene: Scene
    production: Production

    @property
    def today(self) -> date:
        """The day that it is for the production."""
        return today_of(self.production, self.nights())

    def in_days(self, days: int) -> str:
        """Write a day as a date picker does."""
        return (self.today + timedelta(days=days)).isoformat()

    async def reference(self, title: str = "Mira", **values: Any) -> Reference:
        """Make an approved reference, cast in the scene."""
        async with self.stage.studio.db.begin() as session:
            return await a_reference(session, self.scene, title, at=self.nights(), **values)

    async def take(self, *several: Reference, via: Take | None = None) -> tuple[Take, Message]:
        """Put a take before the team that used references, directly or by another take."""
        take, card = await posted_take(self.stage, self.card)
        async with self.stage.studio.db.begin() as session:
            await references.keep_uses(session, [used(take, each, via=via) for each in several])
        return take, card

    async def release(self, *covers: Reference, user: str = "maya", **values: Any) -> Seen:
        """Record a release by its form, which ends in seven days unless told otherwise."""
        seen = await self.stage.slack.command("/scene", "rights new", user=user, channel=TEAM)
        assert seen.view, seen
        filled: dict[str, Any] = {
            "holder": "Mira Holt",
            "scope": "Face and voice",
            "starts": self.in_days(-30),
            "ends": self.in_days(7),
        }
        for each in covers:
            await self.stage.slack.suggest("references", each.code, user=user)
        filled["references"] = [each.id for each in covers]
        wanted = {name: value for name, value in (filled | values).items() if value is not None}
        return await self.stage.slack.submit(wanted, user=user)

    async def sleep(self, days: int = 1) -> None:
        """Let days pass, and their nightly sweep."""
        self.nights.ahead += days * NIGHT
        await sweep_rights(self.stage.studio)
        await all_shown(self.stage)

    async def releases(self) -> list[Release]:
        """Give the production's releases by number."""
        async with self.stage.studio.db.read() as session:
            return await rights.of_production(session, self.production)

    async def now(self, take: Take) -> Take:
        """Give a take as it is."""
        async with self.stage.studio.db.read() as session:
            found = await takes.get(session, WORKSPACE, take.id)
        assert found
        return found

    async def log(self, kind: str) -> list[dict[str, Any]]:
        """Give the log's entries of one kind about this production."""
        async with self.stage.studio.db.read() as session:
            every = [entry async for page in rows.whole(session, WORKSPACE) for entry in page]
        ours = [each for each in every if each.production_id == self.production.id]
        return [json.loads(entry.body) for entry in ours if entry.kind == kind]

    async def press(self, action: str, card: Message, user: str, **more: Any) -> Seen:
        """Press a button of a card."""
        return await self.stage.slack.press(
            action, channel=card.channel_id, ts=card.ts, user=user, wait=0.3, **more
        )

    def lines(self, words: str, channel: str = TEAM) -> list[Message]:
        """Give the messages of a channel that say something."""
        return [each for each in self.stage.messages(channel) if words in says(each)]


async def circled(rights: Rights) -> tuple[Reference, Take, Message]:
    """Make a circle take after Mira, whose release ends today."""
    mira = await rights.reference()
    assert (await rights.release(mira, ends=rights.in_days(0))).is_closed
    take, card = await rights.take(mira)
    assert (await rights.press("take_approve", card, "jonas")).ok
    await all_shown(rights.stage)
    return mira, take, card


async def renew(rights: Rights, **values: Any) -> Seen:
    """Change the first release by its card's button."""
    seen = await rights.stage.slack.command("/scene", "rights L1", user="maya", channel=TEAM)
    [answer] = seen.ephemerals
    opened = await rights.stage.slack.press(
        "release_edit", channel=TEAM, ts=answer["ts"], user="maya"
    )
    assert opened.view, opened
    return await rights.stage.slack.submit(values, user="maya")


async def decide(rights: Rights, user: str = "maya", **wish: Any) -> Seen:
    """Open the line in the channel and decide."""
    [line] = rights.stage.cards_with("hold_decide", TEAM)
    opened = await rights.press("hold_decide", line, user)
    if opened.view is None:
        return opened
    seen = await rights.stage.slack.submit({"reason": "Agreed by mail", **wish}, user=user)
    await all_shown(rights.stage)
    return seen


async def everywhere(rights: Rights) -> tuple[list[Take], list[Message]]:
    """Put three takes that end tonight with Mira before everybody; give them and their cards.

    The first is the circle take, the second waits for the team, the third is with the client.
    """
    mira, stage = await rights.reference(), rights.stage
    assert (await rights.release(mira, ends=rights.in_days(0), kind="licence")).is_closed
    made = [await rights.take(mira) for _ in range(3)]
    for number in (0, 2):
        await rights.press("take_approve", made[number][1], "jonas")
    await all_shown(stage)
    [first] = [each for each in stage.cards_with("client_approve", CLIENT) if " T1 " in says(each)]
    await rights.press("client_approve", first, "dana")
    await all_shown(stage)
    return [take for take, _ in made], [card for _, card in made]


def used(take: Take, reference: Reference, *, via: Take | None = None) -> ReferenceUse:
    """Say that a take was made after a reference, or brought it along from another."""
    return ReferenceUse(
        workspace_id=WORKSPACE,
        take_id=take.id,
        reference_id=reference.id,
        version=reference.version,
        sha256=f"{reference.number:064x}",
        setup_id=take.setup_id,
        via_take_id=via.id if via else None,
    )


def says(message: Message) -> str:
    """Give everything that a message says."""
    return json.dumps(message.blocks, ensure_ascii=False) + message.text


@asynccontextmanager
async def opened_nights(database_url: str, folder: Path) -> AsyncGenerator[tuple[Stage, Nights]]:
    """Open the app with a clock that can be moved."""
    nights = Nights()
    async with SmallSlack(rate_limits=False, retry_delays=(0.0, 0.05, 0.05)) as slack:
        settings = settings_for(slack, database_url, folder, socket=True)
        async with open_app(settings, clock=nights) as running:
            yield Stage(slack, running), nights


@asynccontextmanager
async def opened_rights(
    database_url: str, folder: Path, *, client: bool = False
) -> AsyncGenerator[Rights]:
    """Open the app with a clock that can be moved, and one scene in its production."""
    async with opened_nights(database_url, folder) as (stage, nights):
        yield await new_rights(stage, nights, client=client)


async def new_rights(stage: Stage, nights: Nights, *, client: bool = False) -> Rights:
    """Set up a production with one scene in it."""
    await stage.set_up(client=client)
    card = await stage.open_scene()
    scene = await scene_of(stage, card)
    async with stage.studio.db.read() as session:
        production = await productions.get(session, WORKSPACE, scene.production_id)
    return Rights(stage, nights, card, scene, production)


async def move_out(stage: Stage) -> None:
    """Leave the production alone: the next one begins in new channels of the same names."""
    await all_shown(stage)
    state = stage.slack.state
    state.modals.clear()
    for name in (TEAM, CLIENT):
        left = state.channel_named(name)
        room = replace(left, id=new_id("C"), member_ids={*left.member_ids}, created=0)
        left.name = f"{name}-{left.id}".lower()
        state.add_channel(room)
