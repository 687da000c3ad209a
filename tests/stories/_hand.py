"""A person at the small Slack's page: clicks and keys in a real browser, and pictures of it."""

import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.workspace.demo import ROOT
from tests.workspace.server import SmallSlack

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = (
    "no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update",
    "disable-sync",
)  # fmt: skip
SOON, RENDERED = 15_000, 120_000
"""Milliseconds within which the page answers, and a film is there."""
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.timeout(420),
    pytest.mark.skipif(
        _CHROMIUM is None and "CI" not in os.environ,  # noqa: TID251 - CI must not skip silently
        reason="no Chromium: apt-get install chromium",
    ),
]
"""Marks of a story that needs a browser."""


@dataclass
class Hand:
    """Somebody at the page; pictures of it go to `album`."""

    page: Page
    slack: SmallSlack
    album: Path = ROOT / "var" / "tour"

    async def sit(self, name: str, channel: str, *, thread: str = "") -> None:
        """Become somebody, look at a channel and perhaps at one of its threads."""
        who, room = self.slack.person(name).id, self.slack.room(channel).id
        await self.page.goto(f"{self.slack.origin}/?as={who}&channel={room}&thread={thread}")

    async def write(self, text: str, *, into: str = ".main") -> None:
        """Type into the channel, or with `#thread` into the thread, and send."""
        await self.page.locator(f"{into} [data-composer] textarea").fill(text)
        await self.page.keyboard.press("Escape")
        await self.page.keyboard.press("Enter")

    async def send_form(self, name: str) -> None:
        """Press the form's button and see it close."""
        await self.page.locator("#modals[open] [type=submit]", has_text=name).last.click()
        await self.closed()

    async def closed(self) -> None:
        """See that no form is open."""
        await expect(self.page.locator("#modals[open]")).to_have_count(0, timeout=SOON)

    def field(self, block_id: str) -> Locator:
        """Find an input of the form, by its block."""
        return self.page.locator(f"#modals .modal [data-block-id={block_id}]")

    def message(self, words: str, *, where: str = "#thread") -> Locator:
        """Find the last message that says something."""
        return self.page.locator(f"{where} article", has_text=words).last

    def card(self, number: int) -> Locator:
        """Find a take's card in the thread."""
        return self.page.locator("#thread article", has_text=f"T{number} ·").filter(
            has_text="Purpose"
        )

    async def press(self, action_id: str, *, where: str = "#thread", wait: int = SOON) -> None:
        """Press the last such button on the page."""
        button = self.page.locator(f"{where} [data-action-id={action_id}]").last
        await button.click(timeout=wait)

    async def close_up(self, of: Locator, name: str) -> None:
        """Take a picture of one thing on the page."""
        self.album.mkdir(parents=True, exist_ok=True)
        await of.screenshot(path=self.album / f"{name}.png")

    async def shot(self, name: str) -> None:
        """Take a picture of the page as it is."""
        self.album.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=self.album / f"{name}.png")


@asynccontextmanager
async def at_the_page(slack: SmallSlack, *, album: str = "tour") -> AsyncGenerator[Hand]:
    """Open a browser for somebody; its pictures go to the folder `album` under var."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=_CHROMIUM, args=[f"--{flag}" for flag in _FLAGS]
        )
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        page = await context.new_page()
        page.set_default_timeout(SOON)
        yield Hand(page, slack, ROOT / "var" / album)
        await browser.close()
