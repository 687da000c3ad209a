"""`show SC010`: show a scene; in its thread, without the code."""

from bot import gather
from bot.scenes import scene_meant
from handlers.cards.scene import scene_card
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call


async def run(call: Call, house: House) -> Answer:
    """Show the same card that stands at the head of the thread."""
    async with house.studio.db.read() as session:
        scene = await scene_meant(
            session, call.actor.workspace_id, channel_id=call.channel_id,
            thread_ts=call.thread_ts, code=call.text,
        )  # fmt: skip
        view = await gather.scene_view(session, scene, at=house.studio.clock())
    return scene_card(view).blocks
