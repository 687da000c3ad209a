"""How fast we post and update."""

import pytest

from handlers._pace import Pace


class Clock:
    at = 100.0

    def __call__(self) -> float:
        return self.at


def used_up(pace: Pace, channel_id: str, *, update: bool) -> int:
    """Count what passes at once."""
    count = 0
    while not pace.wait(channel_id, update=update):
        pace.spend(channel_id, update=update)
        count += 1
    return count


def test_a_short_burst_passes_and_then_one_message_a_second() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    assert used_up(pace, "C1", update=False) == 3
    assert pace.wait("C1", update=False) == pytest.approx(1.0)
    clock.at += 2.0
    assert used_up(pace, "C1", update=False) == 2


def test_channels_do_not_wait_for_each_other() -> None:
    pace = Pace(clock=Clock())
    used_up(pace, "C1", update=False)
    assert pace.wait("C2", update=False) == 0


def test_updates_are_fifty_a_minute_over_all_channels() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    used_up(pace, "C1", update=True)
    assert pace.wait("C2", update=True) > 0
    assert pace.wait("C2", update=False) == 0
    used_up(pace, "C2", update=False)
    clock.at += 12.0
    assert used_up(pace, "C2", update=True) == 10


def test_a_slack_that_does_not_mind_is_not_waited_for() -> None:
    pace = Pace(0, clock=Clock())
    for _ in range(100):
        assert pace.wait("C1", update=False) == 0
        pace.spend("C1", update=False)
