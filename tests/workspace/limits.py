"""Slack's published rate limits: tiers a method and minute, one message a second a channel."""

import math
from collections import deque
from collections.abc import Callable
from enum import Enum


class Tier(Enum):
    """Calls a minute; POSTING is one a second in each channel beside a cap for the workspace."""

    ONE = 1
    TWO = 20
    THREE = 50
    FOUR = 100
    POSTING = 300
    FREE = 0


POSTING_BURST = 5
POSTING_SECONDS = 1.0
_WINDOW = 60.0


class Limits:
    """Count calls in sliding windows; `scale` multiplies every allowance, None means unlimited."""

    def __init__(self, clock: Callable[[], float], *, scale: float | None = 1.0) -> None:
        self._clock = clock
        self.scale = scale
        self._calls: dict[str, deque[float]] = {}
        self._due: dict[str, float] = {}

    def wait_for(self, method: str, tier: Tier, channel_id: str = "") -> int:
        """Return 0 and count the call, or the whole seconds after which to come again."""
        if self.scale is None or tier is Tier.FREE:
            return 0
        if tier is Tier.POSTING and (wait := self._channel_wait(channel_id, self.scale)):
            return wait
        return self._window_wait(method, math.ceil(tier.value * self.scale))

    def _window_wait(self, method: str, allowed: int) -> int:
        now = self._clock()
        calls = self._calls.setdefault(method, deque())
        while calls and now - calls[0] >= _WINDOW:
            calls.popleft()
        if len(calls) >= allowed:
            return max(1, math.ceil(_WINDOW - (now - calls[0])))
        calls.append(now)
        return 0

    def _channel_wait(self, channel_id: str, scale: float) -> int:
        """Keep the moment at which the channel's bucket is full again."""
        now, step = self._clock(), POSTING_SECONDS / scale
        full_at = max(self._due.get(channel_id, now), now)
        wait = full_at + step - (now + POSTING_BURST * step)
        if wait > 0:
            return max(1, math.ceil(wait))
        self._due[channel_id] = full_at + step
        return 0
