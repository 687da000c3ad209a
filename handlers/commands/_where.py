"""`ref R12 where` and `ref R12 withdraw`: what used a reference, and what breaks if it goes."""

import asyncio

from bot.graph import Where, where_used
from bot.ports import RoomBusy, RoomClosed
from bot.withdrawals import may_withdraw
from handlers.cards._parts import actions, button, section
from handlers.cards.impact import impact_blocks, where_card
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from handlers.views import withdraw_form
from storage.graph import Dependent
from storage.models import Reference

_LINKED_WITHIN = 1.0
"""Seconds that the answer waits for the messages' addresses; without them it has the codes."""


async def where(call: Call, house: House, reference: Reference) -> Answer:
    """Answer with the first page."""
    del call
    return await page(house, reference)


async def page(house: House, reference: Reference, *, skip: int = 0) -> Answer:
    """Draw a page of what used a reference, with links to the takes' messages."""
    found = await where_used(house.studio, reference, skip=skip)
    return where_card(found, await _links(house, found))


async def withdraw(call: Call, house: House, reference: Reference) -> Answer:
    """Open the form with what it would touch; below a mention, show that and a button."""
    impact = await may_withdraw(house.studio, call.actor, reference.id)
    if call.trigger_id:
        await house.room.open_view(call.trigger_id, withdraw_form.filled(impact))
        return None
    told = section("A mention cannot open the form, but this button can.")
    offered = button("Withdraw…", "reference_withdraw", reference.id, style="danger")
    return [*impact_blocks(impact), told, actions(offered)]


async def _links(house: House, found: Where) -> dict[str, str]:
    """Ask for every address at once; what does not come in time is left out."""
    asking = {asyncio.create_task(_link(house, each)): each.take.id for each in found.dependents}
    if not asking:
        return {}
    told, late = await asyncio.wait(asking, timeout=_LINKED_WITHIN)
    for task in late:
        task.cancel()
    return {asking[task]: link for task in told if (link := task.result())}


async def _link(house: House, each: Dependent) -> str:
    if each.card is None or each.card.message_ts is None:
        return ""
    try:
        return await house.room.link_to(each.card.channel_id, each.card.message_ts)
    except (RoomBusy, RoomClosed):
        return ""
