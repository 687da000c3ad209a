"""The Home tab, drawn when somebody opens it."""

from bot.gather import home_view
from bot.people import seen
from handlers.house import House
from handlers.payloads import HomeOpened


async def opened(home: HomeOpened, house: House) -> None:
    """Draw the tab for its reader."""
    person = await seen(house.studio, home.actor.workspace_id, home.actor.user_id)
    view = await home_view(house.studio, person)
    await house.room.home(home.actor.user_id, view)
