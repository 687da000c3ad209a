"""The Videos API as OpenAI had it until 2026-09-24; servers that copy it override what differs."""

import io
import uuid
from abc import ABC, abstractmethod

from aiohttp import web
from aiohttp.typedefs import Handler
from PIL import Image

from tests.sandbox._answers import Refusal, RefusedError
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault
from tests.sandbox._films import MIME, output
from tests.sandbox._jobs import Job, Json, Order, Picture, State
from tests.sandbox._openai_form import Form, read_form
from tests.sandbox._serving import send_bytes, send_output

MAX_BODY = 256 * 1024**2
_STATUS = {
    State.QUEUED: "queued",
    State.RUNNING: "in_progress",
    State.SUCCEEDED: "completed",
    State.FAILED: "failed",
    State.CANCELED: "failed",
}
_KEPT_SECONDS = 86_400
_PAGE = 100


@web.middleware
async def fastapi_manners(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say that there is no such route as FastAPI does."""
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
        return web.json_response({"detail": error.reason}, status=error.status)


class Videos(ABC):
    """Create, look, list, fetch and delete. Every way of saying no is a method of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def add_to(self, app: web.Application, prefix: str = "/v1") -> None:
        """Add the routes that every dialect has."""
        app.router.add_post(f"{prefix}/videos", self.create)
        app.router.add_get(f"{prefix}/videos", self.index)
        app.router.add_get(f"{prefix}/videos/{{id}}", self.get)
        app.router.add_get(f"{prefix}/videos/{{id}}/content", self.content)

    def check(self, request: web.Request) -> None:
        """Let nobody in without the key."""
        if request.headers.get("Authorization") != f"Bearer {self.desk.key}":
            raise RefusedError(self.unauthorized())

    def unauthorized(self) -> Refusal:
        """Say that the key is wrong."""
        return Refusal(401, error_body("Incorrect API key provided", code="invalid_api_key"))

    def bad(self, message: str, param: str | None = None) -> RefusedError:
        """Say that the request is wrong, and where."""
        body = error_body(message, param=param, code="invalid_value" if param else None)
        return RefusedError(Refusal(400, body))

    def missing(self, video_id: str) -> RefusedError:
        """Say that there is no such video."""
        return RefusedError(Refusal(404, error_body(f"Video with id '{video_id}' not found.")))

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Take an order."""
        self.check(request)
        form = await read_form(request, no=self.bad)
        self.judge(form)
        return web.json_response(self.shown(self.placed(request, form)))

    @abstractmethod
    def judge(self, form: Form) -> None:
        """Raise what is wrong with an order."""

    def placed(self, request: web.Request, form: Form, **facts: object) -> Job:
        """Accept an order that was judged."""
        job = self.desk.accept(request, self.order(form))
        job.facts.update(facts)
        return job

    def order(self, form: Form) -> Order:
        """Read an order that was judged."""
        size, seconds = self.size(form), self.seconds(form)
        width, height = (int(side) for side in size.split("x"))
        files = {name: f"{file.name} ({len(file.data)} bytes)" for name, file in form.files.items()}
        return Order(
            model=form.text("model") or self.model,
            prompt=form.text("prompt") or "",
            request={**form.fields, **files},
            picture=Picture(width, height, float(seconds)),
            job_id=self.new_id(),
            cost=float(seconds),
        )

    model = "sora-2"

    def size(self, form: Form) -> str:
        """Give the size that was asked for, or the usual one."""
        return form.text("size") or "720x1280"

    def seconds(self, form: Form) -> str:
        """Give the length that was asked for, or the usual one."""
        return form.text("seconds") or "4"

    def new_id(self) -> str:
        """Make an id as this server does."""
        return f"video_{uuid.uuid4().hex}{uuid.uuid4().hex[:16]}"

    def found(self, request: web.Request) -> Job:
        """Find the job of a request."""
        self.check(request)
        job = self.desk.look(request, request.match_info["id"])
        if job is None:
            raise self.missing(request.match_info["id"])
        return job

    async def get(self, request: web.Request) -> web.Response:
        """Tell what became of a job."""
        return web.json_response(self.shown(self.found(request)))

    def shown(self, job: Job) -> Json:
        """Write the video object."""
        done = job.state is State.SUCCEEDED
        shown: Json = {
            "id": job.id,
            "object": "video",
            "model": job.order.model,
            "created_at": int(job.created_at),
            "status": "rehearsing" if job.is_odd else _STATUS[job.state],
            "progress": 100 if done else round(job.progress * 100),
            "seconds": f"{job.order.picture.seconds:.0f}",
            "size": f"{job.order.picture.width}x{job.order.picture.height}",
        }
        if source := job.facts.get("remixed_from"):
            shown["remixed_from_video_id"] = source
        if job.state is State.FAILED:
            shown["error"] = self.desk.failure(job)
        if done:
            shown["completed_at"] = int(job.created_at + job.ends - job.started)
            shown["expires_at"] = int(job.created_at) + _KEPT_SECONDS
        return shown

    async def index(self, request: web.Request) -> web.Response:
        """List jobs, newest first unless asked otherwise, a page at a time."""
        self.check(request)
        jobs = list(self.desk.jobs.values())
        if request.query.get("order", "desc") == "desc":
            jobs.reverse()
        if after := request.query.get("after"):
            ids = [job.id for job in jobs]
            if after not in ids:
                raise self.bad(f"Invalid value: '{after}'.", "after")
            jobs = jobs[ids.index(after) + 1 :]
        limit = int(request.query.get("limit", "20"))
        if not 1 <= limit <= _PAGE:
            raise self.bad(f"Invalid value: '{limit}'.", "limit")
        return web.json_response(self.page(jobs[:limit], has_more=len(jobs) > limit))

    def page(self, jobs: list[Job], *, has_more: bool) -> Json:
        """Write a page of the list."""
        return {
            "object": "list",
            "data": [self.shown(job) for job in jobs],
            "first_id": jobs[0].id if jobs else None,
            "last_id": jobs[-1].id if jobs else None,
            "has_more": has_more,
        }

    async def content(self, request: web.Request) -> web.StreamResponse:
        """Send the film, its thumbnail or its sheet of frames."""
        job = self.found(request)
        if not job.has_output:
            text = "Video is not ready yet, use GET /v1/videos/{video_id} to check status."
            raise RefusedError(Refusal(404, error_body(text)))
        variant = request.query.get("variant", "video")
        if variant not in {"video", "thumbnail", "spritesheet"}:
            raise self.bad(f"Invalid value: '{variant}'.", "variant")
        if variant == "video":
            return await send_output(self.desk.core, request, job)
        picture = Picture(job.order.picture.width, job.order.picture.height, form="jpg")
        still = output(picture, vendor=job.vendor, job_id=job.id, burn=False)
        if variant == "spritesheet":
            return send_bytes(request, still, MIME["jpg"])
        return send_bytes(request, _webp(still), "image/webp")


def _webp(still: bytes) -> bytes:
    file = io.BytesIO()
    Image.open(io.BytesIO(still)).save(file, "WEBP")
    return file.getvalue()


def error_body(
    message: str,
    *,
    kind: str = "invalid_request_error",
    param: str | None = None,
    code: str | None = None,
) -> Json:
    """Word an error as OpenAI does."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


REFUSALS = {
    Fault.MODERATION: Refusal(
        400,
        error_body(
            "Your request was blocked by our moderation system.",
            kind="image_generation_user_error",
            code="moderation_blocked",
        ),
    ),
    Fault.BAD_INPUT: Refusal(
        400, error_body("Invalid value: '5'.", param="seconds", code="invalid_value")
    ),
    Fault.OUT_OF_CREDIT: Refusal(
        429,
        error_body(
            "You exceeded your current quota, please check your plan and billing details.",
            kind="insufficient_quota",
            code="insufficient_quota",
        ),
    ),
    Fault.AUTH: Refusal(401, error_body("Incorrect API key provided", code="invalid_api_key")),
    Fault.RATE_LIMIT: Refusal(
        429,
        error_body("Rate limit reached", kind="requests", code="rate_limit_exceeded"),
        {"x-ratelimit-remaining-requests": "0"},
    ),
    Fault.RETIRED: Refusal(
        404,
        error_body(
            "The model does not exist or you do not have access to it.", code="model_not_found"
        ),
    ),
    Fault.SERVER_ERROR: Refusal(
        500,
        error_body("The server had an error while processing your request.", kind="server_error"),
    ),
    Fault.UNAVAILABLE: Refusal(
        503, error_body("overloaded", kind="server_error", code="server_overloaded")
    ),
    Fault.ERROR_IN_200: Refusal(
        200, error_body("The server had an error.", kind="server_error", code="server_error")
    ),
}
FAILURES: dict[Fault, Json] = {
    Fault.MODERATION_OUTPUT: {
        "code": "moderation_blocked",
        "message": "The generated video was blocked by our moderation system.",
    },
    Fault.ENGINE: {"code": "video_generation_failed", "message": "Video generation failed."},
    Fault.TRANSIENT: {"code": "server_error", "message": "The server had an error. Try again."},
    Fault.BAD_ASSET: {"code": "invalid_input_reference", "message": "The image is not readable."},
}
