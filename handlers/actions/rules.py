"""What the buttons on a rule book and on sequences do."""

from bot.rules import may_write
from handlers.cards._parts import Json
from handlers.commands import rules as rules_command
from handlers.commands import sequence as sequence_command
from handlers.house import House
from handlers.payloads import ButtonPress
from handlers.views import rules_form

Answer = str | list[Json] | None


async def edit(press: ButtonPress, house: House) -> Answer:
    """Open the form with the book that counts."""
    return await _form(press, house, template="")


async def begin(press: ButtonPress, house: House) -> Answer:
    """Open the form with a template."""
    return await _form(press, house, template=press.value)


async def _form(press: ButtonPress, house: House, *, template: str) -> Answer:
    book = await may_write(house.studio, press.actor, press.channel_id)
    view = rules_form.filled(book, press.channel_id, template=template)
    await house.room.open_view(press.trigger_id, view)
    return None


async def history(press: ButtonPress, house: House) -> Answer:
    """List the editions there are."""
    return await rules_command.history(house, press.actor, press.channel_id)


async def sequence(press: ButtonPress, house: House) -> Answer:
    """Open the form of a sequence, or of a new one."""
    await sequence_command.open_form(
        house, press.actor, press.channel_id, press.value, trigger_id=press.trigger_id
    )
    return None
