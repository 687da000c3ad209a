"""Whom the key is shown: the engine's own host, and nobody it names or sends us on to."""

from collections.abc import Callable

import pytest
from aiohttp import web

from engines import Broken, Busy, Call, Misconfigured
from engines._wire import Wire

from .toy import HANDLE, KEY, Answering, Toy, saying, serving

Toys = Callable[..., Toy]


FOREIGN = ["https://other.example/jobs/1", "http://127.0.0.1:1/jobs/1", "https://127.0.0.1/x",
           "http://user@127.0.0.1/x", "https://[::1", "ftp://toy.example/x"]  # fmt: skip


@pytest.mark.parametrize("url", FOREIGN)
async def test_the_key_is_for_no_other_host_whatever_the_engine_names(toys: Toys, url: str) -> None:
    handle = HANDLE.from_json({**HANDLE.to_json(), "poll_url": url})
    with pytest.raises(Broken, match="must not see our key"):
        await toys("http://127.0.0.1:8").poll(handle)


def _to(url: str) -> Answering:
    return saying(307, Location=url)


async def test_the_key_does_not_follow_a_redirect(toys: Toys) -> None:
    async with serving(saying(200)) as other, serving(_to(f"{other.url}/jobs/1")) as server:
        with pytest.raises(Misconfigured, match="sends us elsewhere"):
            await toys(server.url).poll(HANDLE)
    assert len(server.requests) == 1
    assert other.requests == []


async def test_the_key_does_not_follow_a_socket_that_is_redirected() -> None:
    async with serving(saying(200)) as other, serving(_to(f"{other.url}/ws")) as server:
        wire = Wire("Toy", server.url)
        with pytest.raises(Busy):
            await _texts(wire, {"x-key": KEY})
        await wire.close()
    assert len(server.requests) == 1
    assert other.requests == []


async def _texts(wire: Wire, headers: dict[str, str]) -> list[str]:
    call = Call(method="GET", path="/ws")
    return [text async for text in wire.texts(call, headers=headers)]


async def _chat(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_str("one")
    await socket.send_bytes(b"\0\0\0\1 a preview")
    await socket.send_str("two")
    await socket.close()
    return socket


async def test_a_socket_gives_its_texts_until_it_ends() -> None:
    async with serving(_chat) as server:
        wire = Wire("Toy", server.url)
        assert await _texts(wire, {"x-key": KEY}) == ["one", "two"]
        await wire.close()
    assert server.requests[0].headers["x-key"] == KEY
