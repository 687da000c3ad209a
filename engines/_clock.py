"""The time of this machine, for engines that are given no other clock."""

import time
from datetime import UTC, datetime


def wall_clock() -> datetime:
    """Tell the time of this machine."""
    return datetime.fromtimestamp(time.time(), tz=UTC)
