"""Our own videos appear in a thread: only now is the message known that reactions will name."""

from bot.opinions import place_video
from handlers.house import House
from handlers.payloads import SharedMessage


async def shared(message: SharedMessage, house: House) -> None:
    """Remember which message shows which take."""
    for file_id in message.file_ids:
        await place_video(
            house.studio,
            message.actor.workspace_id,
            file_id,
            channel_id=message.channel_id,
            message_ts=message.message_ts,
        )
