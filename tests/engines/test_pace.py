"""How fast an engine is asked, whatever the order of wishes, waits and rests."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from engines._pace import Pace

MINUTE = 60.0
ROUNDING = 1e-6


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


LIMITS = st.integers(1, 8)
STEPS = st.floats(0, 90, allow_nan=False) | st.sampled_from([0.0, 60.0, 59.999999, 1 / 3])
STARTS = st.floats(0, 1e7, allow_nan=False)
"""A machine's monotonic clock may have run for months."""


def made(pace: Pace, clock: Clock, steps: Iterable[float]) -> list[float]:
    """Wish for a call after every step, and give the moments of those that were welcome."""
    moments: list[float] = []
    for step in steps:
        clock.now += step
        if not pace.wait():
            moments.append(clock.now)
    return moments


def most_in_a_minute(moments: list[float]) -> int:
    """Count the calls of the fullest minute, wherever it begins."""
    return max(
        (sum(begin <= each < begin + MINUTE - ROUNDING for each in moments) for begin in moments),
        default=0,
    )


@given(LIMITS, STARTS, st.lists(STEPS, max_size=60))
def test_there_are_never_more_calls_in_any_minute_than_allowed(
    limit: int, start: float, steps: list[float]
) -> None:
    clock = Clock(start)
    assert most_in_a_minute(made(Pace(limit, clock), clock, steps)) <= limit


@given(LIMITS, st.integers(0, 8), STARTS, st.lists(st.tuples(STEPS, st.booleans()), max_size=60))
def test_calls_of_little_weight_leave_room_for_the_others(
    limit: int, spare: int, start: float, story: list[tuple[float, bool]]
) -> None:
    clock = Clock(start)
    pace = Pace(limit, clock)
    moments: list[float] = []
    for step, is_light in story:
        clock.now += step
        recent = sum(each + MINUTE > clock.now for each in moments)
        room = max(limit - spare, 1) if is_light else limit
        is_welcome = not pace.wait(spare=spare if is_light else 0)
        assert is_welcome is (recent < room)
        moments += [clock.now] if is_welcome else []
    assert most_in_a_minute(moments) <= limit


@given(LIMITS, STARTS, st.lists(st.tuples(STEPS, st.none() | st.floats(0, 300)), max_size=40))
def test_a_rest_is_kept_to_its_end_whatever_shorter_one_follows(
    limit: int, start: float, story: list[tuple[float, float | None]]
) -> None:
    clock = Clock(start)
    pace = Pace(limit, clock)
    rests_until = start
    for step, rest in story:
        clock.now += step
        if rest is not None:
            pace.rest(rest)
            rests_until = max(rests_until, clock.now + rest)
        if not pace.wait():
            assert clock.now >= rests_until


@given(LIMITS, STARTS, st.integers(1, 40))
def test_who_waits_as_long_as_told_is_welcome(limit: int, start: float, calls: int) -> None:
    clock = Clock(start)
    pace = Pace(limit, clock)
    moments: list[float] = []
    for _ in range(calls):
        wait = pace.wait()
        if wait:
            clock.now += wait + ROUNDING
            assert pace.wait() == 0
        moments.append(clock.now)
    minutes = -(-calls // limit) - 1
    assert clock.now - start <= minutes * MINUTE + 1e-3
    assert most_in_a_minute(moments) <= limit


@given(st.lists(STEPS, max_size=30))
def test_an_engine_without_a_limit_is_always_welcome(steps: list[float]) -> None:
    clock = Clock()
    assert len(made(Pace(None, clock), clock, steps)) == len(steps)


@given(st.floats(0.001, 300))
def test_an_engine_without_a_limit_rests_too(rest: float) -> None:
    clock = Clock()
    pace = Pace(None, clock)
    pace.rest(rest)
    assert pace.wait() == rest
    clock.now = rest
    assert pace.wait() == 0


def test_a_wish_that_is_not_welcome_does_not_count() -> None:
    clock = Clock()
    pace = Pace(1, clock)
    assert pace.wait() == 0
    for _ in range(100):
        assert pace.wait() == MINUTE
    clock.now = MINUTE
    assert pace.wait() == 0


def test_calls_of_little_weight_leave_room_for_one_that_matters() -> None:
    clock = Clock()
    pace = Pace(4, clock)
    looks = [pace.wait(spare=1) for _ in range(5)]

    assert looks == [0, 0, 0, MINUTE, MINUTE]
    assert pace.wait() == 0
    assert pace.wait() == MINUTE
    clock.now = MINUTE
    assert pace.wait(spare=1) == 0


def test_an_engine_of_one_call_a_minute_is_still_looked_at() -> None:
    assert Pace(1, Clock()).wait(spare=1) == 0
