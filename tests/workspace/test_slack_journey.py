"""A whole journey through real Bolt, by HTTP and by Socket Mode."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from tests.workspace.conftest import Heard
from tests.workspace.records import Json
from tests.workspace.server import SmallSlack


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


FORM: Json = {
    "type": "modal",
    "callback_id": "scene",
    "title": plain("New scene"),
    "submit": plain("Make"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "purpose",
            "label": plain("Purpose"),
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def card(text: str) -> list[Json]:
    button = {"type": "button", "action_id": "approve", "value": "t1", "text": plain("Approve")}
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {"type": "actions", "elements": [button]},
    ]


@pytest.fixture
def heard(heard: Heard) -> Heard:
    teach(heard.app)
    return heard


def teach(app: AsyncApp) -> None:
    @app.command("/scene")
    async def _(ack: Any, body: Json, client: Any) -> None:
        await ack()
        form = FORM | {"private_metadata": body["channel_id"]}
        await client.views_open(trigger_id=body["trigger_id"], view=form)

    @app.view("scene")
    async def _(ack: Any, view: Json, client: Any) -> None:
        text = view["state"]["values"]["purpose"]["text"]["value"]
        if text == "none":
            await ack(response_action="errors", errors={"purpose": "A scene needs an intent."})
            return
        await ack()
        channel = view["private_metadata"]
        await client.chat_postMessage(channel=channel, text=text, blocks=card(text))

    @app.action("approve")
    async def _(ack: Any, body: Json, client: Any) -> None:
        await ack()
        by = f"{body['user']['team_id']} in {body['team']['id']}"
        channel, ts = body["channel"]["id"], body["message"]["ts"]
        await client.chat_update(channel=channel, ts=ts, text=f"approved by {by}")


async def test_a_command_becomes_a_modal_a_card_and_a_clients_decision(
    slack: SmallSlack, bolt: Heard
) -> None:
    room = "aurora-client"
    seen = await slack.command("/scene", "new", user="maya", channel=room)
    assert seen.ok
    assert seen.view is not None
    refused = await slack.submit({"Purpose": "none"}, user="maya")
    assert refused.errors == {"purpose": "A scene needs an intent."}
    made = await slack.submit({"Purpose": "to win"}, user="maya")
    assert made.is_closed
    [posted] = made.messages
    pressed = await slack.press("approve", user="dana", channel=room, ts=posted["ts"])
    assert pressed.via == ("socket" if slack.connections else "http")
    assert [one["text"] for one in pressed.changed] == ["approved by T0CLIENT001 in T0STUDIO001"]
    assert "blocks" not in pressed.changed[0]


async def test_an_app_that_is_not_there_is_a_failed_command(slack: SmallSlack) -> None:
    seen = await slack.command("/scene", user="maya", channel="aurora-team", wait=0)
    assert (seen.ok, seen.error) == (False, "dispatch_failed")


async def test_a_command_nobody_listens_to_fails_by_name(slack: SmallSlack, bolt: Heard) -> None:
    seen = await slack.command("/nothing", user="maya", channel="aurora-team")
    assert seen.error == "/nothing is not a valid command."
    seen = await slack.command("/scene", user="dana", channel="aurora-client")
    assert seen.error == "/scene is not a valid command."
    seen = await slack.command("/scene", user="maya", channel="aurora-team", thread_ts="1.0")
    assert seen.error == "/scene is not supported in threads. Sorry!"


async def test_a_lost_acknowledgement_is_a_timeout_to_the_person(
    slack: SmallSlack, bolt: Heard
) -> None:
    slack.hub.delivery.ack_seconds = 0.05

    @bolt.app.shortcut("scene_from_thread")
    async def _(ack: Any) -> None:
        """Never acknowledge."""

    said = await slack.say("Purpose: win", user="maya", channel="aurora-team")
    assert said.ts is not None
    seen = await slack.shortcut(
        "scene_from_thread", user="maya", channel="aurora-team", ts=said.ts, wait=0
    )
    assert (seen.ok, seen.error) == (False, "operation_timeout")
