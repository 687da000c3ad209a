"""A stage: the whole app as it is in production, in front of a small Slack, in one process."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import Running, open_app
from bot.outbox import send_due
from bot.settings import Settings
from bot.studio import Studio
from storage import takes
from storage.models import Take, TakeState
from tests.workspace.records import Json, Message
from tests.workspace.seen import Seen
from tests.workspace.server import SmallSlack

TEAM, CLIENT = "aurora-team", "aurora-client"
WORKSPACE = "T0STUDIO001"


@dataclass
class Stage:
    """What a story needs at hand."""

    slack: SmallSlack
    app: Running

    @property
    def studio(self) -> Studio:
        return self.app.studio

    async def set_up(self, *, client: bool = True) -> None:
        """Set up the production as Maya: Jonas directs, Lin edits."""
        await self.slack.command("/scene", "setup", user="maya", channel=TEAM)
        values: dict[str, Any] = {
            "name": "Aurora launch",
            "director": [self.slack.person("jonas").id],
            "editor": [self.slack.person("lin").id],
        }
        if client:
            values["client_channel"] = self.slack.room(CLIENT).id
        seen = await self.slack.submit(values, user="maya")
        if "busy" in str(seen.errors):  # a machine under load; a person sends it again, too
            seen = await self.slack.submit(values, user="maya")
        assert seen.ok, seen
        assert not seen.errors, seen

    async def open_scene(self, **values: Any) -> Message:
        """Open a scene as Jonas; give its posted card."""
        before = {each.ts for each in self.cards_with("scene_order", TEAM)}
        await self.slack.command("/scene", "new", user="jonas", channel=TEAM)
        wanted = {
            "title": "Rooftop opener",
            "purpose": "Mira decides to leave.",
            "seconds": "1",
            **values,
        }
        seen = await self.slack.submit(wanted, user="jonas")
        assert not seen.errors, seen
        return await self.slack.until(
            lambda _: next(
                (each for each in self.cards_with("scene_order", TEAM) if each.ts not in before),
                None,
            ),
            seconds=15,
        )

    async def take_ready(self, scene: Message, *, user: str = "jonas") -> Message:
        """Order a take with the scene's button and wait for its buttons; give its card."""
        seen = await self.slack.press("scene_order", channel=TEAM, ts=scene.ts, user=user)
        assert seen.view, seen
        before = {each.ts for each in self.cards_with("take_approve", TEAM)}
        seen = await self.slack.submit({}, user=user)
        assert not seen.errors, seen
        return await self.slack.until(
            lambda _: next(
                (each for each in self.cards_with("take_approve", TEAM) if each.ts not in before),
                None,
            ),
            seconds=60,
        )

    def messages(self, channel: str) -> list[Message]:
        """Give a channel's standing messages, threads included, oldest first."""
        room = self.slack.room(channel)
        return [
            each
            for each in self.slack.state.messages[room.id].values()
            if not each.deleted and each.ephemeral_to is None
        ]

    def cards_with(self, action_id: str, channel: str) -> list[Message]:
        """Give the messages that offer an action."""
        return [each for each in self.messages(channel) if action_id in elements(each)]

    async def takes(self) -> list[Take]:
        """Give every take in the records, oldest first."""
        async with self.studio.db.read() as session:
            return await takes.every(session, WORKSPACE)

    async def take_in(self, state: TakeState) -> Take:
        """Give the only take in a state."""
        [take] = [each for each in await self.takes() if each.state is state]
        return take

    async def settled(self) -> None:
        """Wait until every delivery is handled and every card is sent."""
        await self.slack.settle()
        await self.app.house.settle()
        while await send_due(self.studio):
            pass


def elements(message: Message) -> set[str]:
    """Name the actions that a message offers."""
    found: set[str] = set()
    for block in message.blocks:
        row: list[Json] = [*block.get("elements", []), block.get("accessory") or {}]
        found |= {each["action_id"] for each in row if "action_id" in each}
    return found


def whispers(seen: Seen) -> str:
    """Give what one person was whispered."""
    return " ".join(each["text"] for each in seen.ephemerals)


def settings_for(
    slack: SmallSlack,
    database_url: str,
    folder: Path,
    *,
    socket: bool,
    engines: Mapping[str, str] | None = None,
) -> Settings:
    """Give the settings of an app in front of a small Slack; `engines` are engines' variables."""
    app = slack.state.app
    return Settings(
        slack_bot_token=app.bot_token,  # pyright: ignore[reportArgumentType] - pydantic makes it a secret
        slack_app_token=app.app_token if socket else "",  # pyright: ignore[reportArgumentType] - as above
        slack_signing_secret=app.signing_secret,  # pyright: ignore[reportArgumentType] - as above
        slack_api_url=slack.base_url,
        data=folder / "data",
        database_url=database_url,
        host="127.0.0.1",
        port=0,
        posts_per_second=0,
        engine_variables=engines or {},
    )


@asynccontextmanager
async def opened(
    database_url: str,
    folder: Path,
    *,
    socket: bool = True,
    engines: Mapping[str, str] | None = None,
    **more: Any,
) -> AsyncGenerator[Stage]:
    """Open the app against a small Slack; `more` are settings by their field's name."""
    async with SmallSlack(rate_limits=False, retry_delays=(0.0, 0.05, 0.05)) as slack:
        settings = settings_for(slack, database_url, folder, socket=socket, engines=engines)
        async with open_app(settings.model_copy(update=more)) as running:
            if not socket:
                slack.request_url = f"http://127.0.0.1:{running.port}/slack/events"
            yield Stage(slack, running)
