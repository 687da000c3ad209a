"""The plainest engine behind HTTP, and servers on loopback that misbehave to the byte."""

import asyncio
import re
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import ClassVar

from aiohttp import web

from engines import Call, Caps, Facts, Handle, JobSpec, JobState, Mode, Offer, Price, Status
from engines._call import Answer
from engines._facts import Limits
from engines._http import HttpEngine

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SPEC = JobSpec(prompt="A paper boat", user_tag="take-1")
HANDLE = Handle(engine="toy", id="job-1", submitted_at=NOW)
KEY = "toy-key-never-to-be-shown"
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]
Wild = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Toy(HttpEngine):
    """An order is one POST, a job is one GET, the answer is `id` and `state`."""

    name = "toy"
    label = "Toy"
    facts: ClassVar[Facts] = Facts(maker="Nobody", prefix="TOY", limits=Limits())
    base_url = "https://toy.example"

    def caps(self, model: str = "") -> Caps:
        price = Price(text="free", source="this file", dated=date(2026, 11, 22))
        return Caps(modes={Mode.TEXT_TO_VIDEO: Offer()}, price=price, model=model)

    def estimate(self, spec: JobSpec) -> int | None:
        del spec
        return 0

    def order(self, spec: JobSpec) -> Call:
        return Call(method="POST", path="/jobs", json={"prompt": spec.prompt})

    def ticket(self, spec: JobSpec, answer: Answer) -> Handle:
        return self.handle(answer.json()["id"], spec)

    def look(self, handle: Handle) -> Call:
        return Call(method="GET", path=handle.poll_url or f"/jobs/{handle.id}")

    def standing(self, handle: Handle, answer: Answer) -> Status:
        del handle
        return Status(state=JobState(answer.json()["state"]))


class Renewing(Toy):
    """One whose keys run out."""

    renews = True

    def __init__(self, settings: Mapping[str, str]) -> None:
        super().__init__(settings, clock=lambda: NOW)
        self.renewals = 0

    def key(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer key-{self.renewals}"}

    async def fresh_key(self) -> None:
        self.renewals += 1


def toy_at(url: str, **more: str) -> Toy:
    return Toy({"TOY_BASE_URL": url, "TOY_API_KEY": KEY, **more}, clock=lambda: NOW)


@dataclass
class Heard:
    """A server that answers as it is told, and remembers every request."""

    answer: Answering
    url: str = ""
    requests: list[web.Request] = field(default_factory=list[web.Request])
    bodies: list[bytes] = field(default_factory=list[bytes])

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.bodies.append(await request.read())
        return await self.answer(request)


@asynccontextmanager
async def serving(answer: Answering, *, tls: ssl.SSLContext | None = None) -> AsyncGenerator[Heard]:
    """Serve every path on a port of its own."""
    heard = Heard(answer)
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", heard.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    heard.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield heard
    finally:
        await runner.cleanup()


def saying(status: int, body: str | bytes = b"", **headers: str) -> Answering:
    """Answer every request the same; an underscore in a header's name is a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    told = body.encode() if isinstance(body, str) else body

    async def answer(request: web.Request) -> web.StreamResponse:
        del request
        return web.Response(status=status, body=told, headers=named)

    return answer


@asynccontextmanager
async def wild(talk: Wild) -> AsyncGenerator[str]:
    """Listen without HTTP: `talk` does with each connection what it likes, then it is closed."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def head_of(reader: asyncio.StreamReader) -> bytes:
    """Read a request up to its body."""
    return await reader.readuntil(b"\r\n\r\n")


async def request_of(reader: asyncio.StreamReader) -> bytes:
    """Read a request whole."""
    head = await head_of(reader)
    told = re.search(rb"content-length: (\d+)", head.lower())
    return head + await reader.readexactly(int(told[1]) if told else 0)
