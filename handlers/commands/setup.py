"""`setup`: name the production of this channel, its client channel, its crew and its budget."""

from bot.productions import standing_setup
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from handlers.views import setup_form


async def run(call: Call, house: House) -> Answer:
    """Open the form with what is known."""
    if call.trigger_id is None:
        return "Type `/scene setup` in the channel: a mention cannot open a form."
    standing = await standing_setup(house.studio, call.actor, call.channel_id)
    await house.room.open_view(call.trigger_id, setup_form.filled(standing, call.channel_id))
    return None
