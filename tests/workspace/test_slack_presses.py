"""Buttons, menus, response URLs and the Home tab."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.workspace.conftest import Heard
from tests.workspace.errors import SlackError
from tests.workspace.parts import RATIO, Clock, option, plain
from tests.workspace.records import Json
from tests.workspace.seed import AURORA_TEAM, DANA, JONAS, MAYA
from tests.workspace.server import SmallSlack


@pytest.fixture
def clock(slack: SmallSlack) -> Clock:
    slack.state.clock = Clock()
    return slack.state.clock


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


ELEMENTS: list[tuple[Json, Any, Json]] = [
    (RATIO, "tall", {"selected_option": option("tall")}),
    (
        {"type": "overflow", "options": [option("pause"), option("stop")]},
        "Stop",
        {"selected_option": option("stop")},
    ),
    ({"type": "datepicker"}, "2026-12-24", {"selected_date": "2026-12-24"}),
    ({"type": "timepicker"}, "09:00", {"selected_time": "09:00"}),
    ({"type": "users_select"}, JONAS, {"selected_user": JONAS}),
    ({"type": "multi_users_select"}, [JONAS, DANA], {"selected_users": [JONAS, DANA]}),
    (
        {"type": "checkboxes", "options": [option("still"), option("clip")]},
        ["still", "clip"],
        {"selected_options": [option("still"), option("clip")]},
    ),
    (
        {"type": "radio_buttons", "options": [option("yes"), option("no")]},
        "no",
        {"selected_option": option("no")},
    ),
]


@pytest.mark.parametrize(
    ("element", "value", "expected"), ELEMENTS, ids=[str(row[0]["type"]) for row in ELEMENTS]
)
async def test_a_pick_in_a_message_says_what_was_picked(
    slack: SmallSlack,
    client: AsyncWebClient,
    by_http: Heard,
    element: Json,
    value: Any,
    expected: Json,
) -> None:
    @by_http.app.action("pick")
    async def _(ack: Any, body: Json) -> None:
        by_http.bodies.append(body)
        await ack()

    blocks = [{"type": "actions", "block_id": "b", "elements": [element | {"action_id": "pick"}]}]
    posted = await client.chat_postMessage(channel=AURORA_TEAM, text="pick", blocks=blocks)
    ts = str(posted["ts"])
    seen = await slack.press("pick", user="maya", channel="aurora-team", ts=ts, value=value, wait=0)
    assert seen.ok
    [body] = by_http.bodies
    [action] = body["actions"]
    assert action["block_id"] == "b"
    assert {key: action[key] for key in expected} == expected
    if element["type"] != "overflow":
        assert body["state"]["values"]["b"]["pick"].items() >= expected.items()


async def test_a_press_tells_container_message_and_trigger(
    slack: SmallSlack, client: AsyncWebClient, bolt: Heard
) -> None:
    @bolt.app.event("message")
    async def _() -> None:
        """Take it."""

    @bolt.app.action("approve")
    async def _(ack: Any, body: Json, respond: Any) -> None:
        bolt.bodies.append(body)
        await ack()
        await respond(text="Noted.")

    buttons = [
        {"type": "button", "action_id": "approve", "value": one, "text": plain(one)}
        for one in ("t1",)
    ]
    blocks = [{"type": "actions", "elements": buttons}]
    head = await slack.say("thread", user="maya", channel="aurora-team")
    posted = await client.chat_postMessage(
        channel=AURORA_TEAM, text="take", blocks=blocks, thread_ts=head.ts
    )
    ts = str(posted["ts"])
    seen = await slack.press("approve", user="jonas", channel="aurora-team", ts=ts)
    [body] = bolt.bodies
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": AURORA_TEAM,
        "is_ephemeral": False,
        "thread_ts": head.ts,
    }
    assert body["message"]["ts"] == ts
    assert body["actions"][0]["value"] == "t1"
    assert [one["text"] for one in seen.ephemerals] == ["Noted."]
    with pytest.raises(SlackError, match="action_not_found"):
        await slack.press("reject", user="jonas", channel="aurora-team", ts=ts)
    with pytest.raises(SlackError, match="not_in_channel"):
        await slack.press("approve", user="dana", channel="aurora-team", ts=ts)


async def test_a_response_url_answers_five_times_in_half_an_hour(
    slack: SmallSlack, clock: Clock
) -> None:
    def webhook() -> AsyncWebhookClient:
        key = slack.hub.grants.response_url(MAYA, AURORA_TEAM)
        return AsyncWebhookClient(f"{slack.origin}/commands/T0STUDIO001/{key}")

    hook = webhook()
    for _ in range(5):
        assert (await hook.send(text="hello")).status_code == 200
    sixth = await hook.send(text="hello")
    assert (sixth.status_code, "used_url" in sixth.body) == (404, True)
    late = webhook()
    clock.now += 1801
    assert "expired_url" in (await late.send(text="hello")).body
    told = [one.ephemeral_to for one in slack.state.messages[AURORA_TEAM].values()]
    assert told == [MAYA] * 5


async def test_a_response_url_posts_replaces_and_deletes(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=AURORA_TEAM, text="first")
    ts = str(posted["ts"])
    key = slack.hub.grants.response_url(MAYA, AURORA_TEAM, message_ts=ts)
    hook = AsyncWebhookClient(f"{slack.origin}/actions/T0STUDIO001/{key}")
    await hook.send(text="second", replace_original=True)
    assert slack.state.messages[AURORA_TEAM][ts].text == "second"
    await hook.send(text="aloud", response_type="in_channel")
    assert [one.text for one in slack.state.timeline(AURORA_TEAM)] == ["second", "aloud"]
    await hook.send(text="", delete_original=True)
    assert [one.text for one in slack.state.timeline(AURORA_TEAM)] == ["aloud"]
    bad = [{"type": "section", "text": plain("x" * 3001)}]
    refused_answer = await hook.send(text="no", blocks=bad)
    assert "invalid_blocks" in refused_answer.body


async def test_a_command_can_be_answered_in_its_acknowledgement(
    slack: SmallSlack, bolt: Heard
) -> None:
    @bolt.app.command("/scene")
    async def _(ack: Any, body: Json) -> None:
        bolt.bodies.append(body)
        await ack("No scenes yet.")

    seen = await slack.command(
        "/scene", "show @jonas in #general", user="maya", channel="aurora-team"
    )
    assert [one["text"] for one in seen.ephemerals] == ["No scenes yet."]
    assert bolt.bodies[0]["text"] == f"show <@{JONAS}|jonas> in <#C0GENERAL01|general>"


async def test_the_home_tab_is_published_when_somebody_opens_it(
    slack: SmallSlack, bolt: Heard, client: AsyncWebClient
) -> None:
    @bolt.app.event("app_home_opened")
    async def _(event: Json) -> None:
        section = {"type": "section", "text": plain("What waits for you")}
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [section]}
        )

    seen = await slack.home(user="maya")
    assert seen.home is not None
    assert seen.home["blocks"][0]["text"]["text"] == "What waits for you"
    stale = client.views_publish(user_id=MAYA, hash="old", view={"type": "home", "blocks": []})
    assert await refused(stale) == "hash_conflict"
    assert not (await slack.home(user="dana")).ok
