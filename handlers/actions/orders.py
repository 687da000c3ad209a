"""The buttons on an order under way: cancel, settle, order anew."""

from bot.desks import desk_for, order_of
from bot.gather import take_view
from bot.orders import may_order
from bot.settling import cancel as cancel_take
from bot.settling import may_settle, not_placed
from handlers.house import House
from handlers.payloads import ButtonPress
from handlers.views import order_form, settle_form
from storage import scenes


async def cancel(press: ButtonPress, house: House) -> str | None:
    """Call a take off."""
    return await cancel_take(house.studio, press.actor, press.value, key=press.key) or None


async def was_not_placed(press: ButtonPress, house: House) -> None:
    """Order an open take again."""
    await not_placed(house.studio, press.actor, press.value, key=press.key)


async def was_placed(press: ButtonPress, house: House) -> None:
    """Ask for the id of the job that was found."""
    take = await may_settle(house.studio, press.actor, press.value)
    async with house.studio.db.read() as session:
        view = await take_view(house.studio, session, take)
    await house.room.open_view(press.trigger_id, settle_form.empty(view))


async def elsewhere(press: ButtonPress, house: House) -> None:
    """Open the order form with what a take was made from, for the same engine or another."""
    take = await may_settle(house.studio, press.actor, press.value)
    async with house.studio.db.read() as session:
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
    await may_order(house.studio, press.actor, scene, key=press.key)
    order = await order_of(house.studio, take)
    desk = await desk_for(house.studio, scene, order, actor=press.actor)
    await house.room.open_view(press.trigger_id, order_form.filled(desk, house.studio.engines))
