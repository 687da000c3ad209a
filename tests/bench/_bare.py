"""The floor, as a process of its own: a Bolt app as its documentation shows it, that only acks."""

import asyncio
import sys
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench._slack import SECRET, TOKEN


async def _heard(ack: AsyncAck) -> None:
    await ack()


async def main(api: str) -> None:
    """Serve until the process is told to stop."""
    # Bolt's own signatures are untyped.
    bolt: Any = AsyncApp(signing_secret=SECRET, client=AsyncWebClient(token=TOKEN, base_url=api))
    bolt.action("take_approve")(_heard)
    runner = web.AppRunner(bolt.web_app("/slack/events"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
