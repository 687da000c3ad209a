"""The one place where engines touch the network: it sends a call and reads its answer.

aiohttp directly, because a poll through httpx costs four times the processor time (decision 7).
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from ._body import Body, body_of, has_body, type_of
from ._call import Answer, Call
from ._errors import Broken, Busy, EngineError, Misconfigured, Refused, Unsure
from ._hosts import PublicOnly, leads_inside, outside
from ._words import FailKind

_MOST_TOLD = 64 * 1024 * 1024
"""An answer that holds a film in base64 is large; one that is larger still is no answer."""
_POLL_WITHIN = aiohttp.ClientTimeout(total=60, sock_connect=10)
_ORDER_WITHIN = aiohttp.ClientTimeout(total=180, sock_connect=10)
_FETCH_WITHIN = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)
_HEARTBEAT = 20.0
_BUFFER = 512 * 1024
"""Enough to hash one piece while the next arrives; more leaves the processor's caches."""
_CONNECTIONS = 64


class Wire:
    """Connections to one engine, and to the hosts it sends us to.

    Orders never use a connection that was used before: one that the server has just closed would
    lose the answer of an order that never left. `connector` makes the connections of a kind: order,
    own, socket, and outside, which never leads inside.
    """

    def __init__(
        self,
        engine: str,
        base_url: str,
        *,
        connector: Callable[[str], aiohttp.TCPConnector] | None = None,
    ) -> None:
        self.engine = engine
        self._connector = connector or connector_for
        self.base_url = base_url.rstrip("/")
        self._sessions: dict[str, aiohttp.ClientSession] = {}
        self._turns: dict[str, asyncio.Semaphore] = {}

    async def ask(
        self, call: Call, *, headers: Mapping[str, str], creating: bool = False
    ) -> Answer:
        """Send one call and read its answer whole.

        Raises Busy if it never left, Unsure if it was an order and its answer is lost.
        """
        try:
            async with self._sent(call, headers, creating=creating) as response:
                body = await self._body(response)
                told = {name.lower(): value for name, value in response.headers.items()}
                return Answer(status=response.status, headers=told, body=body)
        except (aiohttp.ClientError, TimeoutError, OSError) as lost:
            raise self._named(lost, creating=creating) from lost

    @asynccontextmanager
    async def open(
        self, url: str, *, headers: Mapping[str, str], hosts: tuple[str, ...]
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        """Open an address for reading a file from it piece by piece; redirects are not followed.

        Raises Broken for an address inside the network, and aiohttp's errors as they come.
        """
        outside(url, hosts=hosts, trusted=self.base_url)
        kind = "own" if self.is_own(url) else "outside"
        async with self._session(kind).get(
            URL(url, encoded=True),
            headers=headers,
            allow_redirects=False,
            timeout=_FETCH_WITHIN,
        ) as response:
            yield response

    async def texts(self, call: Call, *, headers: Mapping[str, str]) -> AsyncGenerator[str]:
        """Listen at a socket of the engine's own host: each text that it sends, until it ends.

        Raises Busy if it cannot be opened or breaks off. Frames of bytes are passed over.
        """
        url = URL(self.address_of(call), encoded=True)
        try:
            async with self._session("socket").ws_connect(
                url,
                headers=headers,
                heartbeat=_HEARTBEAT,
                max_msg_size=_MOST_TOLD,
            ) as socket:
                async for message in socket:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        yield message.data
        except (aiohttp.ClientError, TimeoutError, OSError) as lost:
            raise self._named(lost, creating=False) from lost

    def is_own(self, url: str) -> bool:
        """Whether an address belongs to the host that the operator chose."""
        try:
            return URL(url).origin() == URL(self.base_url).origin()
        except ValueError:
            return False

    def address_of(self, call: Call) -> str:
        """Give the whole address of a call; its query keeps the order it was written in."""
        url = call.path if "://" in call.path else f"{self.base_url}{call.path}"
        return f"{url}?{urlencode(call.query, quote_via=quote)}" if call.query else url

    async def close(self) -> None:
        """Close every connection."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    @asynccontextmanager
    async def _sent(
        self, call: Call, headers: Mapping[str, str], *, creating: bool
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        url = self.address_of(call)
        is_own = "://" not in call.path or self.is_own(url)
        if "://" in call.path:
            outside(url, trusted=self.base_url)
        kind = ("order" if creating else "own") if is_own else "outside"
        # Whoever waits for a turn holds no request yet, and its time limit does not run.
        turn = self._turns.setdefault(kind, asyncio.Semaphore(_CONNECTIONS))
        async with turn:
            with ExitStack() as files:
                # A look at a job has no body, and is not worth a thread.
                content = await asyncio.to_thread(_body_of, call, files) if has_body(call) else None
                async with self._session(kind).request(
                    call.method,
                    URL(url, encoded=True),
                    headers={**type_of(call), **headers, **call.headers},
                    data=content,
                    allow_redirects=False,
                    timeout=_ORDER_WITHIN if creating or content is not None else _POLL_WITHIN,
                ) as response:
                    yield response

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        pieces: list[bytes] = []
        size = 0
        async for piece in response.content.iter_any():
            size += len(piece)
            if size > _MOST_TOLD:
                raise aiohttp.ClientPayloadError("the answer does not end")
            pieces.append(piece)
        return b"".join(pieces)

    def _session(self, kind: str) -> aiohttp.ClientSession:
        if kind not in self._sessions:
            self._sessions[kind] = aiohttp.ClientSession(
                connector=self._connector(kind),
                cookie_jar=aiohttp.DummyCookieJar(),
                read_bufsize=_BUFFER,
                auto_decompress=True,
                middlewares=(self._never_elsewhere,) if kind == "socket" else (),
            )
        return self._sessions[kind]

    async def _never_elsewhere(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Stop where a socket is redirected: aiohttp would follow and take the key along."""
        if not self.is_own(str(request.url)):
            raise aiohttp.ClientPayloadError("the socket is redirected to another host")
        return await handler(request)

    def _named(self, lost: Exception, *, creating: bool) -> EngineError:
        match lost:
            case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
                text = f"{self.engine} has no valid certificate. The operator checks its address."
                return Misconfigured(text)
            case _ if leads_inside(lost):
                return Broken(f"{self.engine} named an address inside the network.")
            case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
                return Busy(f"{self.engine} cannot be reached.", kind=FailKind.TRANSIENT)
            case aiohttp.InvalidURL():
                return Broken(f"{self.engine} has an address that cannot be read.")
            case _ if creating:
                return Unsure(f"{self.engine} was asked, and its answer was lost on the way.")
            case _:
                text = f"{self.engine} did not answer to the end."
                return Busy(text, kind=FailKind.TRANSIENT)


def connector_for(kind: str) -> aiohttp.TCPConnector:
    """Make what opens the connections of a kind."""
    if kind == "outside":
        return aiohttp.TCPConnector(limit=_CONNECTIONS, resolver=PublicOnly())
    return aiohttp.TCPConnector(limit=_CONNECTIONS, force_close=kind == "order")


def _body_of(call: Call, files: ExitStack) -> Body:
    """Tell a file of ours that is gone from an answer that is lost: nothing was sent."""
    try:
        return body_of(call, files)
    except OSError:
        raise Refused("A reference's file is gone from here; attach it once more.") from None
