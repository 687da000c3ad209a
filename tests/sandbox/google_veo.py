"""Vertex: Veo by long-running operations, Omni by interactions, and Cloud Storage beside them."""

import base64
import json
import re
import uuid
from pathlib import Path

from aiohttp import web

from tests.sandbox._answers import Vendor
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault, Stage
from tests.sandbox._google import REFUSALS, body_of, no, refuse, shown_model
from tests.sandbox._google_tokens import Tokens, service_account
from tests.sandbox._interactions import FAILURES as INTERACTION_FAILURES
from tests.sandbox._interactions import Interactions
from tests.sandbox._jobs import Job, Json, Order, Picture, State
from tests.sandbox._omni_rules import MODELS as OMNI_MODELS
from tests.sandbox._omni_rules import Interaction
from tests.sandbox._serving import film_bytes, send_bytes, send_output
from tests.sandbox._strict import Strict
from tests.sandbox._uploads import Upload
from tests.sandbox._veo_rules import BUCKET, MODELS, Prediction, fault

_UNSAFE = (
    "The prompt could not be submitted. It contains words that violate the usage guidelines of"
    " Vertex AI. Rephrase the prompt. Support codes: 58061214"
)
_FILTERED = "The video was filtered because of the usage guidelines. Support codes: 17301594"
_SUPPORT = "The prompt could not be submitted. It violates the usage guidelines. Support codes:"
_SUPPORT_CODES = ("58061214", "17301594", "29310472", "15236754")
_GRPC = {
    4: "Deadline exceeded.",
    5: "The input object was not found.",
    7: "The service account may not write into the bucket.",
    8: "Resource exhausted. Please try again later.",
    13: "Internal error. Please try again later.",
}


def _failed(code: int, message: str) -> Json:
    """Word a failed job for both APIs that answer here."""
    return {**INTERACTION_FAILURES[Fault.ENGINE], "grpc": {"code": code, "message": message}}


VENDOR = Vendor(
    "google_veo",
    refusals={
        **REFUSALS,
        Fault.OUT_OF_CREDIT: no(
            403,
            "This API method requires billing to be enabled. Please enable billing on project.",
            reason="BILLING_DISABLED",
        ),
    },
    failures={
        kind: {**INTERACTION_FAILURES[kind], "grpc": {"code": code, "message": message}}
        for kind, code, message in (
            (Fault.MODERATION, 3, _UNSAFE),
            (Fault.MODERATION_OUTPUT, 3, _FILTERED),
            (Fault.BAD_ASSET, 3, "The image could not be processed."),
            (Fault.ENGINE, 9, "The video could not be generated."),
            (Fault.TRANSIENT, 14, "The service is currently unavailable. Please try again."),
        )
    },
    codes={
        **{code: _failed(3, f"{_SUPPORT} {code}") for code in _SUPPORT_CODES},
        **{f"grpc.{code}": _failed(code, text) for code, text in _GRPC.items()},
    },
)
_MAX_BODY = 256 * 1024**2
_MODEL = "/projects/{project}/locations/{location}/publishers/google/models/{model}"
_OPERATION = re.compile(
    r"projects/[^/]+/locations/[^/]+/publishers/google/models/[^/]+/operations/"
)
_TYPE = "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse"


def routes(desk: Desk) -> web.Application:
    """Make the application; both API versions answer alike."""
    app = web.Application(client_max_size=_MAX_BODY)
    tokens, bucket = Tokens(desk), _Buckets(desk)
    app.router.add_post("/token", tokens.grant)
    veo = _Veo(desk, tokens, bucket)
    omni = Interactions(desk, check=tokens.check, store=bucket.store, knows_uri=_is_in_a_bucket)
    for version in ("v1", "v1beta1"):
        app.router.add_get(f"/{version}/publishers/google/models/{{model}}", veo.model)
        app.router.add_post(f"/{version}{_MODEL}:predictLongRunning", veo.submit)
        app.router.add_post(f"/{version}{_MODEL}:fetchPredictOperation", veo.poll)
        omni.add_to(
            app, f"/{version}/projects/{{project}}/locations/{{location}}", on_platform=True
        )
    files = _Storage(desk, tokens)
    app.router.add_get("/storage/v1/b/{bucket}/o/{object}", files.get)
    app.router.add_post("/upload/storage/v1/b/{bucket}/o", files.put)
    return app


def write_service_account(folder: Path, url: str, *, project: str = "my-project") -> Path:
    """Write the key file of a service account whose tokens come from the sandbox.

    `url` is `sandbox.url("google_veo")`.
    """
    path = folder / "service-account.json"
    path.write_text(json.dumps(service_account(project, f"{url}/token")))
    return path


class _Poll(Strict):
    operationName: str  # noqa: N815 - Google's word; one field is no reason for an alias


class _Veo:
    """Operations."""

    def __init__(self, desk: Desk, tokens: Tokens, buckets: "_Buckets") -> None:
        self._desk = desk
        self._tokens = tokens
        self._buckets = buckets

    async def submit(self, request: web.Request) -> web.Response:
        """Take an order."""
        self._tokens.check(request)
        model, path = request.match_info["model"], _model_path(request)
        if model not in MODELS:
            raise refuse(404, f"Publisher Model `{path}` was not found or access is missing.")
        asked, raw = await body_of(request, Prediction)
        if text := fault(asked):
            raise refuse(400, text)
        width, height = asked.parameters.size
        order = Order(
            model=model,
            prompt=asked.shot.prompt or "",
            request=raw,
            picture=Picture(width, height, asked.seconds),
            cost=asked.seconds * MODELS[model] * asked.parameters.sample_count,
            outputs=asked.parameters.sample_count,
            job_id=f"{path}/operations/{uuid.uuid4()}",
        )
        job = self._desk.accept(request, order)
        job.facts["storage"] = asked.parameters.storage_uri
        return web.json_response({"name": job.id})

    async def model(self, request: web.Request) -> web.Response:
        """Show a model, whosever it is."""
        self._tokens.check(request)
        return shown_model(request, {*MODELS, *OMNI_MODELS, "gemini-omni-1.1-flash-preview"})

    async def poll(self, request: web.Request) -> web.Response:
        """Tell what became of an operation."""
        self._tokens.check(request)
        name = (await body_of(request, _Poll))[0].operationName
        if not _OPERATION.match(name):
            raise refuse(400, f"Invalid operation name: {name}.")
        if not name.startswith(f"{_model_path(request)}/"):
            raise refuse(400, "The operation belongs to another model.")
        job = self._desk.look(request, name)
        if job is None:
            raise refuse(404, f"Operation {name} was not found.")
        return web.json_response(await self._shown(request, job))

    async def _shown(self, request: web.Request, job: Job) -> Json:
        shown: Json = {"name": job.id, "done": job.is_over}
        if job.failure is Fault.MODERATION_OUTPUT and job.state is State.FAILED:
            shown["response"] = {
                "@type": _TYPE,
                "raiMediaFilteredCount": job.order.outputs,
                "raiMediaFilteredReasons": [_FILTERED] * job.order.outputs,
            }
        elif job.state is State.FAILED:
            shown["error"] = self._desk.failure(job)["grpc"]
        elif job.state is State.SUCCEEDED:
            videos = [await self._video(request, job, n) for n in range(job.order.outputs)]
            shown["response"] = {
                "@type": _TYPE,
                "raiMediaFilteredCount": 0,
                "videos": videos if job.has_output else [],
            }
        if job.is_odd:
            shown["metadata"] = {"state": "REHEARSING"}
        return shown

    async def _video(self, request: web.Request, job: Job, number: int) -> Json:
        if job.facts["storage"]:
            uri = self._buckets.store(request, job, number)
            return {"gcsUri": uri, "mimeType": "video/mp4"}
        data = base64.b64encode(await film_bytes(self._desk.core, job)).decode()
        return {"bytesBase64Encoded": data, "mimeType": "video/mp4"}


class _Buckets:
    """Where outputs lie: one name for each job, under the folder that the order named."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def store(self, _: web.Request, job: Job, number: int = 0) -> str:
        """Put a film under its name and give its gs:// address."""
        folder = _folder(job).rstrip("/")
        name = job.id.rpartition("/")[2]
        if Fault.SAME_OUTPUT in job.faults:
            name = "shared"
        uri = f"{folder}/{name}/sample_{number}.mp4"
        kept = Upload(vendor=VENDOR.name, id=uri, name=uri, mime="video/mp4", facts={"job": job})
        self._desk.core.uploads.add(kept)
        return uri


class _Storage:
    """The JSON API of Cloud Storage, as far as films need it. It wants the token, too."""

    def __init__(self, desk: Desk, tokens: Tokens) -> None:
        self._desk = desk
        self._tokens = tokens

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Show an object, or, with `alt=media`, send it."""
        self._tokens.check(request)
        uri = f"gs://{request.match_info['bucket']}/{request.match_info['object']}"
        kept = self._desk.core.uploads.get(VENDOR.name, uri)
        if kept is None:
            raise refuse(404, f"No such object: {uri.removeprefix('gs://')}")
        if request.query.get("alt") != "media":
            return web.json_response(_object(kept))
        if kept.data is not None:
            return send_bytes(request, kept.data, kept.mime)
        return await send_output(self._desk.core, request, kept.facts["job"])

    async def put(self, request: web.Request) -> web.Response:
        """Keep an object: `?uploadType=media&name=`."""
        self._tokens.check(request)
        self._desk.meet(request, Stage.UPLOAD)
        name = request.query.get("name")
        if request.query.get("uploadType") != "media" or not name:
            raise refuse(400, "Required: uploadType=media and name.")
        uri = f"gs://{request.match_info['bucket']}/{name}"
        kept = Upload(
            vendor=VENDOR.name,
            id=uri,
            name=uri,
            mime=request.content_type,
            data=await request.read(),
        )
        return web.json_response(_object(self._desk.core.uploads.add(kept)))


def _folder(job: Job) -> str:
    asked: Interaction | None = job.facts.get("asked")
    return str(asked.response_format.gcs_uri if asked else job.facts["storage"])


def _is_in_a_bucket(uri: str) -> bool:
    return BUCKET.fullmatch(uri) is not None


def _object(kept: Upload) -> Json:
    found = BUCKET.fullmatch(kept.id)
    assert found is not None
    size = {} if kept.data is None else {"size": str(len(kept.data))}
    return {
        "kind": "storage#object",
        "bucket": found["bucket"],
        "name": found["name"],
        "contentType": kept.mime,
        **size,
    }


def _model_path(request: web.Request) -> str:
    return _MODEL.format(**request.match_info).removeprefix("/")
