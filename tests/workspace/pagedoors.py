"""What the page needs beside the driver: files to show, fields as they stand, files to choose."""

import json
from collections.abc import AsyncIterator
from typing import cast
from urllib.parse import quote

from aiohttp import web

from tests.workspace import forms, uploads
from tests.workspace.blocks import elements_of
from tests.workspace.hub import Hub
from tests.workspace.message_shapes import file_json
from tests.workspace.records import Json, View

_PIECE = 256 * 1024


class PageDoors:
    """Routes that only the page uses."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def register(self, app: web.Application) -> None:
        """Open the doors."""
        app.router.add_get("/_page/media/{file_id}", self.show)
        app.router.add_get("/_page/posters/{file_id}", self.poster)
        app.router.add_post("/_page/typed", self.typed)
        app.router.add_post("/_page/upload", self.upload)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show pictures and clips; anything else is only ever downloaded, never opened here."""
        found = self._hub.state.files.get(request.match_info["file_id"])
        if found is None or found.deleted or not found.path.exists():
            raise web.HTTPNotFound(text="This file is gone.")
        is_shown = (found.is_image or found.is_video) and "svg" not in found.mimetype
        headers = {
            "Content-Type": found.mimetype if is_shown else "application/octet-stream",
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        if "download" in request.query:
            name = quote(found.name, safe="")
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return web.FileResponse(found.path, headers=headers)

    async def poster(self, request: web.Request) -> web.Response:
        """Show the still of a clip."""
        found = self._hub.state.files.get(request.match_info["file_id"])
        if found is None or found.thumb is None:
            raise web.HTTPNotFound(text="No picture.")
        return web.Response(body=found.thumb, content_type="image/jpeg")

    async def typed(self, request: web.Request) -> web.Response:
        """Keep what stands in a view's fields, so that a press in it can tell the app."""
        given = json.loads(await request.text())
        if view := self._hub.state.views.get(given["view_id"]):
            _enter(view, given["values"])
        return web.Response(status=204)

    async def upload(self, request: web.Request) -> web.Response:
        """Take a file that was chosen in a modal; answer with the file as the app will get it."""
        name, user_id = request.query["name"], request.query["as"]
        size = request.content_length or 0
        file = uploads.announce(self._hub, name, size=size, user_id=user_id)
        await uploads.receive(file, _pieces(request))
        await uploads.complete(self._hub, file)
        return web.json_response(file_json(self._hub.state, file, origin=self._hub.origin))


async def _pieces(request: web.Request) -> AsyncIterator[bytes]:
    async for piece in request.content.iter_chunked(_PIECE):
        yield piece


def _enter(view: View, values: Json) -> None:
    for block in cast("list[Json]", view.view["blocks"]):
        entries, kept = values.get(block["block_id"], {}), view.values.get(block["block_id"], {})
        for element in elements_of(block):
            name = element["action_id"]
            if name in entries and name in kept:
                kept[name] = forms.entered(element, entries[name])
