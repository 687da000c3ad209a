"""Modals, menus, response URLs and the Home tab, from the person's side and the app's."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.workspace.conftest import Heard
from tests.workspace.errors import SlackError
from tests.workspace.records import Json
from tests.workspace.seed import AURORA_TEAM, BOT, DANA, JONAS, MAYA, seeded_state
from tests.workspace.server import SmallSlack
from tests.workspace.state import SlackState


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def field(label: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": label.lower(),
        "label": plain(label),
        "element": element,
    } | more


def modal(*blocks: Json, **more: Any) -> Json:
    title, submit = plain("Scene"), plain("Make")
    return {
        "type": "modal",
        "callback_id": "scene",
        "title": title,
        "submit": submit,
        "blocks": list(blocks) or [{"type": "divider"}],
    } | more


TEXT: Json = {"type": "plain_text_input", "action_id": "text", "max_length": 20}
RATIO: Json = {
    "type": "static_select",
    "action_id": "ratio",
    "options": [option("wide"), option("tall")],
    "initial_option": option("wide"),
}


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


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


@pytest.fixture
def clock(slack: SmallSlack) -> Clock:
    slack.state.clock = Clock()
    return slack.state.clock


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_trigger_opens_one_modal_within_three_seconds(
    slack: SmallSlack, client: AsyncWebClient, clock: Clock
) -> None:
    trigger = slack.hub.grants.trigger(MAYA)
    bad = modal(title=plain("x" * 25))
    assert await refused(client.views_open(trigger_id=trigger, view=bad)) == "invalid_arguments"
    await client.views_open(trigger_id=trigger, view=modal())
    assert await refused(client.views_open(trigger_id=trigger, view=modal())) == (
        "exchanged_trigger_id"
    )
    late = slack.hub.grants.trigger(MAYA)
    clock.now += 3.1
    assert await refused(client.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"
    assert await refused(client.views_open(trigger_id="1.2.3", view=modal())) == (
        "invalid_trigger_id"
    )


async def test_modals_stack_three_high_and_no_higher(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    def trigger() -> str:
        return slack.hub.grants.trigger(MAYA)

    first = await client.views_open(trigger_id=trigger(), view=modal())
    for _ in range(2):
        pushed = await client.views_push(trigger_id=trigger(), view=modal())
    assert pushed["view"]["root_view_id"] == first["view"]["id"]
    fourth = client.views_push(trigger_id=trigger(), view=modal())
    assert await refused(fourth) == "push_limit_reached"
    await slack.close(user="maya")
    assert len(slack.state.modals[MAYA]) == 2
    await slack.close(user="maya", clear=True)
    assert not slack.state.modals.get(MAYA)
    gone = client.views_update(view_id=first["view"]["id"], view=modal())
    assert await refused(gone) == "not_found"


async def test_an_update_against_an_old_hash_is_refused_and_typing_is_kept(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    trigger = slack.hub.grants.trigger(MAYA)
    opened = await client.views_open(trigger_id=trigger, view=modal(field("Purpose", TEXT)))
    view: Json = opened["view"]
    slack.state.views[view["id"]].values["purpose"]["text"]["value"] = "typed"
    more = modal(field("Purpose", TEXT), field("Ratio", RATIO))
    updated = await client.views_update(view_id=view["id"], hash=view["hash"], view=more)
    values = updated["view"]["state"]["values"]
    assert values["purpose"]["text"]["value"] == "typed"
    assert values["ratio"]["ratio"]["selected_option"]["value"] == "wide"
    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=more)
    assert await refused(stale) == "hash_conflict"


async def test_a_form_is_filled_by_label_and_checked_before_the_app_is_asked(
    slack: SmallSlack, client: AsyncWebClient, bolt: Heard
) -> None:
    @bolt.app.view("scene")
    async def _(ack: Any, body: Json) -> None:
        bolt.bodies.append(body)
        await ack()

    form = modal(field("Purpose", TEXT), field("Ratio", RATIO), field("Note", TEXT, optional=True))
    await client.views_open(trigger_id=slack.hub.grants.trigger(MAYA), view=form)
    missing = await slack.submit({}, user="maya")
    assert missing.errors == {"purpose": "Please complete this required field."}
    long = await slack.submit({"Purpose": "x" * 21}, user="maya")
    assert long.errors == {"purpose": "Must be no more than 20 characters."}
    with pytest.raises(LookupError, match="no field Colour"):
        await slack.submit({"Colour": "red"}, user="maya")
    sent = await slack.submit({"Purpose": "win", "Ratio": "Tall"}, user="maya", wait=0)
    assert sent.is_closed
    [body] = bolt.bodies
    values = body["view"]["state"]["values"]
    assert values["purpose"]["text"] == {"type": "plain_text_input", "value": "win"}
    assert values["ratio"]["ratio"]["selected_option"] == option("tall")
    assert values["note"]["text"]["value"] is None


@pytest.mark.parametrize("answer", ["update", "push", "clear"])
async def test_a_submission_is_answered_with_another_view(
    slack: SmallSlack, client: AsyncWebClient, bolt: Heard, answer: str
) -> None:
    @bolt.app.view("scene")
    async def _(ack: Any) -> None:
        if answer == "clear":
            await ack(response_action="clear")
        else:
            await ack(response_action=answer, view=modal(title=plain("Next")))

    await client.views_open(trigger_id=slack.hub.grants.trigger(MAYA), view=modal())
    seen = await slack.submit(user="maya", wait=0)
    depth = {"update": 1, "push": 2, "clear": 0}[answer]
    assert len(slack.state.modals.get(MAYA, [])) == depth
    assert (seen.view is None) == (answer == "clear")
    if seen.view is not None:
        assert seen.view["title"]["text"] == "Next"


async def test_errors_at_no_input_are_trouble(
    slack: SmallSlack, client: AsyncWebClient, by_http: Heard
) -> None:
    @by_http.app.view("scene")
    async def _(ack: Any) -> None:
        await ack(response_action="errors", errors={"nowhere": "no"})

    await client.views_open(trigger_id=slack.hub.grants.trigger(MAYA), view=modal())
    seen = await slack.submit(user="maya", wait=0)
    assert (seen.ok, seen.error) == (False, "We had some trouble connecting. Try again?")
    assert len(slack.state.modals[MAYA]) == 1


async def test_closing_is_told_to_who_asked_for_it(
    slack: SmallSlack, client: AsyncWebClient, bolt: Heard
) -> None:
    @bolt.app.view_closed("scene")
    async def _(ack: Any, body: Json) -> None:
        bolt.bodies.append(body)
        await ack()

    form = modal(notify_on_close=True)
    await client.views_open(trigger_id=slack.hub.grants.trigger(MAYA), view=form)
    assert (await slack.close(user="maya")).is_closed
    assert bolt.bodies[0]["is_cleared"] is False


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


async def test_an_external_menu_offers_what_the_app_says(
    slack: SmallSlack, client: AsyncWebClient, bolt: Heard
) -> None:
    @bolt.app.options("engine")
    async def _(ack: Any, payload: Json) -> None:
        await ack(options=[option(f"{payload['value']}-1")])

    element = {"type": "external_select", "action_id": "engine", "min_query_length": 0}
    form = modal(field("Engine", element))
    await client.views_open(trigger_id=slack.hub.grants.trigger(MAYA), view=form)
    seen = await slack.suggest("engine", "ani", user="maya")
    assert seen.options == [option("ani-1")]


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
