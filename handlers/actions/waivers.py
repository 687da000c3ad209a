"""The button behind which a producer overrides what blocks a scene."""

from bot.waivers import may_override
from handlers.house import House
from handlers.payloads import ButtonPress
from handlers.views import waiver_form
from storage import scenes


async def begin(press: ButtonPress, house: House) -> None:
    """Open the form with what blocks the scene."""
    async with house.studio.db.read() as session:
        scene = await scenes.get(session, press.actor.workspace_id, press.value)
    blocked = await may_override(house.studio, press.actor, scene)
    await house.room.open_view(press.trigger_id, waiver_form.filled(blocked))
