"""Slack's pace, kept before it is enforced.

About one message a second in each channel, and fifty updates a minute in the whole workspace.
"""

import time
from collections.abc import Callable


class Allowance:
    """So many at once, and so many a second after that, for each place."""

    def __init__(
        self, each_second: float, *, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._each_second = each_second
        self._burst = burst
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, place: str) -> float:
        """Give the seconds until one is left; 0 if one is now."""
        left = self._standing(place)
        return 0.0 if left >= 1 else (1 - left) / self._each_second

    def spend(self, place: str) -> None:
        """Count one."""
        self._left[place] = self._standing(place) - 1, self._clock()

    def _standing(self, place: str) -> float:
        left, since = self._left.get(place, (float(self._burst), self._clock()))
        return min(self._burst, left + (self._clock() - since) * self._each_second)


class Pace:
    """What Slack lets us post and update. `each_second` 0 lets everything pass."""

    def __init__(
        self, each_second: float = 1, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._posts = Allowance(each_second, burst=3, clock=clock)
        self._updates = Allowance(each_second * 50 / 60, burst=20, clock=clock)
        self._is_kept = each_second > 0

    def wait(self, channel_id: str, *, update: bool) -> float:
        """Give the seconds until Slack would take one more."""
        if not self._is_kept:
            return 0.0
        return self._updates.wait("") if update else self._posts.wait(channel_id)

    def spend(self, channel_id: str, *, update: bool) -> None:
        """Count what is sent now."""
        if update:
            self._updates.spend("")
        else:
            self._posts.spend(channel_id)
