"""A mention says in a thread what `/scene` says in a channel."""

from bot.errors import OfficeError
from bot.ports import RoomClosed
from engines import EngineError
from handlers.commands import answer
from handlers.house import House
from handlers.payloads import Call


async def heard(call: Call, house: House) -> None:
    """Answer privately, where the mention stands."""
    where = call.channel_id, call.actor.user_id
    try:
        told = await answer(call, house)
    except (OfficeError, EngineError, RoomClosed) as refused:
        told = str(refused)
    if isinstance(told, list):
        house.later(house.room.whisper_blocks(*where, told, thread_ts=call.thread_ts))
    elif told:
        house.later(house.room.whisper(*where, told, thread_ts=call.thread_ts))
