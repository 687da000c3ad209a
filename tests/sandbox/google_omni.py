"""The Gemini API with an API key: Omni by the Interactions API, and the Files API."""

import hashlib
import re
import secrets
import time
from typing import Annotated

from aiohttp import web
from pydantic import Field

from tests.sandbox._answers import Vendor
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault, Stage
from tests.sandbox._google import REFUSALS, body_of, check_api_key, refuse, shown_model
from tests.sandbox._interactions import FAILURES, Interactions
from tests.sandbox._jobs import Job, Json
from tests.sandbox._omni_rules import MODELS
from tests.sandbox._serving import send_output
from tests.sandbox._strict import Strict
from tests.sandbox._uploads import Upload

VENDOR = Vendor("google_omni", refusals=REFUSALS, failures=FAILURES, link_seconds=48 * 3600.0)
MAX_UPLOAD = 2 * 1024**3
_FILE = re.compile(r".*/files/(?P<id>[a-z0-9-]+)$")
_PROCESSING_SHARE = 0.3
"""How much of a job's usual time an uploaded film is looked over before it may be used."""


def routes(desk: Desk) -> web.Application:
    """Make the application; both API versions answer alike."""
    app = web.Application(client_max_size=MAX_UPLOAD)
    files = _Files(desk)
    jobs = Interactions(
        desk,
        check=lambda request: check_api_key(desk, request),
        store=files.store,
        knows_uri=files.is_ready,
    )

    async def model(request: web.Request) -> web.Response:
        check_api_key(desk, request)
        return shown_model(request, MODELS)

    for version in ("v1", "v1beta"):
        app.router.add_get(f"/{version}/models/{{model}}", model)
        jobs.add_to(app, f"/{version}", on_platform=False)
        app.router.add_post(f"/upload/{version}/files", files.start)
        app.router.add_get(f"/{version}/files/{{id}}:download", files.download)
        app.router.add_get(f"/{version}/files/{{id}}", files.get)
        app.router.add_delete(f"/{version}/files/{{id}}", files.delete)
    app.router.add_post("/upload-session/{id}", files.finish)
    return app


class _Named(Strict):
    mime_type: Annotated[str, Field(min_length=3)] | None = None
    size_bytes: int | str | None = None
    name: Annotated[str, Field(pattern=r"^files/[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$")] | None = None
    display_name: Annotated[str, Field(max_length=512)] | None = None


class _Start(Strict):
    file: _Named = _Named()


class _Files:
    """Uploads and outputs, by the same kind of name."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def store(self, request: web.Request, job: Job) -> str:
        """Keep a job's film and give its address; one that expires gets a new name each time."""
        core, name = self._desk.core, job.id
        seconds = VENDOR.link_seconds
        if Fault.SAME_OUTPUT in job.faults:
            name = "shared"
        elif Fault.LINK_EXPIRES in job.faults:
            seconds = core.pace.expiring_link_seconds
            name = f"{job.id} {time.monotonic()}"
        file_id = hashlib.sha256(name.encode()).hexdigest()[:12]
        facts: Json = {"job": job, "until": time.monotonic() + seconds}
        kept = Upload(vendor=VENDOR.name, id=file_id, name="", mime="video/mp4", facts=facts)
        core.uploads.add(kept)
        return self._uri(request, file_id)

    def is_ready(self, uri: str) -> bool:
        """Say whether an input's address names a file here that may be used."""
        found = _FILE.match(uri)
        kept = self._desk.core.uploads.get(VENDOR.name, found["id"]) if found else None
        return kept is not None and self._state(kept) == "ACTIVE"

    async def start(self, request: web.Request) -> web.Response:
        """Open a session for an upload."""
        check_api_key(self._desk, request)
        self._desk.meet(request, Stage.UPLOAD)
        if request.headers.get("X-Goog-Upload-Protocol") != "resumable":
            raise refuse(400, "Only resumable uploads are supported.")
        if request.headers.get("X-Goog-Upload-Command") != "start":
            raise refuse(400, "The upload has not been started.")
        named = (await body_of(request, _Start))[0].file if request.can_read_body else _Named()
        mime = request.headers.get("X-Goog-Upload-Header-Content-Type") or named.mime_type
        if not mime:
            raise refuse(400, "A MIME type is required.")
        given = (named.name or "").removeprefix("files/")
        upload = Upload(
            vendor=VENDOR.name,
            id=given or secrets.token_hex(6),
            name=named.display_name or "",
            mime=mime,
            facts={"size": request.headers.get("X-Goog-Upload-Header-Content-Length")},
        )
        self._desk.core.uploads.add(upload)
        url = f"{_host(request)}/upload-session/{upload.id}"
        headers = {"X-Goog-Upload-URL": url, "X-Goog-Upload-Status": "active"}
        return web.json_response({}, headers=headers)

    async def finish(self, request: web.Request) -> web.Response:
        """Take the bytes; the session's address is the permission, so no key is needed."""
        upload = self._desk.core.uploads.get(VENDOR.name, request.match_info["id"])
        if upload is None or upload.data is not None:
            raise refuse(404, "The upload session does not exist or is over.")
        have: bytes = upload.facts.get("part", b"")
        if request.headers.get("X-Goog-Upload-Offset") != str(len(have)):
            raise refuse(400, "The upload offset is wrong.")
        have += await request.read()
        if "finalize" not in request.headers.get("X-Goog-Upload-Command", ""):
            upload.facts["part"] = have
            return web.Response(headers={"X-Goog-Upload-Status": "active"})
        if upload.facts["size"] not in {None, str(len(have))}:
            raise refuse(400, "The uploaded size is not the announced one.")
        upload.data, upload.created_at = have, time.time()
        shown = {"file": self._shown(request, upload)}
        return web.json_response(shown, headers={"X-Goog-Upload-Status": "final"})

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Show a file, or, with `alt=media`, send it."""
        if request.query.get("alt") == "media":
            return await self.download(request)
        return web.json_response(self._shown(request, self._found(request)))

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Send an output; what was uploaded cannot be had back."""
        kept = self._found(request)
        job: Job | None = kept.facts.get("job")
        if job is None:
            raise refuse(400, "The file is not downloadable, because it was uploaded.")
        if request.query.get("alt") != "media":
            raise refuse(400, "alt=media is required.")
        return await send_output(self._desk.core, request, job)

    async def delete(self, request: web.Request) -> web.Response:
        """Forget a file."""
        self._desk.core.uploads.drop(VENDOR.name, self._found(request).id)
        return web.json_response({})

    def _found(self, request: web.Request) -> Upload:
        check_api_key(self._desk, request)
        file_id = request.match_info["id"]
        kept = self._desk.core.uploads.get(VENDOR.name, file_id)
        late = kept is not None and kept.facts.get("until", float("inf")) < time.monotonic()
        if kept is None or late or (kept.data is None and "job" not in kept.facts):
            text = f"You do not have permission to access the File {file_id} or it may not exist."
            raise refuse(403, text)
        return kept

    def _state(self, kept: Upload) -> str:
        wait = self._desk.core.pace.latency * _PROCESSING_SHARE
        is_film = kept.mime.startswith("video/") and "job" not in kept.facts
        return "PROCESSING" if is_film and time.time() < kept.created_at + wait else "ACTIVE"

    def _shown(self, request: web.Request, kept: Upload) -> Json:
        shown: Json = {
            "name": f"files/{kept.id}",
            "uri": self._uri(request, kept.id),
            "mimeType": kept.mime,
            "state": self._state(kept),
            "source": "GENERATED" if "job" in kept.facts else "UPLOADED",
        }
        if kept.data is not None:
            shown["sizeBytes"] = str(len(kept.data))
        if kept.name:
            shown["displayName"] = kept.name
        return shown

    def _uri(self, request: web.Request, file_id: str) -> str:
        return f"{_host(request)}/v1beta/files/{file_id}"


def _host(request: web.Request) -> str:
    return f"{request.url.origin()}/{VENDOR.name}"
