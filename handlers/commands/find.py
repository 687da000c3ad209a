"""`find WORDS`: search scenes, takes, notes, references, reasons; filter by `status:` or `by:`."""

import asyncio

from bot.ports import RoomBusy, RoomClosed
from bot.search import Found, Page, searched
from handlers.cards._parts import Json
from handlers.cards.found import found_card
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call

_AT_ONCE = 0.8
"""Seconds that the answer waits for Slack's links; without one, a record is named without it."""


async def run(call: Call, house: House) -> Answer:
    """Show the newest of what was found."""
    page = await searched(house.studio, call.actor, call.channel_id, call.text)
    return await shown(house, page, call.text, is_first=True)


async def shown(house: House, page: Page, text: str, *, is_first: bool) -> list[Json]:
    """Draw a page with its links."""
    links = await asyncio.gather(*(_link(house, each) for each in page.found))
    return found_card(page, links, text, is_first=is_first)


async def _link(house: House, found: Found) -> str | None:
    if found.place is None:
        return None
    try:
        async with asyncio.timeout(_AT_ONCE):
            return await house.room.link_to(*found.place)
    except (TimeoutError, RoomBusy, RoomClosed):
        return None
