"""Socket Mode: up to ten WebSocket connections, each payload to one of them, acknowledged."""

import asyncio
import itertools
import json
import secrets
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from aiohttp import WSMsgType, web

from tests.workspace.records import Json
from tests.workspace.state import SlackState

MAX_CONNECTIONS = 10
APPROXIMATE_SECONDS = 18_060
Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


class LostSocketError(Exception):
    """The connection closed before the payload was acknowledged."""


@dataclass(eq=False, slots=True)
class Link:
    """One open connection and the envelopes it still owes an answer for."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    owed: dict[str, asyncio.Future[Json]] = field(
        default_factory=dict[str, "asyncio.Future[dict[str, Any]]"]
    )


class Sockets:
    """Every open connection; payloads go to them in turn."""

    def __init__(self, state: SlackState) -> None:
        self._state = state
        self._links: list[Link] = []
        self._leaving: list[Link] = []
        self._tickets: set[str] = set()
        self._turns = itertools.count()

    def __len__(self) -> int:
        return len(self._links)

    def ticket(self) -> str:
        """Issue a ticket that opens one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection until somebody closes it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        if len(self._links) >= MAX_CONNECTIONS:
            await _say_goodbye(socket, "too_many_websockets")
            await socket.close()
            return socket
        link = Link(socket, request.transport)
        self._links.append(link)
        try:
            await socket.send_str(json.dumps(self._hello()))
            self._state.publish({"kind": "socket.opened"})
            await self._listen(link)
        finally:
            self._forget(link)
        return socket

    async def send(self, envelope: Json, *, seconds: float) -> Json:
        """Send to one connection and wait for its acknowledgement's payload.

        Raises TimeoutError when nobody acknowledges, LostSocketError when the line is cut.
        """
        link = self._links[next(self._turns) % len(self._links)]
        envelope_id = str(uuid.uuid4())
        owed: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        link.owed[envelope_id] = owed
        try:
            await link.socket.send_str(json.dumps(envelope | {"envelope_id": envelope_id}))
            async with asyncio.timeout(seconds):
                return await owed
        except ConnectionError as error:
            raise LostSocketError from error
        finally:
            link.owed.pop(envelope_id, None)

    async def disconnect(self, reason: Reason) -> None:
        """Tell every connection to go; unless it is only a warning, nothing more is sent there.

        Closing is left to the client, as Slack does; what it still owes may still be answered.
        """
        for link in tuple(self._links):
            await _say_goodbye(link.socket, reason)
            if reason != "warning":
                self._links.remove(link)
                self._leaving.append(link)
                self._state.publish({"kind": "socket.closed"})

    def cut(self, most: int = MAX_CONNECTIONS) -> None:
        """Drop lines without a word, the oldest first, as a broken network does."""
        for link in tuple(self._links)[:most]:
            self._forget(link)
            if link.transport is not None:
                link.transport.close()

    async def close(self) -> None:
        """Close every connection."""
        for link in (*self._links, *self._leaving):
            await link.socket.close()

    async def _listen(self, link: Link) -> None:
        async for message in link.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            with suppress(ValueError):
                _settle(link, json.loads(cast("str", message.data)))

    def _forget(self, link: Link) -> None:
        if link in self._links:
            self._links.remove(link)
            self._state.publish({"kind": "socket.closed"})
        elif link in self._leaving:
            self._leaving.remove(link)
        for owed in link.owed.values():
            if not owed.done():
                owed.set_exception(LostSocketError())

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._links),
            "debug_info": {
                "host": "small-slack",
                "started": time.strftime("%Y-%m-%d %H:%M:%S.000"),
                "build_number": 1,
                "approximate_connection_time": APPROXIMATE_SECONDS,
            },
            "connection_info": {"app_id": self._state.app.id},
        }


def _settle(link: Link, answer: Json) -> None:
    owed = link.owed.get(str(answer.get("envelope_id")))
    if owed is not None and not owed.done():
        owed.set_result(answer.get("payload") or {})


async def _say_goodbye(socket: web.WebSocketResponse, reason: Reason) -> None:
    with suppress(ConnectionError):
        await socket.send_str(
            json.dumps(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "small-slack"}}
            )
        )
