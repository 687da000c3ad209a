"""Slack's part: signed presses of Approve, timed as they arrive or as fast as they are answered."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.bench._seed import CHANNEL, DIRECTOR, WORKSPACE
from tests.bench._slack import SECRET

_number = itertools.count(1)
_TEXT = "Rooftop opener: she walks to the edge and looks down, and the city is quiet. " * 3
_BLOCKS = [
    {"type": "section", "block_id": f"b{at}", "text": {"type": "mrkdwn", "text": _TEXT}}
    for at in range(8)
]


class Button:
    """Presses Approve at one server, over connections that stay open as Slack's do."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def press(self, take_id: str) -> None:
        """Press Approve on a take. Raises unless the answer is 200."""
        body = _body(take_id)
        async with self._session.post(self._url, data=body, headers=_signed(body)) as answer:
            await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"A press was answered with {answer.status}.")


@asynccontextmanager
async def button(url: str, *, connections: int = 0) -> AsyncGenerator[Button]:
    """Open connections to a server."""
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield Button(session, url)


async def in_time(url: str, take_ids: list[str], *, each_second: float) -> list[float]:
    """Press at set times, answered or not; give each answer's delay from its set time."""

    async def one(at: float, take_id: str) -> float:
        await asyncio.sleep(at - time.perf_counter())
        await pressed.press(take_id)
        return time.perf_counter() - at

    async with button(url) as pressed:
        start = time.perf_counter() + 0.1
        moments = (start + number / each_second for number in itertools.count())
        return await asyncio.gather(*map(one, moments, take_ids))


async def at_full_load(url: str, take_ids: list[str], *, connections: int, seconds: float) -> float:
    """Press as fast as answers come, on every connection; give the seconds until the last answer.

    Takes its takes off the end of the list.
    """

    async def one() -> None:
        while time.perf_counter() < end:
            await pressed.press(take_ids.pop())

    async with button(url, connections=connections) as pressed:
        start = time.perf_counter()
        end = start + seconds
        await asyncio.gather(*(one() for _ in range(connections)))
        return time.perf_counter() - start


def _signed(body: bytes) -> dict[str, str]:
    stamp = str(int(time.time()))
    base = f"v0:{stamp}:".encode() + body
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest(),
    }


def _body(take_id: str) -> bytes:
    told: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": DIRECTOR, "username": "jonas", "team_id": WORKSPACE},
        "api_app_id": "A0BENCH0001",
        "token": "bench",
        "team": {"id": WORKSPACE, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "container": {"type": "message", "message_ts": "1793600000.000200"},
        "trigger_id": f"{next(_number)}.1793600000.bench",
        "channel": {"id": CHANNEL, "name": "bench"},
        "message": {"type": "message", "ts": "1793600000.000200", "blocks": _BLOCKS},
        "state": {"values": {}},
        "response_url": "http://127.0.0.1:9/never",
        "actions": [
            {"type": "button", "action_id": "take_approve", "block_id": "b9", "value": take_id}
        ],
    }
    return urlencode({"payload": json.dumps(told)}).encode()
