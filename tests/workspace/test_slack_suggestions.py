"""External selects: what is typed asks the app, what it offers can be picked."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace.conftest import Heard, listening
from tests.workspace.parts import field, modal, option, plain
from tests.workspace.records import Json
from tests.workspace.seed import AURORA_TEAM, DANA, MAYA
from tests.workspace.server import SmallSlack

ONE: Json = {"type": "external_select", "action_id": "find", "min_query_length": 2}
MANY: Json = {"type": "multi_external_select", "action_id": "value", "min_query_length": 0}


async def opened(slack: SmallSlack, client: AsyncWebClient, *elements: Json) -> None:
    fields = [
        field(label, element) for label, element in zip(("Cast", "Props"), elements, strict=False)
    ]
    form = modal(*fields, private_metadata="SC020")
    await client.views_open(trigger_id=slack.hub.grants.trigger(MAYA), view=form)


def offering(heard: Heard, **answer: Any) -> list[Json]:
    """Answer every menu with this; give what was asked."""
    asked: list[Json] = []

    async def offer(ack: Any, body: Json) -> None:
        asked.append(body)
        await ack(**answer)

    for action_id in ("find", "value"):
        heard.app.options(action_id)(offer)
    return asked


def sending(heard: Heard) -> list[Json]:
    """Take the form; give what its fields said."""
    sent: list[Json] = []

    @heard.app.view("scene")
    async def _(ack: Any, view: Json) -> None:
        sent.append(view["state"]["values"])
        await ack()

    return sent


async def test_what_is_typed_in_a_modal_asks_the_app_and_a_chosen_option_arrives(
    slack: SmallSlack, client: AsyncWebClient, bolt: Heard
) -> None:
    asked, sent = offering(bolt, options=[option("mira"), option("miro")]), sending(bolt)
    await opened(slack, client, ONE, MANY)
    seen = await slack.suggest("find", "mir", user="maya")
    assert seen.options == [option("mira"), option("miro")]
    assert asked[0]["type"] == "block_suggestion"
    assert (asked[0]["action_id"], asked[0]["block_id"], asked[0]["value"]) == (
        "find", "cast", "mir",
    )  # fmt: skip
    assert asked[0]["view"]["private_metadata"] == "SC020"
    assert (await slack.suggest("props", "", user="maya")).options
    refused = await slack.submit({"Props": ["mira"]}, user="maya")
    assert refused.errors == {"cast": "Please complete this required field."}
    await slack.submit({"cast": "Mira", "props": ["mira", "miro"]}, user="maya")
    assert sent[0]["cast"]["find"]["selected_option"] == option("mira")
    assert sent[0]["props"]["value"]["selected_options"] == [option("mira"), option("miro")]


async def test_what_was_not_offered_cannot_be_picked(
    slack: SmallSlack, client: AsyncWebClient, bolt: Heard
) -> None:
    offering(bolt, options=[option("mira")])
    sent = sending(bolt)
    await opened(slack, client, ONE | {"initial_option": option("jonas")})
    with pytest.raises(LookupError, match="'mira' is not offered; there is jonas"):
        await slack.submit({"cast": "mira"}, user="maya")
    await slack.suggest("cast", "mi", user="maya")
    await slack.suggest("cast", "mir", user="maya")
    await slack.submit({"cast": "mira"}, user="maya")
    assert sent[0]["cast"]["find"]["selected_option"]["value"] == "mira"


async def test_the_app_is_not_asked_before_enough_is_typed(
    slack: SmallSlack, client: AsyncWebClient, by_socket: Heard
) -> None:
    asked = offering(by_socket, options=[option("mira")])
    short = {key: value for key, value in MANY.items() if key != "min_query_length"}
    await opened(slack, client, ONE, short)
    assert not (await slack.suggest("find", "m", user="maya")).options
    assert not (await slack.suggest("props", "mi", user="maya")).options
    assert not asked
    assert (await slack.suggest("find", "mi", user="maya")).options
    assert (await slack.suggest("props", "mir", user="maya")).options


async def test_a_menu_of_a_message_asks_with_the_message_and_a_pick_is_pressed(
    slack: SmallSlack, client: AsyncWebClient, bolt: Heard
) -> None:
    people = {"label": plain("People"), "options": [option("mira")]}
    places = {"label": plain("Places"), "options": [option("roof")]}
    asked = offering(bolt, option_groups=[people, places])
    pressed: list[Json] = []

    @bolt.app.action("find")
    async def _(ack: Any, action: Json) -> None:
        pressed.append(action)
        await ack()

    row = {"type": "actions", "block_id": "row", "elements": [ONE | {"placeholder": plain("?")}]}
    posted = await client.chat_postMessage(channel=AURORA_TEAM, text="Who?", blocks=[row])
    where: Any = {"channel": "aurora-team", "ts": str(posted["ts"]), "user": "jonas"}
    seen = await slack.suggest("find", "roo", **where)
    assert [one["value"] for one in seen.options] == ["mira", "roof"]
    assert seen.option_groups == [people, places]
    assert asked[0]["message"]["ts"] == posted["ts"]
    assert asked[0]["container"]["channel_id"] == AURORA_TEAM
    await slack.press("find", value="roof", **where)
    assert pressed[0]["selected_option"] == option("roof")


BAD: list[tuple[Json, str]] = [
    ({"options": [option(str(n)) for n in range(101)]}, "no more than 100"),
    ({"options": [option("x" * 76)]}, "less than 76"),
    ({"options": [{"text": plain("x"), "value": "v" * 151}]}, "less than 151"),
    ({"option_groups": [{"label": plain("x" * 76), "options": [option("a")]}]}, "less than 76"),
    (
        {"option_groups": [{"label": plain("x"), "options": [option(str(n)) for n in range(101)]}]},
        "no more than 100",
    ),
    ({"option_groups": [{"label": plain("x"), "options": []}]}, "options"),
    ({}, "invalid_options"),
]


@pytest.mark.parametrize(("answer", "why"), BAD)
async def test_options_outside_slacks_limits_are_not_shown(
    slack: SmallSlack, client: AsyncWebClient, by_http: Heard, answer: Json, why: str
) -> None:
    offering(by_http, **answer)
    await opened(slack, client, ONE)
    seen = await slack.suggest("find", "mir", user="maya")
    assert (seen.ok, seen.error, seen.options) == (False, "options_not_loaded", [])
    assert why in seen.errors["cast"]


async def test_nothing_found_is_an_answer_and_too_late_is_none(
    slack: SmallSlack, client: AsyncWebClient, by_socket: Heard
) -> None:
    slow = asyncio.Event()

    @by_socket.app.options("find")
    async def _(ack: Any, payload: Json) -> None:
        if payload["value"] == "slow":
            await slow.wait()
        await ack(options=[])

    await opened(slack, client, ONE)
    seen = await slack.suggest("find", "nobody", user="maya")
    assert (seen.ok, seen.options) == (True, [])
    slack.hub.delivery.ack_seconds = 0.05
    seen = await slack.suggest("find", "slow", user="maya")
    slow.set()
    assert (seen.ok, seen.error) == (False, "operation_timeout")


async def test_menus_may_ask_at_an_address_of_their_own(
    slack: SmallSlack, client: AsyncWebClient, heard: Heard
) -> None:
    offering(heard, options=[option("mira")])
    await opened(slack, client, ONE)
    assert (await slack.suggest("find", "mir", user="maya")).error == "dispatch_failed"
    async with listening(heard.app) as url:
        slack.options_url = url
        assert (await slack.suggest("find", "mir", user="maya")).options == [option("mira")]


async def test_nobody_types_into_what_they_do_not_see(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    await opened(slack, client, ONE)
    seen = [await told(slack.suggest(name, "mir", user=DANA)) for name in ("find", "none")]
    assert seen == ["view_not_found", "view_not_found"]
    assert await told(slack.suggest("none", "mir", user=MAYA)) == "action_not_found"


async def told(act: Any) -> str:
    with pytest.raises(Exception, match="_not_found") as caught:
        await act
    return str(caught.value)
