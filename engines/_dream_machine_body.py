"""Write an order as the Dream Machine API reads it: every kind of work has its own address."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from ._call import Call
from ._dream_machine_tables import CROP, PHOTON, PHOTON_FLASH, WEIGHTS
from ._errors import Refused
from ._job import JobSpec, Ref
from ._luma_body import filled
from ._luma_native import listed, number, switch, word
from ._words import Mode, RefKind, RefRole

Json = dict[str, Any]

_STILL_MODELS = frozenset({PHOTON, PHOTON_FLASH})
_USUAL_STRENGTH = "flex_1"


def is_still(mode: Mode, model: str) -> bool:
    """Whether what comes is a still; Photon reframes stills, Ray reframes clips."""
    return mode.makes_still or model in _STILL_MODELS


def call_for(spec: JobSpec, model: str, *, callback: str) -> Call:
    """Describe the order. Raises Refused if a reference it cannot do without is missing."""
    path, write = _WORK[spec.mode]
    body = filled({**write(spec), "callback_url": callback})
    if spec.mode in _ON_A_JOB:
        job = quote(source_of(spec).job or "", safe="")
        return Call(method="POST", path=path.format(job=job), json=body)
    kind = "image" if is_still(spec.mode, model) else "video"
    generation = _TYPED.get(spec.mode, "").format(kind=kind)
    told = filled({"generation_type": generation, "model": model, **body})
    return Call(method="POST", path=path.format(kind=kind), json=told)


def source_of(spec: JobSpec) -> Ref:
    """Give what is worked on. Raises Refused if there is nothing."""
    found = next((ref for ref in spec.refs if ref.role is RefRole.SOURCE), None)
    if found is None:
        raise Refused("Choose the take to work on.")
    return found


def _clip(spec: JobSpec) -> Json:
    return {
        "prompt": spec.prompt,
        "aspect_ratio": spec.ratio,
        "resolution": spec.resolution,
        "duration": f"{spec.seconds:g}s" if spec.seconds else None,
        "loop": switch(spec, "loop"),
        "concepts": [{"key": key} for key in listed(spec, "concepts")],
        "keyframes": filled({"frame0": _frame(spec, 0), "frame1": _frame(spec, 1)}),
    }


def _frame(spec: JobSpec, place: int) -> Json | None:
    role = (RefRole.FIRST, RefRole.LAST)[place]
    if picture := next(iter(spec.refs_in(role)), None):
        return {"type": "image", "url": picture.uri}
    continues = 1 if word(spec, "direction") == "backward" else 0
    if spec.mode is Mode.EXTEND and place == continues:
        return {"type": "generation", "id": source_of(spec).job}
    return None


def _edit(spec: JobSpec) -> Json:
    return {"mode": word(spec, "strength") or _USUAL_STRENGTH, **_on_media(spec)}


def _reframe(spec: JobSpec) -> Json:
    places = {name: number(spec, name) for name in CROP}
    whole = {name: None if at is None else round(at) for name, at in places.items()}
    more = {"aspect_ratio": spec.ratio, "format": word(spec, "format")}
    return {**more, **whole, **_on_media(spec)}


def _on_media(spec: JobSpec) -> Json:
    first = next(iter(spec.refs_in(RefRole.FIRST)), None)
    return {
        "prompt": spec.prompt,
        "media": {"url": source_of(spec).uri},
        "first_frame": {"url": first.uri} if first else None,
    }


def _still(spec: JobSpec) -> Json:
    people = set(listed(spec, "character"))
    guides = [ref for ref in spec.refs_in(RefRole.REFERENCE) if ref.tag not in people]
    faces = [ref.uri for ref in spec.refs_in(RefRole.REFERENCE) if ref.tag in people]
    sources = spec.refs_in(RefRole.SOURCE)
    return {
        "prompt": spec.prompt,
        "aspect_ratio": spec.ratio if spec.mode is Mode.TEXT_TO_IMAGE else None,
        "format": word(spec, "format"),
        "image_ref": [_weighed(spec, ref) for ref in guides],
        "style_ref": [_weighed(spec, ref) for ref in spec.refs_in(RefRole.STYLE)],
        "character_ref": {"identity0": {"images": faces}} if faces else None,
        "modify_image_ref": _weighed(spec, sources[0]) if sources else None,
    }


def _weighed(spec: JobSpec, ref: Ref) -> Json:
    return filled({"url": ref.uri, "weight": number(spec, WEIGHTS[ref.role])})


def _upscale(spec: JobSpec) -> Json:
    return {"resolution": spec.resolution}


def _sound(spec: JobSpec) -> Json:
    return {"prompt": spec.prompt, "negative_prompt": spec.negative}


_WORK: dict[Mode, tuple[str, Callable[[JobSpec], Json]]] = {
    Mode.TEXT_TO_VIDEO: ("/generations/video", _clip),
    Mode.IMAGE_TO_VIDEO: ("/generations/video", _clip),
    Mode.EXTEND: ("/generations/video", _clip),
    Mode.EDIT: ("/generations/video/modify", _edit),
    Mode.REFRAME: ("/generations/{kind}/reframe", _reframe),
    Mode.UPSCALE: ("/generations/{job}/upscale", _upscale),
    Mode.SOUND: ("/generations/{job}/audio", _sound),
    Mode.TEXT_TO_IMAGE: ("/generations/image", _still),
    Mode.IMAGE_TO_IMAGE: ("/generations/image", _still),
}
_TYPED = {Mode.EDIT: "modify_{kind}", Mode.REFRAME: "reframe_{kind}"}
_ON_A_JOB = frozenset({Mode.UPSCALE, Mode.SOUND})
BY_JOB = {Mode.EXTEND: "extends", Mode.UPSCALE: "upscales", Mode.SOUND: "makes sound for"}
"""Work that is done on a job of Luma's own only, as a verb."""


def needs_address(ref: Ref, mode: Mode) -> bool:
    """Whether an order must name this reference by an address, where only a job is known."""
    is_job = ref.role is RefRole.SOURCE and ref.kind is RefKind.VIDEO and mode in BY_JOB
    return ref.job is not None and not (ref.uri or "").startswith("https://") and not is_job
