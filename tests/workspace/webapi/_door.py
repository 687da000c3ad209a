"""The one door to every Web API method: token, scope, rate limit, planned fault, answer."""

import asyncio
import inspect

from aiohttp import web

from tests.workspace.errors import SlackError
from tests.workspace.faults import DROPPED, TIMEOUT, Fault
from tests.workspace.hub import Hub
from tests.workspace.records import Json
from tests.workspace.webapi._call import METHODS, Call, Entry, read_arguments

HANG_SECONDS = 120.0


async def answer(hub: Hub, request: web.Request) -> web.StreamResponse:
    """Answer one call as Slack would."""
    name = request.match_info["method"]
    entry = METHODS.get(name)
    fault = hub.faults.due(name)
    try:
        if fault is not None and fault.what != DROPPED:
            return await meet(fault)
        body = await _run(hub, request, entry, name)
    except SlackError as refusal:
        if refusal.code == "ratelimited":
            return too_many(int(refusal.extra["retry_after"]))
        body = refusal.answer()
    if fault is not None:
        return hang_up(request)
    return web.json_response(body, headers=_headers(hub, entry))


async def meet(fault: Fault) -> web.StreamResponse:
    """Answer with a planned fault."""
    if fault.what == TIMEOUT:
        await asyncio.sleep(HANG_SECONDS)
        raise web.HTTPGatewayTimeout
    if isinstance(fault.what, int):
        if fault.what == web.HTTPTooManyRequests.status_code:
            return too_many(fault.retry_after)
        return web.Response(status=fault.what, text="Something went wrong on our side.")
    return web.json_response({"ok": False, "error": fault.what})


def too_many(retry_after: int) -> web.Response:
    """Return the answer to who came too often."""
    return web.json_response(
        {"ok": False, "error": "ratelimited"},
        status=429,
        headers={"Retry-After": str(retry_after)},
    )


def hang_up(request: web.Request) -> web.StreamResponse:
    """Cut the line after the effect, so that the caller cannot know of it."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _run(hub: Hub, request: web.Request, entry: Entry | None, name: str) -> Json:
    if entry is None:
        raise SlackError("unknown_method", req_method=name)
    arguments = await read_arguments(request)
    _check_token(hub, entry, token_of(request, arguments))
    call = Call(hub, arguments)
    if entry.scopes:
        call.need(*entry.scopes)
    channel_id = str(arguments.get("channel", ""))
    if wait := hub.limits.wait_for(name, entry.tier, channel_id):
        raise SlackError("ratelimited", retry_after=wait)
    result = entry.run(call)
    told = await result if inspect.isawaitable(result) else result
    return {"ok": True} | told


def token_of(request: web.Request, arguments: Json) -> str:
    """Return the token from the header, or from the arguments as old clients send it."""
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() or str(arguments.get("token", ""))


def _check_token(hub: Hub, entry: Entry, token: str) -> None:
    if entry.token == "none":
        return
    if not token:
        raise SlackError("not_authed")
    app = hub.state.app
    expected, other = app.bot_token, app.app_token
    if entry.token == "app":
        expected, other = other, expected
    if token == other:
        raise SlackError("not_allowed_token_type")
    if token != expected:
        raise SlackError("invalid_auth")


def _headers(hub: Hub, entry: Entry | None) -> dict[str, str]:
    accepted = ",".join(entry.scopes) if entry else ""
    scopes = ",".join(hub.state.app.scopes)
    return {"x-oauth-scopes": scopes, "x-accepted-oauth-scopes": accepted}
