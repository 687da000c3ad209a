"""How the app hears of things: signed HTTP requests or Socket Mode, with Slack's retries.

A socket that is connected gets everything; without one, the request URL does.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, cast
from urllib.parse import urlencode

import aiohttp

from tests.workspace.records import Json
from tests.workspace.sockets import LostSocketError, Sockets
from tests.workspace.state import SlackState

Kind = Literal["events_api", "slash_commands", "interactive"]
ACK_SECONDS = 3.0
RETRY_DELAYS = (0.0, 60.0, 300.0)
MAX_REDIRECTS = 2
_FORM = "application/x-www-form-urlencoded"
_REMEMBERED = 2000
_SOON, _GLANCE = 1.0, 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt: the status, the answer's payload, and Slack's reason if none."""

    via: Literal["http", "socket", "nobody"]
    status: int | None
    payload: Json
    ms: float
    reason: str | None = None
    may_retry: bool = True

    @property
    def is_acknowledged(self) -> bool:
        """Tell whether the app took it."""
        return self.reason is None


@dataclass(slots=True)
class Delivered:
    """Something that was sent, kept so that a test can send it again."""

    kind: Kind
    body: Json
    outcomes: list[Outcome] = field(default_factory=list[Outcome])


@dataclass(frozen=True, slots=True)
class Retry:
    """Which repetition this is, and why."""

    number: int
    reason: str


class Delivery:
    """Deliver payloads; events are retried, interactions never are."""

    def __init__(
        self,
        state: SlackState,
        *,
        request_url: str | None = None,
        ack_seconds: float = ACK_SECONDS,
        retry_delays: tuple[float, ...] = RETRY_DELAYS,
    ) -> None:
        self._state = state
        self.request_url = request_url
        self.options_url: str | None = None
        self.ack_seconds = ack_seconds
        self.retry_delays = retry_delays
        self.sockets = Sockets(state)
        self.log: deque[Delivered] = deque(maxlen=_REMEMBERED)
        self._client: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._resting: set[asyncio.Task[Any]] = set()
        self._held: list[Delivered] | None = None
        self._to_drop = 0

    async def ask(self, kind: Kind, body: Json) -> Outcome:
        """Deliver an interaction once and return what the app answered."""
        delivered = Delivered(kind, body)
        self.log.append(delivered)
        return await self.attempt(delivered)

    def tell(self, body: Json) -> asyncio.Future[Outcome]:
        """Deliver an event; the future is its first attempt, retries follow by themselves."""
        delivered = Delivered("events_api", body)
        self.log.append(delivered)
        if self._held is not None:
            self._held.append(delivered)
            return _nothing("held")
        if self._to_drop:
            self._to_drop -= 1
            return _nothing("dropped")
        return self._send_out(delivered)

    def hold(self) -> None:
        """Keep events back until `release`."""
        self._held = []

    def release(self, order: list[int] | None = None) -> list[asyncio.Future[Outcome]]:
        """Send what was held, in the order of the given positions; a position may repeat."""
        held, self._held = self._held or [], None
        return [self._send_out(held[index]) for index in order or range(len(held))]

    def drop(self, times: int = 1) -> None:
        """Lose the next events as a bad network would."""
        self._to_drop += times

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something beside; it ends with the delivery."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until nothing is on its way; retries due in more than a second are not."""
        while busy := self._tasks - self._resting:
            await asyncio.wait(busy, timeout=_GLANCE)

    async def close(self) -> None:
        """Stop everything that is on its way."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.close()
        if self._client is not None:
            await self._client.close()

    async def attempt(self, delivered: Delivered, retry: Retry | None = None) -> Outcome:
        """Send once, by whichever way is open."""
        if len(self.sockets):
            outcome = await self._by_socket(delivered, retry)
        elif url := self._url_of(delivered):
            outcome = await self._by_http(url, delivered, retry)
        else:
            outcome = Outcome("nobody", None, {}, 0.0, "connection_failed")
        delivered.outcomes.append(outcome)
        return outcome

    def _url_of(self, delivered: Delivered) -> str | None:
        """Menus may have an address of their own; most apps name the same one for both."""
        if delivered.body.get("type") == "block_suggestion" and self.options_url:
            return self.options_url
        return self.request_url

    def _send_out(self, delivered: Delivered) -> asyncio.Future[Outcome]:
        first: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.spawn(self._with_retries(delivered, first))
        return first

    async def _with_retries(self, delivered: Delivered, first: asyncio.Future[Outcome]) -> None:
        outcome = await self.attempt(delivered)
        if not first.done():
            first.set_result(outcome)
        for number, delay in enumerate(self.retry_delays, start=1):
            if outcome.reason is None or not outcome.may_retry:
                return
            await self._rest(delay)
            outcome = await self.attempt(delivered, Retry(number, outcome.reason))

    async def _rest(self, seconds: float) -> None:
        task = asyncio.current_task()
        if task is not None and seconds > _SOON:
            self._resting.add(task)
            task.add_done_callback(self._resting.discard)
        await asyncio.sleep(seconds)
        if task is not None:
            self._resting.discard(task)

    async def _by_socket(self, delivered: Delivered, retry: Retry | None) -> Outcome:
        envelope = _envelope(delivered, retry)
        started = time.perf_counter()
        reason, payload = None, {}
        try:
            payload = await self.sockets.send(envelope, seconds=self.ack_seconds)
        except TimeoutError:
            reason = "timeout"
        except LostSocketError:
            reason = "connection_failed"
        status = None if reason else 200
        return Outcome("socket", status, payload, _ms_since(started), reason)

    async def _by_http(self, url: str, delivered: Delivered, retry: Retry | None) -> Outcome:
        content_type, body = encoded(delivered.kind, delivered.body)
        headers = self.signed(body) | {"Content-Type": content_type} | _retry_headers(retry)
        timeout = aiohttp.ClientTimeout(total=self.ack_seconds)
        started = time.perf_counter()
        try:
            async with self._session().post(
                url, data=body, headers=headers, max_redirects=MAX_REDIRECTS + 1, timeout=timeout
            ) as response:
                return await _outcome(response, started)
        except TimeoutError:
            reason = "http_timeout"
        except aiohttp.TooManyRedirects:
            reason = "too_many_redirects"
        except aiohttp.ClientSSLError:
            reason = "ssl_error"
        except aiohttp.ClientConnectionError:
            reason = "connection_failed"
        except aiohttp.ClientError:
            reason = "unknown_error"
        return Outcome("http", None, {}, _ms_since(started), reason)

    def signed(self, body: bytes, *, at: float | None = None) -> dict[str, str]:
        """Return the headers that prove a request is Slack's, made now or at another moment."""
        moment = str(int(time.time() if at is None else at))
        secret = self._state.app.signing_secret.encode()
        digest = hmac.new(secret, b"v0:" + moment.encode() + b":" + body, hashlib.sha256)
        return {
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": f"v0={digest.hexdigest()}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }

    def _session(self) -> aiohttp.ClientSession:
        if self._client is None:
            self._client = aiohttp.ClientSession()
        return self._client


def encoded(kind: Kind, body: Json) -> tuple[str, bytes]:
    """Return the content type and bytes in which Slack sends this kind by HTTP."""
    if kind == "events_api":
        return "application/json", json.dumps(body).encode()
    if kind == "slash_commands":
        return _FORM, urlencode(body).encode()
    return _FORM, urlencode({"payload": json.dumps(body)}).encode()


def _envelope(delivered: Delivered, retry: Retry | None) -> Json:
    envelope: Json = {
        "type": delivered.kind,
        "payload": delivered.body,
        "accepts_response_payload": delivered.kind != "events_api",
    }
    if delivered.kind == "events_api":
        envelope["retry_attempt"] = retry.number if retry else 0
        envelope["retry_reason"] = retry.reason if retry else ""
    return envelope


def _retry_headers(retry: Retry | None) -> dict[str, str]:
    if retry is None:
        return {}
    return {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}


async def _outcome(response: aiohttp.ClientResponse, started: float) -> Outcome:
    text = await response.text()
    reason = None if response.ok else "http_error"
    may_retry = response.headers.get("x-slack-no-retry") != "1"
    payload = _payload(response.content_type, text) if response.ok else {}
    return Outcome("http", response.status, payload, _ms_since(started), reason, may_retry)


def _payload(content_type: str, text: str) -> Json:
    if not text.strip():
        return {}
    if content_type != "application/json":
        return {"text": text}
    try:
        answered: object = json.loads(text)
    except ValueError:
        return {"text": text}
    return cast("Json", answered) if isinstance(answered, dict) else {}


def _nothing(reason: str) -> asyncio.Future[Outcome]:
    future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    future.set_result(Outcome("nobody", None, {}, 0.0, reason))
    return future


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
