"""Fetching what a job made, from servers on loopback that break off, lie and lead astray."""

import asyncio
import re
from pathlib import Path

import pytest
from aiohttp import web

from engines import Broken, Busy, Expired, FailKind, Output

from .fetching import FILM, fetch, is_kept, nothing_in
from .toy import head_of, saying, serving, toy_at, wild

HALF = len(FILM) // 2


async def test_a_file_is_kept_whole_with_the_hash_of_what_lies_there(tmp_path: Path) -> None:
    async with serving(saying(200, FILM)) as server:
        assert is_kept(await fetch(f"{server.url}/take.mp4?a=1%2F2", tmp_path / "take.mp4"))
    (request,) = server.requests
    assert request.raw_path == "/take.mp4?a=1%2F2"
    assert request.headers["accept-encoding"] == "identity"


async def test_data_that_came_with_the_answer_is_kept_the_same_way(tmp_path: Path) -> None:
    toy = toy_at("http://127.0.0.1:9")
    assert is_kept(await toy.download(Output(data=FILM), tmp_path / "take.mp4"))
    await toy.close()


class Falls:
    """Hang up in the middle of the first `times` answers, and answer ranges like a file host."""

    def __init__(self, *films: bytes, times: int = 1, tag: str = "strong") -> None:
        self.films = films or (FILM,)
        self.times = times
        self.tag = tag
        self.count = 0

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.count += 1
        number = min(self.count, len(self.films)) - 1
        film, tag = self.films[number], f'"{self.tag}-{number}"' if self.tag else ""
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
        is_same = request.headers.get("if-range") == tag
        start = int(asked[1]) if asked and is_same else 0
        headers = {"etag": tag} if tag else {}
        if start:
            headers["content-range"] = f"bytes {start}-{len(film) - 1}/{len(film)}"
        response = web.StreamResponse(status=206 if start else 200, headers=headers)
        response.content_length = len(film) - start
        await response.prepare(request)
        if self.count > self.times:
            await response.write(film[start:])
            return response
        await response.write(film[start : start + HALF // self.count])
        await asyncio.sleep(0.05)
        assert request.transport is not None
        request.transport.abort()
        return response


async def test_a_file_that_broke_off_goes_on_where_it_was(tmp_path: Path) -> None:
    async with serving(Falls()) as server:
        assert is_kept(await fetch(server.url, tmp_path / "take.mp4"))
    first, second = server.requests
    assert "range" not in first.headers
    assert second.headers["range"] == f"bytes={HALF}-"
    assert second.headers["if-range"] == '"strong-0"'


async def test_a_file_that_was_changed_meanwhile_is_begun_again(tmp_path: Path) -> None:
    other = FILM[::-1]
    async with serving(Falls(FILM, b"\0" + other)) as server:
        assert is_kept(await fetch(server.url, tmp_path / "take.mp4"), b"\0" + other)


async def test_a_file_without_a_tag_is_begun_again(tmp_path: Path) -> None:
    async with serving(Falls(tag="")) as server:
        assert is_kept(await fetch(server.url, tmp_path / "take.mp4"))
    assert "range" not in server.requests[1].headers


async def test_a_part_that_was_not_asked_for_is_not_glued_on(tmp_path: Path) -> None:
    """The host answers a range with another one, then is asked for the whole."""
    falls = Falls()

    async def crooked(request: web.Request) -> web.StreamResponse:
        if "range" not in request.headers:
            return await falls(request)
        headers = {"content-range": f"bytes 5-{len(FILM) - 1}/{len(FILM)}"}
        return web.Response(status=206, body=FILM[5:], headers=headers)

    async with serving(crooked) as server:
        assert is_kept(await fetch(server.url, tmp_path / "take.mp4"))
    assert len(server.requests) == 3


async def test_a_file_that_always_breaks_off_is_left_for_later(tmp_path: Path) -> None:
    """Every answer brings less than the one before it, and there is no tag to go on from."""
    async with serving(Falls(times=99, tag="")) as server:
        with pytest.raises(Busy, match="fetched again later") as told:
            await fetch(server.url, tmp_path / "take.mp4")
    assert told.value.kind is FailKind.TRANSIENT
    assert len(server.requests) == 5
    assert nothing_in(tmp_path)


async def test_a_host_that_is_gone_is_asked_again_later(tmp_path: Path) -> None:
    async with serving(saying(200)) as server:
        url = server.url
    with pytest.raises(Busy):
        await fetch(url, tmp_path / "take.mp4")
    assert nothing_in(tmp_path)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 416])
async def test_a_link_that_is_no_longer_good_is_minted_again(tmp_path: Path, status: int) -> None:
    async with serving(saying(status, b"<Error>AccessDenied</Error>")) as server:
        with pytest.raises(Expired):
            await fetch(server.url, tmp_path / "take.mp4")
    assert len(server.requests) == 1
    assert nothing_in(tmp_path)


@pytest.mark.parametrize("status", [500, 502, 503, 429, 204, 304])
async def test_a_host_that_is_not_well_is_asked_again_later(tmp_path: Path, status: int) -> None:
    async with serving(saying(status)) as server:
        with pytest.raises(Busy):
            await fetch(server.url, tmp_path / "take.mp4")
    assert nothing_in(tmp_path)


async def test_a_host_that_says_when_is_asked_again_then(tmp_path: Path) -> None:
    async with serving(saying(503, Retry_After="17")) as server:
        with pytest.raises(Busy) as told:
            await fetch(server.url, tmp_path / "take.mp4")
    assert told.value.retry_after == 17


NO_FILMS = {
    "nothing at all": b"",
    "a page": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "a page after a blank": b"\n\n  <html>" + b" " * 500,
    "an error": b'{"error": "not found"}',
    "a message of the store": b"<?xml version='1.0'?><Error/>" + b" " * 500,
}


@pytest.mark.parametrize("body", NO_FILMS.values(), ids=NO_FILMS.keys())
async def test_what_is_no_film_is_not_kept_as_one(tmp_path: Path, body: bytes) -> None:
    async with serving(saying(200, body)) as server:
        with pytest.raises(Broken):
            await fetch(server.url, tmp_path / "take.mp4")
    assert nothing_in(tmp_path)


async def test_a_page_that_drips_in_is_still_a_page(tmp_path: Path) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n")
        for letter in b"<!doctype html>" + b" " * 75:
            writer.write(bytes([letter]))
            await writer.drain()
            await asyncio.sleep(0.001)

    async with wild(drip) as url:
        with pytest.raises(Broken, match="web page"):
            await fetch(url, tmp_path / "take.mp4")
    assert nothing_in(tmp_path)


async def test_a_film_of_a_few_bytes_is_a_film(tmp_path: Path) -> None:
    async with serving(saying(200, b"\0\0\0\x18")) as server:
        assert is_kept(await fetch(server.url, tmp_path / "take.mp4"), b"\0\0\0\x18")


async def test_a_file_that_says_it_is_too_large_is_not_begun(tmp_path: Path) -> None:
    async with serving(saying(200, FILM)) as server:
        with pytest.raises(Broken, match="larger than"):
            await fetch(server.url, tmp_path / "take.mp4", most=len(FILM) - 1)
        assert is_kept(await fetch(server.url, tmp_path / "take.mp4", most=len(FILM)))


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while request.transport is not None and not request.transport.is_closing():
        await response.write(FILM)
    return response


async def test_a_file_that_does_not_end_is_cut(tmp_path: Path) -> None:
    async with serving(_endless) as server:
        with pytest.raises(Broken, match="larger than the 20 MB"):
            await fetch(server.url, tmp_path / "take.mp4", most=20 << 20)
    assert nothing_in(tmp_path)


async def test_a_file_that_is_packed_on_the_way_is_kept_unpacked(tmp_path: Path) -> None:
    async def pack(request: web.Request) -> web.StreamResponse:
        response = web.Response(body=FILM, headers={"etag": '"x"'})
        response.enable_compression(web.ContentCoding.gzip)
        del request
        return response

    async with serving(pack) as server:
        assert is_kept(await fetch(server.url, tmp_path / "take.mp4"))
