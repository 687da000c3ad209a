"""The Web API as far as a press needs it: it answers at once, and remembers nothing."""

import itertools
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.bench._seed import WORKSPACE

TOKEN, SECRET, BOT = "xoxb-bench", "bench-signing-secret", "U0BENCHBOT1"


@asynccontextmanager
async def instant_slack() -> AsyncGenerator[str]:
    """Open it on a free port; give its base URL."""
    moments = itertools.count(1_793_900_000)

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        told = {"ok": True, "ts": f"{next(moments)}.000001", "channel": "C0BENCHTEAM"}
        if request.match_info["method"] == "auth.test":
            told |= {"user_id": BOT, "bot_id": "B0BENCHBOT1", "team_id": WORKSPACE, "url": ""}
        if request.match_info["method"] == "files.getUploadURLExternal":
            told |= {"upload_url": f"http://{request.host}/upload", "file_id": "F0BENCH0001"}
        return web.json_response(told)

    async def taken(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    app = web.Application(client_max_size=1 << 24)
    app.router.add_post("/api/{method}", answer)
    app.router.add_post("/upload", taken)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()
