"""Where the bytes of files go in and out: upload URLs, private downloads, the page's own."""

from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, web

from tests.workspace import uploads
from tests.workspace.faults import DROPPED
from tests.workspace.hub import Hub
from tests.workspace.records import File
from tests.workspace.webapi._door import hang_up, meet, token_of

_PIECE = 256 * 1024


class FileDoors:
    """The routes of files."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def register(self, app: web.Application) -> None:
        """Open the doors."""
        routes = app.router
        routes.add_post("/upload/v1/{file_id}/{secret}", self.take)
        routes.add_get("/files-pri/{team_file}/{rest:.*}", self.give)
        routes.add_get("/files-tmb/{team_file}/{rest:.*}", self.give_thumb)
        routes.add_get("/signin", sign_in)
        routes.add_get("/_page/files/{file_id}", self.show)
        routes.add_get("/_page/files/{file_id}/thumb", self.show_thumb)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Receive the bytes, raw or as multipart, without holding them in memory."""
        fault = self._hub.faults.due("upload")
        if fault is not None and fault.what != DROPPED:
            return await meet(fault)
        file = self._hub.state.files.get(request.match_info["file_id"])
        if file is None or file.secret != request.match_info["secret"] or file.is_complete:
            raise web.HTTPNotFound(text="no such upload")
        received = await uploads.receive(file, _pieces(request))
        if received != file.size:
            file.path.unlink()
            raise web.HTTPBadRequest(text=f"expected {file.size} bytes, got {received}")
        if fault is not None:
            return hang_up(request)
        return web.Response(text=f"OK - {received}")

    async def give(self, request: web.Request) -> web.StreamResponse:
        """Give a file to the app; without its token, a sign-in page as Slack does."""
        return web.FileResponse(self._private(request).path, headers=_headers(self._file(request)))

    async def give_thumb(self, request: web.Request) -> web.StreamResponse:
        """Give the poster, or for `file.mp4` the video itself."""
        file = self._private(request)
        if request.match_info["rest"].endswith(".mp4"):
            return web.FileResponse(file.path, headers=_headers(file))
        return _thumb(file)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Give a file to the page, with ranges so that a video can be wound."""
        file = self._file(request)
        return web.FileResponse(file.path, headers=_headers(file))

    async def show_thumb(self, request: web.Request) -> web.StreamResponse:
        """Give a poster to the page."""
        return _thumb(self._file(request))

    def _file(self, request: web.Request) -> File:
        file_id = request.match_info.get("file_id") or _file_id(request)
        file = self._hub.state.files.get(file_id)
        if file is None or file.deleted or not file.is_complete:
            raise web.HTTPNotFound
        return file

    def _private(self, request: web.Request) -> File:
        app = self._hub.state.app
        if token_of(request, {}) != app.bot_token or "files:read" not in app.scopes:
            raise web.HTTPFound(f"/signin?redir={request.path}")
        return self._file(request)


async def sign_in(_request: web.Request) -> web.Response:
    """Say what a download without a token gets: a page, with status 200."""
    page = "<!DOCTYPE html><title>Sign in to Slack</title><p>Sign in to see this file."
    return web.Response(text=page, content_type="text/html")


async def _pieces(request: web.Request) -> AsyncIterator[bytes]:
    if not request.content_type.startswith("multipart/"):
        async for piece in request.content.iter_chunked(_PIECE):
            yield piece
        return
    part = await (await request.multipart()).next()
    if isinstance(part, BodyPartReader):
        while piece := await part.read_chunk(_PIECE):
            yield bytes(piece)


def _file_id(request: web.Request) -> str:
    return request.match_info["team_file"].rpartition("-")[2]


def _headers(file: File) -> dict[str, str]:
    return {"Content-Type": file.mimetype, "X-Content-Type-Options": "nosniff"}


def _thumb(file: File) -> web.Response:
    if file.thumb is None:
        raise web.HTTPNotFound
    return web.Response(body=file.thumb, content_type="image/jpeg")
