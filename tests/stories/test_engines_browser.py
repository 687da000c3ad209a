"""Orders from several engines by hand: the form drawn again, a bake-off, a lost answer, a cancel.

Its pictures are in var/engines afterwards.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.sandbox import Fault, Sandbox
from tests.sandbox._hiring import variables
from tests.stories._hand import IN_A_BROWSER, RENDERED, Hand, at_the_page
from tests.workspace.demo import TEAM, playing
from tests.workspace.server import SmallSlack

pytestmark = IN_A_BROWSER
ENGINES = ("runway", "luma", "google_veo", "firefly")
GEN45, VEO = "runway/gen4.5", "google_veo/veo-3.1-generate-001"
MY_WORDS = "Mira on the roof at dusk; she takes the jacket and turns away."
TALL: ViewportSize = {"width": 1440, "height": 1180}
_FOCUSED = "document.activeElement.closest('[data-block-id]')?.dataset.blockId"


@dataclass
class Studio:
    """Maya at the page, and the vendors behind the engines."""

    hand: Hand
    sandbox: Sandbox

    @property
    def page(self) -> Page:
        return self.hand.page

    @property
    def form(self) -> Locator:
        return self.page.locator("#modals .modal")

    async def focused(self) -> str | None:
        """Name the block whose field has the cursor."""
        return await self.page.evaluate(_FOCUSED)

    async def order(self, engine: str) -> None:
        """Open the form, choose an engine, and order."""
        await self.hand.press("scene_order")
        await self.hand.field("engine").locator("select").select_option(engine)
        await expect(self.form).to_contain_text("Runway: about")
        await self.hand.send_form("Order")

    async def cursor_to(self, block_id: str, *, back: bool = False) -> None:
        """Go to a field of the form with the Tab key."""
        for _ in range(60):
            if await self.focused() == block_id:
                return
            await self.page.keyboard.press("Shift+Tab" if back else "Tab")
        pytest.fail(f"The Tab key does not come to {block_id}.")


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    async with Sandbox(latency=1.5, only=ENGINES) as sandbox:
        settings = _looking_often(variables(sandbox, tmp_path, only=ENGINES))
        async with (
            playing(0, tmp_path / "data", settings) as (slack, _),
            at_the_page(slack, album="engines") as hand,
        ):
            await _set_up(slack)
            yield Studio(hand, sandbox)


def _looking_often(settings: Mapping[str, str]) -> dict[str, str]:
    """Look at engines in quick succession, and write to Slack quickly too."""
    names = {name.removesuffix("_BASE_URL") for name in settings if name.endswith("_BASE_URL")}
    quick = {f"{name}_POLL_SECONDS": "0.2" for name in names}
    return {**settings, **quick, "CIRCLETAKE_POSTS_PER_SECOND": "10"}


async def _set_up(slack: SmallSlack) -> None:
    await slack.command("/scene", "setup", user="maya", channel=TEAM)
    crew = {"name": "Aurora launch", "director": [slack.person("jonas").id]}
    seen = await slack.submit(crew, user="maya", wait=2)
    assert not seen.errors, seen


async def test_a_shot_is_ordered_from_several_engines_by_hand(studio: Studio) -> None:
    await _open_a_scene(studio)
    await _choose_another_engine(studio)
    await _go_by_a_third(studio)
    await _order_from_two_more(studio)
    await _compare(studio)
    await _approve_one(studio)
    await _lose_an_answer(studio)
    await _say_it_was_placed(studio)
    await _call_one_off(studio)
    await _ask_what_it_cost(studio)


async def _open_a_scene(studio: Studio) -> None:
    hand = studio.hand
    await hand.sit("maya", TEAM)
    await hand.write("/scene new")
    for label, words in (
        ("Title", "Rooftop opener"),
        ("Purpose", "Mira decides to leave. One look, no dialogue."),
        ("Must not show", "other brands, alcohol"),
        ("Seconds", "3"),
    ):
        await hand.page.get_by_label(label).fill(words)
    await hand.send_form("Open the scene")
    card = hand.page.locator("#timeline article", has_text="SC010").last
    await expect(card).to_contain_text("Order a take")
    await hand.sit("maya", TEAM, thread=await card.get_attribute("data-ts") or "")


async def _choose_another_engine(studio: Studio) -> None:
    """With the keyboard alone, from the button of the card on."""
    hand, keys = studio.hand, studio.page.keyboard
    await hand.page.locator("#thread [data-action-id=scene_order]").last.focus()
    await keys.press("Enter")
    await expect(studio.form).to_contain_text("Animatic: free")
    assert await studio.focused() == "engine"
    await hand.shot("1-order")
    await studio.cursor_to("prompt")
    await keys.press("ControlOrMeta+a")
    await keys.type(MY_WORDS)
    await studio.cursor_to("engine", back=True)
    await keys.type("R")
    await expect(studio.form).to_contain_text("Runway: about $0.36 for 3 s")
    await expect(hand.field("seconds")).to_contain_text("2 to 10 whole seconds.")
    await expect(hand.field("prompt").locator("textarea")).to_have_value(MY_WORDS)
    assert await studio.focused() == "engine"
    await hand.shot("2-another-engine")


async def _go_by_a_third(studio: Studio) -> None:
    hand = studio.hand
    assert await hand.field("negative").count() == 0
    await hand.field("engine").locator("select").select_option(VEO)
    await expect(studio.form).to_contain_text("3 s become 4 s: Google Veo makes")
    await expect(hand.field("negative").locator("input")).to_have_value("other brands, alcohol")
    await hand.field("engine").locator("select").select_option(GEN45)
    await expect(studio.form).to_contain_text("Runway: about $0.48 for 4 s")  # as Veo had it
    await hand.field("seconds").locator("input").fill("3")
    await expect(hand.field("prompt").locator("textarea")).to_have_value(MY_WORDS)


async def _order_from_two_more(studio: Studio) -> None:
    hand = studio.hand
    also = hand.field("also")
    await also.locator("summary").click()
    await hand.shot("3-more-engines")
    await also.locator("label.pick", has_text="Luma · ray-3.2").click()
    await expect(studio.form).to_contain_text("Luma · ray-3.2: about")
    await expect(studio.form).to_contain_text("Runway · gen4.5: about $0.36 for 3 s")
    assert await studio.focused() == "also"
    await also.locator("label.pick", has_text="Animatic").click()
    await expect(studio.form).to_contain_text("Together about $0.66.")
    await expect(studio.form).to_contain_text("3 s become 5 s: Luma makes 5 or 10 seconds.")
    await also.locator("summary").click()
    await expect(also.locator(".chip")).to_have_text(["Animatic", "Luma · ray-3.2"])
    await expect(hand.field("prompt").locator("textarea")).to_have_value(MY_WORDS)
    await hand.shot("4-price-and-losses")
    await hand.close_up(studio.form, "order")
    await studio.cursor_to("family")
    await studio.page.keyboard.press("Enter")
    await hand.closed()


async def _compare(studio: Studio) -> None:
    hand, page = studio.hand, studio.page
    bake_off = hand.message("Bake-off of 3 engines")
    await expect(bake_off).to_contain_text("0 of 3 are in")
    await hand.shot("5-under-way")
    await expect(bake_off).to_contain_text("all are in", timeout=RENDERED)
    sheet = bake_off.locator("img[alt^='Frames side by side']")
    await expect(sheet).to_be_attached(timeout=RENDERED)
    await sheet.evaluate("picture => picture.scrollIntoView()")  # it is loaded once it is near
    await expect(sheet).to_be_visible(timeout=RENDERED)
    assert len(studio.sandbox.ledger) == 2  # the animatic has no vendor
    for number, engine in ((1, "Runway gen4.5"), (2, "Animatic"), (3, "Luma ray-3.2")):
        await expect(hand.card(number)).to_contain_text(engine)
        await expect(hand.card(number).locator("[data-action-id=take_approve]")).to_be_visible()
    await page.set_viewport_size(TALL)
    await bake_off.evaluate("card => card.scrollIntoView()")
    await page.wait_for_function("image => image.complete", arg=await sheet.element_handle())
    await page.mouse.move(300, 300)
    await hand.shot("6-bake-off")
    await hand.close_up(bake_off, "bake-off")


async def _approve_one(studio: Studio) -> None:
    hand = studio.hand
    await hand.card(2).locator("[data-action-id=take_approve]").click()
    await expect(hand.card(2)).to_contain_text("Circle take")
    await expect(hand.message("Bake-off of 3 engines")).to_contain_text("T2 Animatic · Circle take")
    await hand.card(1).evaluate("card => card.scrollIntoView()")
    await hand.shot("7-takes")


async def _lose_an_answer(studio: Studio) -> None:
    hand = studio.hand
    studio.sandbox.next("runway", Fault.ANSWER_LOST)
    await studio.order(GEN45)
    await expect(hand.card(4)).to_contain_text("Not settled")
    await expect(hand.card(4)).to_contain_text("nothing is ordered again by itself")
    await expect(hand.card(4)).to_contain_text("Next: look for a job of today")
    await hand.card(4).scroll_into_view_if_needed()
    await hand.shot("8-not-settled")
    await hand.card(4).locator("[data-action-id=take_not_placed]").click()
    await expect(studio.page.locator("#confirm")).to_contain_text("Only if you looked")
    await hand.shot("9-sure")
    await studio.page.locator("#confirm [value=no]").click()


async def _say_it_was_placed(studio: Studio) -> None:
    hand = studio.hand
    job_id = await _found_in_the_console(studio)
    await hand.card(4).locator("[data-action-id=take_was_placed]").click()
    field = hand.field("job_id").locator("input")
    await field.fill("yesterday's")
    await studio.page.keyboard.press("Enter")
    await expect(hand.field("job_id").locator(".error")).not_to_be_empty()
    assert await studio.focused() == "job_id"
    await hand.shot("10-its-id")
    await field.fill(job_id)
    await studio.page.keyboard.press("Enter")
    await hand.closed()
    approve = hand.card(4).locator("[data-action-id=take_approve]")
    await expect(approve).to_be_visible(timeout=RENDERED)
    assert len(studio.sandbox.ledger) == 3


async def _found_in_the_console(studio: Studio) -> str:
    """Read the newest job's id where a person would: on the vendor's own page."""
    console = await studio.page.context.new_page()
    await console.goto(f"{studio.sandbox.origin}/console/runway")
    job_id = await console.locator("td code").first.inner_text()
    await console.close()
    return job_id


async def _call_one_off(studio: Studio) -> None:
    hand = studio.hand
    studio.sandbox.pace.latency = 600
    await studio.order(GEN45)
    await expect(hand.card(5)).to_contain_text("at work since")
    await hand.card(5).locator("[data-action-id=take_cancel]").click()
    await hand.shot("11-cancel")
    await studio.page.locator("#confirm [value=yes]").click()
    await expect(hand.card(5)).to_contain_text("Cancelled")
    await expect(hand.card(5).locator("[data-action-id=take_elsewhere]")).to_be_visible()
    await hand.card(5).scroll_into_view_if_needed()
    await hand.shot("12-cancelled")


async def _ask_what_it_cost(studio: Studio) -> None:
    hand = studio.hand
    await hand.write("/scene spend")
    said = hand.page.locator("article.ephemeral")
    await expect(said.filter(has_text="By engine").last).to_contain_text("Runway")
    await expect(said.filter(has_text="Left at the engines").last).to_contain_text("Runway")
    await hand.shot("13-spend")
