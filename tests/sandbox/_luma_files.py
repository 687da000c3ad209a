"""Luma's files: asked for, put to a signed address, completed, and ready a moment later."""

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from aiohttp import BodyPartReader, web
from pydantic import Field

from tests.sandbox._answers import Refusal, RefusedError
from tests.sandbox._core import Desk
from tests.sandbox._faults import Stage
from tests.sandbox._files import upload_path
from tests.sandbox._jobs import Json
from tests.sandbox._strict import Strict, WrongError, read
from tests.sandbox._uploads import Upload

_PUT_SECONDS: Final = 3600
_MAX_BYTES: Final = 5 * 1024**3
_NOT_FOUND: Final = Refusal(404, {"detail": "File not found"})
_PAGE: Final = 25
_LARGEST_PAGE: Final = 100
Admit = Callable[[Desk, web.Request], None]


class _Asked(Strict):
    mime_type: str
    size_bytes: Annotated[int, Field(ge=1, le=_MAX_BYTES)]
    filename: str | None = None
    purpose: Literal["input", "reference"] = "reference"
    expires_at: str | None = None
    user_id: str | None = None


def moment(at: float) -> str:
    """Write a time as Luma does."""
    return datetime.fromtimestamp(at, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class LumaFiles:
    """The routes below `/v1/files`."""

    def __init__(self, desk: Desk, admit: Admit) -> None:
        self._desk = desk
        self._admit = admit

    def add_to(self, app: web.Application) -> None:
        """Answer these routes in an application."""
        app.router.add_post("/v1/files", self._create)
        app.router.add_get("/v1/files", self._list)
        app.router.add_get("/v1/files/{id}", self._get)
        app.router.add_delete("/v1/files/{id}", self._delete)
        app.router.add_post("/v1/files/{id}/complete", self._complete)

    async def _create(self, request: web.Request) -> web.Response:
        self._admit(self._desk, request)
        self._desk.meet(request, Stage.UPLOAD)
        if request.content_type == "multipart/form-data":
            return web.json_response(await self._inline(request), status=201)
        file = self._open(await request.json())
        core, told = self._desk.core, _told(file)
        upload = {
            "method": "PUT",
            "url": core.links.mint(upload_path(file), _PUT_SECONDS),
            "expires_at": moment(file.created_at + _PUT_SECONDS),
            "headers": {"Content-Type": file.mime},
        }
        answer = {"id": file.id, "state": told["state"], "file": told, "upload": upload}
        return web.json_response(answer, status=201)

    async def _inline(self, request: web.Request) -> Json:
        """Take a small file together with its description, in one call."""
        asked: Json = {}
        data = b""
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise RefusedError(Refusal(400, {"detail": "The parts may not be nested"}))
            if part.name == "file":
                data = bytes(await part.read())
                asked |= {
                    "mime_type": part.headers.get("Content-Type", ""),
                    "filename": part.filename,
                }
            else:
                asked[str(part.name)] = await part.text()
        file = self._open(asked | {"size_bytes": len(data)})
        file.data = data
        self._ingest(file)
        told = _told(file)
        return {"id": file.id, "state": told["state"], "file": told, "upload": None}

    def _open(self, body: Any) -> Upload:
        try:
            asked = read(_Asked, body)
        except WrongError as error:
            raise RefusedError(Refusal(400, {"detail": f"{error.where}: {error}"})) from error
        if not asked.mime_type.startswith(("image/", "video/")):
            raise RefusedError(Refusal(422, {"detail": "Unsupported mime_type"}))
        told = asked.model_dump(exclude={"mime_type"}, exclude_none=True)
        file = Upload(
            vendor=self._desk.vendor.name,
            id=str(uuid.uuid4()),
            name=asked.filename or "",
            mime=asked.mime_type,
            facts={"told": told, "ready_at": None},
        )
        file.facts["ready"] = lambda: _state(file) == "ready"
        return self._desk.core.uploads.add(file)

    async def _complete(self, request: web.Request) -> web.Response:
        file = self._found(request)
        if file.data is None:
            raise RefusedError(Refusal(400, {"detail": "The bytes have not arrived"}))
        self._ingest(file)
        return web.json_response(_told(file))

    async def _get(self, request: web.Request) -> web.Response:
        return web.json_response(_told(self._found(request)))

    async def _delete(self, request: web.Request) -> web.Response:
        file = self._found(request)
        self._desk.core.uploads.drop(file.vendor, file.id)
        return web.Response(status=204)

    async def _list(self, request: web.Request) -> web.Response:
        self._admit(self._desk, request)
        query = request.query
        told = [
            _told(file) for file in reversed(self._desk.core.uploads.of(self._desk.vendor.name))
        ]
        for name in ("purpose", "state"):
            if name in query:
                told = [file for file in told if file[name] == query[name]]
        start, limit = _whole(query.get("cursor", "0")), _whole(query.get("limit", str(_PAGE)))
        page, rest = told[start : start + limit], told[start + limit :]
        cursor = str(start + limit) if rest else None
        answer = {"data": page, "has_more": bool(rest), "next_cursor": cursor}
        return web.json_response(answer)

    def _ingest(self, file: Upload) -> None:
        file.facts["ready_at"] = time.monotonic() + self._desk.core.pace.latency / 4

    def _found(self, request: web.Request) -> Upload:
        self._admit(self._desk, request)
        file = self._desk.core.uploads.get(self._desk.vendor.name, request.match_info["id"])
        if file is None:
            raise RefusedError(_NOT_FOUND)
        return file


def _whole(text: str) -> int:
    if not text.isdecimal() or int(text) > _LARGEST_PAGE:
        raise RefusedError(Refusal(400, {"detail": "limit and cursor must be within 0..100"}))
    return int(text)


def _state(file: Upload) -> str:
    ready_at = file.facts["ready_at"]
    if ready_at is None or time.monotonic() < ready_at:
        return "pending"
    return "ready" if len(file.data or b"") == file.facts["told"]["size_bytes"] else "failed"


def _told(file: Upload) -> Json:
    told: Json = {
        "id": file.id,
        "created_at": moment(file.created_at),
        "mime_type": file.mime,
        "state": _state(file),
        **file.facts["told"],
    }
    if told["state"] == "failed":
        told["failure_reason"] = "The size is not the one that was announced."
    return told
