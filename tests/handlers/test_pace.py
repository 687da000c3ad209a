"""How fast we post."""

import pytest

from bot.ports import RoomBusy
from handlers._pace import BURST, Pace


def test_a_short_burst_passes_and_then_one_message_a_second() -> None:
    now = 100.0
    pace = Pace(clock=lambda: now)
    for _ in range(BURST):
        pace.spend("C1")
    with pytest.raises(RoomBusy) as busy:
        pace.spend("C1")
    assert busy.value.retry_after == pytest.approx(1.0)
    now += 1.0
    pace.spend("C1")


def test_channels_do_not_wait_for_each_other() -> None:
    pace = Pace(clock=lambda: 100.0)
    for _ in range(BURST):
        pace.spend("C1")
    pace.spend("C2")
