"""How fast an engine is asked: its limit a minute, and the rest it asked for."""

from collections import deque
from collections.abc import Callable

_MINUTE = 60.0


class Pace:
    """Counts the calls of one engine in this process; it never waits, it says how long to."""

    def __init__(self, per_minute: int | None, tick: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._tick = tick
        self._made: deque[float] = deque()
        self._rests_until = 0.0

    def rest(self, seconds: float) -> None:
        """Ask nothing of the engine for so long, because it said so."""
        self._rests_until = max(self._rests_until, self._tick() + seconds)

    def wait(self, *, spare: int = 0) -> float:
        """Give the seconds until the next call is welcome; 0 is now, and counts the call.

        A call of little weight leaves `spare` calls of each minute to others.
        """
        now = self._tick()
        if now < self._rests_until:
            return self._rests_until - now
        if self._per_minute is None:
            return 0
        while self._made and self._made[0] + _MINUTE <= now:
            self._made.popleft()
        most = max(self._per_minute - spare, 1)
        if len(self._made) >= most:
            return self._made[len(self._made) - most] + _MINUTE - now
        self._made.append(now)
        return 0
