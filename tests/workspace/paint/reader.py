"""Who reads the page: their clock and the names they would see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Reader:
    """What turning Slack's text into a page needs to know about the person looking at it."""

    user_id: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    now: datetime | None = None
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    channels: Mapping[str, str] = field(default_factory=dict[str, str])

    def moment(self, seconds: float) -> datetime:
        """Read a Unix time on this person's own clock."""
        return datetime.fromtimestamp(seconds, self.zone)
