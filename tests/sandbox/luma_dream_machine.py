"""Luma's Dream Machine, the older API: https://api.lumalabs.ai, as lumaai 1.21.0 has it.

A failure is free text here, and the texts of refusals are written down nowhere: all are chosen.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

from aiohttp import web

from tests.sandbox import _dream_rules as rules
from tests.sandbox._answers import Refusal, RefusedError, Vendor
from tests.sandbox._callbacks import Callbacks
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault
from tests.sandbox._jobs import Job, Json, Order, State
from tests.sandbox._luma_files import moment
from tests.sandbox._strict import WrongError, read

BASE: Final = "/dream-machine/v1"
_SYNC_SECONDS: Final = 60.0
_LARGEST_PAGE: Final = 100
_STATES: Final = {
    State.QUEUED: "queued",
    State.RUNNING: "dreaming",
    State.SUCCEEDED: "completed",
    State.FAILED: "failed",
}
_ORDERS: Final[dict[str, type[rules.Asked]]] = {
    "/generations/video": rules.VideoOrder,
    "/generations/video/modify": rules.ModifyOrder,
    "/generations/video/reframe": rules.ReframeOrder,
    "/generations/image": rules.StillOrder,
    "/generations/image/reframe": rules.StillReframeOrder,
}
_FOLLOW_UPS: Final[dict[str, type[rules.Asked]]] = {
    "/generations/{id}/upscale": rules.UpscaleOrder,
    "/generations/{id}/audio": rules.AudioOrder,
}


def _no(status: int, detail: str) -> Refusal:
    return Refusal(status, {"detail": detail})


_NOT_FOUND: Final = _no(404, "Generation not found")

VENDOR: Final = Vendor(
    name="luma_dream_machine",
    refusals={
        Fault.BAD_INPUT: _no(400, "Invalid request"),
        Fault.OUT_OF_CREDIT: _no(400, "Insufficient credits"),
        Fault.RETIRED: _no(400, "The model is no longer available"),
        Fault.AUTH: _no(401, "Not authenticated"),
        Fault.SUSPENDED: _no(403, "Access denied"),
        Fault.RATE_LIMIT: _no(429, "Too many requests"),
        Fault.CONCURRENCY: _no(429, "Too many concurrent generations"),
        Fault.BAD_GATEWAY: _no(502, "Bad gateway"),
        Fault.UNAVAILABLE: _no(503, "Service unavailable"),
        Fault.ERROR_IN_200: _no(200, "Internal error"),
    },
    failures={
        Fault.MODERATION: {"failure_reason": "The prompt did not pass content moderation"},
        Fault.MODERATION_OUTPUT: {"failure_reason": "Frames did not pass content moderation"},
        Fault.BAD_ASSET: {"failure_reason": "The media could not be read"},
        Fault.ENGINE: {"failure_reason": "Generation failed"},
        Fault.TRANSIENT: {"failure_reason": "Internal error, please try again"},
    },
    refunds=frozenset({Fault.BAD_ASSET, Fault.ENGINE, Fault.TRANSIENT}),
    link_seconds=86_400.0,
)


def routes(desk: Desk) -> web.Application:
    """Make the application that answers as Dream Machine."""
    app, dream = web.Application(), _Dream(desk)
    for path, kind in _ORDERS.items():
        app.router.add_post(BASE + path, dream.ordering(kind))
    for path, kind in _FOLLOW_UPS.items():
        app.router.add_post(BASE + path, dream.following_up(kind))
    app.router.add_get(f"{BASE}/generations/concepts/list", dream.concepts)
    app.router.add_get(f"{BASE}/generations", dream.list)
    app.router.add_get(f"{BASE}/generations/{{id}}", dream.get)
    app.router.add_delete(f"{BASE}/generations/{{id}}", dream.delete)
    app.router.add_get(f"{BASE}/credits", dream.credits)
    app.router.add_get(f"{BASE}/ping", dream.ping)
    app.cleanup_ctx.append(dream.callbacks.living)
    return app


_Handler = Callable[[web.Request], Awaitable[web.Response]]


class _Dream:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.callbacks = Callbacks(self._told)

    def ordering(self, kind: type[rules.Asked]) -> _Handler:
        """Make the handler for orders of one kind."""

        async def order(request: web.Request) -> web.Response:
            body = await self._read(request, kind)
            if any(not self._is_film(name) for name in rules.extends(body)):
                raise RefusedError(_NOT_FOUND)
            job = self._accept(request, body)
            if body.get("sync"):
                await _over(job, float(body.get("sync_timeout") or _SYNC_SECONDS))
            return web.json_response(self._told(job), status=201)

        return order

    def following_up(self, kind: type[rules.Asked]) -> _Handler:
        """Make the handler for what is done to a film that was made before."""

        async def follow_up(request: web.Request) -> web.Response:
            body = await self._read(request, kind)
            source = self._desk.jobs.get(request.match_info["id"])
            if source is None or not self._is_film(source.id):
                raise RefusedError(_NOT_FOUND)
            job = self._accept(request, {"model": source.order.model, **body}, asked=body)
            return web.json_response(self._told(job), status=201)

        return follow_up

    def _accept(self, request: web.Request, body: Json, *, asked: Json | None = None) -> Job:
        order = Order(
            model=body["model"],
            prompt=body.get("prompt") or "",
            request=body if asked is None else asked,
            picture=rules.picture(body),
            cost=rules.cents(body),
        )
        job = self._desk.accept(request, order)
        if url := body.get("callback_url"):
            self.callbacks.follow(job, url)
        return job

    async def get(self, request: web.Request) -> web.Response:
        return web.json_response(self._told(self._found(request)))

    async def delete(self, request: web.Request) -> web.Response:
        """Stop a generation if it runs, and forget it; what it cost is kept."""
        job = self._found(request)
        self._desk.cancel(job)
        del self._desk.jobs[job.id]
        return web.Response(status=204)

    async def list(self, request: web.Request) -> web.Response:
        self._admit(request)
        limit = _whole(request.query.get("limit", "10"), most=_LARGEST_PAGE)
        offset = _whole(request.query.get("offset", "0"))
        newest = list(reversed(self._desk.jobs.values()))
        page = [self._told(job) for job in newest[offset : offset + limit]]
        more = offset + limit < len(newest)
        told = {"generations": page, "count": len(page), "has_more": more}
        return web.json_response(told | {"limit": limit, "offset": offset})

    async def concepts(self, request: web.Request) -> web.Response:
        self._admit(request)
        return web.json_response(rules.CONCEPTS)

    async def credits(self, request: web.Request) -> web.Response:
        self._admit(request)
        return web.json_response({"credit_balance": self._desk.balance})

    async def ping(self, request: web.Request) -> web.Response:
        self._admit(request)
        return web.json_response({"message": "pong"})

    def _told(self, job: Job) -> Json:
        still = job.order.picture.seconds == 0
        failed = job.state is State.FAILED
        told: Json = {
            "id": job.id,
            "generation_type": "image" if still else "video",
            "model": job.order.model,
            "created_at": moment(job.created_at),
            "failure_reason": None,
            "assets": None,
            "request": job.order.request,
            "state": "meditating" if job.is_odd else _STATES.get(job.state, "failed"),
        }
        if job.has_output:
            poster = {"image": self._desk.link(job, form="jpg")}
            told["assets"] = poster if still else {"video": self._desk.link(job), **poster}
        return told | (self._desk.failure(job) if failed else {})

    def _is_film(self, job_id: str) -> bool:
        job = self._desk.jobs.get(job_id)
        return job is not None and job.has_output and job.order.picture.seconds > 0

    def _found(self, request: web.Request) -> Job:
        self._admit(request)
        job = self._desk.look(request, request.match_info["id"])
        if job is None:
            raise RefusedError(_NOT_FOUND)
        return job

    async def _read(self, request: web.Request, kind: type[rules.Asked]) -> Json:
        self._admit(request)
        try:
            body: Any = await request.json()
            read(kind, body)
        except json.JSONDecodeError as error:
            raise RefusedError(_no(400, "The body is not JSON")) from error
        except WrongError as error:
            raise RefusedError(_no(400, f"{error.where}: {error}")) from error
        return cast("Json", body)

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self._desk.key}":
            raise self._desk.refuse(Fault.AUTH)


async def _over(job: Job, most: float) -> None:
    """Wait until a job is over, or for so many seconds."""
    await asyncio.sleep(min(most, max(0.0, job.ends - time.monotonic())))


def _whole(text: str, *, most: int | None = None) -> int:
    if not text.isdecimal() or (most is not None and int(text) > most):
        raise RefusedError(_no(400, "limit and offset must be whole numbers"))
    return int(text)
