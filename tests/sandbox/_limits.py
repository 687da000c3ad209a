"""How much a vendor takes at once and in a while, where a test or a benchmark wants it limited."""

import time
from collections import deque
from dataclasses import dataclass, field

from tests.sandbox._jobs import Job


@dataclass(slots=True)
class Limits:
    """`calls` creates in any `seconds`, and `jobs` that are not over; None is no limit."""

    calls: int | None = None
    seconds: float = 60.0
    jobs: int | None = None
    _called: deque[float] = field(default_factory=deque[float])
    _live: list[Job] = field(default_factory=list[Job])

    def must_wait(self) -> float:
        """Give the seconds until another create is taken, 0 if one is taken now."""
        if self.calls is None:
            return 0.0
        now = time.monotonic()
        while self._called and self._called[0] <= now - self.seconds:
            self._called.popleft()
        return self._called[0] + self.seconds - now if len(self._called) >= self.calls else 0.0

    def is_full(self) -> bool:
        """Say whether as many jobs as allowed are not over."""
        if self.jobs is None:
            return False
        self._live = [job for job in self._live if not job.is_over]
        return len(self._live) >= self.jobs

    def count(self, job: Job) -> None:
        """Count an accepted create."""
        if self.calls is not None:
            self._called.append(time.monotonic())
        if self.jobs is not None:
            self._live.append(job)
