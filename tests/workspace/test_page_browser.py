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
