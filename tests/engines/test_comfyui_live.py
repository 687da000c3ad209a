"""Progress from ComfyUI's socket: one for all jobs, opened anew, and never depended on."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from aiohttp import web

from engines import Busy, Handle, JobState
from engines._comfyui_live import Live
from engines.comfyui import ComfyUI

from .toy import NOW, serving
from .workflows import EXAMPLE


async def test_the_socket_is_left_alone_while_it_cannot_be_opened() -> None:
    tries = 0
    tried = asyncio.Event()

    async def shut() -> AsyncGenerator[str]:
        nonlocal tries
        tries += 1
        tried.set()
        raise Busy("No.")
        yield ""  # pragma: no cover - makes this a generator

    live = Live(shut, pause=0.01)
    live.watch("a-job")
    await tried.wait()
    await asyncio.sleep(0.2)
    assert 2 <= tries <= 6
    assert live.progress("a-job", ["3"]) is None
    await live.close()


MESSAGES: list[Any] = [
    "no JSON",
    "[]",
    '{"type": "progress", "data": null}',
    '{"type": "progress", "data": {"prompt_id": "other", "node": "3", "value": 1, "max": 2}}',
    '{"type": "progress", "data": {"prompt_id": "a-job", "node": "3", "value": 1, "max": 0}}',
    '{"type": "progress", "data": {"prompt_id": "a-job", "node": "3", "value": "x", "max": 2}}',
    '{"type": "progress_state", "data": {"prompt_id": "a-job", "nodes": [1]}}',
    '{"type": "progress_state", "data": {"prompt_id": "a-job", "nodes": {"4": {"state": "odd"}}}}',
    '{"type": "progress", "data": {"prompt_id": "a-job", "node": "3", "value": 9, "max": 2}}',
]


async def test_odd_messages_are_passed_over_and_progress_stays_below_one() -> None:
    heard = asyncio.Event()

    async def texts() -> AsyncGenerator[str]:
        for each in MESSAGES:
            yield each
        heard.set()

    live = Live(texts, pause=0.01)
    live.watch("a-job")
    await heard.wait()
    assert live.progress("a-job", ["3"]) == 0.99
    assert live.progress("a-job", ["3", "4"]) == 0.5
    live.forget("a-job")
    assert live.progress("a-job", ["3"]) is None
    await live.close()


async def test_all_jobs_share_one_socket_that_is_opened_anew_when_it_breaks() -> None:
    opened = 0
    broken, again = asyncio.Event(), asyncio.Event()

    async def texts() -> AsyncGenerator[str]:
        nonlocal opened
        opened += 1
        if opened > 1:
            again.set()
        yield '{"type": "status"}'
        await broken.wait()
        raise Busy("It broke off.")

    live = Live(texts, pause=0.01)
    for number in range(1200):
        live.watch(f"job-{number}")
    await asyncio.sleep(0.05)
    assert opened == 1
    broken.set()
    await again.wait()
    await live.close()


async def test_the_socket_is_let_go_with_the_last_job_and_opened_for_the_next() -> None:
    opened = 0

    async def texts() -> AsyncGenerator[str]:
        nonlocal opened
        opened += 1
        while True:
            yield '{"type": "status"}'
            await asyncio.sleep(0.01)

    live = Live(texts, pause=0.01)
    live.watch("a-job")
    await asyncio.sleep(0.05)
    live.forget("a-job")
    await asyncio.sleep(0.05)
    live.watch("b-job")
    await asyncio.sleep(0.05)
    assert opened == 2
    await live.close()


async def test_a_server_that_refuses_sockets_is_polled_like_any_other() -> None:
    """A proxy in front of it lets no socket through; two jobs, and few tries in all this time."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/ws":
            return web.Response(status=403)
        return web.json_response({"id": "x", "status": "in_progress"})

    async with serving(answer) as server:
        told = {"COMFYUI_BASE_URL": server.url, "COMFYUI_WORKFLOWS": str(EXAMPLE)}
        engine = ComfyUI(told, clock=lambda: NOW)
        for number in range(20):
            handle = Handle(engine="comfyui", id=f"job-{number % 2}", submitted_at=NOW)
            status = await engine.poll(handle)
            assert (status.state, status.progress) == (JobState.RUNNING, None)
        await engine.close()
    assert sum(request.path == "/ws" for request in server.requests) <= 1
