"""Write an order as the Agents API reads it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ._caps import Offer
from ._errors import Refused
from ._inline import base64_of
from ._job import JobSpec, Ref
from ._luma_native import CONTROLS, control, listed, number, switch, word
from ._luma_tables import FPS
from ._media_kind import mime_of
from ._words import Mode, RefKind, RefRole

Json = dict[str, Any]

_TYPES = {
    Mode.TEXT_TO_VIDEO: "video",
    Mode.IMAGE_TO_VIDEO: "video",
    Mode.EXTEND: "video",
    Mode.EDIT: "video_edit",
    Mode.REFRAME: "video_reframe",
    Mode.TEXT_TO_IMAGE: "image",
    Mode.IMAGE_TO_IMAGE: "image_edit",
}
_GUIDES = (RefRole.REFERENCE, RefRole.STYLE)
_CORNERS = ("x_norm", "y_norm", "w_norm", "h_norm")


def filled(told: Json) -> Json:
    """Leave out what says nothing, so that the engine keeps its own defaults."""
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def body_of(spec: JobSpec, model: str, offer: Offer) -> Json:
    """Write the body of `POST /generations`. Raises Refused if a file cannot be read."""
    is_clip = not spec.mode.makes_still
    return filled(
        {
            "prompt": spec.prompt,
            "model": model,
            "type": _TYPES[spec.mode],
            "aspect_ratio": spec.ratio if offer.ratios else None,
            "source": _source(spec),
            "image_ref": [] if is_clip else _named(r for r in spec.refs if r.role in _GUIDES),
            "output_format": word(spec, "output_format"),
            "style": word(spec, "style"),
            "web_search": switch(spec, "web_search"),
            "user_id": spec.user_tag,
            "video": _video(spec, offer) if is_clip else None,
        }
    )


def name_of(ref: Ref) -> Json:
    """Name a reference in the way that fits where it lies. Raises Refused if it is gone."""
    if ref.uri and "://" not in ref.uri:
        return {"file_id": ref.uri}
    if ref.path is not None:
        mime = mime_of(ref.path) or "application/octet-stream"
        return {"data": _read(ref.path), "media_type": mime}
    if not ref.uri:
        raise Refused(f"The {ref.role.value} {ref.kind.value} has neither a file nor an address.")
    is_clip = ref.kind is RefKind.VIDEO
    return {"url": ref.uri, **({"media_type": "video/mp4"} if is_clip else {})}


def index_of(ref: Ref, fps: float) -> int:
    """Give the frame that a picture belongs to."""
    return round((ref.at or 0) * fps)


def _read(path: Path) -> str:
    try:
        return base64_of(path)
    except OSError:
        raise Refused("A reference's file is gone from here; attach it once more.") from None


def _named(refs: Iterable[Ref]) -> list[Json]:
    return [name_of(ref) for ref in refs]


def _chained(ref: Ref) -> Json:
    """Prefer the job that made it: then nothing travels, and nothing is moderated again."""
    return {"generation_id": ref.job} if ref.job else name_of(ref)


def _source(spec: JobSpec) -> Json | None:
    if spec.mode is Mode.EXTEND:
        return None
    return next((_chained(ref) for ref in spec.refs if ref.role is RefRole.SOURCE), None)


def _video(spec: JobSpec, offer: Offer) -> Json:
    return filled(
        {
            "duration": f"{spec.seconds:g}s" if offer.lengths and spec.seconds else None,
            "resolution": spec.resolution,
            "loop": switch(spec, "loop"),
            "hdr": switch(spec, "hdr"),
            "exr_export": switch(spec, "exr_export"),
            **_frames(spec),
            **_particulars(spec),
        }
    )


def _frames(spec: JobSpec) -> Json:
    first, last = (next(iter(spec.refs_in(role)), None) for role in (RefRole.FIRST, RefRole.LAST))
    return {
        "start_frame": name_of(first) if first else None,
        "end_frame": name_of(last) if last else None,
    }


def _particulars(spec: JobSpec) -> Json:
    match spec.mode:
        case Mode.IMAGE_TO_VIDEO:
            return _keyframes(spec)
        case Mode.EXTEND:
            is_back = word(spec, "direction") == "backward"
            source = spec.refs_in(RefRole.SOURCE, RefKind.VIDEO)[0]
            return {"end_frame" if is_back else "start_frame": _chained(source)}
        case Mode.EDIT:
            return {"edit": _edit(spec)}
        case Mode.REFRAME:
            corners = [float(side) for side in listed(spec, "source_position")]
            return {"source_position": dict(zip(_CORNERS, corners, strict=False))}
        case _:
            return {}


def _keyframes(spec: JobSpec, fps: float = FPS) -> Json:
    refs = spec.refs_in(RefRole.KEYFRAME)
    return {"keyframes": _named(refs), "keyframe_indexes": [index_of(ref, fps) for ref in refs]}


def _edit(spec: JobSpec) -> Json:
    strength = word(spec, "strength")
    controls = {name: control(spec, name) for name in CONTROLS if word(spec, name)}
    is_auto = switch(spec, "auto_controls")
    return filled(
        {
            "auto_controls": is_auto if strength or controls else is_auto is not False,
            "strength": strength,
            "controls": controls,
            **_keyframes(spec, number(spec, "source_fps") or FPS),
        }
    )
