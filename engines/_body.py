"""Write the body of a call: small ones from memory, files piece by piece as they are sent."""

import io
import json
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from aiohttp.payload import BufferedReaderPayload, BytesIOPayload, Payload

from ._call import Call, Part

Body = bytes | Payload | aiohttp.MultipartWriter | None

_IN_ONE_PIECE = 256 * 1024
_PLAIN = "text/plain; charset=utf-8"
_ANYTHING = "application/octet-stream"


def type_of(call: Call) -> dict[str, str]:
    """Give the header that says what the body is, where its form says so."""
    if call.json is not None:
        return {"content-type": "application/json"}
    if call.form is not None:
        return {"content-type": "application/x-www-form-urlencoded"}
    return {}


def has_body(call: Call) -> bool:
    """Whether a call carries anything at all."""
    return any(part is not None for part in (call.json, call.parts, call.form, call.content))


def body_of(call: Call, files: ExitStack) -> Body:
    """Write a call's body; `files` closes what it reads from. Raises OSError for a file."""
    if call.json is not None:
        told = json.dumps(call.json, ensure_ascii=False, separators=(",", ":"))
        return _pieces(told.encode(), files)
    if call.parts is not None:
        return _multipart(call.parts, files)
    if call.form is not None:
        return urlencode(call.form).encode()
    return None if call.content is None else _pieces(call.content, files)


def _pieces(content: bytes | Path, files: ExitStack) -> bytes | Payload:
    """Let what is large be read while it is sent, so that the loop and the memory stay free."""
    if isinstance(content, Path):
        return BufferedReaderPayload(files.enter_context(content.open("rb")), filename=None)
    if len(content) <= _IN_ONE_PIECE:
        return content
    return BytesIOPayload(io.BytesIO(content), filename=None)


def _multipart(parts: tuple[Part, ...], files: ExitStack) -> aiohttp.MultipartWriter:
    writer = aiohttp.MultipartWriter("form-data")
    for part in parts:
        is_text = part.text is not None
        content = part.text.encode() if part.text is not None else part.content or b""
        mime = part.mime or (_PLAIN if is_text else _ANYTHING)
        payload = writer.append(_pieces(content, files), {"content-type": mime})
        if part.filename is None:
            payload.set_content_disposition("form-data", name=part.name)
        else:
            payload.set_content_disposition("form-data", name=part.name, filename=part.filename)
        if is_text:
            payload.headers.pop("content-type", None)
    return writer
