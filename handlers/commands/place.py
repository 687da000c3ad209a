"""`place X4`: say where an export is shown; without a code, list what is placed, and end it."""

import re

from bot.crew import production_in
from bot.errors import NotNow
from bot.placements import may_place
from handlers.cards._parts import actions, button, safe, section
from handlers.cards.export import PLACE, placed_list
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from handlers.views import placement_form
from storage import exports
from storage.models import Production

_CODE = re.compile(r"X?0*(\d{1,9})", re.IGNORECASE)
_LISTED = 12


async def run(call: Call, house: House) -> Answer:
    """Open the form for the export that is meant, or list."""
    async with house.studio.db.read() as session:
        production = await production_in(session, call.actor.workspace_id, call.channel_id)
    if not call.text:
        return await _list(house, production)
    found = _CODE.fullmatch(call.text.strip())
    async with house.studio.db.read() as session:
        export = await exports.by_number(session, production, int(found[1])) if found else None
    if export is None:
        raise NotNow(f"There is no export {safe(call.text[:40])} here. `/scene place` lists them.")
    placeable = await may_place(house.studio, call.actor, export.id)
    if call.trigger_id is None:
        told = f"A mention cannot open the form, but this button can. It places {export.code}."
        return [section(told), actions(button(f"Place {export.code}…", PLACE, export.id))]
    await house.room.open_view(call.trigger_id, placement_form.empty(placeable))
    return None


async def _list(house: House, production: Production) -> Answer:
    async with house.studio.db.read() as session:
        placed = await exports.placed(session, production, last=_LISTED)
        newest = await exports.newest(session, production, last=_LISTED)
    return placed_list(placed, newest)
