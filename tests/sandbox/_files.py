"""The file host: signed addresses that need no key, and refuse one as S3 does."""

from typing import Final

from aiohttp import BodyPartReader, hdrs, web

from tests.sandbox._core import Core
from tests.sandbox._films import MIME, output
from tests.sandbox._jobs import Picture
from tests.sandbox._serving import send_big, send_bytes, send_output
from tests.sandbox._uploads import Upload

KEY_HEADERS: Final = ("Authorization", "x-api-key", "x-goog-api-key", "api-key")


def routes(core: Core) -> web.Application:
    """Make the application that answers below `/files`."""
    app = web.Application()
    host = _Host(core)
    app.router.add_get("/big", host.big)
    app.router.add_put("/up/{vendor}/{upload}", host.put)
    app.router.add_post("/up/{vendor}/{upload}", host.post)
    app.router.add_get("/up/{vendor}/{upload}", host.uploaded)
    app.router.add_get("/{vendor}/{job}/{name}", host.output)
    return app


def upload_path(upload: Upload) -> str:
    """Give the path to sign for an upload's bytes."""
    return f"/files/up/{upload.vendor}/{upload.id}"


class _Host:
    def __init__(self, core: Core) -> None:
        self._core = core

    async def big(self, request: web.Request) -> web.StreamResponse:
        return await send_big(request, int(request.query["bytes"]))

    async def output(self, request: web.Request) -> web.StreamResponse:
        if refused := self._refused(request):
            return refused
        vendor, job_id = request.match_info["vendor"], request.match_info["job"]
        if job_id == "shared":
            form = request.match_info["name"].rpartition(".")[2]
            film = output(Picture(form=form), vendor=vendor, job_id="shared", burn=False)
            return send_bytes(request, film, MIME[form])
        job = self._core.job(vendor, job_id)
        if job is None or not job.has_output:
            return _xml(404, "NoSuchKey", "The specified key does not exist.")
        number, _, form = request.match_info["name"].partition(".")  # signed, so well-formed
        return await send_output(self._core, request, job, number=int(number), form=form)

    async def put(self, request: web.Request) -> web.Response:
        upload = self._upload(request)
        if isinstance(upload, web.Response):
            return upload
        if request.content_type != upload.mime:
            return _xml(403, "SignatureDoesNotMatch", "The Content-Type was signed otherwise.")
        upload.data = await request.read()
        return web.Response()

    async def post(self, request: web.Request) -> web.Response:
        upload = self._upload(request)
        if isinstance(upload, web.Response):
            return upload
        sent: dict[str, str] = {}
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                return _xml(400, "MalformedPOSTRequest", "The parts may not be nested.")
            if part.name != "file":
                sent[str(part.name)] = await part.text()
                continue
            if sent != upload.facts["fields"]:
                return _xml(403, "AccessDenied", "Invalid according to Policy.")
            upload.data = bytes(await part.read())
            upload.mime = part.headers.get(hdrs.CONTENT_TYPE, upload.mime)
        if upload.data is None:
            return _xml(400, "InvalidArgument", "POST requires exactly one file upload.")
        return web.Response(status=204)

    async def uploaded(self, request: web.Request) -> web.Response:
        upload = self._upload(request)
        if isinstance(upload, web.Response):
            return upload
        if upload.data is None:
            return _xml(404, "NoSuchKey", "The specified key does not exist.")
        return send_bytes(request, upload.data, upload.mime)

    def _upload(self, request: web.Request) -> Upload | web.Response:
        if refused := self._refused(request):
            return refused
        names = request.match_info["vendor"], request.match_info["upload"]
        found = self._core.uploads.get(*names)
        return found or _xml(404, "NoSuchKey", "The specified key does not exist.")

    def _refused(self, request: web.Request) -> web.Response | None:
        if any(name in request.headers for name in KEY_HEADERS):
            text = "Only one auth mechanism allowed; only the signed query may be sent."
            return _xml(400, "InvalidArgument", text)
        query = request.query
        if not self._core.links.allows(
            request.path, query.get("expires", ""), query.get("token", "")
        ):
            return _xml(403, "AccessDenied", "Request has expired.")
        return None


def _xml(status: int, code: str, message: str) -> web.Response:
    text = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return web.Response(status=status, text=text, content_type="application/xml")
