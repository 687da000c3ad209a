"""Modals, from the person's side and the app's."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

from typing import Any, cast

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace.conftest import Heard
from tests.workspace.parts import RATIO, TEXT, Clock, field, modal, option, plain
from tests.workspace.records import Json
from tests.workspace.seed import MAYA
from tests.workspace.server import SmallSlack


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
    await client.views_push(trigger_id=trigger(), view=modal())
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
    view = cast("Json", opened["view"])
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
