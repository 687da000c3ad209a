"""Many who want the same small thing written write it together; whoever is alone does not wait."""

import asyncio

from bot.gathering import Gathering


async def _all(gathering: Gathering[int], values: dict[str, int]) -> list[list[int]]:
    return await asyncio.gather(*(gathering.add(key, value) for key, value in values.items()))


async def test_whoever_is_alone_writes_at_once() -> None:
    gathering = Gathering[int]()
    async with asyncio.timeout(0.5):
        assert await gathering.add("take-1", 5) == [5]


async def test_of_a_thousand_at_once_one_writes_for_all_and_each_is_written_once() -> None:
    gathering = Gathering[int](apart=3.0)  # longer than a busy machine forgets us
    assert await gathering.add("before", 0) == [0]
    told = await _all(gathering, {f"take-{number}": number for number in range(1000)})
    assert [len(each) for each in told if each] == [1000]
    assert sorted(number for each in told for number in each) == list(range(1000))


async def test_of_two_words_about_one_take_the_later_is_written() -> None:
    gathering = Gathering[int]()
    await gathering.add("before", 0)
    first = asyncio.create_task(gathering.add("take-1", 5))
    await asyncio.sleep(0)
    assert await gathering.add("take-1", 7) == []
    assert await first == [7]


async def test_what_a_cancelled_writer_leaves_is_written_by_the_next() -> None:
    gathering = Gathering[int]()
    await gathering.add("before", 0)
    first = asyncio.create_task(gathering.add("take-1", 5))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert await gathering.add("take-2", 6) == [5, 6]
