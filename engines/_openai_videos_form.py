"""The orders of such a server as forms, what its modes offer, and what an order lacks."""

import json
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ._call import Call, Part
from ._caps import Offer, Slot
from ._job import JobSpec, Ref
from ._media_kind import mime_of
from ._openai_videos_dialects import ROUTE_OPTION, Dialect
from ._openai_videos_house import House
from ._problems import Problem
from ._words import Mode, RefKind, RefRole

_RATES = (16, 24, 25, 30)
_MOST_PICTURES = 9
_READ = {
    True: frozenset({"video/mp4", "video/quicktime", "video/webm"}),
    False: frozenset({"image/jpeg", "image/png", "image/webp"}),
}
"""The kinds of files, of clips and of pictures."""
_FIRST = Slot(role=RefRole.FIRST, least=1)
_SOURCE = Slot(role=RefRole.SOURCE, kind=RefKind.VIDEO, least=1)
_SEVERAL = Slot(role=RefRole.REFERENCE, least=1, most=_MOST_PICTURES)


def offers_of(house: House) -> Mapping[Mode, Offer]:
    """Say what each mode offers; one that the server's kind lacks is not among them."""
    dialect = house.dialect
    made = Offer(
        lengths=house.lengths,
        ratios=house.ratios,
        prompt_most=dialect.prompt_most,
        negative=dialect.negative,
        seed=dialect.seed,
        audio=bool(dialect.sound),
        fps=_RATES if dialect.fps else (),
        native=dialect.native,
    )
    bare = Offer(prompt_most=dialect.prompt_most, slots=(_SOURCE,))
    edited = made if dialect.edits == "/videos" else bare
    native = {**edited.native, **ROUTE_OPTION} if dialect.remixes else edited.native
    offers = {
        Mode.TEXT_TO_VIDEO: made,
        Mode.IMAGE_TO_VIDEO: replace(made, slots=(_FIRST,)),
        Mode.REFERENCE_TO_VIDEO: replace(made, slots=(_SEVERAL,)) if dialect.pictures else None,
        Mode.EXTEND: replace(bare, lengths=house.lengths) if dialect.extends else None,
        Mode.EDIT: replace(edited, slots=(_SOURCE,), native=native),
    }
    return {mode: offer for mode, offer in offers.items() if offer and mode in house.modes}


def order_of(spec: JobSpec, model: str, house: House) -> Call:
    """Describe the order; always a form, which every one of these servers reads."""
    dialect = house.dialect
    match spec.mode:
        case Mode.EDIT if spec.native.get("route") == "remix":
            path = f"/videos/{quote(_clip(spec).job or '', safe='')}/remix"
            return Call(method="POST", path=path, json={"prompt": spec.prompt})
        case Mode.EDIT if dialect.edits != "/videos":
            parts = [_text("prompt", spec.prompt), *_clip_parts(spec, dialect)]
        case Mode.EXTEND:
            parts = [_text("prompt", spec.prompt), *_length(spec, house)]
            parts += _clip_parts(spec, dialect)
        case _:
            parts = [*_wish(spec, model, house), *_ref_parts(spec, dialect)]
    routes = {Mode.EDIT: dialect.edits, Mode.EXTEND: dialect.extends}
    return Call(method="POST", path=routes.get(spec.mode, "/videos"), parts=tuple(parts))


def problems_in(spec: JobSpec, dialect: Dialect) -> Iterator[Problem]:
    """Find references that this kind of server cannot be given; looks at local files."""
    for ref in spec.refs:
        is_clip = ref.kind is RefKind.VIDEO
        if _will_be_a_file(ref, dialect):
            continue
        if not (_clip_part(ref, dialect) if is_clip else _picture_part(ref, dialect)):
            yield Problem("refs", _LACKING[is_clip])
        elif ref.path and ref.path.exists() and mime_of(ref.path) not in _READ[is_clip]:
            yield Problem("refs", _UNREADABLE[is_clip])
    if spec.native.get("route") == "remix" and not all(ref.job for ref in spec.refs):
        yield Problem("refs", "Only a clip that this server made can be remixed.")


def _will_be_a_file(ref: Ref, dialect: Dialect) -> bool:
    """Whether it is kept here and lies at hand once the order is placed."""
    takes_it = ref.kind is not RefKind.VIDEO or bool(dialect.clip_file)
    return ref.path is None and ref.sha256 is not None and takes_it


_LACKING = {
    True: "This server works on clips that it made itself; this one is not.",
    False: "This server wants the picture as a file. Attach it.",
}
_UNREADABLE = {
    True: "This server takes MP4, QuickTime or WebM clips; this file is none of them.",
    False: "This server takes JPEG, PNG or WebP pictures; this file is none of them.",
}


def _wish(spec: JobSpec, model: str, house: House) -> Iterator[Part]:
    dialect = house.dialect
    yield _text("prompt", spec.prompt)
    yield _text("model", model)
    yield from _length(spec, house)
    if size := house.ratios.get(spec.ratio, {}).get(spec.resolution):
        yield _text("size", f"{size[0]}x{size[1]}")
    if spec.seed is not None and dialect.seed:
        yield _text("seed", spec.seed)
    if spec.fps is not None and dialect.fps:
        yield _text("fps", spec.fps)
    if spec.negative and dialect.negative:
        yield _text("negative_prompt", spec.negative)
    if spec.audio is not None and dialect.sound:
        yield _text(dialect.sound, spec.audio)
    for name, value in spec.native.items():
        yield _text(name, value)


def _length(spec: JobSpec, house: House) -> Iterator[Part]:
    if house.lengths is not None:
        yield _text("seconds", f"{spec.seconds:g}")


def _ref_parts(spec: JobSpec, dialect: Dialect) -> Iterator[Part]:
    for ref in spec.refs:
        is_clip = ref.kind is RefKind.VIDEO
        part = _clip_part(ref, dialect) if is_clip else _picture_part(ref, dialect)
        if part is not None:  # `validate` has refused what cannot be given
            yield part


def _clip(spec: JobSpec) -> Ref:
    return next(iter(spec.refs_in(RefRole.SOURCE, RefKind.VIDEO)), Ref())


def _clip_parts(spec: JobSpec, dialect: Dialect) -> list[Part]:
    part = _clip_part(_clip(spec), dialect)
    return [part] if part else []


def _clip_part(ref: Ref, dialect: Dialect) -> Part | None:
    if ref.job and dialect.clip_id:
        return dialect.clip_id.part(ref.job)
    if ref.path is not None and dialect.clip_file:
        return _file(dialect.clip_file, ref.path, ref.role)
    if "://" in (ref.uri or "") and dialect.clip_address:
        return dialect.clip_address.part(ref.uri or "")
    return None


def _picture_part(ref: Ref, dialect: Dialect) -> Part | None:
    """Write a picture; several go as files of one name, and one in the field that all know."""
    if ref.path is not None:
        is_one_of_several = ref.role is RefRole.REFERENCE
        field = dialect.pictures if is_one_of_several else "input_reference"
        return _file(field, ref.path, ref.role)
    if ref.role is RefRole.REFERENCE or not ref.uri:
        return None
    named = dialect.picture_address if "://" in ref.uri else dialect.picture_id
    return named.part(ref.uri) if named else None


def _file(name: str, path: Path, role: RefRole) -> Part:
    mime = mime_of(path) or "application/octet-stream"
    is_plain = path.name.isascii() and path.suffix
    filename = path.name if is_plain else f"{role.value}{mimetypes.guess_extension(mime) or ''}"
    return Part(name=name, content=path, filename=filename, mime=mime)


def _text(name: str, value: Any) -> Part:
    return Part(name=name, text=value if isinstance(value, str) else json.dumps(value))
