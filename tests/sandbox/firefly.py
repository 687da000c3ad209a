"""Adobe Firefly Services: film and stills as jobs that are followed by the addresses given."""

import json
import uuid
from typing import Final, TypeVar, cast

from aiohttp import web

from tests.sandbox._answers import Refusal, RefusedError, Vendor
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault, Stage
from tests.sandbox._firefly_rules import (
    SECONDS,
    UPLOAD_BYTES,
    UPLOAD_TYPES,
    Image4,
    Image5,
    Source,
    Video,
)
from tests.sandbox._firefly_token import Tokens
from tests.sandbox._jobs import Job, Json, Order, Picture, State
from tests.sandbox._strict import Strict, WrongError, read
from tests.sandbox._uploads import Upload

_LIMITED: Json = {"error_code": "rate_limited"}
VENDOR = Vendor(
    "firefly",
    refusals={
        Fault.MODERATION: Refusal(
            451, {"error_code": "prompt_unsafe", "message": "The prompt is not allowed."}
        ),
        Fault.BAD_INPUT: Refusal(
            422,
            {
                "error_code": "validation_error",
                "validation_errors": [
                    {"loc": ["body", "sizes"], "msg": "invalid", "type": "value_error"}
                ],
            },
        ),
        Fault.OUT_OF_CREDIT: Refusal(
            403, {"error_code": "access_error"}, {"x-access-error": "quota_exhausted"}
        ),
        Fault.AUTH: Refusal(
            403, {"error_code": "access_error"}, {"x-access-error": "user_non_entitled"}
        ),
        Fault.RATE_LIMIT: Refusal(429, _LIMITED, {"x-access-rate-limit-level": "org"}),
        Fault.CONCURRENCY: Refusal(429, _LIMITED, {"x-access-rate-limit-level": "account"}),
        Fault.SERVER_ERROR: Refusal(500, {"error_code": "runtime_error"}),
        Fault.UNAVAILABLE: Refusal(503, {"error_code": "service_unavailable"}),
        Fault.ERROR_IN_200: Refusal(200, {"error_code": "runtime_error", "message": "Failed."}),
    },
    failures={
        Fault.MODERATION_OUTPUT: {
            "status": "failed",
            "error_code": "video_unsafe",
            "message": "The generated video is not allowed.",
        },
        Fault.ENGINE: {
            "status": "failed",
            "error_code": "runtime_error",
            "message": "The video could not be generated.",
        },
        Fault.TRANSIENT: {
            "status": "timeout",
            "error_code": "timeout_error",
            "message": "The job took too long.",
        },
    },
    codes={
        code: {"status": "failed", "error_code": code, "message": "The content is not allowed."}
        for code in (
            *("prompt_unsafe", "prompt_entity_denied", "image_unsafe", "video_unsafe"),
            *("reference_image_unsafe_error", "input_media_unsafe", "legal_error"),
        )
    },
    link_seconds=3600.0,
)
OTHER_HOST: Final = "epo852211"
"""What stands for the other host that status and cancel addresses lead to."""
_SEED = 1_842_533_538
_Asked = TypeVar("_Asked", bound=Strict)


def routes(desk: Desk) -> web.Application:
    """Make the application."""
    app = web.Application(client_max_size=2 * UPLOAD_BYTES)
    tokens = Tokens(desk)
    firefly = _Firefly(desk, tokens)
    for prefix in ("", "/__ims"):
        app.router.add_post(f"{prefix}/ims/token/v3", tokens.grant)
    app.router.add_post("/v2/storage/image", firefly.upload)
    app.router.add_post("/v3/videos/generate", firefly.video)
    app.router.add_post("/v3/images/generate-async", firefly.image4)
    app.router.add_post("/v4/images/generate-async", firefly.image5)
    app.router.add_post("/v3/images/generate", _removed)
    for prefix in ("", f"/{OTHER_HOST}"):
        app.router.add_get(f"{prefix}/v3/status/{{id}}", firefly.status)
        app.router.add_put(f"{prefix}/v3/cancel/{{id}}", firefly.cancel)
    return app


class _Firefly:
    def __init__(self, desk: Desk, tokens: Tokens) -> None:
        self._desk = desk
        self._tokens = tokens

    async def upload(self, request: web.Request) -> web.Response:
        """Keep a picture for seven days."""
        self._tokens.check(request)
        self._desk.meet(request, Stage.UPLOAD)
        if request.content_type not in UPLOAD_TYPES:
            raise _no(415, "unsupported_media_type", f"{request.content_type} is not supported.")
        data = await request.read()
        if not data:
            raise _no(400, "empty_input_body", "The body is empty.")
        if len(data) > UPLOAD_BYTES:
            raise _no(413, "payload_too_large", "The image is larger than 15 MB.")
        kept = Upload(
            vendor=VENDOR.name,
            id=str(uuid.uuid4()),
            name="",
            mime=request.content_type,
            data=data,
        )
        return web.json_response({"images": [{"id": self._desk.core.uploads.add(kept).id}]})

    async def video(self, request: web.Request) -> web.Response:
        """Take an order for a film of five seconds."""
        self._tokens.check(request)
        _check_model(request, {"video1_standard"})
        raw = await _json(request)
        asked = _checked(Video, raw)
        self._check_sources(asked.sources)
        picture = Picture(*asked.size, SECONDS)
        return self._placed(request, _order(request, asked.prompt or "", raw=raw, picture=picture))

    async def image4(self, request: web.Request) -> web.Response:
        """Take an order for stills of the models before Image 5."""
        self._tokens.check(request)
        _check_model(request, {"", "image3", "image3_custom", "image4_standard", "image4_ultra"})
        raw = await _json(request)
        asked = _checked(Image4, raw)
        self._check_sources(asked.sources)
        picture = Picture(*asked.size, form="png")
        order = _order(
            request, asked.prompt, raw=raw, picture=picture, outputs=asked.num_variations
        )
        return self._placed(request, order)

    async def image5(self, request: web.Request) -> web.Response:
        """Take an order for a still of Image 5, whose answer has another shape."""
        self._tokens.check(request)
        _check_model(request, {"image5"})
        raw = await _json(request)
        asked = _checked(Image5, raw)
        self._check_sources(asked.sources)
        picture = Picture(*asked.size, form="png")
        job = self._desk.accept(request, _order(request, asked.prompt, raw=raw, picture=picture))
        links = {"result": {"href": _status_url(request, job)}}
        links["cancel"] = {"href": _cancel_url(request, job)}
        return web.json_response({"links": links, "progress": 0})

    async def status(self, request: web.Request) -> web.Response:
        """Tell what became of a job."""
        return web.json_response(self._shown(self._found(request)))

    async def cancel(self, request: web.Request) -> web.Response:
        """Stop a job; 410 where it is over."""
        job = self._found(request)
        if not self._desk.cancel(job):
            raise _no(410, "job_finished", "The job is over.")
        return web.Response()

    def _placed(self, request: web.Request, order: Order) -> web.Response:
        job = self._desk.accept(request, order)
        status = _status_url(request, job)
        body = {"jobId": job.id, "statusUrl": status, "cancelUrl": _cancel_url(request, job)}
        return web.json_response(body, status=202, headers={"Link": f"<{status}>; rel=status"})

    def _found(self, request: web.Request) -> Job:
        self._tokens.check(request)
        job = self._desk.look(request, request.match_info["id"])
        if job is None:
            raise RefusedError(Refusal(404, {"error_code": "unknown_job_id"}))
        return job

    def _shown(self, job: Job) -> Json:
        shown: Json = {"status": "rehearsing" if job.is_odd else "", "jobId": job.id}
        match job.state:
            case _ if job.is_odd:
                return shown
            case State.QUEUED:
                return {**shown, "status": "pending"}
            case State.RUNNING:
                return {**shown, "status": "running", "progress": round(job.progress * 100)}
            case State.CANCELED:
                is_film = job.order.picture.form == "mp4"
                return {**shown, "status": "cancelled" if is_film else "canceled"}
            case State.FAILED:
                return {**shown, **self._desk.failure(job)}
            case State.SUCCEEDED:
                return {**shown, "status": "succeeded", "result": self._result(job)}

    def _result(self, job: Job) -> Json:
        picture, request = job.order.picture, job.order.request
        kind = "video" if picture.form == "mp4" else "image"
        seeds = request.get("seeds") or [_SEED + number for number in range(job.order.outputs)]
        outputs = [
            {"seed": seed, kind: {"url": self._desk.link(job, number)}}
            for number, seed in enumerate(seeds)
        ]
        result: Json = {
            "size": {"width": picture.width, "height": picture.height},
            "outputs": outputs if job.has_output else [],
        }
        if "contentClass" in request:
            result["contentClass"] = request["contentClass"]
        return result

    def _check_sources(self, sources: list[Source]) -> None:
        for source in sources:
            known = self._desk.core.uploads.get(VENDOR.name, str(source.upload_id))
            if source.upload_id is not None and known is None:
                raise _invalid(["body", "uploadId"], "unknown uploadId")


async def _removed(_: web.Request) -> web.Response:
    """Answer as the routes do that Adobe removed on 2025-10-03."""
    return web.json_response({"error_code": "not_found"}, status=404)


async def _json(request: web.Request) -> Json:
    if request.content_type != "application/json":
        raise _no(415, "invalid_content_type", "The content type must be application/json.")
    try:
        raw = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _no(400, "bad_request", "The body is no JSON.") from error
    if not isinstance(raw, dict):
        raise _no(400, "bad_request", "The body is no JSON object.")
    return cast("Json", raw)


def _checked(kind: type[_Asked], raw: Json) -> _Asked:
    try:
        return read(kind, raw)
    except WrongError as error:
        first = error.problems[0]
        raise _invalid(["body", *first["loc"]], first["msg"], kind=first["type"]) from error


def _check_model(request: web.Request, known: set[str]) -> None:
    if request.headers.get("x-model-version", "") not in known:
        raise _invalid(["header", "x-model-version"], "value is not a valid enumeration member")


def _order(
    request: web.Request, prompt: str, *, raw: Json, picture: Picture, outputs: int = 1
) -> Order:
    return Order(
        model=request.headers.get("x-model-version", "image3"),
        prompt=prompt,
        request=raw,
        picture=picture,
        outputs=outputs,
        cost=1.0,
        job_id=f"urn:ff:jobs:eso851211:{uuid.uuid4()}",
    )


def _status_url(request: web.Request, job: Job) -> str:
    return f"{request.url.origin()}/{VENDOR.name}/{OTHER_HOST}/v3/status/{job.id}"


def _cancel_url(request: web.Request, job: Job) -> str:
    return f"{request.url.origin()}/{VENDOR.name}/{OTHER_HOST}/v3/cancel/{job.id}"


def _no(status: int, code: str, message: str) -> RefusedError:
    return RefusedError(Refusal(status, {"error_code": code, "message": message}))


def _invalid(where: list[str | int], text: str, *, kind: str = "value_error") -> RefusedError:
    problem = {"loc": where, "msg": text, "type": kind}
    body: Json = {"error_code": "validation_error", "validation_errors": [problem]}
    return RefusedError(Refusal(422, body))
