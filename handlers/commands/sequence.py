"""`sequence`: list sequences with their story job and scenes; `new`, or `SQ020` to change one."""

from bot.errors import NotNow
from bot.people import Actor
from bot.sequences import listed, may_write
from handlers.cards.sequence import sequences_card
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from handlers.views import sequence_form


async def run(call: Call, house: House) -> Answer:
    """List the sequences, or open the form of one."""
    if not call.text:
        return sequences_card(*await listed(house.studio, call.actor, call.channel_id))
    code = "" if call.text.lower() == "new" else call.text
    await open_form(house, call.actor, call.channel_id, code, trigger_id=call.trigger_id)
    return None


async def open_form(
    house: House, actor: Actor, channel_id: str, code: str, *, trigger_id: str | None
) -> None:
    """Open the form of a sequence, or without a code of a new one."""
    standing = await may_write(house.studio, actor, channel_id, code)
    if not trigger_id:
        raise NotNow("A mention cannot open a form: type `/scene sequence` in the channel.")
    await house.room.open_view(trigger_id, sequence_form.filled(standing, channel_id))
