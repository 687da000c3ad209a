"""The bell wakes whoever listens, and keeps nobody who is told to go."""

import asyncio

import pytest

from bot.bell import Bell


async def test_whoever_listens_is_woken_before_the_time_is_over() -> None:
    bell = Bell()
    bell.ring()
    async with asyncio.timeout(5):
        await bell.heard(within=60)


async def test_without_a_ring_the_wait_ends_by_itself() -> None:
    await Bell().heard(within=0.01)


async def test_whoever_is_told_to_go_while_the_bell_rings_goes() -> None:
    bell = Bell()
    listening = asyncio.create_task(bell.heard(within=60))
    await asyncio.sleep(0)
    bell.ring()
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
