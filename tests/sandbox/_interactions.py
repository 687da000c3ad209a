"""The Interactions API, as it answers on the Gemini API and, with Bearer tokens, on Vertex."""

import asyncio
import base64
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

from aiohttp import web

from tests.sandbox._answers import RefusedError
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault
from tests.sandbox._google import body_of, no, refuse
from tests.sandbox._jobs import Job, Json, Order, Picture, State
from tests.sandbox._omni_rules import CENTS, MODELS, RETIRED, Interaction, fault
from tests.sandbox._serving import film_bytes

Check = Callable[[web.Request], None]
Store = Callable[[web.Request, Job], str]
"""Puts a job's film where its address can be given, and gives it."""

_TOKENS_A_SECOND = 5_800
FAILURES: dict[Fault, Json] = {
    Fault.MODERATION: {
        "status": "failed",
        "code": "https://ai.google.dev/errors/blocked",
        "message": "The request was blocked by safety filters.",
    },
    Fault.MODERATION_OUTPUT: {
        "status": "incomplete",
        "code": "https://ai.google.dev/errors/blocked",
        "message": "The generated video was blocked by safety filters.",
    },
    Fault.OUT_OF_CREDIT: {
        "status": "budget_exceeded",
        "code": "https://ai.google.dev/errors/budget_exceeded",
        "message": "The budget of the project is exceeded.",
    },
    Fault.ENGINE: {
        "status": "failed",
        "code": "https://ai.google.dev/errors/internal",
        "message": "The video could not be generated.",
    },
    Fault.BAD_ASSET: {
        "status": "failed",
        "code": "https://ai.google.dev/errors/invalid_argument",
        "message": "The image could not be processed.",
    },
    Fault.TRANSIENT: {
        "status": "failed",
        "code": "https://ai.google.dev/errors/unavailable",
        "message": "The service is temporarily unavailable.",
    },
}
_STATUS = {
    State.QUEUED: "in_progress",
    State.RUNNING: "in_progress",
    State.SUCCEEDED: "completed",
    State.CANCELED: "cancelled",
}


class Interactions:
    """Create, look at, cancel and delete; `knows_uri` says whether an input's address is ours."""

    def __init__(
        self, desk: Desk, *, check: Check, store: Store, knows_uri: Callable[[str], bool]
    ) -> None:
        self._desk = desk
        self._check = check
        self._store = store
        self._knows_uri = knows_uri

    def add_to(self, app: web.Application, prefix: str, *, on_platform: bool) -> None:
        """Add the routes below a prefix."""

        async def create(request: web.Request) -> web.Response:
            return await self._create(request, on_platform=on_platform)

        app.router.add_post(f"{prefix}/interactions", create)
        app.router.add_get(f"{prefix}/interactions/{{id}}", self._get)
        app.router.add_delete(f"{prefix}/interactions/{{id}}", self._delete)
        app.router.add_post(f"{prefix}/interactions/{{id}}/cancel", self._cancel)

    async def _create(self, request: web.Request, *, on_platform: bool) -> web.Response:
        self._check(request)
        asked, raw = await body_of(request, Interaction)
        self._judge(asked, on_platform=on_platform)
        job = self._desk.accept(request, self._order(asked, raw))
        job.facts["asked"] = asked
        if not asked.background:
            await asyncio.sleep(max(0.0, job.ends - time.monotonic()))
        return web.json_response(await self._shown(request, job))

    def _judge(self, asked: Interaction, *, on_platform: bool) -> None:
        if asked.model not in MODELS:
            gone = "is no longer available" if RETIRED.fullmatch(asked.model) else "is not found"
            raise refuse(404, f"models/{asked.model} {gone}.")
        if text := fault(asked, on_platform=on_platform):
            raise refuse(400, text)
        follows = asked.previous_interaction_id
        if follows is not None and follows not in self._desk.jobs:
            raise refuse(404, f"Interaction {follows} was not found.")
        for part in asked.parts:
            if part.uri is not None and not self._knows_uri(part.uri):
                raise refuse(403, f"You do not have permission to access {part.uri}.")

    def _order(self, asked: Interaction, raw: Json) -> Order:
        form = asked.response_format
        width, height = form.size
        return Order(
            model=asked.model,
            prompt=asked.prompt,
            request=raw,
            picture=Picture(width, height, form.seconds),
            cost=form.seconds * CENTS[form.resolution],
            job_id=f"v1_{secrets.token_urlsafe(18)}",
        )

    def _found(self, request: web.Request) -> Job:
        self._check(request)
        job = self._desk.look(request, request.match_info["id"])
        if job is None or not job.facts["asked"].store:
            raise refuse(404, f"Interaction {request.match_info['id']} was not found.")
        return job

    async def _get(self, request: web.Request) -> web.Response:
        if request.query.get("stream", "false") != "false":
            raise refuse(400, "Streaming is not supported for this model.")
        return web.json_response(await self._shown(request, self._found(request)))

    async def _delete(self, request: web.Request) -> web.Response:
        del self._desk.jobs[self._found(request).id]
        return web.json_response({})

    async def _cancel(self, request: web.Request) -> web.Response:
        job = self._found(request)
        if not self._desk.cancel(job):
            text = "Only an interaction in progress can be cancelled."
            raise RefusedError(no(400, text, status="FAILED_PRECONDITION"))
        return web.json_response(await self._shown(request, job))

    async def _shown(self, request: web.Request, job: Job) -> Json:
        shown: Json = {
            "id": job.id,
            "model": job.order.model,
            "status": _status(job, self._desk),
            "created": _moment(job.created_at),
            "updated": _moment(time.time()),
            "steps": [],
        }
        if job.state is State.FAILED:
            said = self._desk.failure(job)
            shown["errors"] = [{"code": said["code"], "message": said["message"]}]
        if job.state is State.SUCCEEDED:
            shown["object"] = "interaction"
            shown["steps"] = await self._steps(request, job)
            shown["usage"] = {
                "total_tokens": round(job.order.picture.seconds * _TOKENS_A_SECOND) * job.has_output
            }
        return shown

    async def _steps(self, request: web.Request, job: Job) -> list[Json]:
        """Echo the input and show the film; a film that was filtered out leaves no step."""
        asked: Interaction = job.facts["asked"]
        said = [part.model_dump(exclude_none=True) for part in asked.parts]
        steps: list[Json] = [{"type": "user_input", "content": said}]
        if job.has_output:
            film = await self._film(request, job, asked)
            steps.append({"type": "model_output", "content": [film]})
        return steps

    async def _film(self, request: web.Request, job: Job, asked: Interaction) -> Json:
        film: Json = {"type": "video", "mime_type": "video/mp4"}
        if asked.response_format.delivery == "uri":
            return {**film, "uri": self._store(request, job)}
        data = await film_bytes(self._desk.core, job)
        return {**film, "data": base64.b64encode(data).decode()}


def _status(job: Job, desk: Desk) -> str:
    if job.is_odd:
        return "requires_rehearsal"
    return str(desk.failure(job)["status"]) if job.state is State.FAILED else _STATUS[job.state]


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, tz=UTC):%Y-%m-%dT%H:%M:%SZ}"
