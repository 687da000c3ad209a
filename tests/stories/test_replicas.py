"""Two replicas share the work: one may die or sleep, and nothing is lost or paid for twice."""

import asyncio
import shutil
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.models import TakeState
from tests.bot._clips import drawn as film
from tests.conftest import IN_CI
from tests.databases import postgres_copy
from tests.stories._doomed import Point
from tests.stories._fleet import Fleet, Member, Pace, cards_posted, fleet_of, posts
from tests.stories._once import every_card

pytestmark = pytest.mark.postgres
_ENDS = frozenset({TakeState.WAITING, TakeState.AMBIGUOUS})


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("clip") / "clip.mp4", "testsrc2=r=24:s=320x180:d=1")


@pytest.fixture
def pace() -> Pace:
    return Pace()


@pytest.fixture
def point() -> Point | None:
    return None


@pytest.fixture
async def fleet(
    tmp_path: Path,
    postgres_ready: tuple[str, str] | None,
    clip: Path,
    pace: Pace,
    point: Point | None,
) -> AsyncIterator[Fleet]:
    if postgres_ready is None:
        assert not IN_CI, "In CI the PostgreSQL tests may not be skipped."
        pytest.skip("no PostgreSQL server answers on 127.0.0.1")
    shutil.copy(clip, tmp_path / "clip.mp4")
    with postgres_copy(*postgres_ready) as url:
        async with fleet_of(2, url=url, shared=tmp_path, pace=pace, point=point) as fleet:
            yield fleet


async def _busy(fleet: Fleet, state: TakeState, *, least: int = 2) -> Member:
    """Wait until a replica has several takes in a state, and give it: chance deals them out."""
    found: list[Member] = []

    async def has_work() -> bool:
        standing = await fleet.states()
        for member in fleet.members:
            held = await asyncio.to_thread(fleet.held_by, member.executor_id)
            if sum(standing[each] is state for each in held) >= least:
                found.append(member)
        return bool(found)

    await fleet.until(has_work, seconds=20)
    return found[0]


async def _nothing_lost_or_doubled(fleet: Fleet, doubtful: set[str]) -> None:
    await fleet.settled(seconds=60)  # an answer that came late sets a take going again
    standing, placed = await fleet.states(), fleet.placed()
    assert set(standing.values()) <= _ENDS, standing
    assert max(placed.values()) == 1, placed
    ready = {each for each, state in standing.items() if state is TakeState.WAITING}
    assert ready <= set(placed)
    assert set(standing) - ready <= doubtful, "A take is in doubt that nobody was placing."

    async def shown() -> bool:
        return cards_posted(fleet, standing) >= ready

    await fleet.until(shown, seconds=20)
    assert max(posts(fleet).values()) == 1


def _tell(what: str, seconds: float) -> None:
    print(f"{what}: {seconds:.1f} s", file=sys.stderr)


async def test_what_a_killed_replica_had_is_taken_over_without_a_hand(fleet: Fleet) -> None:
    ordered = asyncio.create_task(fleet.orders(10))
    victim = await _busy(fleet, TakeState.RENDERING)
    victim.send(signal.SIGKILL)
    await asyncio.to_thread(victim.process.join)
    held, standing = fleet.held_by(victim.executor_id), await fleet.states()
    took = await fleet.relieved(victim.executor_id, seconds=fleet.pace.lease + 10)
    _tell(f"{len(held)} orders of a killed replica were taken over after", took)
    assert len(await ordered) >= 10
    assert took < fleet.pace.lease + 5
    await _nothing_lost_or_doubled(
        fleet, {each for each in held if standing[each] is TakeState.PLACING}
    )


async def test_a_replica_that_is_told_to_stop_hands_over_at_once(fleet: Fleet) -> None:
    await fleet.orders(6)
    leaver = await _busy(fleet, TakeState.RENDERING)
    leaver.send(signal.SIGTERM)
    await asyncio.to_thread(leaver.process.join, 10)
    assert leaver.process.exitcode == 0, leaver.log()
    took = await fleet.relieved(leaver.executor_id, seconds=10)
    _tell("After a clean stop the work was taken over in", took)
    assert took < fleet.pace.lease
    await _nothing_lost_or_doubled(fleet, set())


@pytest.mark.parametrize("pace", [Pace(answers_after=2.0)], ids=["answers-late"])
async def test_a_replica_that_slept_longer_than_its_lease_doubles_nothing_when_it_wakes(
    fleet: Fleet,
) -> None:
    ordered = asyncio.create_task(fleet.orders(8))
    sleeper = await _busy(fleet, TakeState.PLACING)
    sleeper.send(signal.SIGSTOP)
    held = fleet.held_by(sleeper.executor_id)
    slept = await fleet.relieved(sleeper.executor_id, seconds=fleet.pace.lease + 10)
    _tell(f"{len(held)} orders of a frozen replica were taken over after", slept)
    sleeper.send(signal.SIGCONT)
    assert len(await ordered) >= 8
    await _awake_again(fleet, sleeper.executor_id)
    await _nothing_lost_or_doubled(fleet, held)


async def _awake_again(fleet: Fleet, executor_id: str) -> None:
    """Wait until the sleeper is on the list again, under a name that it never had."""

    async def both() -> bool:
        living = {each.id for each in await fleet.living()}
        return len(living) == len(fleet.members) and executor_id not in living

    await fleet.until(both, seconds=10)
    await fleet.relieved(executor_id, seconds=fleet.pace.lease + 5)


@pytest.mark.parametrize("pace", [Pace(at_once=2, renders_for=1.5)], ids=["two-at-once"])
async def test_an_engine_that_takes_two_at_once_is_asked_for_two_and_freed_by_a_takeover(
    fleet: Fleet,
) -> None:
    ordered = asyncio.create_task(fleet.orders(6))
    victim = await _holder(fleet)
    victim.send(signal.SIGKILL)
    took = await fleet.relieved(victim.executor_id, seconds=fleet.pace.lease + 10)
    _tell("An engine's places that a killed replica held were free again after", took)
    await ordered

    async def over() -> bool:
        standing = Counter((await fleet.states()).values())
        assert standing[TakeState.PLACING] + standing[TakeState.RENDERING] <= 2, standing
        return standing.keys() <= _ENDS

    await fleet.until(over, seconds=60)
    assert max(fleet.placed().values()) == 1


async def _holder(fleet: Fleet) -> Member:
    """Wait until one replica holds an engine's place, and give it."""
    holding: list[Member] = []

    async def found() -> bool:
        holding.extend(each for each in fleet.members if fleet.held_by(each.executor_id))
        return bool(holding)

    await fleet.until(found, seconds=20)
    return holding[0]


_NEW_CARD = r"(?=.*CardKind\.TAKE)(?=.*'message_ts': None)"
_POSTING = Point("posting", "bot.gather:view_of", "after", _NEW_CARD, by=signal.SIGSTOP)
_LOCKING = Point(
    "locking", "storage.takes:move", "uncommitted", "TakeState.PLACING", by=signal.SIGSTOP
)
_PAYING = Point("paying", "tests.stories._slow:Slow.submit", "before", by=signal.SIGSTOP)


@pytest.mark.parametrize("point", [_POSTING], ids=["before-a-post"])
async def test_a_replica_that_slept_just_before_it_posted_a_card_posts_no_second_one(
    fleet: Fleet,
) -> None:
    sleeper, _ = fleet.members
    ordered = asyncio.create_task(fleet.orders(4, until=lambda: sleeper.is_at_its_point))
    await _asleep(fleet, sleeper)
    held = fleet.held_by(sleeper.executor_id)
    await ordered
    await fleet.settled(seconds=60)

    async def all_are_posted() -> bool:
        return all(card.message_ts for card in await every_card(fleet.db))

    await fleet.until(all_are_posted, seconds=40)
    sleeper.send(signal.SIGCONT)
    await _awake_again(fleet, sleeper.executor_id)

    async def left_it() -> bool:
        return "card.left" in sleeper.log()

    await fleet.until(left_it, seconds=10)
    await _nothing_lost_or_doubled(fleet, held)


@pytest.mark.parametrize("point", [_PAYING], ids=["before-paying"])
async def test_a_replica_that_slept_between_its_intent_and_the_order_is_heard_once(
    fleet: Fleet,
) -> None:
    sleeper, _ = fleet.members
    ordered = asyncio.create_task(fleet.orders(4, until=lambda: sleeper.is_at_its_point))
    await _asleep(fleet, sleeper)
    held = fleet.held_by(sleeper.executor_id)
    await fleet.relieved(sleeper.executor_id, seconds=fleet.pace.lease + 10)
    sleeper.send(signal.SIGCONT)
    await ordered
    await _awake_again(fleet, sleeper.executor_id)
    await _nothing_lost_or_doubled(fleet, held)


@pytest.mark.parametrize("point", [_LOCKING], ids=["amid-a-transaction"])
async def test_what_a_replica_fell_asleep_over_in_the_records_is_free_for_the_others_again(
    fleet: Fleet,
) -> None:
    sleeper, _ = fleet.members
    ordered = asyncio.create_task(fleet.orders(2, until=lambda: sleeper.is_at_its_point))
    await _asleep(fleet, sleeper)
    held = fleet.held_by(sleeper.executor_id)
    await ordered
    await fleet.settled(seconds=60)  # while it sleeps
    assert not fleet.held_by(sleeper.executor_id)
    sleeper.send(signal.SIGCONT)
    await _awake_again(fleet, sleeper.executor_id)
    await _nothing_lost_or_doubled(fleet, held)


async def _asleep(fleet: Fleet, sleeper: Member) -> None:
    async def frozen() -> bool:
        return sleeper.is_at_its_point

    await fleet.until(frozen, seconds=30)
    fleet.slack.cut_sockets()  # as Slack does with a connection that answers no ping
