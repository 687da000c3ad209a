"""`spend`: show who spent what on what, what is promised, and what is left at the engines."""

import asyncio

from bot.spend import Held, account_of, left_at_engines
from handlers.cards._parts import context
from handlers.cards.spend import balances, spend_card
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call

_AT_ONCE = 0.6
"""Seconds that the answer waits for engines; what comes later is whispered behind it."""


async def run(call: Call, house: House) -> Answer:
    """Answer from the records; ask the engines meanwhile."""
    account = await account_of(house.studio, call.actor, call.channel_id)
    asking = asyncio.create_task(left_at_engines(house.studio))
    told, _ = await asyncio.wait({asking}, timeout=_AT_ONCE)
    if told:
        return [*spend_card(account), *balances(asking.result())]
    house.later(_afterwards(call, house, asking))
    return [*spend_card(account), context("What is left at the engines follows in a moment.")]


async def _afterwards(call: Call, house: House, asking: asyncio.Task[list[Held]]) -> None:
    blocks = balances(await asking) or [context("No engine here tells what is left.")]
    where = call.channel_id, call.actor.user_id
    await house.room.whisper_blocks(*where, blocks, thread_ts=call.thread_ts)
