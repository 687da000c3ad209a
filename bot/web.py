"""The app's own web server: Slack's deliveries, health and metrics."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from sqlalchemy.exc import SQLAlchemyError

from bot.studio import Studio
from storage import schema
from storage.schema import Fit

_LARGEST = 4 << 20
"""A long message in Chinese, quoted as JSON and again for a form, is more than a megabyte."""
_ARRIVES_WITHIN = 5.0
"""Slack sends at once and gives up after three seconds; nobody else has business here."""
_IDLE_FOR = 75.0
"""Longer than proxies keep a connection; also the time that a request's head may take."""
_tell = structlog.get_logger(__name__)


Life = Mapping[str, Callable[[], str]]
"""For each part its sign of life: `ok`, or what is wrong."""


async def serve(bolt: AsyncApp, studio: Studio, stack: AsyncExitStack, *, alive: Life) -> int:
    """Listen until the stack closes; give the port. `alive` has a sign of life for each part."""
    app = web.Application(client_max_size=_LARGEST, middlewares=[_in_time])
    if not studio.settings.uses_socket:
        app.router.add_post("/slack/events", _delivery_to(bolt))
    app.router.add_get("/healthz", _healthy)
    app.router.add_get("/readyz", _readiness_of(studio, alive))
    app.router.add_get("/metrics", _measured)
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=_IDLE_FOR, shutdown_timeout=_ARRIVES_WITHIN
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, studio.settings.host, studio.settings.port)
    try:
        await site.start()
    except OSError as taken:
        if not studio.settings.uses_socket:
            raise
        # With Socket Mode only health and metrics are served here: work goes on without them.
        _tell.warning("web.not_served", port=studio.settings.port, why=str(taken))
        return 0
    return runner.addresses[0][1]


@web.middleware
async def _in_time(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Read the whole body before anybody handles it; who dawdles or sends too much is sent away."""
    try:
        async with asyncio.timeout(_ARRIVES_WITHIN):
            await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return await handler(request)


def _delivery_to(bolt: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def delivered(request: web.Request) -> web.Response:
        try:
            asked = await to_bolt_request(request)
        except UnicodeDecodeError:
            raise web.HTTPBadRequest(text="The body is not UTF-8.") from None
        return await to_aiohttp_response(await bolt.async_dispatch(asked))

    return delivered


def _readiness_of(studio: Studio, alive: Life) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def ready(_request: web.Request) -> web.Response:
        parts = {part: lives() for part, lives in alive.items()}
        told = {**await _records(studio), **parts}
        is_ready = all(word in {"ok", "current"} for word in told.values())
        return web.json_response({"ready": is_ready, **told}, status=200 if is_ready else 503)

    return ready


async def _records(studio: Studio) -> dict[str, str]:
    try:
        await studio.db.answers()
        stands_at = await asyncio.to_thread(schema.standing, studio.settings.database)
    except (SQLAlchemyError, OSError) as trouble:
        _tell.warning("database.silent", why=str(trouble))
        return {"database": "does not answer", "migrations": "unknown"}
    fit = schema.fit(stands_at)
    told = fit.value if fit is Fit.CURRENT else f"{fit.value}: run `circletake db upgrade`"
    return {"database": "ok", "migrations": told}


async def _healthy(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


async def _measured(_request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
