"""The seam to HTTP, against servers on loopback: one order is one request, whatever comes back."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from engines import (
    Broken,
    Busy,
    Call,
    EngineError,
    FailKind,
    JobState,
    Misconfigured,
    Part,
    Refused,
    Unsure,
)
from engines._wire import Wire

from .toy import (
    HANDLE,
    KEY,
    SPEC,
    Answering,
    Heard,
    Renewing,
    Toy,
    head_of,
    request_of,
    saying,
    serving,
    wild,
)

Toys = Callable[..., Toy]


async def test_an_order_is_one_request_with_the_key_and_json(toys: Toys) -> None:
    async with serving(saying(200, '{"id": "job-1"}')) as server:
        assert (await toys(server.url).submit(SPEC)).id == "job-1"
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/jobs")
    assert server.bodies == [b'{"prompt":"A paper boat"}']
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["content-type"] == "application/json"


PAGE = "<html>Bad gateway</html>"
ORDERS: list[tuple[str, Answering, type[EngineError], FailKind]] = [
    ("a 502", saying(502, PAGE), Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ("a 500 in json", saying(500, '{"error": "x"}'), Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ("a 504", saying(504), Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ("a 408", saying(408), Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ("a 503 page", saying(503, PAGE), Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ("a 503 with a time", saying(503, PAGE, Retry_After="9"), Busy, FailKind.TRANSIENT),
    ("a 503 in json", saying(503, '{"error": "x"}'), Busy, FailKind.TRANSIENT),
    ("a 429", saying(429, "{}", Retry_After="9"), Busy, FailKind.RATE_LIMIT),
    ("a page of 200", saying(200, PAGE), Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ("nothing of 200", saying(200), Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ("a page of 303", saying(303, Location="/x"), Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ("another address", saying(308, Location="https://x/"), Misconfigured, FailKind.AUTH),
    ("a 400", saying(400, '{"error": "bad"}'), Refused, FailKind.BAD_INPUT),
    ("a 401", saying(401), Misconfigured, FailKind.AUTH),
    ("a 404", saying(404), Broken, FailKind.NOT_FOUND),
]


@pytest.mark.parametrize(("answer", "error", "kind"), [row[1:] for row in ORDERS], ids=[
    row[0] for row in ORDERS
])  # fmt: skip
async def test_an_answer_to_an_order_says_who_acts_next_and_the_order_is_never_repeated(
    toys: Toys, *, answer: Answering, error: type[EngineError], kind: FailKind
) -> None:
    async with serving(answer) as server:
        with pytest.raises(error) as told:
            await toys(server.url).submit(SPEC)
    assert type(told.value) is error
    assert told.value.kind is kind
    assert str(told.value).endswith(".")
    assert KEY not in str(told.value)
    assert len(server.requests) == 1


async def test_an_order_to_nobody_never_left(toys: Toys) -> None:
    async with serving(saying(200)) as server:
        url = server.url
    with pytest.raises(Busy, match="cannot be reached") as told:
        await toys(url).submit(SPEC)
    assert told.value.kind is FailKind.TRANSIENT


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await head_of(reader)


async def _break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await head_of(reader)
    writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n{"id": "jo')
    await writer.drain()


async def _talk_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await head_of(reader)
    writer.write(b"220 ready for mail\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize("talk", [_hang_up, _break_off, _talk_nonsense])
async def test_an_order_whose_answer_is_lost_is_unsure_and_is_sent_once(
    toys: Toys, talk: Callable[..., Awaitable[None]]
) -> None:
    connections = 0

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await talk(reader, writer)

    async with wild(counted) as url:
        toy = toys(url)
        with pytest.raises(Unsure):
            await toy.submit(SPEC)
        assert connections == 1
        with pytest.raises(Busy):
            await toy.poll(HANDLE)


async def test_a_connection_that_has_gone_stale_never_makes_an_order_ambiguous(
    toys: Toys,
) -> None:
    """The server keeps a connection alive and drops it at the very next request on it."""
    served = 0

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        await request_of(reader)
        served += 1
        body = b'{"id": "job-1", "state": "running"}'
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        await reader.read(1)

    async with wild(once) as url:
        toy = toys(url)
        for _ in range(3):
            assert (await toy.poll(HANDLE)).state is JobState.RUNNING
            assert (await toy.submit(SPEC)).id == "job-1"
    assert served == 6


async def test_a_server_that_asks_for_peace_is_not_asked_again_so_soon(toys: Toys) -> None:
    async with serving(saying(429, "{}", Retry_After="7")) as server:
        toy = toys(server.url)
        for _ in range(3):
            with pytest.raises(Busy) as told:
                await toy.submit(SPEC)
            assert told.value.retry_after is not None
            assert 6 < told.value.retry_after <= 7
    assert len(server.requests) == 1


async def test_so_many_orders_a_minute_as_the_operator_allows(toys: Toys) -> None:
    async with serving(saying(200, '{"id": "x"}')) as server:
        toy = toys(server.url, TOY_PER_MINUTE="2")
        for _ in range(2):
            await toy.submit(SPEC)
        with pytest.raises(Busy, match="for this minute"):
            await toy.submit(SPEC)
    assert len(server.requests) == 2


async def _wants_key_two(request: web.Request) -> web.StreamResponse:
    is_good = request.headers["authorization"] == "Bearer key-2"
    return web.json_response({"id": "job-1"}, status=200 if is_good else 401)


async def test_a_key_that_has_run_out_is_renewed_once() -> None:
    async with serving(_wants_key_two) as server:
        toy = Renewing({"TOY_BASE_URL": server.url})
        assert (await toy.submit(SPEC)).id == "job-1"
        await toy.close()
    shown = [request.headers["authorization"] for request in server.requests]
    assert shown == ["Bearer key-1", "Bearer key-2"]


async def test_a_key_that_stays_wrong_is_the_operators_after_one_renewal() -> None:
    async with serving(saying(401)) as server:
        toy = Renewing({"TOY_BASE_URL": server.url})
        with pytest.raises(Misconfigured, match="checks the key"):
            await toy.submit(SPEC)
        await toy.close()
    assert len(server.requests) == 2


async def _never_ends(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    piece = b" " * (1 << 20)
    while request.transport is not None and not request.transport.is_closing():
        await response.write(piece)
    return response


async def test_an_answer_that_does_not_end_is_cut(toys: Toys) -> None:
    async with serving(_never_ends) as server:
        with pytest.raises(Unsure):
            await toys(server.url).submit(SPEC)
        with pytest.raises(Busy):
            await toys(server.url).poll(HANDLE)


async def _bomb(request: web.Request) -> web.StreamResponse:
    del request
    body = await asyncio.to_thread(gzip.compress, bytes(200 << 20), 1)
    return web.Response(body=body, headers={"content-encoding": "gzip"})


async def test_an_answer_that_swells_when_it_is_unpacked_is_cut(toys: Toys) -> None:
    async with serving(_bomb) as server:
        with pytest.raises(Busy):
            await toys(server.url).poll(HANDLE)


BODIES = [
    (Call(method="POST", path="/x", form={"a": "1 2", "b": "ä"}), b"a=1+2&b=%C3%A4", "form-url"),
    (Call(method="PUT", path="/x", content=b"\0\1"), b"\0\1", "octet-stream"),
    (Call(method="POST", path="/x", json={"a": "ä⛵"}), '{"a":"ä⛵"}'.encode(), "application/json"),
]


@pytest.mark.parametrize(("call", "body", "mime"), BODIES)
async def test_a_body_arrives_as_it_was_described(call: Call, body: bytes, mime: str) -> None:
    server = await _asked(call)
    assert server.bodies == [body]
    assert mime in server.requests[0].headers["content-type"]


async def test_a_form_of_parts_names_its_files_and_leaves_texts_bare() -> None:
    parts = (
        Part(name="model", text="swift"),
        Part(name="image", filename="a.png", content=b"PNG", mime="image/png"),
    )
    server = await _asked(Call(method="POST", path="/x", parts=parts))
    text, image = server.bodies[0].split(b"\r\n--")[:2]
    assert b'name="model"\r\n\r\nswift' in text.replace(b"Content-Length: 5\r\n", b"")
    assert b'name="image"; filename="a.png"' in image
    assert b"content-type: image/png" in image.lower()


async def test_a_query_arrives_as_it_was_written() -> None:
    server = await _asked(Call(method="GET", path="/x", query={"b": "ä &#?", "a": "1/2"}))
    assert server.requests[0].rel_url.raw_query_string == "b=%C3%A4%20%26%23%3F&a=1%2F2"


async def _asked(call: Call) -> Heard:
    async with serving(saying(200)) as server:
        wire = Wire("Toy", f"{server.url}/")
        assert (await wire.ask(call, headers={"x-key": KEY})).is_ok
        await wire.close()
    assert server.requests[0].headers["x-key"] == KEY
    return server


async def test_orders_in_line_for_a_connection_lose_no_time_and_none_is_left_open(
    toys: Toys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engines._wire._ORDER_WITHIN", aiohttp.ClientTimeout(total=2))

    async def slowly(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.8)
        return await saying(200, '{"id": "job-1"}')(request)

    async with serving(slowly) as server:
        toy = toys(server.url)
        handles = await asyncio.gather(*(toy.submit(SPEC) for _ in range(4 * 64)))
    assert len(handles) == len(server.requests) == 4 * 64
