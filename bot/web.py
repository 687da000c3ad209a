"""The app's own web server: Slack's deliveries, health and metrics."""

from contextlib import AsyncExitStack

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from sqlalchemy.exc import DBAPIError

from bot.studio import Studio

_LARGEST = 1 << 20


async def serve(bolt: AsyncApp, studio: Studio, stack: AsyncExitStack) -> int:
    """Listen until the stack closes; give the port."""
    app = web.Application(client_max_size=_LARGEST)

    async def delivered(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    async def ready(_request: web.Request) -> web.Response:
        try:
            await studio.db.answers()
        except (DBAPIError, OSError) as trouble:
            return web.json_response({"ready": False, "database": str(trouble)[:200]}, status=503)
        return web.json_response({"ready": True})

    if not studio.settings.uses_socket:
        app.router.add_post("/slack/events", delivered)
    app.router.add_get("/healthz", _healthy)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", _measured)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, studio.settings.host, studio.settings.port)
    await site.start()
    return runner.addresses[0][1]


async def _healthy(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


async def _measured(_request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
