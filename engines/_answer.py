"""What an engine answers: the handle of an order, how the job stands, the file that was kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from ._words import FailKind, JobState, RefKind


def _nothing() -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """All that is needed to find a job again, after any restart; store it before the first poll."""

    engine: str
    id: str
    model: str = ""
    submitted_at: datetime
    poll_url: str | None = None
    cancel_url: str | None = None
    extra: Mapping[str, Any] = field(default_factory=_nothing)

    def to_json(self) -> dict[str, Any]:
        """Write it as plain JSON values."""
        return {
            "engine": self.engine,
            "id": self.id,
            "model": self.model,
            "submitted_at": self.submitted_at.isoformat(),
            "poll_url": self.poll_url,
            "cancel_url": self.cancel_url,
            "extra": dict(self.extra),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            engine=data["engine"],
            id=data["id"],
            model=data.get("model", ""),
            submitted_at=datetime.fromisoformat(data["submitted_at"]),
            poll_url=data.get("poll_url"),
            cancel_url=data.get("cancel_url"),
            extra=dict(data.get("extra", {})),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One thing a job made: exactly one of `path`, `url` and `data` says where it is.

    It may be short-lived (`expires_at`), so it is downloaded at once. `needs_auth` says that the
    engine's own key opens it; without it, no credential goes along.
    """

    kind: RefKind = RefKind.VIDEO
    path: Path | None = None
    url: str | None = None
    data: bytes | None = None
    needs_auth: bool = False
    expires_at: datetime | None = None
    mime: str = "video/mp4"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job came to nothing; `text` is one sentence for the person who acts next."""

    kind: FailKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a job stands; `raw` is the engine's own last word, kept with the take.

    `note` is what a person should know of a success, as a sentence: words that were left out, say.
    `cost_cents` is what the job has cost, where the engine tells; `retry_after` when it wants to be
    asked again, in seconds.
    """

    state: JobState
    progress: float | None = None
    queue_pos: int | None = None
    outputs: tuple[Output, ...] = ()
    fail: Failure | None = None
    note: str = ""
    cost_cents: float | None = None
    retry_after: float | None = None
    raw: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What is left on an account: in cents where it is money, and as the engine puts it."""

    cents: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A downloaded file: whole, hashed while it was written, and never larger than allowed."""

    path: Path
    sha256: str
    size: int
