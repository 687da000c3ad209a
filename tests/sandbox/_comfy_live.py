"""The WebSocket of ComfyUI: what happens to a client's jobs, as it happens, with previews."""

import asyncio
import io
import json
import struct
import uuid
from dataclasses import dataclass, field
from typing import Any, Final, cast

from aiohttp import WSMsgType, web
from PIL import Image

from tests.sandbox._comfy_nodes import Json
from tests.sandbox._comfy_run import events_of, interrupted
from tests.sandbox._core import Desk
from tests.sandbox._jobs import Job, State

_LOOKS_EVERY: Final = 0.02
_PREVIEW: Final = 1
_PREVIEW_WITH_METADATA: Final = 4
_JPEG: Final = 1
_STOPPED: Final = -1


@dataclass(slots=True)
class _Listener:
    """One socket: what it was already told of each job."""

    socket: web.WebSocketResponse
    told: dict[str, int] = field(default_factory=dict[str, int])
    queue: int = -1
    wants_metadata: bool = False


class Live:
    """All sockets by client id. A second one with the same id takes the first one's place."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listeners: dict[str, _Listener] = {}

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Answer `GET /ws`."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        client = request.query.get("clientId") or uuid.uuid4().hex
        listener = _Listener(socket, {job.id: _past(self._desk, job) for job in self._jobs(client)})
        self._listeners[client] = listener
        telling = asyncio.create_task(self._tell(client, listener))
        try:
            await self._listen(listener)
        finally:
            telling.cancel()
            if self._listeners.get(client) is listener:
                del self._listeners[client]
        return socket

    async def _listen(self, listener: _Listener) -> None:
        async for message in listener.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            said = cast("Json", json.loads(cast("str", message.data)))
            if said.get("type") == "feature_flags":
                listener.wants_metadata = bool(said["data"].get("supports_preview_metadata"))
                flags = {"supports_preview_metadata": True, "max_upload_size": 104_857_600}
                await listener.socket.send_json({"type": "feature_flags", "data": flags})

    async def _tell(self, client: str, listener: _Listener) -> None:
        first = {"sid": client}
        while self._listeners.get(client) is listener and not listener.socket.closed:
            if self._desk.vendor.name in self._desk.core.down:
                await listener.socket.close()
                return
            await self._tell_queue(listener, first)
            first = {}
            for job in self._jobs(client):
                await self._tell_job(listener, job)
            await asyncio.sleep(_LOOKS_EVERY)

    async def _tell_queue(self, listener: _Listener, first: Json) -> None:
        waiting = sum(not job.is_over for job in self._desk.jobs.values())
        if waiting != listener.queue:
            listener.queue = waiting
            data = {"status": {"exec_info": {"queue_remaining": waiting}}, **first}
            await listener.socket.send_json({"type": "status", "data": data})

    async def _tell_job(self, listener: _Listener, job: Job) -> None:
        told = listener.told.get(job.id, 0)
        if job.state is State.CANCELED:
            if told != _STOPPED:
                await listener.socket.send_json(interrupted(job))
            listener.told[job.id] = _STOPPED
            return
        events, now = _events(self._desk, job), _past(self._desk, job)
        for _, what, data in events[told:now]:
            if what == "preview":
                await listener.socket.send_bytes(_preview(data, listener.wants_metadata))
            else:
                await listener.socket.send_json({"type": what, "data": data})
        listener.told[job.id] = max(told, now)

    def _jobs(self, client: str) -> list[Job]:
        jobs = list(self._desk.jobs.values())
        return [job for job in jobs if job.order.request.get("client_id") == client]


def _events(desk: Desk, job: Job) -> list[tuple[float, str, Json]]:
    if job.state is State.CANCELED:
        return []
    return list(events_of(job, desk.failure(job) if job.failure else None))


def _past(desk: Desk, job: Job) -> int:
    """Count the events of a job that lie behind us."""
    ended = job.is_over
    share = job.share if ended else min(job.share, 0.999)
    return sum(at <= share for at, _, _ in _events(desk, job))


def _preview(said: Json, with_metadata: bool) -> bytes:  # noqa: FBT001 - the client's own flag
    file = io.BytesIO()
    Image.new("RGB", (64, 36), "#446").save(file, "JPEG")
    if not with_metadata:
        return struct.pack(">II", _PREVIEW, _JPEG) + file.getvalue()
    notes: dict[str, Any] = {**said, "image_type": "image/jpeg"}
    text = json.dumps(notes).encode()
    return struct.pack(">II", _PREVIEW_WITH_METADATA, len(text)) + text + file.getvalue()
