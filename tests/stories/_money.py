"""What stories about money share: engines with a price, a budget, and what is told of it."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from storage import productions, spending
from storage.models import Production
from tests.sandbox import Sandbox
from tests.stage import TEAM, WORKSPACE, opened
from tests.stories._engines import Engines, keys, text_of
from tests.workspace.seen import Seen

RUNWAY = "runway/gen4.5"
CENTS = 60
"""What five seconds of it cost, at Runway and in our table."""
TOLD = "wanted to be told at"


@asynccontextmanager
async def priced_opened(url: str, folder: Path) -> AsyncGenerator[Engines]:
    """Open the app with engines that tell their price in different ways, and one that does not."""
    only = ["runway", "luma_dream_machine", "openai_videos", "luma"]
    async with Sandbox(latency=0.2, only=only) as sandbox:
        told = keys(sandbox, folder, only=only) | {"OPENAI_VIDEOS_CENTS_PER_SECOND": ""}
        async with opened(url, folder, engines=told) as stage:
            engines = Engines(stage.slack, stage.app, sandbox)
            await engines.set_up()
            yield engines


async def budgeted(stage: Engines, **lines: str) -> Seen:
    """Fill in the budget of the production as Maya; `soft` and `hard` are what she types."""
    await stage.slack.command("/scene", "setup", user="maya", channel=TEAM)
    values = {f"budget_{name}": typed for name, typed in lines.items()}
    return await stage.slack.submit(values, user="maya")


async def production_of(stage: Engines) -> Production:
    async with stage.studio.db.read() as session:
        [found] = await productions.every(session, WORKSPACE)
    return found


async def committed(stage: Engines) -> int:
    production = await production_of(stage)
    async with stage.studio.db.read() as session:
        return await spending.committed(session, production)


async def spend(stage: Engines, user: str = "jonas", channel: str = TEAM) -> Seen:
    return await stage.slack.command("/scene", "spend", user=user, channel=channel, wait=2)


def read(seen: Seen) -> str:
    """Give what one person was whispered."""
    shown = [[each["text"], each.get("blocks")] for each in seen.ephemerals]
    return json.dumps(shown, ensure_ascii=False)


def said_of_the_line(stage: Engines) -> list[str]:
    return [text for each in stage.messages(TEAM) if TOLD in (text := text_of(each))]


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not done():  # noqa: ASYNC110 - a vendor's books say nothing when they change
            await asyncio.sleep(0.03)
