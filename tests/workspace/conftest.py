"""A small Slack, a client of the SDK, and a Bolt app that listens to everything."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace.manifest import install
from tests.workspace.records import Json
from tests.workspace.seed import seeded_state
from tests.workspace.server import SmallSlack


@dataclass
class Heard:
    """What reached a Bolt app, in order, by type."""

    app: AsyncApp
    bodies: list[Json] = field(default_factory=list[Json])
    retries: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def events(self, kind: str) -> list[Json]:
        return [one for one in self.bodies if one.get("event", {}).get("type") == kind]


# Its own, so that these tests do not change with what the product asks for.
MANIFEST: Json = {
    "features": {
        "bot_user": {"display_name": "circletake"},
        "shortcuts": [
            {"name": "Make a scene", "type": "message", "callback_id": "scene_from_thread"}
        ],
        "slash_commands": [{"command": "/scene", "should_escape": True}],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "canvases:read",
                "canvases:write",
                "channels:history",
                "channels:read",
                "chat:write",
                "commands",
                "files:read",
                "files:write",
                "im:write",
                "reactions:read",
                "team:read",
                "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_mention",
                "file_shared",
                "message.channels",
                "reaction_added",
                "reaction_removed",
            ]
        }
    },
}


@pytest.fixture
async def slack() -> AsyncIterator[SmallSlack]:
    state = seeded_state()
    install(state.app, MANIFEST)
    async with SmallSlack(state=state, rate_limits=False, retry_delays=(0.0, 0.05, 0.05)) as small:
        yield small


@pytest.fixture
def client(slack: SmallSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.state.app.bot_token, base_url=slack.base_url)


@pytest.fixture
def heard(slack: SmallSlack, client: AsyncWebClient) -> Heard:
    app = AsyncApp(client=client, signing_secret=slack.state.app.signing_secret)
    return Heard(app)


@pytest.fixture
async def by_http(slack: SmallSlack, heard: Heard) -> AsyncIterator[Heard]:
    async with listening(heard.app) as url:
        slack.request_url = url
        yield heard


@pytest.fixture
async def by_socket(slack: SmallSlack, heard: Heard) -> AsyncIterator[Heard]:
    async with connected(slack, heard.app):
        yield heard


@pytest.fixture(params=["by_http", "by_socket"])
async def bolt(
    request: pytest.FixtureRequest, slack: SmallSlack, heard: Heard
) -> AsyncIterator[Heard]:
    if request.param == "by_socket":
        async with connected(slack, heard.app):
            yield heard
        return
    async with listening(heard.app) as url:
        slack.request_url = url
        yield heard


@asynccontextmanager
async def listening(app: AsyncApp) -> AsyncGenerator[str]:
    """Serve a Bolt app by HTTP, exactly as in production."""
    async with serving(app.web_app("/slack/events")) as origin:
        yield f"{origin}/slack/events"


@asynccontextmanager
async def connected(slack: SmallSlack, app: AsyncApp) -> AsyncGenerator[AsyncSocketModeHandler]:
    """Connect a Bolt app by Socket Mode."""
    handler = AsyncSocketModeHandler(app, slack.state.app.app_token)
    before = slack.connections
    await handler.connect_async()
    await slack.until(lambda _: slack.connections > before)
    try:
        yield handler
    finally:
        await handler.close_async()


@asynccontextmanager
async def serving(app: web.Application) -> AsyncGenerator[str]:
    """Serve any aiohttp application on a free port."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
