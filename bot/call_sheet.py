"""A request as a person may see it: whole, but for secrets and for files inside it.

Secrets are hidden by their values wherever they stand, and headers that carry keys by their names.
A file is shown by its size and its SHA-256.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from bot.redaction import HIDDEN, Redactor
from engines import Call, Part, Ref

Json = dict[str, Any]

_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?;base64,(.*)", re.DOTALL)
_SCHEME = re.compile(r"(Bearer|Basic) .*", re.IGNORECASE | re.DOTALL)
_TYPES = {
    "json": "application/json",
    "multipart": "multipart/form-data; boundary=…",
    "form": "application/x-www-form-urlencoded",
}


def sheet_of(call: Call | None, redactor: Redactor, refs: Sequence[Ref]) -> Json | None:
    """Write a call down as plain values; `refs` are what may stand inside it as base64."""
    if call is None:
        return None
    files = frozenset(ref.sha256 for ref in refs if ref.sha256)
    body = _body(call, _Shower(redactor, files))
    usual = {"content-type": _TYPES[body["type"]]} if body and body["type"] in _TYPES else {}
    return {
        "method": call.method,
        "url": redactor.known(call.path),
        "headers": {**usual, **_headers(call.headers, redactor)},
        "body": body,
    }


def printed(sheet: Json) -> str:
    """Print it the way HTTP is written."""
    headers = [f"{name}: {value}" for name, value in sheet["headers"].items()]
    lines = [f"{sheet['method']} {sheet['url']}", *headers]
    body = sheet["body"]
    return "\n".join([*lines, "", *_printed(body)] if body else lines)


class _Shower:
    """Hides secrets, and files that are known by their hashes."""

    def __init__(self, redactor: Redactor, files: frozenset[str]) -> None:
        self._redactor = redactor
        self._files = files

    def text(self, text: str) -> str:
        if found := _DATA.fullmatch(text):
            content = _decoded(found[2])
            return f"data:{found[1] or ''};base64,{_file(content)}" if content else text
        content = _decoded(text)
        if content and hashlib.sha256(content).hexdigest() in self._files:
            return _file(content)
        return self._redactor.known(text)

    def value(self, value: Any) -> Any:
        match value:
            case str():
                return self.text(value)
            case dict():
                fields = cast("Json", value)
                return {self._redactor.known(name): self.value(one) for name, one in fields.items()}
            case list() | tuple():
                return [self.value(one) for one in cast("list[Any]", value)]
            case _:
                return value


def _headers(headers: Mapping[str, str], redactor: Redactor) -> dict[str, str]:
    hidden = redactor.value(dict(headers))
    return {
        name: _SCHEME.sub(rf"\1 {HIDDEN}", value)
        if hidden[name] == HIDDEN and _SCHEME.fullmatch(value)
        else hidden[name]
        for name, value in headers.items()
    }


def _body(call: Call, shower: _Shower) -> Json | None:
    if call.json is not None:
        return {"type": "json", "json": shower.value(call.json)}
    if call.parts is not None:
        return {"type": "multipart", "parts": [_part(part, shower) for part in call.parts]}
    if call.form is not None:
        return {"type": "form", "form": shower.value(dict(call.form))}
    if call.content is not None:
        return {"type": "file", "file": _file(_read(call.content))}
    return None


def _part(part: Part, shower: _Shower) -> Json:
    if part.text is not None:
        return {"name": part.name, "text": shower.text(part.text)}
    named: Json = {"name": part.name, "filename": part.filename, "mime": part.mime}
    return {**named, "file": _file(_read(part.content or b""))}


def _printed(body: Json) -> list[str]:
    match body["type"]:
        case "json":
            return [json.dumps(body["json"], ensure_ascii=False, indent=2)]
        case "multipart":
            return [line for part in body["parts"] for line in _printed_part(part)]
        case "form":
            return [f"{name}={value}" for name, value in body["form"].items()]
        case _:
            return [body["file"]]


def _printed_part(part: Json) -> list[str]:
    if "text" in part:
        return [f"--- {part['name']}", part["text"]]
    about = "; ".join(each for each in (part["filename"], part["mime"]) if each)
    return [f"--- {part['name']}; {about}", part["file"]]


def _file(content: bytes) -> str:
    return f"«{len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}»"


def _read(content: bytes | Path) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
