"""Files on their way to Runway and back: inline, uploaded for a day, and what comes of them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ._call import Call, Part, Talk
from ._job import JobSpec, Ref
from ._media_kind import mime_of
from ._runway_task import Place
from ._words import RefKind

_INLINE_MOST = 3_500_000
"""Bytes of a picture whose data URI stays below Runway's 5 MB."""
_INLINE_ALL = 8_000_000
"""Bytes of all pictures of an order that travel inside it."""
ENDINGS: Mapping[str, str] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/wav": ".wav",
    "audio/flac": ".flac",
    "audio/ogg": ".ogg",
}
"""What Runway takes, and the ending of the name under which it is handed over."""


def mime_made(spec: JobSpec) -> str:
    """Tell what kind of file an order makes, where its address will not say."""
    form = str(spec.native.get("outputFormat", ""))
    if spec.mode.makes_still:
        return f"image/{form or 'png'}"
    if "sequence" in form:
        return "application/zip"
    is_mov = form in {"prores", "hdr_prores", "hdr_pq_12bit_master", "mov"}
    return "video/quicktime" if is_mov else "video/mp4"


def fits_inside(ref: Ref, spec: JobSpec) -> bool:
    """Whether a local picture is small enough, alone and together with the others."""
    sizes = {
        each.path: each.path.stat().st_size
        for each in spec.refs
        if each.kind is RefKind.IMAGE and each.path is not None and each.path.exists()
    }
    is_small = ref.path in sizes and sizes[ref.path] <= _INLINE_MOST
    return is_small and sum(sizes.values()) <= _INLINE_ALL


def uploading(ref: Ref, path: Path) -> Talk[Ref]:
    """Ask for a place for a day, then put the file there; the place never sees our key."""
    mime = mime_of(path) or "application/octet-stream"
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-") or "file"
    name = f"{stem[:60]}{ENDINGS.get(mime, path.suffix)}"
    answer = yield Call(
        method="POST", path="/v1/uploads", json={"filename": name, "type": "ephemeral"}
    )
    place = answer.read(Place)
    fields = tuple(Part(name=field, text=text) for field, text in place.fields.items())
    file = Part(name="file", content=path, filename=name, mime=mime)
    yield Call(method="POST", path=place.url, parts=(*fields, file), key=False)
    return replace(ref, uri=place.uri)
