"""The bodies of Firefly's orders, and what is wrong with one before it is sent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ._firefly_tables import CAPS, IMAGE_5, NUMBERS, PICTURES, SETTINGS, STORES, VIDEO
from ._hosts import lies_on
from ._job import JobSpec, Ref
from ._media_kind import mime_of
from ._picture import header_of
from ._problems import Problem
from ._words import Mode, RefRole

_NEGATIVE_MOST = 1024
_URL_MOST = 2083
_LEAST_PIXELS, _MOST_PIXELS = 512 * 512, 2048 * 2048
_MOST_SLIM = 5
_TIMES = {RefRole.FIRST: 0, RefRole.LAST: 1}
_WORKED_FROM = {
    Mode.IMAGE_TO_VIDEO: "This needs a first or a last frame.",
    Mode.IMAGE_TO_IMAGE: "This needs a picture for the style or for the structure.",
}
_THINKING = ("localeCode", "prompt_reasoner")
_PLAIN = ("contentClass", "promptBiasingLocaleCode")


def body_of(spec: JobSpec, model: str) -> dict[str, Any]:
    """Write the order; its references are uploaded or lie at a public address."""
    prompt = {"prompt": spec.prompt} if spec.prompt else {}
    return prompt | {VIDEO: _clip, IMAGE_5: _still_5}.get(model, _still)(spec, model)


def problems_in(spec: JobSpec) -> Iterator[Problem]:
    """Find what the tables cannot say; looks at local files."""
    if not spec.refs and (text := _WORKED_FROM.get(spec.mode)):
        yield Problem("refs", text)
    for ref in spec.refs:
        yield from _source_problems(ref)
        if spec.model == IMAGE_5 and ref.path is not None:
            yield from _blob_problems(ref.path)
    for name, (least, most) in NUMBERS.items():
        told = str(spec.native.get(name, least))
        if not (told.isdecimal() and least <= int(told) <= most):
            text = f"{name} is a whole number from {least} to {most}, not {told}."
            yield Problem("native", text)
    if len(spec.negative or "") > _NEGATIVE_MOST:
        yield Problem("negative", f"At most {_NEGATIVE_MOST:,} characters fit here.")


def _source_problems(ref: Ref) -> Iterator[Problem]:
    if ref.path is not None:
        if ref.path.exists() and mime_of(ref.path) not in PICTURES:
            text = "Firefly takes JPEG, PNG, WebP or TIFF pictures; this file is none of them."
            yield Problem("refs", text)
    elif "://" in (ref.uri or "") and not _is_read(ref.uri or ""):
        where = ", ".join(STORES)
        text = f"Firefly reads addresses at {where} only. Attach the picture as a file."
        yield Problem("refs", text)


def _blob_problems(path: Path) -> Iterator[Problem]:
    """Hold a picture to the bounds of Image 5, which its schema tells of `referenceBlobs` alone."""
    header = header_of(path)
    if header is None:
        return
    if not _LEAST_PIXELS <= header.pixels <= _MOST_PIXELS:
        text = "Image 5 works on pictures between 512 x 512 and 2048 x 2048 pixels; this has"
        yield Problem("refs", f"{text} {header.width} x {header.height}.")
    if max(header.width, header.height) > _MOST_SLIM * min(header.width, header.height):
        yield Problem("refs", "Image 5 works on pictures of 1:5 to 5:1; this one is slimmer.")


def _is_read(url: str) -> bool:
    return len(url) <= _URL_MOST and lies_on(url, STORES) and bool(urlsplit(url).path)


def _clip(spec: JobSpec, model: str) -> dict[str, Any]:
    body: dict[str, Any] = {"sizes": [_size(spec, model)], **_seeds(spec)}
    if "bitRateFactor" in spec.native:
        body["bitRateFactor"] = int(spec.native["bitRateFactor"])
    if settings := {name: spec.native[name] for name in SETTINGS if name in spec.native}:
        body["videoSettings"] = settings
    frames = [
        {"source": _source(ref), "placement": {"position": at}}
        for role, at in _TIMES.items()
        for ref in spec.refs_in(role)
    ]
    return body | ({"image": {"conditions": frames}} if frames else {})


def _still_5(spec: JobSpec, _model: str) -> dict[str, Any]:
    body: dict[str, Any] = {"modelId": "firefly_image", "numVariations": 1, **_seeds(spec)}
    body["resolutionLevel"] = spec.resolution
    if blobs := [{"source": _source(ref), "usage": "general"} for ref in spec.refs]:
        body["referenceBlobs"] = blobs  # the ratio is the picture's
    else:
        body["aspectRatio"] = spec.ratio
    if thinking := {name: spec.native[name] for name in _THINKING if name in spec.native}:
        body["modelSpecificPayload"] = thinking
    return body


def _still(spec: JobSpec, model: str) -> dict[str, Any]:
    body: dict[str, Any] = {"size": _size(spec, model), "numVariations": 1, **_seeds(spec)}
    body |= {name: spec.native[name] for name in _PLAIN if name in spec.native}
    if spec.negative:
        body["negativePrompt"] = spec.negative
    if "visualIntensity" in spec.native:
        body["visualIntensity"] = int(spec.native["visualIntensity"])
    style, structure = _guide(spec, RefRole.STYLE), _guide(spec, RefRole.STRUCTURE)
    if presets := str(spec.native.get("stylePresets", "")):
        style["presets"] = [name.strip() for name in presets.split(",") if name.strip()]
    guides = {"style": style, "structure": structure}
    return body | {name: guide for name, guide in guides.items() if guide.keys() - {"strength"}}


def _guide(spec: JobSpec, role: RefRole) -> dict[str, Any]:
    guide: dict[str, Any] = {}
    for ref in spec.refs_in(role):
        guide["imageReference"] = {"source": _source(ref)}
    if (strength := spec.native.get(f"{role.value}Strength")) is not None:
        guide["strength"] = int(strength)
    return guide


def _source(ref: Ref) -> dict[str, str]:
    uri = ref.uri or ""
    return {"url": uri} if "://" in uri else {"uploadId": uri}


def _size(spec: JobSpec, model: str) -> dict[str, int]:
    size = CAPS[model].modes[spec.mode].size_of(spec.ratio, spec.resolution)
    width, height = size or (0, 0)  # `validate` has refused what is not offered
    return {"width": width, "height": height}


def _seeds(spec: JobSpec) -> dict[str, list[int]]:
    return {} if spec.seed is None else {"seeds": [spec.seed]}
