"""One mode of one Runway model: where it is ordered, what it offers, and what fills its fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ._caps import Offer
from ._errors import Refused
from ._inline import base64_of
from ._job import JobSpec, Ref
from ._media_kind import mime_of
from ._runway_options import value_of, written
from ._words import Mode, RefKind, RefRole

Json = dict[str, Any]


def _nothing() -> Json:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One mode of one model.

    `fields` are the fields that an order fills, by their names at Runway; `name:how` where models
    differ in how they want it written. `fixed` are sent as they stand.
    """

    endpoint: str
    offer: Offer
    fields: tuple[str, ...]
    fixed: Mapping[str, Any] = field(default_factory=_nothing)


Works = Mapping[Mode, Work]


def body_of(spec: JobSpec, work: Work) -> Json:
    """Write the fields of an order, all but its model; reads the files that go along inline."""
    filled = {name: _FILLS[name](spec, work.offer) for name in work.fields}
    told = {
        name.partition(":")[0]: value
        for name, value in filled.items()
        if value is not None and value != []
    }
    return {**work.fixed, **told, **written(spec.native)}


def address_of(ref: Ref) -> str:
    """Give a reference's address: public, uploaded, or the file itself as a data URI."""
    if ref.uri:
        return ref.uri
    if ref.path is None:
        raise Refused("A reference has neither a file nor an address. Attach it again.")
    mime = mime_of(ref.path) or "application/octet-stream"
    return f"data:{mime};base64,{base64_of(ref.path)}"


def _seconds(spec: JobSpec, offer: Offer) -> int | None:
    return None if offer.lengths is None else int(spec.seconds)


def _pixels(spec: JobSpec, offer: Offer) -> str | None:
    size = offer.size_of(spec.ratio, spec.resolution)
    return None if size is None else f"{size[0]}:{size[1]}"


def _frames(spec: JobSpec, _offer: Offer) -> str | list[Json]:
    """Write one frame as its address, and two with their positions."""
    first, last = spec.refs_in(RefRole.FIRST), spec.refs_in(RefRole.LAST)
    if not last:
        return address_of(first[0])
    return [{"uri": address_of(ref), "position": ref.role.value} for ref in (*first, *last)]


def _images(spec: JobSpec, _offer: Offer) -> list[Json]:
    return [{"uri": address_of(ref)} for ref in _pictures(spec)]


def _tagged(spec: JobSpec, _offer: Offer) -> list[Json]:
    return [
        {"uri": address_of(ref)} | ({"tag": ref.tag} if ref.tag else {}) for ref in _pictures(spec)
    ]


def _pictures(spec: JobSpec) -> tuple[Ref, ...]:
    return (*spec.refs_in(RefRole.SOURCE), *spec.refs_in(RefRole.REFERENCE))


def _bare_videos(spec: JobSpec, _offer: Offer) -> list[Json]:
    clips = spec.refs_in(RefRole.REFERENCE, RefKind.VIDEO)
    return [{"uri": address_of(ref)} for ref in clips]


def _videos(spec: JobSpec, offer: Offer) -> list[Json]:
    return [{"type": "video", **each} for each in _bare_videos(spec, offer)]


def _bare_sounds(spec: JobSpec, _offer: Offer) -> list[Json]:
    sounds = spec.refs_in(RefRole.REFERENCE, RefKind.AUDIO)
    return [{"uri": address_of(ref)} for ref in sounds]


def _sounds(spec: JobSpec, offer: Offer) -> list[Json]:
    return [{"type": "audio", **each} for each in _bare_sounds(spec, offer)]


def _source(spec: JobSpec, _offer: Offer) -> str:
    return address_of(spec.refs_in(RefRole.SOURCE, RefKind.VIDEO)[0])


def _performer(spec: JobSpec, offer: Offer) -> Json:
    return {"type": "video", "uri": _source(spec, offer)}


def _character(spec: JobSpec, _offer: Offer) -> Json:
    character = next(ref for ref in spec.refs if ref.role is RefRole.REFERENCE)
    return {"type": character.kind.value, "uri": address_of(character)}


def _keyframes(spec: JobSpec, _offer: Offer) -> list[Json]:
    """Write stills with their moments, and all within the window, if there is one.

    Those that name no second are spread evenly over the clip.
    """
    ends = {
        name: value_of(name, spec.native[name])
        for name in ("start_seconds", "end_seconds")
        if name in spec.native
    }
    window = {"range": ends} if ends else {}
    stills = spec.refs_in(RefRole.KEYFRAME)
    steps = max(len(stills) - 1, 1)
    return [
        {
            **({"at": number / steps} if still.at is None else {"seconds": still.at}),
            "uri": address_of(still),
            **window,
        }
        for number, still in enumerate(stills)
    ]


def _roles(spec: JobSpec, kind: RefKind) -> list[Json]:
    return [
        {"role": ref.role.value, "uri": address_of(ref)}
        for ref in spec.refs
        if ref.kind is kind and ref.role is not RefRole.KEYFRAME
    ]


_FILLS: Mapping[str, Callable[[JobSpec, Offer], Any]] = {
    "promptText": lambda spec, _: spec.prompt if spec.prompt.strip() else None,
    "negativePrompt": lambda spec, _: spec.negative or None,
    "seed": lambda spec, _: spec.seed,
    "audio": lambda spec, _: spec.audio,
    "duration": _seconds,
    "ratio": _pixels,
    "ratio:word": lambda spec, _: spec.ratio,
    "ratio:auto": lambda spec, _: f"auto_{spec.resolution}",
    "aspectRatio": lambda spec, _: spec.ratio,
    "targetAspectRatio": lambda spec, _: spec.ratio,
    "resolution": lambda spec, _: spec.resolution,
    "resolution:router": lambda spec, _: None if spec.resolution == "auto" else spec.resolution,
    "targetFramerate": lambda spec, _: None if spec.fps is None else str(spec.fps),
    "promptImage": _frames,
    "references": _images,
    "referenceImages": _tagged,
    "referenceImages:bare": _images,
    "referenceImages:roles": lambda spec, _: _roles(spec, RefKind.IMAGE),
    "referenceVideos": _videos,
    "referenceVideos:bare": _bare_videos,
    "referenceVideos:roles": lambda spec, _: _roles(spec, RefKind.VIDEO),
    "referenceAudio": _sounds,
    "referenceAudio:bare": _bare_sounds,
    "videoUri": _source,
    "promptVideo": _source,
    "keyframes": _keyframes,
    "character": _character,
    "reference": _performer,
}
