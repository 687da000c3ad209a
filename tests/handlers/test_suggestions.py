"""A menu that asks us: what the door hears, and what it answers whatever happens behind it."""

# Bolt and slack_sdk are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotNow
from handlers._door import Door
from handlers.house import House
from handlers.payloads import Json, Submission, Suggestion
from handlers.views import _inputs as inputs
from tests.workspace.seed import AURORA_TEAM, DANA, JONAS, MAYA, T_CLIENT, T_STUDIO
from tests.workspace.server import SmallSlack
from tests.workspace.suggestions import options_in


@pytest.fixture
async def slack() -> AsyncIterator[SmallSlack]:
    async with SmallSlack(rate_limits=False) as slack:
        yield slack


@pytest.fixture
async def bolt(slack: SmallSlack) -> AsyncIterator[AsyncApp]:
    client = AsyncWebClient(token=slack.state.app.bot_token, base_url=slack.base_url)
    bolt = AsyncApp(
        client=client, signing_secret=slack.state.app.signing_secret, process_before_response=True
    )
    handler = AsyncSocketModeHandler(bolt, slack.state.app.app_token)
    await handler.connect_async()
    yield bolt
    await handler.close_async()


class Desk:
    """Remembers what the door handed over, and offers or raises what it is told to."""

    def __init__(self, bolt: AsyncApp, found: Any) -> None:
        self.asked: list[Suggestion] = []
        self.sent: list[Submission] = []
        self._found = found
        nobody: Any = None
        door = Door(bolt, nobody)
        door.suggest("reference", self.find)
        door.view("cast", self.send)

    async def find(self, asked: Suggestion, _house: House) -> Any:
        self.asked.append(asked)
        if isinstance(self._found, Exception):
            raise self._found
        return self._found

    async def send(self, sent: Submission, _house: House) -> None:
        self.sent.append(sent)


async def opened(slack: SmallSlack, bolt: AsyncApp, *, by: str = MAYA) -> None:
    field: Any = {"action": "reference", "least": 1}
    blocks = [
        inputs.external("lead", "Lead", ("Mira", "R1"), **field),
        inputs.several_external("others", "Others", [("Roof", "R2")], most=3, **field),
    ]
    view = inputs.modal("cast", "Cast", blocks, submit="Cast", private_metadata="scene-1")
    await bolt.client.views_open(trigger_id=slack.hub.grants.trigger(by), view=view)


async def test_the_door_hears_who_types_what_and_in_which_form(
    slack: SmallSlack, bolt: AsyncApp
) -> None:
    desk = Desk(bolt, [("Miro", "R7"), ("Mirabel", "R8")])
    await opened(slack, bolt, by=DANA)
    seen = await slack.suggest("others", " mir ", user="dana")
    assert [one["value"] for one in seen.options] == ["R7", "R8"]
    [asked] = desk.asked
    assert (asked.action_id, asked.block_id, asked.typed) == ("reference", "others", "mir")
    assert asked.meta == "scene-1"
    assert (asked.actor.workspace_id, asked.actor.team_id) == (T_STUDIO, T_CLIENT)
    assert asked.actor.user_id == DANA


async def test_what_stood_there_and_what_was_found_arrive_with_the_form(
    slack: SmallSlack, bolt: AsyncApp
) -> None:
    desk = Desk(bolt, {"Characters": [("Miro", "R7")], "Locations": []})
    await opened(slack, bolt)
    await slack.suggest("others", "mir", user="maya")
    seen = await slack.submit({"others": ["R2", "Miro"]}, user="maya")
    assert seen.is_closed, seen
    [sent] = desk.sent
    assert (sent.text("lead"), sent.ids("others")) == ("R1", ["R2", "R7"])


async def test_a_menu_of_a_message_says_where_it_stands(slack: SmallSlack, bolt: AsyncApp) -> None:
    desk = Desk(bolt, [])
    element: Json = inputs.external("lead", "Lead", action="reference", placeholder="Who?")
    row: Json = {"type": "actions", "block_id": "row", "elements": [element["element"]]}
    posted = await bolt.client.chat_postMessage(channel=AURORA_TEAM, text="Who?", blocks=[row])
    where: Any = {"channel": AURORA_TEAM, "ts": posted["ts"]}
    seen = await slack.suggest("reference", "", user=JONAS, **where)
    assert (seen.ok, seen.options) == (True, [])
    [asked] = desk.asked
    assert (asked.channel_id, asked.message_ts, asked.meta) == (AURORA_TEAM, posted["ts"], "")


@pytest.mark.parametrize("trouble", [RuntimeError("broken"), NotNow("No."), TimeoutError()])
async def test_whatever_goes_wrong_behind_a_menu_is_an_empty_list(
    slack: SmallSlack, bolt: AsyncApp, trouble: Exception
) -> None:
    Desk(bolt, trouble)
    await opened(slack, bolt)
    seen = await slack.suggest("lead", "mir", user="maya")
    assert (seen.ok, seen.options) == (True, [])


CHOICES = st.lists(st.tuples(st.text(max_size=90), st.text(max_size=160)), max_size=130)


@given(CHOICES | st.dictionaries(st.text(max_size=80), CHOICES, max_size=4) | st.none())
def test_whatever_was_found_is_answered_within_slacks_limits(found: object) -> None:
    answer = inputs.menu(found)
    assert len(answer) == 1
    options = options_in(answer)
    assert all(one["text"]["text"] and one["value"] for one in options)
