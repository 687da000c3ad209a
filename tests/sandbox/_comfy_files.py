"""ComfyUI's folders: pictures that were uploaded, and films that were made."""

import hashlib
from typing import Final

from aiohttp import BodyPartReader, web

from tests.sandbox._comfy_run import file_id
from tests.sandbox._core import Desk
from tests.sandbox._faults import Stage
from tests.sandbox._serving import send_bytes, send_output
from tests.sandbox._uploads import Upload

_KINDS: Final = frozenset({"input", "output", "temp"})


class Files:
    """Upload and view."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def has_input(self, name: str) -> bool:
        """Say whether a node may load a file by this name."""
        folder, _, filename = name.removesuffix(" [input]").rpartition("/")
        return self._get(filename, folder, "input") is not None

    async def view(self, request: web.Request) -> web.StreamResponse:
        """Send a file."""
        name, folder = request.query.get("filename", ""), request.query.get("subfolder", "")
        kind = request.query.get("type", "output")
        if not name or name.startswith("/") or ".." in f"{folder}/{name}" or kind not in _KINDS:
            return web.Response(status=400)
        kept = self._get(name, folder, kind)
        if kept is None:
            return web.Response(status=404)
        if kept.data is not None:
            return send_bytes(request, kept.data, kept.mime)
        job = kept.facts["job"]
        if not job.has_output:
            return web.Response(status=404)
        return await send_output(self._desk.core, request, job)

    async def upload(self, request: web.Request) -> web.Response:
        """Keep a picture; where its name is taken by another one, it gets a number."""
        self._desk.meet(request, Stage.UPLOAD)
        fields, file = await _read(request, self._desk.vendor.name)
        if file is None or not file.name:
            return web.Response(status=400)
        folder, kind = fields.get("subfolder", ""), fields.get("type", "input")
        if ".." in folder or kind not in _KINDS:
            return web.Response(status=400)
        overwrite = fields.get("overwrite", "false") in {"true", "1"}
        name = file.name if overwrite else self._free_name(file, folder, kind)
        file.id = file_id(filename=name, subfolder=folder, type=kind)
        self._desk.core.uploads.add(file)
        return web.json_response({"name": name, "subfolder": folder, "type": kind})

    def _free_name(self, file: Upload, folder: str, kind: str) -> str:
        stem, dot, ending = file.name.rpartition(".")
        name, number = file.name, 0
        while (taken := self._get(name, folder, kind)) is not None:
            if _digest(taken) == _digest(file):
                return name
            number += 1
            name = f"{stem} ({number}){dot}{ending}"
        return name

    def _get(self, name: str, folder: str, kind: str) -> Upload | None:
        wanted = file_id(filename=name, subfolder=folder, type=kind)
        return self._desk.core.uploads.get(self._desk.vendor.name, wanted)


async def _read(request: web.Request, vendor: str) -> tuple[dict[str, str], Upload | None]:
    fields: dict[str, str] = {}
    file: Upload | None = None
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "image":
            data, mime = bytes(await part.read()), part.headers.get("Content-Type", "image/png")
            file = Upload(vendor=vendor, id="", name=part.filename or "", mime=mime, data=data)
        else:
            fields[str(part.name)] = await part.text()
    return fields, file


def _digest(kept: Upload) -> str:
    return hashlib.sha256(kept.data or b"").hexdigest()
