"""Sending an output: whole or in part, and all the ways in which a file can be wrong."""

import asyncio
import hashlib
import struct
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from aiohttp import web

from tests.sandbox._core import Core
from tests.sandbox._faults import Fault
from tests.sandbox._films import MIME, output
from tests.sandbox._jobs import Job, Picture

INSIDE_ADDRESS: Final = "http://169.254.169.254/latest/meta-data/"
_CHUNK: Final = 256 * 1024
_ZEROS: Final = bytes(_CHUNK)
_ERROR_PAGE = "<!doctype html><title>Sorry</title><p>Something went wrong."


async def film_bytes(core: Core, job: Job) -> bytes:
    """Make a job's output, as its faults have it, for vendors that put it into their JSON."""
    if Fault.EMPTY_FILE in job.faults:
        return b""
    if Fault.NOT_A_FILM in job.faults:
        return _ERROR_PAGE.encode()
    whole = await asyncio.to_thread(
        output, job.order.picture, vendor=job.vendor, job_id=job.id, burn=core.burns_ids
    )
    return whole[: len(whole) // 2] if Fault.TRUNCATED_FILE in job.faults else whole


async def send_output(
    core: Core, request: web.Request, job: Job, *, number: int = 0, form: str | None = None
) -> web.StreamResponse:
    """Answer a request for one of a job's outputs, as its faults have it."""
    picture = replace(job.order.picture, form=form or job.order.picture.form)
    mime = MIME[picture.form]
    for fault, send in _WRONG.items():
        if fault in job.faults:
            return await send(request, mime)
    if core.output_bytes is not None and mime == MIME["mp4"]:
        return await send_big(request, core.output_bytes)
    mark = f"{job.id}/{number}" if number else job.id
    whole = await asyncio.to_thread(
        output, picture, vendor=job.vendor, job_id=mark, burn=core.burns_ids
    )
    return send_bytes(request, whole, mime)


def send_bytes(request: web.Request, whole: bytes, mime: str) -> web.Response:
    """Send bytes, or the part of them that was asked for."""
    etag = f'"{hashlib.md5(whole, usedforsecurity=False).hexdigest()}"'
    headers = {"ETag": etag, "Accept-Ranges": "bytes", "Content-Type": mime}
    if request.headers.get("If-Range", etag) != etag or "Range" not in request.headers:
        return web.Response(body=whole, headers=headers)
    part = _part(request, len(whole))
    if part is None:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(whole)}"})
    start, stop = part
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(whole)}"
    return web.Response(status=206, body=whole[start:stop], headers=headers)


async def send_big(request: web.Request, size: int) -> web.StreamResponse:
    """Send a film of exactly `size` bytes, most of which is padding that players skip."""
    head = output(Picture(320, 180, 2.0), vendor="sandbox", job_id="big", burn=False)
    if size >= len(head) + 16:
        head += struct.pack(">I4sQ", 1, b"free", size - len(head))
    head = head[:size]
    start, stop = 0, size
    part = _part(request, size) if "Range" in request.headers else None
    answer = web.StreamResponse(headers={"Content-Type": "video/mp4", "Accept-Ranges": "bytes"})
    answer.headers["ETag"] = f'"big-{size}"'
    if part is not None:
        start, stop = part
        answer.set_status(206)
        answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    answer.content_length = stop - start
    await answer.prepare(request)
    if request.method != "HEAD":
        await _pour(answer, head, start=start, stop=stop)
    return answer


async def _pour(answer: web.StreamResponse, head: bytes, *, start: int, stop: int) -> None:
    if start < len(head):
        await answer.write(head[start:stop])
        start = min(stop, len(head))
    while start < stop:
        size = min(_CHUNK, stop - start)
        await answer.write(_ZEROS if size == _CHUNK else _ZEROS[:size])
        start += size
    await answer.write_eof()


def _part(request: web.Request, size: int) -> tuple[int, int] | None:
    try:
        start, stop, _ = request.http_range.indices(size)
    except ValueError:
        return None
    return (start, stop) if start < stop else None


async def _empty(request: web.Request, mime: str) -> web.StreamResponse:
    return web.Response(body=b"", content_type=mime)


async def _page(request: web.Request, mime: str) -> web.StreamResponse:
    return web.Response(text=_ERROR_PAGE, content_type=mime)


async def _redirect(request: web.Request, mime: str) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": INSIDE_ADDRESS})


async def _truncated(request: web.Request, mime: str) -> web.StreamResponse:
    film = output(Picture(320, 180, 2.0), vendor="sandbox", job_id="truncated", burn=False)
    answer = web.StreamResponse(headers={"Content-Type": mime})
    answer.content_length = 2 * len(film)
    await answer.prepare(request)
    await answer.write(film)
    if request.transport is not None:
        request.transport.close()
    return answer


async def _endless(request: web.Request, mime: str) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": mime})
    await answer.prepare(request)
    film = output(Picture(320, 180, 2.0), vendor="sandbox", job_id="endless", burn=False)
    await answer.write(film + struct.pack(">I4s", 0, b"free"))
    while True:
        await answer.write(_ZEROS)


_Sender = Callable[[web.Request, str], Awaitable[web.StreamResponse]]
_WRONG: dict[Fault, _Sender] = {
    Fault.EMPTY_FILE: _empty,
    Fault.TRUNCATED_FILE: _truncated,
    Fault.ENDLESS_FILE: _endless,
    Fault.NOT_A_FILM: _page,
    Fault.REDIRECT_INSIDE: _redirect,
}
