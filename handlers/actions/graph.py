"""What the buttons about a reference's uses do: show more, withdraw it, place what was exported."""

from bot.errors import NotNow
from bot.placements import end, may_place
from bot.reference_records import GONE
from bot.withdrawals import may_withdraw
from handlers.cards._parts import Json, brief
from handlers.commands import _where
from handlers.house import House
from handlers.payloads import ButtonPress
from handlers.views import placement_form, withdraw_form
from storage import references

Answer = str | list[Json] | None


async def more(press: ButtonPress, house: House) -> Answer:
    """Show the next page of what used it."""
    reference_id, _, skip = press.value.partition(":")
    async with house.studio.db.read() as session:
        reference = await references.get(session, press.actor.workspace_id, reference_id)
    if reference is None:
        raise NotNow(GONE)
    return await _where.page(house, reference, skip=int(skip or 0))


async def withdraw(press: ButtonPress, house: House) -> Answer:
    """Show what a withdrawal would touch, and ask for the reason."""
    impact = await may_withdraw(house.studio, press.actor, press.value)
    await house.room.open_view(press.trigger_id, withdraw_form.filled(impact))
    return None


async def place(press: ButtonPress, house: House) -> Answer:
    """Open the form that says where an export is shown."""
    placeable = await may_place(house.studio, press.actor, press.value)
    await house.room.open_view(press.trigger_id, placement_form.empty(placeable))
    return None


async def end_placement(press: ButtonPress, house: House) -> Answer:
    """End a placement, and say so."""
    ended = await end(house.studio, press.actor, press.value, key=press.key)
    return f"*{brief(ended.title, 80)}* is noted as not shown any more." if ended else None
