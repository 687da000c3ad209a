"""x."""
from bot.studio import Studio


async def send_owed(studio: Studio) -> None:
    """x."""
