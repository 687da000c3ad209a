"""A location from a thread's pictures to its withdrawal, by hand: forms, buttons, a typed command.

Its pictures are in the test's own folder afterwards.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, ViewportSize, expect

from tests.stories._hand import IN_A_BROWSER, RENDERED, SOON, Hand, at_the_page
from tests.workspace.demo import TEAM, playing
from tests.workspace.server import SmallSlack
from tests.workspace.tour import picture

pytestmark = IN_A_BROWSER
TALL: ViewportSize = {"width": 1440, "height": 1180}
TERRACE = "Alfama terrace"
WITHDRAWN = "The owner takes the permit back."
STANDS = "Shot and paid for while the permit held; agreed with the owner."


@pytest.fixture
async def hand(tmp_path: Path) -> AsyncIterator[Hand]:
    quick = {"CIRCLETAKE_POSTS_PER_SECOND": "10"}
    async with playing(0, tmp_path / "data", quick) as (slack, _), at_the_page(slack) as hand:
        hand.album = tmp_path / "album"
        yield hand


async def test_a_reference_is_added_used_and_withdrawn_by_hand(hand: Hand, tmp_path: Path) -> None:
    thread = await _set_up(hand.slack)
    await _drop_pictures(hand, thread, tmp_path)
    await _add_it(hand)
    await _approve_it(hand, thread)
    await _order_with_it(hand, thread)
    await _approve_the_take(hand, thread)
    await _ask_where_it_is_used(hand, thread)
    await _withdraw_it(hand)
    await _see_what_is_on_hold(hand, thread)
    await _let_it_stand(hand, thread)


async def _set_up(slack: SmallSlack) -> str:
    """Name the crew and open a scene, as another story does by hand; give its thread."""
    await slack.command("/scene", "setup", user="maya", channel=TEAM)
    crew = {"director": [slack.person("jonas").id], "editor": [slack.person("lin").id]}
    seen = await slack.submit({"name": "Aurora launch", **crew}, user="maya")
    assert not seen.errors, seen
    await slack.command("/scene", "new Rooftop opener", user="jonas", channel=TEAM)
    intent = {"purpose": "Mira decides to leave. One look, no dialogue.", "seconds": "2"}
    seen = await slack.submit(intent, user="jonas")
    assert not seen.errors, seen
    room = slack.room(TEAM).id
    card = await slack.until(
        lambda state: next(
            (each for each in state.messages[room].values() if "SC010" in str(each.blocks)), None
        ),
        seconds=SOON / 1000,
    )
    return card.ts


async def _drop_pictures(hand: Hand, thread: str, folder: Path) -> None:
    plates = {"terrace_dusk.png": ((214, 120, 84), 430), "terrace_late.png": ((92, 110, 158), 470)}
    for name, (colour, horizon) in plates.items():
        (folder / name).write_bytes(picture(colour, horizon))
    await hand.sit("lin", TEAM, thread=thread)
    chooser = hand.page.locator("#thread input[type=file]")
    await chooser.set_input_files([folder / name for name in plates])
    await hand.write("two plates from the recce", into="#thread")
    await expect(hand.message("two plates from the recce").locator("img")).to_have_count(2)


async def _add_it(hand: Hand) -> None:
    """Lin proposes both pictures as one location, with the menu of her message."""
    dropped = hand.message("two plates from the recce")
    await dropped.hover()
    await dropped.locator("details.more summary").click()
    await dropped.locator("[data-shortcut=reference_from_message]").click()
    form = hand.page.locator("#modals .modal")
    await expect(form).to_contain_text("With 2 files, chosen below. It is cast in SC010.")
    await expect(hand.field("files").locator(".chip")).to_have_text(
        ["terrace_dusk.png", "terrace_late.png"]
    )
    await expect(form).to_contain_text("Wardrobe")
    await hand.field("kind").locator("select").select_option(label="Location")
    await expect(form).to_contain_text("Lighting rules")
    await expect(form).not_to_contain_text("Wardrobe")
    await hand.page.get_by_label("Title").fill(TERRACE)
    for label, words in (
        ("Geography", "Parapet to the river, east; stairs behind her"),
        ("Lighting rules", "Low sun from the left, lamps just coming on"),
        ("Time of day", "Dusk"),
    ):
        await hand.page.get_by_label(label).fill(words)
    await hand.shot("1-add")
    await hand.send_form("Propose")
    card = _reference(hand)
    await expect(card).to_contain_text("Proposed")
    await expect(card).to_contain_text("2 pictures", timeout=SOON)


def _reference(hand: Hand) -> Locator:
    return hand.page.locator("#thread article", has_text=f"R1 · {TERRACE}").filter(
        has_text="Rights:"
    )


async def _approve_it(hand: Hand, thread: str) -> None:
    await hand.sit("maya", TEAM, thread=thread)
    card = _reference(hand)
    await card.locator("[data-action-id=reference_approve]").click()
    await expect(card).to_contain_text("Approved by @Maya Torres")
    await expect(card.locator("[data-action-id=reference_approve]")).to_have_count(0)
    await hand.page.set_viewport_size(TALL)
    await _bring(hand, card)
    await hand.shot("2-reference")
    await hand.close_up(card, "reference")


async def _bring(hand: Hand, card: Locator) -> None:
    """Bring a card to the top of the thread with its pictures loaded, and the pointer away."""
    await card.evaluate("card => card.scrollIntoView()")
    for image in await card.locator("img").all():
        await hand.page.wait_for_function("one => one.complete", arg=await image.element_handle())
    await hand.page.mouse.move(300, 300)


async def _order_with_it(hand: Hand, thread: str) -> None:
    await hand.sit("lin", TEAM, thread=thread)
    await hand.press("scene_order")
    offered = hand.field("references")
    await expect(offered.locator(".chip")).to_contain_text([TERRACE])
    await offered.scroll_into_view_if_needed()
    await hand.shot("3-order")
    await hand.send_form("Order")


async def _approve_the_take(hand: Hand, thread: str) -> None:
    await hand.sit("jonas", TEAM, thread=thread)
    await hand.press("take_approve", wait=RENDERED)
    await expect(hand.card(1)).to_contain_text("Circle take")


async def _ask_where_it_is_used(hand: Hand, thread: str) -> None:
    await hand.sit("maya", TEAM, thread=thread)
    await hand.write("/scene ref R1 where")
    said = hand.page.locator("#timeline article.ephemeral").last
    await expect(said).to_contain_text("circle takes")
    await expect(said).to_contain_text("Cast in SC010.")
    await expect(said.locator("a")).to_have_text(["SC010 SH010 T1"])
    await hand.shot("4-where")
    await hand.close_up(said, "where")


async def _withdraw_it(hand: Hand) -> None:
    await _reference(hand).locator("[data-action-id=reference_withdraw]").click()
    form = hand.page.locator("#modals .modal")
    await expect(form).to_contain_text("1 take  ·  1 circle take")
    await expect(form).not_to_contain_text("exports")
    await expect(form).to_contain_text("SC010 SH010 T1  ·  v1")
    await expect(form).to_contain_text("until a producer rules on it.")
    await form.locator("[type=submit]").click()
    await expect(hand.field("reason").locator(".error")).not_to_be_empty()
    await hand.page.get_by_label("Reason").fill(WITHDRAWN)
    await hand.shot("5-withdraw")
    await hand.close_up(form, "impact")
    await hand.send_form("Withdraw")


async def _see_what_is_on_hold(hand: Hand, thread: str) -> None:
    await expect(_reference(hand)).to_contain_text(WITHDRAWN)
    await expect(hand.card(1)).to_contain_text(f"On hold. {TERRACE}: retired", timeout=SOON)
    scene = hand.page.locator(f"#thread article[data-ts='{thread}']")
    await expect(scene).to_contain_text(f"On hold: T1. {TERRACE}: retired")
    await _bring(hand, scene)
    await hand.shot("6-scene-on-hold")
    await _bring(hand, hand.card(1))
    await hand.shot("7-take-on-hold")
    await hand.close_up(hand.card(1), "hold")


async def _let_it_stand(hand: Hand, thread: str) -> None:
    line = hand.message("1 take that used it is on hold", where="#timeline")
    await line.locator("[data-action-id=hold_decide]").click()
    await expect(hand.field("takes")).to_have_count(0)  # there is one, and nothing to choose
    await hand.field("ruling").locator("select").select_option(value="stands")
    await hand.page.get_by_label("Why").fill(STANDS)
    await hand.shot("8-ruling")
    await hand.send_form("Decide")
    await expect(hand.card(1)).to_contain_text("Stands nevertheless.", timeout=SOON)
    await expect(hand.card(1)).to_contain_text(STANDS)
    scene = hand.page.locator(f"#thread article[data-ts='{thread}']")
    await expect(scene).not_to_contain_text("On hold")
    line = hand.message("No take waits for a ruling", where="#timeline")
    await expect(line).to_contain_text("Ruled so far: 1 stands, 0 pulled.")
    await _bring(hand, hand.card(1))
    await hand.shot("9-stands")
