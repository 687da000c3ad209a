"""What the buttons about a reference's uses do: show more of them, and open its withdrawal."""

from bot.errors import NotNow
from bot.reference_records import GONE
from bot.withdrawals import may_withdraw
from handlers.cards._parts import Json
from handlers.commands import _where
from handlers.house import House
from handlers.payloads import ButtonPress
from handlers.views import withdraw_form
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
