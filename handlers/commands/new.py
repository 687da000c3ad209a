"""`new`: open a scene; in a thread, with the thread read into the form."""

from bot.backgrounds import background
from bot.crew import Power, must, production_in
from bot.scene_form import SceneForm
from handlers.cards._parts import actions, button, section
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from handlers.views import scene_form


async def run(call: Call, house: House) -> Answer:
    """Open the form, or, where a mention cannot, offer a button that does."""
    async with house.studio.db.read() as session:
        production = await production_in(session, call.actor.workspace_id, call.channel_id)
        await must(session, Power.SCENE, call.actor, production=production)
    if call.trigger_id:
        await house.room.enter(call.channel_id)
        form = SceneForm(title=call.text[:150], purpose="")
        back = await background(house.studio, call.actor.workspace_id, call.channel_id)
        await house.room.open_view(call.trigger_id, scene_form.filled(form, call.channel_id, back))
        return None
    where = f"{call.channel_id}:{call.thread_ts or call.message_ts}"
    return [
        section("A mention cannot open a form, but this button can. It reads the thread into it."),
        actions(button("Make a scene", "scene_from_here", where, style="primary")),
    ]
