"""Runway's API: https://api.dev.runwayml.com, as runwayml 5.24.0 and the developer pages have it.

Not settled by any source, so chosen here: the words of an error for want of credit (a 400; Runway
has no 402), and the exact body of a 400, which follows the recordings.
"""

import json
import re
import uuid
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any, Final, cast

from aiohttp import web

from tests.sandbox import _runway_rules as rules
from tests.sandbox._answers import Refusal, RefusedError, Vendor
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault, Stage
from tests.sandbox._files import upload_path
from tests.sandbox._jobs import Job, Json, Order, State
from tests.sandbox._runway_router import CONFIGS, RouterCall, routed, routing
from tests.sandbox._strict import WrongError, read
from tests.sandbox._uploads import Upload

VERSION: Final = "2024-11-06"
DOCS: Final = "https://docs.dev.runwayml.com/api"
_UPLOAD_SECONDS: Final = 86_400
_STATUS: Final = {
    State.QUEUED: "PENDING",
    State.RUNNING: "RUNNING",
    State.SUCCEEDED: "SUCCEEDED",
    State.FAILED: "FAILED",
    State.CANCELED: "CANCELLED",
}
_FINAL: Final = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
_NOT_FOUND: Final = Refusal(404, {"error": "Task not found"})


def _failed(code: str, failure: str) -> Json:
    return {"failure": failure, "failureCode": code}


VENDOR: Final = Vendor(
    name="runway",
    refusals={
        Fault.BAD_INPUT: Refusal(
            400,
            {
                "error": "Validation of body failed",
                "issues": [
                    {"code": "custom", "path": ["promptText"], "message": "Invalid prompt"}
                ],
                "docUrl": DOCS,
            },
        ),
        Fault.OUT_OF_CREDIT: Refusal(
            400, {"error": "You do not have enough credits to run this task."}
        ),
        Fault.AUTH: Refusal(401, {"error": "Unauthorized"}),
        Fault.RATE_LIMIT: Refusal(429, {"error": "You have exceeded your daily task limit."}),
        Fault.UNAVAILABLE: Refusal(503, {"error": "Service unavailable"}),
        Fault.RETIRED: Refusal(404, {"error": "Model not found"}),
        Fault.ERROR_IN_200: Refusal(200, {"error": "Something went wrong"}),
    },
    failures={
        Fault.MODERATION: _failed("SAFETY.INPUT.TEXT", "Content moderation"),
        Fault.MODERATION_OUTPUT: _failed("SAFETY.OUTPUT.VIDEO", "Content moderation"),
        Fault.BAD_ASSET: _failed("ASSET.INVALID", "Invalid asset"),
        Fault.ENGINE: _failed("INTERNAL.BAD_OUTPUT.CODE01", "An unexpected error occurred."),
        Fault.TRANSIENT: _failed("INTERNAL", "An unexpected error occurred."),
    },
    also=frozenset({Fault.CONCURRENCY}),
    refunds=frozenset({Fault.BAD_ASSET, Fault.ENGINE, Fault.TRANSIENT}),
    codes={
        code: _failed(code, "The task failed.")
        for code in (
            "SAFETY.INPUT.IMAGE", "SAFETY.INPUT.VIDEO", "SAFETY.OUTPUT.IMAGE",
            "INPUT_PREPROCESSING.SAFETY.TEXT", "INPUT_PREPROCESSING.INTERNAL",
            "THIRD_PARTY.UNAVAILABLE", "INTERNAL.BAD_OUTPUT.CODE02",
        )
    },
    link_seconds=86_400.0,
)  # fmt: skip


def routes(desk: Desk) -> web.Application:
    """Make the application that answers as Runway."""
    app, runway = web.Application(), _Runway(desk)
    for endpoint in rules.MODELS:
        app.router.add_post(endpoint.removeprefix("POST "), runway.create)
    app.router.add_post("/v1/generate/video", runway.route)
    app.router.add_post("/v1/uploads", runway.upload)
    app.router.add_get("/v1/tasks/{id}", runway.task)
    app.router.add_delete("/v1/tasks/{id}", runway.delete)
    app.router.add_get("/v1/organization", runway.organization)
    app.router.add_post("/v1/organization/usage", runway.usage)
    return app


class _Runway:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def create(self, request: web.Request) -> web.Response:
        body = await self._read(request)
        endpoint = request.path.removeprefix(f"/{VENDOR.name}")
        found = list(rules.issues(endpoint, body, knows=self._knows))
        if found:
            raise _invalid(found)
        job = self._accept(request, endpoint, body)
        return web.json_response({"id": job.id, "estimatedCost": {"credits": job.order.cost}})

    async def route(self, request: web.Request) -> web.Response:
        """Choose a model for a shot that names none: the Model Router."""
        try:
            call = read(RouterCall, await self._read(request))
        except WrongError as error:
            raise _invalid([("custom", error.problems[0]["loc"], str(error))]) from error
        if call.config_id not in CONFIGS:
            raise RefusedError(Refusal(404, {"error": "Router config not found"}))
        endpoint, body = routed(call)
        found = list(rules.issues(endpoint, body, knows=self._knows))
        if found:
            raise _invalid(found)
        job = self._accept(request, endpoint, body)
        return web.json_response({"id": job.id, "routing": routing(call, body, job.order.cost)})

    def _accept(self, request: web.Request, endpoint: str, body: Json) -> Job:
        order = Order(
            model=body["model"],
            prompt=body.get("promptText", ""),
            request=body,
            picture=rules.picture(endpoint, body),
            cost=rules.credits_for(endpoint, body),
            outputs=int(body.get("outputCount", 1)),
        )
        return self._desk.accept(request, order)

    async def task(self, request: web.Request) -> web.Response:
        self._admit(request)
        job = self._desk.look(request, request.match_info["id"])
        if job is None:
            raise RefusedError(_NOT_FOUND)
        return web.json_response(self._told(job))

    async def delete(self, request: web.Request) -> web.Response:
        """Cancel what is not over; what is over is deleted with its output."""
        self._admit(request)
        job = self._desk.look(request, request.match_info["id"])
        if job is None:
            raise RefusedError(_NOT_FOUND)
        refund = job.state is State.QUEUED
        if not self._desk.cancel(job):
            del self._desk.jobs[job.id]
        elif refund:
            self._desk.give_back(job)
        return web.Response(status=204)

    async def upload(self, request: web.Request) -> web.Response:
        body = await self._read(request)
        self._desk.meet(request, Stage.UPLOAD)
        if body.get("type") != "ephemeral" or not str(body.get("filename", "")).strip():
            raise _invalid([("invalid_type", ["filename"], "Required")])
        name = str(body["filename"])
        fields = {
            "key": f"uploads/{uuid.uuid4()}/{name}",
            "Policy": "what-may-be-sent",
            "X-Amz-Signature": uuid.uuid4().hex,
        }
        upload = Upload(vendor=VENDOR.name, id=str(uuid.uuid4()), name=name,
                        mime="application/octet-stream", facts={"fields": fields})  # fmt: skip
        self._desk.core.uploads.add(upload)
        links = self._desk.core.links
        told = {
            "runwayUri": f"runway://{upload.id}",
            "uploadUrl": links.mint(upload_path(upload), _UPLOAD_SECONDS),
            "fields": fields,
        }
        return web.json_response(told)

    async def organization(self, request: web.Request) -> web.Response:
        self._admit(request)
        made: dict[str, int] = defaultdict(int)
        for row in self._desk.core.ledger.of(VENDOR.name):
            made[row.order.model] += 1
        limit = {"maxConcurrentGenerations": 20, "maxDailyGenerations": 30_000}
        names = {model for models in rules.MODELS.values() for model in models}
        told = {
            "creditBalance": int(self._desk.balance),
            "tier": {
                "maxMonthlyCreditSpend": 10_000_000,
                "models": dict.fromkeys(sorted(names), limit),
            },
            "usage": {"models": {name: {"dailyGenerations": made[name]} for name in sorted(names)}},
        }
        return web.json_response(told)

    async def usage(self, request: web.Request) -> web.Response:
        body = await self._read(request)
        start, before = str(body.get("startDate", "")), str(body.get("beforeDate", "9999"))
        spent: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in self._desk.core.ledger.of(VENDOR.name):
            day = _moment(row.placed_at)[:10]
            if start <= day < before:
                spent[day][row.order.model] += int(row.order.cost)
        results = [
            {"date": day, "usedCredits": [{"model": m, "amount": n} for m, n in models.items()]}
            for day, models in sorted(spent.items())
        ]
        models = sorted({model for day in spent.values() for model in day})
        return web.json_response({"models": models, "results": results})

    def _told(self, job: Job) -> Json:
        told: Json = {"id": job.id, "createdAt": _moment(job.created_at)}
        status = _status(job)
        if status not in _FINAL:
            told |= {"status": status, "estimatedCost": {"credits": job.order.cost}}
            return told | ({"progress": round(job.progress, 2)} if status == "RUNNING" else {})
        told |= {"status": status, "cost": {"credits": int(self._desk.cost(job))}}
        if job.state is State.FAILED:
            return told | self._desk.failure(job)
        if job.state is State.SUCCEEDED:
            links = [self._desk.link(job, number) for number in range(job.order.outputs)]
            told["output"] = links if job.has_output else []
        return told

    def _knows(self, uri: str) -> bool:
        if self._desk.core.links.owns(uri):
            return True
        upload = self._desk.core.uploads.get(VENDOR.name, uri.removeprefix("runway://"))
        return upload is not None and upload.data is not None

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self._desk.key}":
            raise self._desk.refuse(Fault.AUTH)
        if request.headers.get("X-Runway-Version") != VERSION:
            raise RefusedError(
                Refusal(400, {"error": "The X-Runway-Version header is missing or unknown."})
            )

    async def _read(self, request: web.Request) -> Json:
        self._admit(request)
        try:
            body: Any = await request.json()
        except json.JSONDecodeError as error:
            raise RefusedError(Refusal(400, {"error": "Invalid JSON body"})) from error
        if request.content_type != "application/json" or not isinstance(body, dict):
            raise RefusedError(Refusal(400, {"error": "Expected a JSON object"}))
        return cast("Json", body)


def _invalid(found: list[rules.Issue]) -> RefusedError:
    told = [{"code": code, "path": path, "message": message} for code, path, message in found]
    body = {"error": "Validation of body failed", "issues": told, "docUrl": DOCS}
    return RefusedError(Refusal(400, body))


def _status(job: Job) -> str:
    if job.is_odd:
        return "DEFERRED"
    if Fault.CONCURRENCY in job.faults and job.share < 0.5:
        return "THROTTLED"
    return _STATUS[job.state]


def _moment(at: float) -> str:
    text = datetime.fromtimestamp(at, tz=UTC).isoformat(timespec="milliseconds")
    return re.sub(r"\+00:00$", "Z", text)
