"""Orders for Runway, as tests write them."""

import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engines import (
    JobSpec,
    Mode,
    Ref,
    RefKind,
    RefRole,
)
from engines.runway import Runway

JOB = "17f20503-6c24-4c16-946b-35dbbce2af2f"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PICTURE, CLIP = "https://example.com/ref.png", "https://example.com/in.mp4"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01"
MP4 = b"\0\0\0\x18ftypisom\0\0\0\0"


def runway(**settings: str) -> Runway:
    return Runway({"RUNWAY_API_KEY": "key_secret", **settings}, clock=lambda: NOW)


def order(mode: Mode = Mode.TEXT_TO_VIDEO, model: str = "gen4.5", **words: Any) -> JobSpec:
    told: dict[str, Any] = {"prompt": "A paper boat", **words}
    return JobSpec(mode=mode, model=model, **told)


def image(role: RefRole = RefRole.FIRST, **more: Any) -> Ref:
    return Ref(role=role, **(more or {"uri": PICTURE}))


def clip(role: RefRole = RefRole.SOURCE) -> Ref:
    return Ref(role=role, kind=RefKind.VIDEO, uri=CLIP)


def problems(spec: JobSpec) -> list[tuple[str, str]]:
    return [(found.field, found.text) for found in runway().validate(spec)]


def body(spec: JobSpec, **settings: str) -> Any:
    engine = runway(**settings)
    assert engine.validate(spec) == []
    return engine.order(spec).json


def a_clip_of(path: Path, seconds: int) -> Ref:
    """Write the head of an MP4 file that says how long it is."""
    mvhd = struct.pack(">IIIII", 0, 0, 0, 600, 600 * seconds) + bytes(20)
    told = struct.pack(">I4s", 8 + len(mvhd), b"mvhd") + mvhd
    path.write_bytes(MP4[:16] + bytes(8) + struct.pack(">I4s", 8 + len(told), b"moov") + told)
    return Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=path)
