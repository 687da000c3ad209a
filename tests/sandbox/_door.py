"""The door through which every call of a vendor goes: it can be shut, slam, or answer late."""

import asyncio
import time
from email.utils import formatdate

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from tests.sandbox._answers import HungUpError, RefusedError
from tests.sandbox._core import FAULTS, Core, skewed
from tests.sandbox._faults import Fault, Stage
from tests.sandbox._links import CALLED_AT

_LOOKS_EVERY = 0.05


def door(core: Core, vendor: str) -> Middleware:
    """Make the middleware that turns faults into what a client sees of them."""

    @web.middleware
    async def pass_through(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            answer = await _answered(core, vendor, request, handler=handler)
        except HungUpError:
            return _hung_up(request)
        if not answer.prepared:
            faults = request.get(FAULTS, frozenset[Fault]())
            answer.headers["Date"] = formatdate(skewed(time.time(), faults), usegmt=True)
        return answer

    return pass_through


async def _answered(
    core: Core, vendor: str, request: web.Request, *, handler: Handler
) -> web.StreamResponse:
    CALLED_AT.set(str(request.url.origin()))
    if vendor in core.down:
        raise HungUpError
    request[FAULTS] = frozenset()
    try:
        core.desks[vendor].meet(request, Stage.DOOR)
        answer = await handler(request)
    except RefusedError as error:
        return error.refusal.response()
    if Fault.ANSWER_LOST in request[FAULTS]:
        raise HungUpError
    if Fault.HANGS in request[FAULTS]:
        await _left_alone(request)
    await asyncio.sleep(core.pace.answers_after)
    return answer


async def _left_alone(request: web.Request) -> None:
    """Say nothing until the client has gone."""
    while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110 - aiohttp tells nobody that a client went
        await asyncio.sleep(_LOOKS_EVERY)
    raise HungUpError


def _hung_up(request: web.Request) -> web.Response:
    """Close the connection; the response that is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)
