"""What leaves the house: bodies of every form, as a server receives them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import BodyPartReader, web

from engines import Call, Part, Refused
from engines._wire import Wire

LARGE = bytes(range(256)) * 8192
Got = dict[str, Any]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Give a wire to a server that tells what it received."""
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/plain", _plain)
    app.router.add_route("*", "/parts", _parts)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    talker = Wire("Engine", f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield talker
    await talker.close()
    await runner.cleanup()


async def _plain(request: web.Request) -> web.Response:
    body = await request.read()
    told = {"size": len(body), "same": body == LARGE, "text": body[:80].decode("latin-1")}
    return web.json_response({**told, "headers": _lower(request)})


async def _parts(request: web.Request) -> web.Response:
    told: Got = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        body = bytes(await part.read())
        mime = part.headers.get("content-type")
        told[part.name or ""] = [part.filename, mime, body == LARGE or body.decode("latin-1")]
    return web.json_response(told)


def _lower(request: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


async def sent(wire: Wire, path: str, *, creating: bool = False, **body: Any) -> Got:
    call = Call(method="POST", path=path, **body)
    return (await wire.ask(call, headers={}, creating=creating)).json()


async def test_a_file_is_sent_with_its_size_and_without_its_name(
    wire: Wire, tmp_path: Path
) -> None:
    path = tmp_path / "secret-client.mp4"
    path.write_bytes(LARGE)
    got = await sent(wire, "/plain", content=path, headers={"content-type": "video/mp4"})
    assert got["same"]
    assert got["headers"]["content-length"] == str(len(LARGE))
    assert got["headers"]["content-type"] == "video/mp4"
    assert "content-disposition" not in got["headers"]


async def test_large_and_small_json_both_arrive_as_json(wire: Wire) -> None:
    for words in ("a", "é" * 300_000):
        got = await sent(wire, "/plain", json={"prompt": words})
        assert got["headers"]["content-type"] == "application/json"
        assert got["size"] == len(f'{{"prompt":"{words}"}}'.encode())


async def test_a_form_says_that_it_is_one(wire: Wire) -> None:
    got = await sent(wire, "/plain", form={"grant_type": "client_credentials", "scope": "a b"})
    assert got["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert got["text"] == "grant_type=client_credentials&scope=a+b"


async def test_parts_carry_words_and_files(wire: Wire, tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_bytes(LARGE)
    got = await sent(
        wire,
        "/parts",
        parts=(
            Part(name="prompt", text="hé"),
            Part(name="film", content=path, filename="take.mp4", mime="video/mp4"),
            Part(name="frame", content=b"png", filename="frame.png", mime="image/png"),
        ),
    )
    assert got == {
        "prompt": [None, None, "hé".encode().decode("latin-1")],
        "film": ["take.mp4", "video/mp4", True],
        "frame": ["frame.png", "image/png", "png"],
    }


async def test_an_order_whose_file_is_gone_was_never_placed(wire: Wire, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="attach it once more"):
        await sent(wire, "/plain", creating=True, content=tmp_path / "gone.mp4")


async def test_nothing_stays_open_when_the_engine_is_down(wire: Wire, tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_bytes(LARGE)
    down = Wire("Engine", "http://127.0.0.1:1")
    with pytest.raises(Exception, match="cannot be reached"):
        await sent(down, "/plain", content=path)
    await down.close()
