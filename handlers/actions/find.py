"""The button below what was found: show what comes after it."""

import json

from bot.search import searched
from handlers.cards._parts import Json
from handlers.commands import find
from handlers.house import House
from handlers.payloads import ButtonPress


async def more(press: ButtonPress, house: House) -> list[Json]:
    """Show the next page of the same search, as the records are now."""
    before, text = json.loads(press.value)
    page = await searched(house.studio, press.actor, press.channel_id, text, before=before)
    return await find.shown(house, page, text, is_first=False)
