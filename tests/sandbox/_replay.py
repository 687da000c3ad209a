"""Sending a recorded request to the sandbox, and comparing the answer with the recorded one.

The request is sent as recorded but for the key and for what a server chose: ids, and the addresses
and fields of an upload. Of the answer, the status must be the recorded one, every recorded key must
be there, and no key beyond them but empty ones and those under `loose` (maps, and echoes of the
request that a recording's script shortened).
"""

import base64
import json
import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast
from urllib.parse import urlencode

import httpx

from tests.engines.captures import Capture
from tests.sandbox import Job, Sandbox

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""The picture that the recordings upload."""
_LEFT_BEHIND = {"accept", "content-length", "host"}


class Replay:
    """One vendor of the sandbox, to which recordings are sent."""

    def __init__(self, sandbox: Sandbox, vendor: str, http: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        self.vendor = vendor
        self.http = http
        self.bearer = {"Authorization": f"Bearer {sandbox.key(vendor)}"}
        self.keys = {"authorization": self.bearer["Authorization"]}
        """What the recorded headers that carry a key are sent as."""

    async def send(self, capture: Capture, swaps: Mapping[str, str]) -> httpx.Response:
        """Send a recorded request, with what `swaps` names replaced in its path and body."""
        path = swaps.get(capture.path) or _swapped(capture.path, swaps)
        body = capture.body
        url = path if "://" in path else self.sandbox.url(self.vendor) + path
        query = None if "?" in url else dict(capture.query)
        headers = {k: v for k, v in capture.headers.items() if k not in _LEFT_BEHIND}
        headers |= {name: key for name, key in self.keys.items() if name in headers}
        if isinstance(body, dict) and "multipart" in body:
            parts = cast("list[dict[str, Any]]", body["multipart"])
            del headers["content-type"]
            files = [_part(part, swaps) for part in parts]
            return await self.http.request(capture.method, url, headers=headers, files=files)
        content = _content(body, swaps)
        return await self.http.request(
            capture.method, url, params=query, headers=headers, content=content
        )

    async def place(self, path: str, body: Mapping[str, Any], *, share: float = 1.0) -> str:
        """Place an order, let `share` of its time be over for good, and return its id."""
        headers = self.bearer | {"X-Runway-Version": "2024-11-06"}
        url = self.sandbox.url(self.vendor) + path
        answer = await self.http.post(url, headers=headers, json=body)
        assert answer.is_success, answer.text
        job_id: str = answer.json()["id"]
        along(self.sandbox.desk(self.vendor).jobs[job_id], share)
        return job_id


def along(job: Job, share: float) -> None:
    """Let so much of a job's time be over, for good."""
    job.started = time.monotonic() - share * 1e6
    job.ends = job.started + 1e6


def _content(body: Any, swaps: Mapping[str, str]) -> bytes | None:
    match body:
        case None:
            return None
        case {"binary": _}:
            return PIXEL
        case {"form": form}:
            fields = cast("dict[str, str]", form)
            return urlencode({key: swaps.get(text, text) for key, text in fields.items()}).encode()
        case {"json_sent_as_form": inner}:
            return _swapped(json.dumps(inner), swaps).encode()
        case _:
            return _swapped(json.dumps(body), swaps).encode()


def check(
    capture: Capture,
    answer: httpx.Response,
    *,
    loose: Collection[str] = (),
    more: Collection[str] = (),
) -> None:
    """Hold an answer against the recorded one; `more` are keys that the script left out."""
    assert answer.status_code == capture.status, answer.text
    recorded = capture.response
    if recorded is None:
        assert not answer.content
        return
    kind = capture.response_headers["content-type"].partition(";")[0]
    assert answer.headers["content-type"].partition(";")[0] == kind
    if isinstance(recorded, dict) and "binary" in recorded:
        assert answer.content
        return
    told = answer.json()
    missing = set(_paths(recorded, loose=loose)) - set(_paths(told, loose=loose))
    assert not missing, f"the answer lacks {missing}"
    beyond = set(_paths(told, loose=loose, full=True)) - set(_paths(recorded, loose=loose))
    assert not beyond - set(more), f"the recording lacks {beyond - set(more)}"


def _paths(
    value: Any, at: str = "", *, loose: Collection[str], full: bool = False
) -> Iterator[str]:
    """Give the path of every key; with `full`, only of those that hold something."""
    if at in loose:
        return
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            if not full or (f"{at}.{key}" not in loose and inner not in (None, [], {})):
                yield f"{at}.{key}"
                yield from _paths(inner, f"{at}.{key}", loose=loose, full=full)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _paths(inner, f"{at}[]", loose=loose, full=full)


def _swapped(text: str, swaps: Mapping[str, str]) -> str:
    for old, new in swaps.items():
        text = text.replace(old, new)
    return text


def _part(part: Mapping[str, Any], swaps: Mapping[str, str]) -> tuple[str, Any]:
    if "value" in part:
        return part["name"], (None, swaps.get(part["value"], part["value"]))
    return part["name"], (part["filename"], PIXEL, part["content_type"])
