"""Fetch what a job made: piece by piece, hashed on the way, resumed where it broke off."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import aiohttp

from ._answer import Output, Stored
from ._answers import retry_after
from ._clock import wall_clock
from ._errors import Broken, Busy, Expired
from ._hosts import leads_inside
from ._sink import MOST_BYTES, Sink
from ._wire import Wire
from ._words import FailKind

_TRIES = 4
"""Connections in a row that bring nothing new before we give the engine a rest."""
_HOPS = 3
_WORTH_A_THREAD = 128 * 1024
_WHOLE, _PART, _BAD_RANGE = 200, 206, 416
_MOVED = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({400, 401, 403, 404, 410})
_HEAD = 64
_PAGES = (b"<!doctype", b"<html", b"{", b"<?xml")


@dataclass(slots=True)
class _Source:
    """Where the file is read from, and what is known of it so far."""

    url: str
    key: Mapping[str, str]
    etag: str = ""
    total: int | None = None
    best: int = 0
    """The most that ever came, so that a file that begins anew each time has an end."""


async def fetched(
    wire: Wire,
    output: Output,
    path: Path,
    *,
    key: Mapping[str, str],
    hosts: tuple[str, ...],
    most: int = MOST_BYTES,
) -> Stored:
    """Fetch an output into `path`, whole or not at all, and no more than `most` bytes.

    Raises Expired if its link is no longer good, Busy if the host is not well, and Broken if what
    comes is empty, too large or a web page.
    """
    with Sink(path, most=most) as sink:
        if output.data is not None:
            sink.take(output.data)
        elif output.url is not None:
            await _all_of(wire, _Source(output.url, key), sink, hosts=hosts)
        else:
            raise Broken("The engine says it is done but names no file.")
        return await asyncio.to_thread(sink.kept)


async def _all_of(wire: Wire, source: _Source, sink: Sink, *, hosts: tuple[str, ...]) -> None:
    idle = 0
    while idle < _TRIES:
        try:
            if await _pour(wire, source, sink, hosts=hosts):
                return
        except (aiohttp.ClientError, TimeoutError, OSError) as lost:
            if leads_inside(lost):
                raise Broken("The engine named an address inside the network.") from lost
        idle = 0 if sink.size > source.best else idle + 1
        source.best = max(source.best, sink.size)
    text = "The file broke off again and again; it is fetched again later."
    raise Busy(text, kind=FailKind.TRANSIENT)


async def _pour(wire: Wire, source: _Source, sink: Sink, *, hosts: tuple[str, ...]) -> bool:
    """Read until the connection ends; say whether that was the end of the file."""
    for _ in range(_HOPS + 1):
        async with wire.open(source.url, headers=_asking(source, sink), hosts=hosts) as response:
            if response.status in _MOVED:
                _follow(wire, source, response)
                continue
            _begin(source, sink, response)
            await _read(response, sink)
            return source.total is None or sink.size >= source.total
    raise Broken("The engine sends us from one address to the next.")


def _asking(source: _Source, sink: Sink) -> dict[str, str]:
    asked = {"accept-encoding": "identity", **source.key}
    if sink.size and source.etag:
        asked |= {"range": f"bytes={sink.size}-", "if-range": source.etag}
    return asked


def _follow(wire: Wire, source: _Source, response: aiohttp.ClientResponse) -> None:
    target = response.headers.get("location", "")
    if not target:
        raise Broken("The engine sends us to another address and does not name it.")
    source.url = _joined(source.url, target)
    if not wire.is_own(source.url):
        source.key = {}  # a key is for the host it was made for


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        raise Broken("The engine sends us to an address that cannot be read.") from None


def _begin(source: _Source, sink: Sink, response: aiohttp.ClientResponse) -> None:
    told = response.headers
    if response.status == _PART:
        if sink.size and told.get("content-range", "").startswith(f"bytes {sink.size}-"):
            return
        source.etag = ""  # this host counts otherwise: from the first byte, and not in parts
        raise aiohttp.ClientPayloadError("the part is not the one that was asked for")
    if response.status in _GONE | {_BAD_RANGE}:
        raise Expired("The link to the file is no longer good.")
    if response.status != _WHOLE:
        text = f"The file's host answered {response.status}."
        after = retry_after(_lower(told), now=wall_clock())
        raise Busy(text, kind=FailKind.TRANSIENT, retry_after=after)
    sink.restart()
    is_plain = told.get("content-encoding", "identity").lower() == "identity"
    source.etag = told.get("etag", "") if is_plain else ""
    source.total = response.content_length if is_plain else None
    if source.total is not None and source.total > sink.most:
        raise sink.too_large()


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


async def _read(response: aiohttp.ClientResponse, sink: Sink) -> None:
    """Hand over what comes, when enough of its beginning is there to tell it from a message."""
    head = b""
    while piece := await response.content.readany():
        if sink.size:
            await _take(sink, piece)
            continue
        head += piece
        if len(head) >= _HEAD:
            await _take(sink, _judged(head))
    if head and not sink.size:
        await _take(sink, _judged(head))


def _judged(head: bytes) -> bytes:
    if head[:_HEAD].lstrip().lower().startswith(_PAGES):
        raise Broken("The engine sent a web page or a message where a film should be.")
    return head


async def _take(sink: Sink, piece: bytes) -> None:
    """Hash and write; a large piece leaves the loop alone."""
    if len(piece) < _WORTH_A_THREAD:
        sink.take(piece)
    else:
        await asyncio.to_thread(sink.take, piece)
