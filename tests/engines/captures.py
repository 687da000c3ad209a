"""What the vendors' own SDKs put on the wire, and whether a call of ours is the same.

Recorded with the versions that each file names; the request is the truth, the response a script.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from engines import Call, Part
from engines._call import Answer

_FOLDER = Path(__file__).with_name("wire")
_CONTRACT = ("authorization", "content-type", "x-api-key", "x-runway-version", "x-model-version")
Json = dict[str, Any]


@dataclass(frozen=True)
class Capture:
    """One recorded call and its scripted response."""

    vendor: str
    case: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    status: int
    response_headers: Mapping[str, str]
    response: Any

    @property
    def answer(self) -> Answer:
        """The response as our engines are handed it."""
        body = b"" if self.response is None else json.dumps(self.response).encode()
        return Answer(status=self.status, headers=self.response_headers, body=body)


@cache
def captures(vendor: str) -> dict[str, Capture]:
    """Read every recording of a vendor, by its file's name without the ending."""
    files = sorted((_FOLDER / vendor).glob("*.json"))
    return {file.stem: _read(file.stem, json.loads(file.read_text())) for file in files}


def vendors() -> list[str]:
    """Name the vendors there are recordings of."""
    return sorted(folder.name for folder in _FOLDER.iterdir() if folder.is_dir())


def _read(stem: str, told: Json) -> Capture:
    request, response = told["request"], told["response"]
    return Capture(
        vendor=told["vendor"],
        case=stem,
        method=request["method"],
        path=request["path"],
        query=request["query"],
        headers={name.lower(): value for name, value in request["headers"].items()},
        body=request["body"],
        status=response["status"],
        response_headers={name.lower(): value for name, value in response["headers"].items()},
        response=response["body"],
    )


def differences(call: Call, capture: Capture, *, headers: Mapping[str, str], base: str) -> Json:
    """Say where a call is not the recorded one; empty if it is the same.

    `headers` are those that go along with the key; `base` is the path of the vendor's base address.
    The type of a body that is not there says nothing.
    """
    named = urlsplit(call.path if "://" in call.path else base + call.path)
    ours = {
        "method": call.method,
        "path": named.path,
        "query": {**dict(parse_qsl(named.query)), **call.query},
        "body": body_of(call),
        **_contract({**_content_type(call), **headers, **call.headers}),
    }
    theirs = {
        "method": capture.method,
        "path": capture.path,
        "query": dict(capture.query),
        "body": capture.body,
        **_contract(capture.headers, has_body=capture.body is not None),
    }
    return {name: (ours.get(name), theirs.get(name)) for name in {*ours, *theirs}
            if ours.get(name) != theirs.get(name)}  # fmt: skip


def body_of(call: Call) -> Any:
    """Write a call's body the way the recordings do."""
    if call.parts is not None:
        return {"multipart": [_part(part) for part in call.parts]}
    if call.form is not None:
        return {"form": dict(call.form)}
    if call.content is not None:
        return {"binary": _sized(call.content)}
    return call.json


def _part(part: Part) -> Json:
    if part.text is not None:
        return {"name": part.name, "value": part.text}
    return {
        "name": part.name,
        "filename": part.filename,
        "content_type": part.mime,
        **_sized(part.content or b""),
    }


def _sized(content: bytes | Path) -> Json:
    data = content.read_bytes() if isinstance(content, Path) else content
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _content_type(call: Call) -> dict[str, str]:
    if call.json is not None:
        return {"content-type": "application/json"}
    if call.parts is not None:
        return {"content-type": "multipart/form-data; boundary=<boundary>"}
    if call.form is not None:
        return {"content-type": "application/x-www-form-urlencoded"}
    return {}


def _contract(headers: Mapping[str, str], *, has_body: bool = True) -> dict[str, str]:
    lower = {name.lower(): value for name, value in headers.items()}
    if not has_body:
        lower.pop("content-type", None)
    return {
        f"header {name}": value
        for name, value in lower.items()
        if name in _CONTRACT or name.startswith("x-goog-")
    }
