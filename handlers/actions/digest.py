"""The menu on a digest: change its time, weekly only, pause, stop."""

from bot.digest_preferences import Wish, may_set, set_preference
from handlers.house import House
from handlers.payloads import ButtonPress
from handlers.views import digest_form


async def prefs(press: ButtonPress, house: House) -> str | None:
    """Open the form for another time; do anything else at once and say how to undo it."""
    choice, _, subscription_id = press.value.partition(":")
    if choice == "time":
        reader = await may_set(house.studio, press.actor, subscription_id)
        form = digest_form.filled(reader, press.channel_id)
        await house.room.open_view(press.trigger_id, form)
        return None
    return await set_preference(
        house.studio, press.actor, subscription_id, Wish(choice), key=press.key
    )
