"""The main job by hand: every step clicked on the page, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from storage import Database, takes
from storage.models import TakeState
from tests.stories._hand import IN_A_BROWSER, RENDERED, SOON, Hand, at_the_page
from tests.workspace.demo import CLIENT, LINES, TEAM, playing
from tests.workspace.seed import T_STUDIO
from tests.workspace.tour import picture

pytestmark = IN_A_BROWSER


@pytest.fixture
async def hand(tmp_path: Path) -> AsyncIterator[Hand]:
    async with playing(0, tmp_path / "data") as (slack, _), at_the_page(slack) as hand:
        yield hand


async def test_the_main_job_is_done_by_hand(hand: Hand, tmp_path: Path) -> None:
    await _set_up(hand)
    thread = await _talk(hand, tmp_path)
    await _make_a_scene(hand, thread)
    await _order(hand)
    await _see_the_take(hand)
    await _be_refused(hand, thread)
    await _ask_for_a_retake(hand, thread)
    await _approve(hand)
    await _approve_as_client(hand)
    await _ask_what_is_approved(hand)
    db = Database(f"sqlite:///{tmp_path / 'data' / 'circletake.db'}")
    async with db.read() as session:
        made = await takes.every(session, T_STUDIO)
    await db.close()
    assert [take.state for take in made] == [TakeState.RETAKE, TakeState.APPROVED]
    assert made[0].sha256 != made[1].sha256


async def _set_up(hand: Hand) -> None:
    await hand.sit("maya", TEAM)
    await hand.write("/scene setup")
    form = hand.page.locator("#modals .modal")
    await form.get_by_label("Production").fill("Aurora launch")
    await form.locator("[data-block-id=client_channel] select").select_option(
        value=hand.slack.room(CLIENT).id
    )
    for role, name in (("director", "Jonas Weber"), ("editor", "Lin Zhao")):
        await form.locator(f"[data-block-id={role}] summary").click()
        await form.locator(f"[data-block-id={role}] label.pick", has_text=name).click()
        await form.locator(f"[data-block-id={role}] summary").click()
    await hand.shot("1-setup")
    await hand.send_form("Save")
    await expect(hand.page.locator("#timeline")).to_contain_text("is set up")


async def _talk(hand: Hand, folder: Path) -> str:
    plate = folder / "rooftop_dusk.png"
    plate.write_bytes(picture((214, 120, 84), 430))
    await hand.write(LINES[0][1])
    head = hand.page.locator("#timeline article[data-ts]").last
    await expect(head).to_contain_text("rooftop opener")
    ts = await head.get_attribute("data-ts") or ""
    for name, text in LINES[1:]:
        await hand.sit(name, TEAM, thread=ts)
        await hand.write(text, into="#thread")
        await expect(hand.message(text.splitlines()[0][:30])).to_be_visible()
    await hand.sit("lin", TEAM, thread=ts)
    await hand.page.locator("#thread input[type=file]").set_input_files(plate)
    await hand.write("the plate for the roof", into="#thread")
    await expect(hand.message("the plate for the roof").locator("img").last).to_be_visible()
    return ts


async def _make_a_scene(hand: Hand, thread: str) -> None:
    await hand.sit("maya", TEAM, thread=thread)
    head = hand.page.locator(f"#timeline article[data-ts='{thread}']")
    await head.hover()
    await head.locator("details.more summary").click()
    await head.locator("[data-shortcut=scene_from_thread]").click()
    purpose = hand.page.get_by_label("Purpose")
    await expect(purpose).to_have_value("Mira decides to leave. One look, no dialogue.")
    await hand.page.get_by_label("Seconds").fill("3")
    await hand.shot("2-form")
    await hand.send_form("Open the scene")
    await expect(hand.message("SC010")).to_contain_text("Order a take")
    await expect(hand.message("(proposed)")).to_contain_text("Order a take", timeout=SOON)
    await hand.shot("3-scene")


async def _order(hand: Hand) -> None:
    await hand.press("scene_order")
    await expect(hand.page.locator("#modals .modal")).to_contain_text("Animatic: free")
    await hand.shot("4-order")
    await hand.send_form("Order")


async def _see_the_take(hand: Hand) -> None:
    approve = hand.page.locator("#thread [data-action-id=take_approve]").last
    await expect(approve).to_be_visible(timeout=RENDERED)
    video = hand.page.locator("#thread video").last
    await expect(video).to_be_visible(timeout=SOON)
    await video.evaluate("video => video.play()")
    await hand.page.wait_for_function(
        "() => [...document.querySelectorAll('#thread video')].at(-1).currentTime > 0.2"
    )
    await video.evaluate("video => video.pause()")


async def _be_refused(hand: Hand, thread: str) -> None:
    await hand.sit("sam", TEAM, thread=thread)
    await hand.press("take_approve")
    await expect(hand.page.locator("article.ephemeral").last).to_contain_text("Only")


async def _ask_for_a_retake(hand: Hand, thread: str) -> None:
    await hand.sit("jonas", TEAM, thread=thread)
    await hand.page.set_viewport_size({"width": 1440, "height": 1180})
    await hand.card(1).scroll_into_view_if_needed()
    await hand.page.wait_for_function(
        "() => [...document.querySelectorAll('#thread video')].every(one => one.readyState > 2)"
    )
    await hand.page.wait_for_timeout(400)  # the player's own spinner fades
    await hand.shot("5-take")
    await hand.page.set_viewport_size({"width": 1440, "height": 900})
    await hand.press("take_retake")
    await hand.page.locator("#modals [data-block-id=reason] select").select_option(label="Motion")
    await hand.page.get_by_label("Note").fill("Slower. Let her breathe.")
    await hand.shot("6-retake")
    await hand.send_form("Ask for a retake")
    await expect(hand.card(1)).to_contain_text("Let her breathe")


async def _approve(hand: Hand) -> None:
    await hand.press("scene_order")
    await hand.send_form("Order")
    await expect(hand.card(2)).to_be_visible()
    await hand.press("take_approve", wait=RENDERED)
    await expect(hand.card(2)).to_contain_text("With the client")


async def _approve_as_client(hand: Hand) -> None:
    await hand.sit("dana", CLIENT)
    card = hand.message("Waiting for your decision", where="#timeline")
    await expect(card).to_be_visible()
    await expect(card).not_to_contain_text("Prompt")
    await hand.shot("7-client")
    await hand.press("client_approve", where="#timeline")
    await expect(hand.page.locator("#timeline")).to_contain_text("Approved by @Dana Reyes")


async def _ask_what_is_approved(hand: Hand) -> None:
    await hand.sit("maya", TEAM)
    await hand.write("/scene approved")
    await expect(hand.page.locator("article.ephemeral").last).to_contain_text("SHA-256")
    await hand.shot("8-approved")
    await hand.write("/scene log SC010")
    await expect(hand.page.locator("article.ephemeral").last).to_contain_text("approved as client")
    await hand.shot("9-log")
    await hand.page.locator("[data-home]").click()
    await expect(hand.page.locator(".home-sheet")).to_contain_text(
        "Rooftop opener", ignore_case=True
    )
    await hand.shot("10-home")
