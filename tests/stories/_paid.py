"""An engine that takes money for every order and cannot tell a repeated one from a new one."""

import asyncio
import shutil
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar, Self

from engines import (
    Balance,
    Call,
    Cancellation,
    Caps,
    Facts,
    Finding,
    Handle,
    JobSpec,
    JobState,
    Lengths,
    Mode,
    Offer,
    Output,
    Price,
    Problem,
    Status,
    Stored,
    Terms,
    problems_with,
)
from storage.files import sha256_of

_CAPS = Caps(
    modes={
        Mode.TEXT_TO_VIDEO: Offer(
            lengths=Lengths(least=1, most=10), ratios={"16:9": {"720p": (320, 180)}}, seed=True
        )
    },
    price=Price(text="dear", source="this test", dated=date(2026, 11, 22), cents_per_second=50),
    poll_seconds=0.1,
)


class Paid:
    """Writes every order into its ledger before it answers, and delivers the same clip."""

    name: ClassVar[str] = "paid"
    label: ClassVar[str] = "Paid films"
    facts: ClassVar[Facts] = Facts(maker="This test", prefix="PAID")

    def __init__(self, folder: Path) -> None:
        self.ledger = folder / "ledger.txt"
        self.clip = folder / "clip.mp4"

    @classmethod
    def hired(cls, terms: Terms) -> Self | None:
        """Work for nobody but the test that puts it there."""
        del terms
        return None

    def models(self) -> tuple[str, ...]:
        """Have no models."""
        return ("",)

    def caps(self, model: str = "") -> Caps:
        """Tell what it can do."""
        del model
        return _CAPS

    def validate(self, spec: JobSpec) -> list[Problem]:
        """Check an order."""
        return problems_with(spec, _CAPS)

    def estimate(self, spec: JobSpec) -> int | None:
        """Charge by the second."""
        return round(50 * spec.seconds)

    def rehearse(self, spec: JobSpec) -> Call | None:
        """Send nothing anywhere."""
        del spec

    async def prepare(self, spec: JobSpec) -> JobSpec:
        """Need nothing beforehand."""
        return spec

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Believe whoever brings an id."""
        del spec
        now = datetime.fromtimestamp(time.time(), tz=UTC)
        return Handle(engine=self.name, id=job_id, submitted_at=now)

    async def submit(self, spec: JobSpec) -> Handle:
        """Take the money."""
        with self.ledger.open("a") as ledger:
            ledger.write(f"{spec.user_tag}\n")
        now = datetime.fromtimestamp(time.time(), tz=UTC)
        return Handle(engine=self.name, id=spec.user_tag, submitted_at=now)

    async def poll(self, handle: Handle) -> Status:
        """Be quick about it."""
        del handle
        return Status(state=JobState.SUCCEEDED, outputs=(Output(path=self.clip),), cost_cents=50)

    async def cancel(self, handle: Handle) -> Cancellation:
        """Never give money back."""
        del handle
        return Cancellation.TOO_LATE

    async def download(self, output: Output, sink: Path, *, most: int = 0) -> Stored:
        """Hand over the clip, which is small."""
        del most
        assert output.path is not None
        clip = output.path
        await asyncio.to_thread(shutil.copy, clip, sink)
        size = len(await asyncio.to_thread(clip.read_bytes))
        return Stored(path=sink, sha256=sha256_of(sink), size=size)

    async def balance(self) -> Balance | None:
        """Have no account."""
        return None

    async def preflight(self) -> list[Finding]:
        """Need nothing that a look could find missing."""
        return []

    async def close(self) -> None:
        """Have nothing open."""
