"""The whole app, as a process of its own, in front of a Slack that answers at once."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

_modules: dict[str, Any] = sys.modules  # pyright: ignore[reportAssignmentType] - None means: not to be had
_modules["rich"] = None  # a developer's tool brings it, no installation has it

import bot.app  # noqa: E402 - only now
from bot.settings import Settings  # noqa: E402 - the same
from bot.telling import begin_telling  # noqa: E402 - the same
from tests.bench._slack import SECRET, TOKEN  # noqa: E402 - the same


async def main(api: str, database_url: str, folder: str, variables: str) -> None:
    """Serve until the process is told to stop; `variables` are the engines' settings, as JSON."""
    settings = Settings(
        slack_bot_token=TOKEN,  # pyright: ignore[reportArgumentType] - pydantic makes it a secret
        slack_signing_secret=SECRET,  # pyright: ignore[reportArgumentType] - as above
        slack_api_url=api,
        data=Path(folder),
        database_url=database_url,
        host="127.0.0.1",
        port=0,
        log_level="WARNING",
        engine_variables=json.loads(variables),
    )
    begin_telling(settings)
    async with bot.app.open_app(settings) as running:
        print(running.port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
