"""The small Slack itself: start it, talk to it with the SDK, act in it as people do.

async with SmallSlack(rate_limits=False) as slack:
    app = AsyncApp(client=AsyncWebClient(token=slack.state.app.bot_token, base_url=slack.base_url))
    slack.request_url = "http://127.0.0.1:3000/slack/events"
    seen = await slack.command("/scene", "new", user="maya", channel="aurora-team")
"""

import asyncio
import importlib
import importlib.util
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.workspace import webapi
from tests.workspace.delivery import ACK_SECONDS, RETRY_DELAYS, Delivered, Delivery, Outcome, Retry
from tests.workspace.documents import Documents
from tests.workspace.drive import DriveDoor
from tests.workspace.faults import Fault, Faults
from tests.workspace.filedoors import FileDoors
from tests.workspace.grants import Grants
from tests.workspace.hub import Hub
from tests.workspace.limits import Limits
from tests.workspace.records import Json
from tests.workspace.responses import ResponseDoor
from tests.workspace.seed import seeded_state
from tests.workspace.sockets import Reason
from tests.workspace.state import SlackState
from tests.workspace.whole import whole_state

HOST = "127.0.0.1"
MAX_UPLOAD = 2 * 1024**3
T = TypeVar("T")


class SmallSlack(Documents):
    """`rate_limits` is on, off, or a factor by which every allowance is multiplied."""

    def __init__(
        self,
        *,
        state: SlackState | None = None,
        rate_limits: bool | float = True,
        port: int = 0,
        request_url: str | None = None,
        ack_seconds: float = ACK_SECONDS,
        retry_delays: tuple[float, ...] = RETRY_DELAYS,
        probe_media: bool = True,
    ) -> None:
        state = state or seeded_state()
        delivery = Delivery(
            state, request_url=request_url, ack_seconds=ack_seconds, retry_delays=retry_delays
        )
        limits = Limits(state.clock, scale=float(rate_limits) if rate_limits else None)
        self.hub = Hub(state, delivery, Grants(state), limits, Faults(), probes_media=probe_media)
        self.port = port
        self._runner: web.AppRunner | None = None

    @property
    def state(self) -> SlackState:
        """Everything this Slack knows."""
        return self.hub.state

    @property
    def origin(self) -> str:
        """Where this Slack is reached, without a slash at the end."""
        return self.hub.origin

    @property
    def base_url(self) -> str:
        """What the SDK's clients want as their `base_url`."""
        return f"{self.hub.origin}/api/"

    @property
    def request_url(self) -> str | None:
        """Where HTTP deliveries go while no socket is connected."""
        return self.hub.delivery.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.hub.delivery.request_url = url

    @property
    def options_url(self) -> str | None:
        """Where menus ask by HTTP for their options, if not at the request URL."""
        return self.hub.delivery.options_url

    @options_url.setter
    def options_url(self, url: str | None) -> None:
        self.hub.delivery.options_url = url

    @property
    def deliveries(self) -> list[Delivered]:
        """What was sent to the app, oldest first."""
        return list(self.hub.delivery.log)

    @property
    def connections(self) -> int:
        """How many Socket Mode connections are open."""
        return len(self.hub.delivery.sockets)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen."""
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.hub.origin = f"http://{HOST}:{self.port}"

    async def stop(self) -> None:
        """Close every door and forget the files."""
        await self.hub.delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self.state.close()

    def fail_next(
        self, method: str, fault: str | int, times: int = 1, *, retry_after: int = 1
    ) -> None:
        """Let the next calls fail: an HTTP status, Slack's error code, `timeout` or `dropped`."""
        self.hub.faults.plan(method, Fault(fault, retry_after), times)

    async def verify_request_url(self) -> bool:
        """Send the challenge that Slack sends when somebody enters a request URL."""
        challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
        token = self.state.app.verification_token
        body = {"type": "url_verification", "token": token, "challenge": challenge}
        outcome = await self.hub.delivery.ask("events_api", body)
        return challenge in (outcome.payload.get("challenge"), outcome.payload.get("text"))

    async def redeliver(self, which: Delivered | int = -1, *, times: int = 1) -> list[Outcome]:
        """Send one of `deliveries` again, unchanged, as Slack does after a lost answer."""
        delivered = self.hub.delivery.log[which] if isinstance(which, int) else which
        attempts = [Retry(number, "http_timeout") for number in range(1, times + 1)]
        return [await self.hub.delivery.attempt(delivered, retry) for retry in attempts]

    def hold_events(self) -> None:
        """Keep events back until `release_events`."""
        self.hub.delivery.hold()

    async def release_events(self, order: Iterable[int] | None = None) -> list[Outcome]:
        """Send what was held, one after the other; a position in `order` may repeat."""
        positions = None if order is None else list(order)
        return [await told for told in self.hub.delivery.release(positions)]

    def drop_events(self, times: int = 1) -> None:
        """Lose the next events."""
        self.hub.delivery.drop(times)

    async def disconnect(self, reason: Reason = "refresh_requested") -> None:
        """Tell the app's sockets to go."""
        await self.hub.delivery.sockets.disconnect(reason)

    def cut_sockets(self) -> None:
        """Drop the app's sockets without a word, as a broken network does."""
        self.hub.delivery.sockets.cut()

    async def settle(self) -> None:
        """Wait until nothing is on its way to the app but retries due much later."""
        await self.hub.delivery.settle()

    async def until(self, seen: Callable[[SlackState], T | None], *, seconds: float = 5.0) -> T:
        """Wait until the function returns something true, looking again after every change."""
        with self.state.following() as feed:
            async with asyncio.timeout(seconds):
                while not (found := seen(self.state)):
                    await feed.get()
        return found

    def state_of(self, channel: str | None = None) -> Json:
        """Return everything as JSON, or one channel's messages."""
        return whole_state(self.hub, self.room(channel).id if channel else None)

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=MAX_UPLOAD)
        app.router.add_route("*", "/api/{method}", self._answer)
        app.router.add_get("/link/", self.hub.delivery.sockets.serve)
        FileDoors(self.hub).register(app)
        ResponseDoor(self.hub).register(app)
        DriveDoor(self).register(app)
        if (page := _page()) is not None:
            page.register(app, self)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        return await webapi.answer(self.hub, request)


def _page() -> Any:
    """Return the web page's module if it is there; tests of this Slack need none."""
    if importlib.util.find_spec("tests.workspace.page") is None:
        return None
    module: ModuleType = importlib.import_module("tests.workspace.page")
    return module
