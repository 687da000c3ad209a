"""`take SC010`: order a take; in the scene's thread, without the code."""

from bot.errors import NotNow
from bot.orders import desk_for, may_order, order_take
from bot.scenes import scene_meant
from bot.setups import Order
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from handlers.views import order_form


async def run(call: Call, house: House) -> Answer:
    """Open the order form; where a mention cannot, order what the scene says."""
    async with house.studio.db.read() as session:
        scene = await scene_meant(
            session, call.actor.workspace_id, channel_id=call.channel_id,
            thread_ts=call.thread_ts, code=call.text if call.trigger_id else "",
        )  # fmt: skip
    desk = await desk_for(house.studio, scene)
    if call.trigger_id:
        await may_order(house.studio, call.actor, scene, key=call.key)
        await house.room.open_view(call.trigger_id, order_form.filled(desk, house.studio))
        return None
    if desk.engine.caps().price.cents_per_second:
        raise NotNow("This engine costs money: order with the button, which shows the price.")
    order = Order(
        engine=desk.engine.name, seconds=desk.shot.seconds, ratio=desk.shot.ratio, prompt=call.text
    )
    take = await order_take(house.studio, call.actor, scene, order=order, key=call.key)
    return (
        f"{take.code} of {scene.code} is ordered. Its card follows in this thread."
        if take
        else None
    )
