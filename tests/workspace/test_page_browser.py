"""The page in a real browser: one person's journey by hand, and what happens when things fail."""
# slack_sdk and Bolt leave their own types unknown:
# pyright: reportUnknownMemberType=false

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck as Ack
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace.records import Json
from tests.workspace.seed import AURORA_TEAM, LIN, MAYA
from tests.workspace.server import SmallSlack

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "no-sandbox",
    "disable-gpu",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and "CI" not in os.environ,  # noqa: TID251 - CI must not skip silently
        reason="no Chromium: apt-get install chromium",
    ),
]


@pytest.fixture
async def slack() -> AsyncIterator[SmallSlack]:
    async with SmallSlack(rate_limits=False) as slack:
        yield slack


@pytest.fixture
async def page(slack: SmallSlack) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[f"--{flag}" for flag in FLAGS]
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(5000)
        await page.goto(f"{slack.origin}/?as={MAYA}&channel={AURORA_TEAM}")
        yield page
        await browser.close()


async def write(page: Page, text: str, *, into: str = ".main") -> None:
    await page.locator(f"{into} [data-composer] textarea").fill(text)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


@pytest.fixture
async def app(slack: SmallSlack) -> AsyncIterator[None]:
    """Run an app that asks for a purpose, posts it with a button, and says who pressed it."""
    client = AsyncWebClient(token=slack.state.app.bot_token, base_url=slack.base_url)
    bolt = AsyncApp(client=client, signing_secret=slack.state.app.signing_secret)
    bolt.command("/scene")(_open)
    bolt.view("scene")(_post)
    bolt.action("approve")(_approve)
    bolt.options("cast")(_cast)
    bolt.action("cast")(_casting)
    handler = AsyncSocketModeHandler(bolt, slack.state.app.app_token)
    await handler.connect_async()
    yield
    await handler.close_async()


async def _open(ack: Ack, body: Json, client: AsyncWebClient) -> None:
    await ack()
    field = {"type": "plain_text_input", "action_id": "text", "multiline": True}
    block = {"type": "input", "block_id": "purpose", "label": _plain("Purpose"), "element": field}
    await client.views_open(
        trigger_id=body["trigger_id"],
        view={
            "type": "modal",
            "callback_id": "scene",
            "title": _plain("New scene"),
            "submit": _plain("Make"),
            "blocks": [block],
        },
    )


async def _post(ack: Ack, view: Json, client: AsyncWebClient) -> None:
    purpose = view["state"]["values"]["purpose"]["text"]["value"]
    if "stay" not in purpose:
        await ack(response_action="errors", errors={"purpose": "No intent, no order."})
        return
    await ack()
    button = {"type": "button", "action_id": "approve", "value": "1", "text": _plain("Approve")}
    words = {"type": "section", "text": {"type": "mrkdwn", "text": f"*{purpose}*"}}
    blocks = [words, {"type": "actions", "elements": [button]}]
    await client.chat_postMessage(channel=AURORA_TEAM, text=purpose, blocks=blocks)


async def _approve(ack: Ack, body: Json, client: AsyncWebClient) -> None:
    await ack()
    told = f"Approved by <@{body['user']['id']}>"
    at = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
    await client.chat_update(**at, text=told, blocks=[])


CAST = ("Mira, the runner", "Mirabel, her sister", "Miro, the dog", "Rooftop at dawn")


async def _cast(ack: Ack, payload: Json) -> None:
    found = [name for name in CAST if payload["value"].lower() in name.lower()]
    options = [{"text": _plain(name), "value": name.split(",")[0]} for name in found]
    people = [one for one in options if one["value"] in {"Mira", "Mirabel", "Miro"}]
    places = [one for one in options if one not in people]
    groups = {"Characters": people, "Locations": places}
    shown: list[Json] = [
        {"label": _plain(name), "options": few} for name, few in groups.items() if few
    ]
    await (ack(option_groups=shown) if shown else ack(options=[]))


async def _casting(ack: Ack, body: Json, client: AsyncWebClient) -> None:
    await ack()
    told = f"Cast: {body['actions'][0]['selected_option']['value']}"
    await client.chat_postMessage(channel=AURORA_TEAM, text=told)


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


@pytest.mark.usefixtures("app")
async def test_a_scene_is_made_and_approved_by_hand(page: Page) -> None:
    await write(page, "/scene new")
    field = page.get_by_label("Purpose")
    await field.fill("something")
    await page.get_by_role("button", name="Make").click()
    await expect(page.locator(".wrong .error")).to_have_text("No intent, no order.")
    await expect(field).to_have_value("something")
    await field.fill("She decides to stay")
    await page.get_by_role("button", name="Make").click()
    await expect(page.locator("#modals")).to_be_hidden()
    card = page.locator("#timeline [data-ts]", has_text="She decides to stay")
    await card.locator("[data-action-id=approve]").click()
    await expect(page.locator("#timeline [data-ts]")).to_contain_text("Approved by @Maya Torres")


async def test_what_others_do_appears_while_one_is_writing(page: Page, slack: SmallSlack) -> None:
    draft = page.locator(".main textarea")
    await draft.fill("a thought of my own")
    said = await slack.say("<b>look</b> :clapper:", user=LIN, channel=AURORA_TEAM)
    message = page.locator(f"#timeline [data-ts='{said.ts}']")
    await expect(message.locator(".words")).to_have_text("<b>look</b> 🎬")
    await expect(draft).to_have_value("a thought of my own")
    await message.hover()
    await message.locator("[data-react]").click()
    await page.locator("[data-pick=fire]").click()
    await expect(message.locator(".pill.mine")).to_have_attribute("data-reaction", "fire")
    await message.locator(".pill.mine").click()
    await expect(message.locator(".pill")).to_have_count(0)
    await message.hover()
    await message.locator("[data-reply]").click()
    await write(page, "I see it @Lin Zhao", into="#thread")
    await expect(page.locator("#thread .message .mention")).to_have_text("@Lin Zhao")
    await expect(message.locator("[data-open-thread]")).to_contain_text("1 reply")


async def test_a_command_that_nobody_answers_is_not_lost(page: Page) -> None:
    await write(page, "/scene new")
    await expect(page.locator(".toast")).to_contain_text("could not be reached")
    await expect(page.locator(".main textarea")).to_have_value("/scene new")


async def casting(slack: SmallSlack) -> None:
    client = AsyncWebClient(token=slack.state.app.bot_token, base_url=slack.base_url)
    several = {"type": "multi_external_select", "action_id": "cast", "min_query_length": 2}
    field = {"type": "input", "block_id": "who", "label": _plain("Who"), "element": several}
    form: Json = {"type": "modal", "callback_id": "cast", "blocks": [field]}
    form |= {"title": _plain("Cast"), "submit": _plain("Cast")}
    await client.views_open(trigger_id=slack.hub.grants.trigger(MAYA), view=form)


@pytest.mark.usefixtures("app")
async def test_a_reference_is_found_by_typing_and_taken_with_the_keys(
    page: Page, slack: SmallSlack
) -> None:
    await casting(slack)
    typing = page.get_by_role("combobox", name="Who")
    await typing.press_sequentially("m")
    await expect(typing).to_have_attribute("aria-expanded", "false")
    await typing.press_sequentially("ir")
    await expect(page.get_by_role("option")).to_have_text([*CAST[:3]])
    await expect(page.locator("#modals .menu-head")).to_have_text("Characters")
    await typing.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    await expect(chosen).to_have_text(CAST[1])
    await expect(typing).to_have_attribute(
        "aria-activedescendant", await chosen.get_attribute("id") or ""
    )
    await typing.press("Enter")
    await expect(typing).to_have_attribute("aria-expanded", "false")
    await expect(page.locator("#modals .chip")).to_contain_text(CAST[1])
    await typing.press("Backspace")
    await expect(page.locator("#modals .chip")).to_have_count(0)


@pytest.mark.usefixtures("app")
async def test_what_was_picked_is_sent_and_a_list_closes_before_the_form(
    page: Page, slack: SmallSlack
) -> None:
    await casting(slack)
    typing = page.get_by_role("combobox", name="Who")
    await typing.press_sequentially("miro")
    await page.get_by_role("option").click()
    await typing.press_sequentially("dawn")
    await page.get_by_role("option", name="Rooftop").click()
    await typing.press_sequentially("nobody")
    await expect(page.get_by_role("listbox")).to_have_text("No results")
    await typing.press("Escape")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await expect(page.locator("#modals")).to_be_visible()
    await expect(page.locator("#modals .chip")).to_have_count(2)
    await page.locator("#modals").get_by_role("button", name="Cast").click()
    await expect(page.locator("#modals .banner")).to_be_visible()  # nobody takes this form
    sent = slack.deliveries[-1].body["view"]["state"]["values"]["who"]["cast"]
    assert [one["value"] for one in sent["selected_options"]] == ["Miro", "Rooftop at dawn"]


@pytest.mark.usefixtures("app")
async def test_a_menu_of_a_message_is_typed_into_as_well(page: Page, slack: SmallSlack) -> None:
    client = AsyncWebClient(token=slack.state.app.bot_token, base_url=slack.base_url)
    element = {"type": "external_select", "action_id": "cast", "placeholder": _plain("Find one")}
    row = {"type": "actions", "elements": [element]}
    await client.chat_postMessage(channel=AURORA_TEAM, text="Who?", blocks=[row])
    await page.get_by_role("combobox", name="Find one").press_sequentially("miro")
    await page.get_by_role("option").click()
    await expect(page.locator("#timeline")).to_contain_text("Cast: Miro")


async def test_a_canvas_is_read_beside_the_messages_and_stays_current(
    page: Page, slack: SmallSlack
) -> None:
    client = AsyncWebClient(token=slack.state.app.bot_token, base_url=slack.base_url)
    made = await client.canvases_create(
        title="SQ010 Rooftop", document_content=_written(CANVAS), channel_id=AURORA_TEAM
    )
    canvas_id: str = made.get("canvas_id", "")
    await page.get_by_role("link", name="SQ010 Rooftop").click()
    sheet = page.locator("#canvas")
    await expect(sheet.get_by_role("heading", name="Shots")).to_be_visible()
    await expect(sheet.get_by_role("checkbox").first).to_be_checked()
    await expect(sheet.locator("thead th").first).to_have_text("Shot")
    await expect(sheet.locator(".mention").first).to_have_text("@Jonas Weber")
    await expect(sheet.locator("td strong")).to_have_text("Circle take")
    await expect(sheet).not_to_contain_text("**")
    slack.rewrite_in_canvas(canvas_id, "Mira decides", "Mira decides to stay.")
    await expect(sheet).to_contain_text("decides to stay")
    await page.goto(f"{slack.origin}/docs/T0STUDIO001/{canvas_id}?as={LIN}")
    await expect(sheet).to_contain_text("decides to stay")
    slack.delete_canvas(canvas_id)
    await expect(sheet).to_contain_text("This canvas was deleted.")
    await expect(page.locator("#tabs")).to_be_hidden()


def _written(markdown: str) -> Json:
    return {"type": "markdown", "markdown": markdown}


CANVAS = """Mira decides **to leave**, and the _city_ lets her go.
Directed by ![](@U0JONAS0001) in ![](#C0AURTEAM01).

## Visual rules

- Dawn, never dusk :sunrise:
    - No orange above 30 %

> Every frame is a goodbye.

## Shots

| Shot | Status | Take | Action |
|---|---|---|---|
| SH010 | **Circle take** | [T3](https://example.com/t3) | She turns her head |

### To do

- [x] Light test
- [ ] Second unit

## References

![Mira in the rain](https://example.com/mira.png)
"""
