"""The whole app, as a process of its own, with one engine more: a slow one that never finishes."""

import asyncio
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

import bot.app
from bot.settings import Settings
from bot.telling import begin_telling
from engines import (
    Cancellation,
    Caps,
    Engine,
    Handle,
    JobSpec,
    JobState,
    Lengths,
    Mode,
    Output,
    Price,
    Problem,
    Status,
    Stored,
    Terms,
)
from tests.bench._slack import SECRET, TOKEN

_CAPS = Caps(
    modes=frozenset({Mode.TEXT_TO_VIDEO}),
    lengths=Lengths(least=1, most=10),
    ratios={"16:9": {"720p": (1280, 720)}},
    price=Price(text="free", source="tests/bench", dated=date(2026, 11, 1)),
)


class Slow:
    """Takes every order, and is asked about it every five seconds for ever."""

    name = "slow"
    label = "Slow"

    @classmethod
    def hired(cls, terms: Terms) -> Self:
        """Come without being asked."""
        del terms
        return cls()

    def caps(self, model: str = "") -> Caps:
        """Tell what it can do."""
        del model
        return _CAPS

    def validate(self, spec: JobSpec) -> list[Problem]:
        """Find nothing wrong."""
        del spec
        return []

    def estimate(self, spec: JobSpec) -> int | None:
        """Ask for nothing."""
        del spec
        return 0

    async def submit(self, spec: JobSpec) -> Handle:
        """Take the order at once."""
        return Handle(engine=self.name, id=spec.user_tag, submitted_at=datetime.now(UTC))  # noqa: TID251 - an engine's clock is its own

    async def poll(self, handle: Handle) -> Status:
        """Say that it is being worked on."""
        del handle
        return Status(state=JobState.RUNNING)

    async def cancel(self, handle: Handle) -> Cancellation:
        """Not be able to."""
        del handle
        return Cancellation.UNSUPPORTED

    async def download(self, output: Output, sink: Path) -> Stored:
        """Have nothing."""
        raise NotImplementedError

    async def close(self) -> None:
        """Hold nothing."""


async def main(api: str, database_url: str, folder: str) -> None:
    """Serve until the process is told to stop."""
    settings = Settings(
        slack_bot_token=TOKEN,  # pyright: ignore[reportArgumentType] - pydantic makes it a secret
        slack_signing_secret=SECRET,  # pyright: ignore[reportArgumentType] - as above
        slack_api_url=api,
        data=Path(folder),
        database_url=database_url,
        host="127.0.0.1",
        port=0,
        log_level="WARNING",
    )
    begin_telling(settings)
    really = bot.app.hire

    def hire(terms: Terms) -> dict[str, Engine]:
        return {**really(terms), "slow": Slow.hired(terms)}

    bot.app.hire = hire
    async with bot.app.open_app(settings) as running:
        print(running.port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
