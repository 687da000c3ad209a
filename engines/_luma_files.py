"""Hand a file over to Luma's Agents API: announce, put and complete it, wait until it is read."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel

from ._base import Finding
from ._call import Answer, Call, Pause, Talk
from ._errors import Busy, Refused
from ._job import JobSpec, Ref
from ._media_kind import mime_of
from ._words import FailKind, RefKind, RefRole

_LIVES = timedelta(days=7)
"""Luma deletes the file by itself after that."""
_LOOKS, _LOOK_SECONDS = 120, 1.0


class _File(BaseModel):
    state: str
    failure_reason: str | None = None


class _Envelope(BaseModel):
    url: str
    headers: dict[str, str] | None = None


class _NewFile(BaseModel):
    id: str
    upload: _Envelope


class _Files(BaseModel):
    data: list[Any]


def handed_over(ref: Ref, path: Path, spec: JobSpec, *, now: datetime) -> Talk[Ref]:
    """Give the reference with Luma's own name for the file.

    Raises Refused if Luma turns the file down, Busy if it takes minutes to read it.
    """
    made = (yield _announced(ref, path, spec, now=now)).read(_NewFile)
    headers = made.upload.headers or {}
    yield Call(method="PUT", path=made.upload.url, headers=headers, content=path, key=False)
    address = f"/files/{quote(made.id, safe='')}"
    answer = yield Call(method="POST", path=f"{address}/complete")
    for _ in range(_LOOKS):
        if _is_ready(answer):
            return replace(ref, uri=made.id)
        yield Pause(_LOOK_SECONDS)
        answer = yield Call(method="GET", path=address)
    raise Busy("Luma has not read a file yet; it is handed over again.", kind=FailKind.TRANSIENT)


def looked_around() -> Talk[list[Finding]]:
    """List files, which costs nothing and needs a good key."""
    query = {"limit": "25", "purpose": "reference", "state": "ready"}
    told = (yield Call(method="GET", path="/files", query=query)).read(_Files)
    count = len(told.data)
    many = f"{count} or more" if count == int(query["limit"]) else str(count)
    return [Finding("key", is_ok=True, told=f"It is accepted; {many} reference files lie there.")]


def _announced(ref: Ref, path: Path, spec: JobSpec, *, now: datetime) -> Call:
    try:
        size = path.stat().st_size
    except OSError:
        raise Refused("A reference's file is gone from here; attach it once more.") from None
    usual = "video/mp4" if ref.kind is RefKind.VIDEO else "image/jpeg"
    body = {
        "mime_type": mime_of(path) or usual,
        "size_bytes": size,
        "filename": path.name,
        "purpose": "input" if ref.role is RefRole.SOURCE else "reference",
        "expires_at": f"{now + _LIVES:%Y-%m-%dT%H:%M:%SZ}",
    }
    user = {"user_id": spec.user_tag} if spec.user_tag else {}
    return Call(method="POST", path="/files", json={**body, **user})


def _is_ready(answer: Answer) -> bool:
    file = answer.read(_File)
    if file.state == "failed":
        why = file.failure_reason or "It gives no reason."
        is_unwanted = "moderat" in why.lower()
        kind = FailKind.MODERATION_INPUT if is_unwanted else FailKind.BAD_INPUT
        raise Refused(f"Luma turned a reference down: {why} Use another file.", kind=kind)
    return file.state == "ready"
