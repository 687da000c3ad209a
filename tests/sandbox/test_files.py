"""The sandbox's files are real, signed, resumable, and wrong in every way that is asked for."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.sandbox import Picture, Sandbox
from tests.sandbox._caller import Caller
from tests.sandbox._films import output
from tests.sandbox.conftest import fetched, frames

VENDORS = ("runway",)


@pytest.fixture
async def runway(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with Caller(sandbox) as caller:
        yield caller


async def test_each_job_has_its_own_bytes_and_the_same_bytes_every_time(runway: Caller) -> None:
    first, second = await runway.link(), await runway.link()
    assert await fetched(first) == await fetched(first)
    assert await fetched(first) != await fetched(second)


async def test_files_lie_where_the_vendor_was_called_or_on_a_host_of_their_own(
    runway: Caller,
) -> None:
    assert (await runway.link()).startswith(runway.sandbox.url("runway").removesuffix("/runway"))
    runway.sandbox.core.links.apart = True
    assert (await runway.link()).startswith(f"{runway.sandbox.origin}/files/")


async def test_an_address_is_refused_to_whoever_brings_a_key(runway: Caller) -> None:
    link = await runway.link()
    async with httpx.AsyncClient() as http:
        for name in ("Authorization", "x-api-key", "x-goog-api-key"):
            answer = await http.get(link, headers={name: "secret"})
            assert answer.status_code == 400
            assert "auth mechanism" in answer.text


async def test_an_address_expires_and_another_poll_mints_a_new_one(runway: Caller) -> None:
    runway.sandbox.pace.expiring_link_seconds = 0.05
    job = await runway.order("[[link-expires]]")
    old = (await runway.poll(job))["output"][0]
    await asyncio.sleep(0.1)
    async with httpx.AsyncClient() as http:
        assert (await http.get(old)).status_code == 403
        forged = old.replace("expires=", "expires=9")
        assert (await http.get(forged)).status_code == 403
        assert (await http.get((await runway.poll(job))["output"][0])).status_code == 200


async def test_a_film_can_be_fetched_in_parts(runway: Caller) -> None:
    link = await runway.link()
    whole = await fetched(link)
    async with httpx.AsyncClient() as http:
        first = await http.get(link, headers={"Range": "bytes=0-99"})
        etag = first.headers["ETag"]
        rest = await http.get(link, headers={"Range": "bytes=100-", "If-Range": etag})
        assert (first.status_code, rest.status_code) == (206, 206)
        assert first.content + rest.content == whole
        assert first.headers["Content-Range"] == f"bytes 0-99/{len(whole)}"
        beyond = await http.get(link, headers={"Range": f"bytes={len(whole)}-"})
        assert beyond.status_code == 416
        other = await http.get(link, headers={"Range": "bytes=100-", "If-Range": '"other"'})
        assert (other.status_code, other.content) == (200, whole)


async def test_files_can_be_wrong_in_every_way(runway: Caller) -> None:
    async with httpx.AsyncClient() as http:
        empty = await http.get(await runway.link("[[empty-file]]"))
        assert (empty.status_code, empty.content) == (200, b"")
        page = await http.get(await runway.link("[[not-a-film]]"))
        assert page.headers["Content-Type"].startswith("video/mp4")
        assert page.text.startswith("<!doctype html>")
        inside = await http.get(await runway.link("[[redirect-inside]]"))
        assert inside.status_code == 302
        assert inside.headers["Location"].startswith("http://169.254.169.254/")
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(await runway.link("[[truncated-file]]"))
        async with http.stream("GET", await runway.link("[[endless-file]]")) as endless:
            assert "Content-Length" not in endless.headers
            size = 0
            async for chunk in endless.aiter_bytes():
                size += len(chunk)
                if size > 3_000_000:
                    break
        assert size > 3_000_000


async def test_a_film_of_any_size_is_still_a_film(runway: Caller) -> None:
    size = 5_000_001
    runway.sandbox.core.output_bytes = size
    film = await fetched(await runway.link())
    assert len(film) == size
    assert frames(film) == 24
    async with httpx.AsyncClient() as http:
        url = f"{runway.sandbox.origin}/files/big?bytes={size}"
        tail = await http.get(url, headers={"Range": f"bytes={size - 10}-"})
        assert (tail.status_code, len(tail.content)) == (206, 10)


def test_a_film_burnt_with_its_job_is_drawn_for_that_job() -> None:

    films = [output(Picture(seconds=1), vendor="v", job_id=str(n), burn=True) for n in range(2)]
    assert frames(films[0]) == frames(films[1]) == 12
    assert films[0][:-10] != films[1][:-10]
