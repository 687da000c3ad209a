"""The JSON driver, and the feed that a page follows."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace.conftest import Heard
from tests.workspace.manifest import read_manifest
from tests.workspace.records import Json
from tests.workspace.seed import AURORA_TEAM, BOT, seeded_state
from tests.workspace.server import SmallSlack
from tests.workspace.state import SlackState


@pytest.fixture
def heard(heard: Heard) -> Heard:
    """Take every event, so that nothing is sent again."""

    async def taken() -> None:
        """Only acknowledge."""

    for kind in ("message", "reaction_added", "file_shared"):
        heard.app.event(kind)(taken)
    heard.app.event({"type": "message", "subtype": "file_share"})(taken)
    heard.app.event({"type": "message", "subtype": "message_changed"})(taken)
    return heard


async def test_a_page_can_follow_every_change(slack: SmallSlack, client: AsyncWebClient) -> None:
    with slack.state.following() as feed:
        posted = await client.chat_postMessage(channel=AURORA_TEAM, text="hello")
        change = await asyncio.wait_for(feed.get(), 1)
    assert (change["kind"], change["ts"]) == ("message.posted", posted["ts"])


async def test_a_script_drives_by_json(slack: SmallSlack, bolt: Heard) -> None:
    @bolt.app.command("/scene")
    async def _(ack: Any) -> None:
        await ack("Here.")

    async with aiohttp.ClientSession(slack.origin) as session:

        async def do(act: str, **given: Any) -> Json:
            async with session.post(f"/_drive/{act}", json=given) as response:
                return dict(await response.json())

        where = {"user": "maya", "channel": "aurora-team"}
        seen = await do("command", command="/scene", text="list", **where)
        assert [one["text"] for one in seen["ephemerals"]] == ["Here."]
        said = await do("message", text="brief", files=[{"name": "a.txt", "data": "aGk="}], **where)
        await do("message", edit=said["ts"], text="brief, again", **where)
        await do("reaction", emoji="eyes", ts=said["ts"], **where)
        async with session.get("/_drive/state") as response:
            state: Json = await response.json()
        message = state["messages"][AURORA_TEAM][-1]
        assert (message["text"], message["reactions"][0]["name"]) == ("brief, again", "eyes")
        assert "bot_token" not in state["app"]
        assert (await do("reaction", emoji="eyes", ts=said["ts"], **where))["error"] == (
            "already_reacted"
        )
        assert not (await do("levitate"))["ok"]
        assert not (await do("press", action_id="none", user="maya"))["ok"]


def test_ids_and_timestamps_look_like_slacks_and_never_repeat() -> None:
    state: SlackState = seeded_state(clock=lambda: 1_800_000_000.0)
    stamps = [state.next_ts() for _ in range(1000)]
    assert stamps == sorted(set(stamps))
    assert stamps[0] == "1800000000.000000"
    assert state.app.bot_user_id == BOT


def test_the_app_is_given_what_its_manifest_asks_for() -> None:
    manifest, app = read_manifest(), seeded_state().app
    assert app.scopes == manifest["oauth_config"]["scopes"]["bot"]
    assert app.events == manifest["settings"]["event_subscriptions"]["bot_events"]
    assert list(app.commands) == [one["command"] for one in manifest["features"]["slash_commands"]]
