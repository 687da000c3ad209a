"""About one message a second a channel: Slack's rule for posting, kept before it is enforced."""

import time
from collections.abc import Callable

from bot.ports import RoomBusy

BURST = 3
"""Messages that may follow each other at once; Slack allows short bursts."""


class Pace:
    """Counts what was posted in each channel. `each_second` 0 lets everything pass."""

    def __init__(
        self, each_second: float = 1, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._each_second = each_second
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def spend(self, channel_id: str) -> None:
        """Take one message's worth; raises RoomBusy with the seconds until there is one."""
        if not self._each_second:
            return
        now = self._clock()
        left, since = self._left.get(channel_id, (float(BURST), now))
        left = min(BURST, left + (now - since) * self._each_second)
        if left < 1:
            self._left[channel_id] = left, now
            wait = (1 - left) / self._each_second
            raise RoomBusy("Slack takes about one message a second here.", retry_after=wait)
        self._left[channel_id] = left - 1, now
