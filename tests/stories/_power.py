"""The mains: the real app in a process of its own, killed at a point and started again."""

import asyncio
import json
import multiprocessing
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from storage import Database
from tests.stage import CLIENT, TEAM, elements
from tests.stories._doomed import CUT, NEXT, Point, live
from tests.workspace.records import Message
from tests.workspace.seen import Seen
from tests.workspace.server import SmallSlack

SECONDS = 40
"""How long anything may take on a machine with better things to do."""
_processes = multiprocessing.get_context("forkserver")
# Whoever is forked has the app imported already: a start takes half a second, not several.
_processes.set_forkserver_preload(["pytest", "tests.stories._doomed"])


@dataclass
class Power:
    """A small Slack with people in it, and the app that keeps losing its power."""

    slack: SmallSlack
    folder: Path
    database_url: str
    points: list[Point]
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """More settings of the app, such as its engines'."""
    starts: int = 0
    cuts: int = 0
    repeated: int = 0
    """How often somebody had to press again because nobody took the first press."""
    app: ForkServerProcess | None = None
    _gone: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Start the app, doomed to end at the next point if there is one."""
        point = self.points.pop(0) if self.points else None
        self._gone = asyncio.Event()
        self.app = _processes.Process(
            target=live, args=(self.folder, self.environment(), point), daemon=False
        )
        self.app.start()
        self.starts += 1
        asyncio.get_running_loop().add_reader(self.app.sentinel, self._gone.set)

    def environment(self) -> dict[str, str]:
        """Give the settings of an app in this folder."""
        app = self.slack.state.app
        return {
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token,
            "SLACK_API_URL": self.slack.base_url,
            "CIRCLETAKE_DATA": str(self.folder / "data"),
            "CIRCLETAKE_DATABASE_URL": self.database_url,
            "CIRCLETAKE_HOST": "127.0.0.1",
            "CIRCLETAKE_PORT": "0",
            "CIRCLETAKE_POSTS_PER_SECOND": "0",
            "CIRCLETAKE_LOG_FORMAT": "text",
            **self.variables,
        }

    async def arm(self, point: Point) -> None:
        """Doom the running app to end at a point."""
        note = self.folder / NEXT
        note.write_text(json.dumps(asdict(point)))
        self.send(signal.SIGUSR1)
        async with asyncio.timeout(SECONDS):
            while note.exists():  # noqa: ASYNC110 - another process removes it
                await asyncio.sleep(0.01)

    def send(self, number: signal.Signals) -> None:
        """Send the app a signal."""
        assert self.app is not None
        assert self.app.pid is not None
        os.kill(self.app.pid, number)

    async def keep_on(self) -> None:
        """Start the app again whenever its power is cut; let whatever else ends it be known."""
        while True:
            await self._gone.wait()
            code = self._bury()
            assert code in {0, -signal.SIGKILL}, f"The app broke ({code}):\n{self.log()}"
            self.cuts += (self.folder / CUT).exists()
            (self.folder / CUT).unlink(missing_ok=True)
            self.start()

    def _bury(self) -> int | None:
        assert self.app is not None
        asyncio.get_running_loop().remove_reader(self.app.sentinel)
        self.app.join()
        code = self.app.exitcode
        self.app.close()
        self.app = None
        return code

    def tell_to_stop(self) -> None:
        """Send the app SIGTERM, as a container's keeper does."""
        self.send(signal.SIGTERM)

    def stop(self) -> None:
        """End the app, whatever it is doing."""
        if self.app is not None and not self._gone.is_set():
            self.app.kill()
            self._bury()

    def log(self) -> str:
        """Read what the app said."""
        return (self.folder / "app.log").read_text(errors="replace")

    async def up(self) -> None:
        """Wait until the app listens."""
        await self.slack.until(lambda _: self.slack.connections, seconds=SECONDS)

    async def insist(self, act: Callable[[], Awaitable[Seen]]) -> Seen:
        """Do something as people do: once, and again if nobody took it."""
        seen = await act()
        while not seen.ok:
            assert self.repeated < 3, f"{seen}\n{self.log()}"
            self.repeated += 1
            await self.up()
            seen = await act()
        assert not seen.errors, seen
        return seen

    async def scene_opened(self) -> Message:
        """Set up a production with a client and open a scene of one second."""
        slack = self.slack
        await self.insist(lambda: slack.command("/scene", "setup", user="maya", channel=TEAM))
        crew: dict[str, Any] = {
            "name": "Aurora launch",
            "director": [slack.person("jonas").id],
            "client_channel": slack.room(CLIENT).id,
        }
        await self.insist(lambda: slack.submit(crew, user="maya"))
        await self.insist(lambda: slack.command("/scene", "new", user="jonas", channel=TEAM))
        scene = {"title": "Rooftop opener", "purpose": "Mira decides to leave.", "seconds": "1"}
        await self.insist(lambda: slack.submit(scene, user="jonas"))
        return await self.card("scene_order", TEAM)

    async def take_ordered(self, scene: Message, *, engine: str) -> None:
        """Order a take with the scene's button."""
        slack = self.slack
        await self.insist(
            lambda: slack.press("scene_order", channel=TEAM, ts=scene.ts, user="jonas")
        )
        await self.insist(lambda: slack.submit({"engine": engine}, user="jonas"))

    async def take_approved(self) -> None:
        """Approve it for the team, then for the client, each as soon as there is a button."""
        for action_id, channel, user in (
            ("take_approve", TEAM, "jonas"),
            ("client_approve", CLIENT, "dana"),
        ):
            card = await self.card(action_id, channel)
            await self.insist(_pressing(self.slack, card, action_id, user=user))

    async def card(self, action_id: str, channel: str) -> Message:
        """Wait for the first message that offers an action."""
        try:
            offering = await self.slack.until(
                lambda _: self.offering(action_id, channel), seconds=SECONDS
            )
        except TimeoutError:
            raise AssertionError(f"Nothing offers {action_id}.\n{self.log()}") from None
        return offering[0]

    def messages(self, channel: str) -> list[Message]:
        """Give a channel's standing messages, threads included, oldest first."""
        every = self.slack.state.messages[self.slack.room(channel).id].values()
        return [each for each in every if not each.deleted and each.ephemeral_to is None]

    def offering(self, action_id: str, channel: str) -> list[Message]:
        """Give the messages that offer an action."""
        return [each for each in self.messages(channel) if action_id in elements(each)]


def _pressing(
    slack: SmallSlack, card: Message, action_id: str, *, user: str
) -> Callable[[], Awaitable[Seen]]:
    async def press() -> Seen:
        if action_id not in elements(slack.message_at(card.ts, card.channel_id)):
            return Seen()  # the card shows that it is done: nobody would press again
        return await slack.press(action_id, channel=card.channel_id, ts=card.ts, user=user)

    return press


@asynccontextmanager
async def powered(
    folder: Path,
    database_url: str,
    points: Sequence[Point],
    variables: Mapping[str, str] | None = None,
) -> AsyncGenerator[tuple[Power, Database]]:
    """Switch the power on, and off for good at the end."""
    async with SmallSlack(rate_limits=False, retry_delays=(0.1, 2.0, 5.0, 10.0)) as slack:
        power = Power(slack, folder, database_url, list(points), variables or {})
        db = Database(database_url)
        power.start()
        mains = asyncio.create_task(power.keep_on())
        try:
            await power.up()
            yield power, db
        finally:
            mains.cancel()
            await asyncio.gather(mains, return_exceptions=True)
            power.stop()
            await db.close()
