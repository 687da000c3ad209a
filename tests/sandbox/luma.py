"""Luma's Agents API: https://agents.lumalabs.ai, as luma-agents 0.5.0 and its guides have it.

The exact words of `detail` are written down nowhere; those here follow the recordings. How an EXR
export appears beside the film is not written down either: it is accepted and priced, and left out.
"""

import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from tests.sandbox._answers import Refusal, RefusedError, Vendor
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault
from tests.sandbox._jobs import Job, Json, Order, State
from tests.sandbox._luma_files import LumaFiles, moment
from tests.sandbox._luma_rules import MAX_INLINE, Generation, Ref, clashes, dollars
from tests.sandbox._strict import WrongError, read

API_VERSION: Final = "2026-04-01"
_NOT_FOUND: Final = Refusal(404, {"detail": "Generation not found"})
_STATES: Final = {
    State.QUEUED: "queued",
    State.RUNNING: "processing",
    State.SUCCEEDED: "completed",
    State.FAILED: "failed",
}
_LAYERS: Final = 2
_SPENT: Final = {"X-RateLimit-Limit": "30", "X-RateLimit-Remaining": "0"}


def _failed(code: str) -> Json:
    return {"failure_code": code, "failure_reason": code.replace("_", " ")}


def _no(status: int, detail: str, **headers: str) -> Refusal:
    return Refusal(status, {"detail": detail}, headers)


VENDOR: Final = Vendor(
    name="luma",
    refusals={
        Fault.BAD_INPUT: _no(422, "Parameter combination rejected"),
        Fault.RETIRED: _no(400, "Invalid request parameters"),
        Fault.AUTH: _no(401, "Invalid or missing API key"),
        Fault.OUT_OF_CREDIT: _no(402, "Insufficient balance"),
        Fault.SUSPENDED: _no(403, "Access denied"),
        Fault.TOO_LARGE: _no(413, "Input media exceeds size limit"),
        Fault.RATE_LIMIT: _no(429, "Rate limit exceeded", **_SPENT),
        Fault.CONCURRENCY: _no(429, "Too many concurrent jobs", **{"Retry-After": "2"}),
        Fault.BAD_GATEWAY: _no(502, "Upstream service unavailable"),
        Fault.UNAVAILABLE: _no(503, "Media ingestion is unavailable"),
        Fault.ERROR_IN_200: _no(200, "Internal error"),
    },
    failures={
        Fault.MODERATION: _failed("content_moderated"),
        Fault.MODERATION_OUTPUT: _failed("content_moderated"),
        Fault.BAD_ASSET: _failed("corrupt_input"),
        Fault.ENGINE: _failed("output_not_found"),
        Fault.TRANSIENT: _failed("generation_failed"),
    },
    codes={
        code: _failed(code)
        for code in (
            "budget_exhausted", "image_too_large", "unsupported_format", "invalid_request",
            "rate_limited",
        )
    },
    refunds=frozenset({Fault.BAD_ASSET, Fault.ENGINE, Fault.TRANSIENT}),
)  # fmt: skip


def routes(desk: Desk) -> web.Application:
    """Make the application that answers as Luma."""
    app = web.Application(middlewares=[_versioned])
    luma, files = _Luma(desk), LumaFiles(desk, _admit)
    app.router.add_post("/v1/generations", luma.create)
    app.router.add_get("/v1/generations/{id}", luma.get)
    files.add_to(app)
    return app


class _Luma:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def create(self, request: web.Request) -> web.Response:
        _admit(self._desk, request)
        body = await _body(request)
        try:
            asked = read(Generation, body)
        except WrongError as error:
            detail = f"Invalid request parameters: {error.where}: {error}"
            raise RefusedError(_no(400, detail)) from error
        if any(len(ref.data or "") > MAX_INLINE for ref, _ in asked.refs):
            raise self._desk.refuse(Fault.TOO_LARGE)
        for wrong in clashes(asked, self._is_good):
            raise RefusedError(_no(422, wrong))
        order = Order(
            model=asked.model,
            prompt=asked.prompt,
            request=body,
            picture=asked.picture,
            cost=dollars(asked),
            user_tag=asked.user_id,
            outputs=_LAYERS if asked.type == "layering" else 1,
        )
        job = self._desk.accept(request, order)
        job.facts |= {"type": asked.type, "is_film": asked.is_film}
        nothing: Json = {"output": [], "failure_code": None, "failure_reason": None}
        return web.json_response(self._told(job) | nothing, status=201)

    async def get(self, request: web.Request) -> web.Response:
        _admit(self._desk, request)
        job = self._desk.look(request, request.match_info["id"])
        if job is None:
            raise RefusedError(_NOT_FOUND)
        return web.json_response(self._told(job))

    def _told(self, job: Job) -> Json:
        told: Json = {
            "id": job.id,
            "created_at": moment(job.created_at),
            "model": job.order.model,
            "type": job.facts["type"],
            "state": "pondering" if job.is_odd else _STATES[job.state],
        }
        if job.state is State.FAILED:
            return told | self._desk.failure(job)
        if job.state is State.SUCCEEDED:
            kind = "video" if job.facts["is_film"] else "image"
            urls = [self._desk.link(job, number) for number in range(job.order.outputs)]
            output = [{"type": kind, "url": url} for url in urls]
            told["output"] = _layered(output) if job.facts["type"] == "layering" else output
            told["output"] *= job.has_output
        return told

    def _is_good(self, ref: Ref, film: bool) -> bool:  # noqa: FBT001 - the rules' callback
        if ref.file_id is not None:
            file = self._desk.core.uploads.get(VENDOR.name, ref.file_id)
            kind = "video/" if film else "image/"
            return file is not None and file.facts["ready"]() and file.mime.startswith(kind)
        job = self._desk.jobs.get(ref.generation_id or "")
        return job is not None and job.has_output and job.facts["is_film"] is film


def _layered(output: list[Json]) -> list[Json]:
    """Say what each layer shows; the last one is the background."""
    hints = [
        {"alpha_hint": "soft", "description": "a paper boat", "label": "boat"},
        {"alpha_hint": "none", "description": "a rainy street", "label": "background"},
    ]
    return [
        one | {"layer": {"index": number, **hint}}
        for number, (one, hint) in enumerate(zip(output, hints, strict=True))
    ]


def _admit(desk: Desk, request: web.Request) -> None:
    if request.headers.get("Authorization") != f"Bearer {desk.key}":
        raise desk.refuse(Fault.AUTH)


async def _body(request: web.Request) -> Json:
    try:
        body: Any = await request.json()
    except json.JSONDecodeError as error:
        raise RefusedError(_no(400, "The body is not JSON")) from error
    return body


@web.middleware
async def _versioned(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Echo the caller's request id, and name the version of the API."""
    answer = await handler(request)
    if not answer.prepared:
        asked = request.headers.get("X-Request-Id") or str(uuid.uuid4())
        answer.headers["X-Request-Id"] = asked
        answer.headers["X-API-Version"] = API_VERSION
    return answer
