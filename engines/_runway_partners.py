"""Models of other makers that Runway serves, and its router, which chooses one of them itself.

`_runway_models.json` is their table, drawn from the types of runwayml 5.24.0: for each model and
mode the fields that an order fills. Its lengths are Runway's "2 to 15 seconds, by the model" where
the types state none, and its counts of references 3 where none is stated; Runway refuses what a
model lacks, and charges nothing for that. Where a ratio is sent as a word, pixels are nominal.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from ._caps import Lengths, Offer, Ratios, Slot
from ._runway_options import natives
from ._runway_own import FIRST, MODERATION, SOURCE, STILL, TAG, WINDOW, room
from ._runway_work import Work, Works
from ._words import Mode, RefKind, RefRole

ROUTER = "router:"
"""What the ids of models begin with that are configurations of the Model Router."""
_TABLE = Path(__file__).with_name("_runway_models.json")
_ENDPOINTS = {
    Mode.TEXT_TO_VIDEO: "text_to_video",
    Mode.IMAGE_TO_VIDEO: "image_to_video",
    Mode.EDIT: "video_to_video",
    Mode.EXTEND: "video_to_video",
    Mode.TEXT_TO_IMAGE: "text_to_image",
    Mode.IMAGE_TO_IMAGE: "text_to_image",
}
_CALLS = {"grok_imagine_1_5": "[Image {number}]"} | dict.fromkeys(
    ("seedream5_pro", "seedream5_lite", "seedream5_flash"), "Figure {number}"
)
"""How a prompt calls a picture where it has no tag."""


class _Rooms(BaseModel):
    last: int = 0
    images: int = 0
    videos: int = 0
    sounds: int = 0


class _Row(BaseModel):
    """One mode of one model, as the table has it."""

    fields: tuple[str, ...]
    sizes: str = ""
    scales: tuple[str, ...] = ()
    seconds: str | tuple[int, ...] = ()
    prompt_most: int | None = None
    prompt_utf16: bool = False
    prompt_needed: bool = True
    slots: _Rooms = _Rooms()
    refs_most: int | None = None
    native: Mapping[str, tuple[str, ...] | None] = {}
    fixed: Mapping[str, str] = {}


class _Table(BaseModel):
    sizes: Mapping[str, Mapping[str, Mapping[str, str]]]
    models: Mapping[str, Mapping[Mode, _Row]]


@cache
def partners() -> Mapping[str, Works]:
    """Read the table, once."""
    table = _Table.model_validate(json.loads(_TABLE.read_text()))
    sizes = {name: _pixels(told) for name, told in table.sizes.items()}
    return {
        model: {
            mode: work
            for told, row in rows.items()
            for mode, work in _works(model, told, row, ratios=sizes.get(row.sizes, {}))
        }
        for model, rows in table.models.items()
    }


def routed() -> Works:
    """Tell what can be asked of the router: what no model of it does, it refuses for free."""
    pictures = room(RefRole.REFERENCE, most=10)
    clips, sounds = (
        room(RefRole.REFERENCE, kind, most=3) for kind in (RefKind.VIDEO, RefKind.AUDIO)
    )
    return {
        Mode.TEXT_TO_VIDEO: _routed(()),
        Mode.IMAGE_TO_VIDEO: _routed((FIRST, room(RefRole.LAST), pictures)),
        Mode.REFERENCE_TO_VIDEO: _routed((pictures, clips, sounds)),
        Mode.EDIT: _routed_edit((SOURCE, pictures, room(RefRole.KEYFRAME, most=5))),
    }


def _works(model: str, mode: Mode, row: _Row, *, ratios: Ratios) -> list[tuple[Mode, Work]]:
    """Make a row's modes; one with room for references is two, one of which goes without."""
    work = _work(model, mode, row, ratios=ratios)
    slots = work.offer.slots
    match mode:
        case Mode.TEXT_TO_VIDEO if slots:
            return [(mode, _without(work)), (Mode.REFERENCE_TO_VIDEO, work)]
        case Mode.TEXT_TO_IMAGE if slots:
            most = sum(slot.most for slot in slots)
            call = slots[0].call  # numbers go on from the source's, so references go unnamed
            source = replace(STILL, call=call.replace("{number}", "1"))
            rest = replace(slots[0], most=most - 1, call=call if call == TAG else "")
            more = (rest,) if most > 1 else ()
            offer = replace(work.offer, slots=(source, *more), refs_most=most)
            return [(mode, work), (Mode.IMAGE_TO_IMAGE, replace(work, offer=offer))]
        case _:
            return [(mode, work)]


def _work(model: str, mode: Mode, row: _Row, *, ratios: Ratios) -> Work:
    offer = Offer(
        lengths=_lengths(row.seconds) if "duration" in row.fields else None,
        ratios=ratios,
        scales=row.scales,
        slots=_slots(model, mode, row),
        refs_most=row.refs_most,
        prompt_needed=row.prompt_needed,
        prompt_most=row.prompt_most,
        prompt_utf16=row.prompt_utf16,
        negative="negativePrompt" in row.fields,
        seed="seed" in row.fields,
        audio="audio" in row.fields,
        native=natives(row.native),
    )
    return Work(endpoint=_ENDPOINTS[mode], offer=offer, fields=row.fields, fixed=row.fixed)


def _slots(model: str, mode: Mode, row: _Row) -> tuple[Slot, ...]:
    rooms = row.slots
    call = TAG if "referenceImages" in row.fields else _CALLS.get(model, "")
    is_edit = mode is Mode.IMAGE_TO_IMAGE
    wanted = (
        (mode is Mode.IMAGE_TO_VIDEO, FIRST),
        (bool(rooms.last), room(RefRole.LAST)),
        (mode in {Mode.EDIT, Mode.EXTEND}, SOURCE),
        (is_edit, STILL),
        (
            rooms.images > is_edit,
            room(RefRole.REFERENCE, most=rooms.images - is_edit, call=call),
        ),
        (bool(rooms.videos), room(RefRole.REFERENCE, RefKind.VIDEO, most=rooms.videos)),
        (bool(rooms.sounds), room(RefRole.REFERENCE, RefKind.AUDIO, most=rooms.sounds)),
    )
    return tuple(slot for is_there, slot in wanted if is_there)


def _without(work: Work) -> Work:
    fields = tuple(name for name in work.fields if not name.startswith("reference"))
    return replace(work, offer=replace(work.offer, slots=(), refs_most=None), fields=fields)


def _lengths(told: str | Sequence[int]) -> Lengths:
    if not isinstance(told, str):
        return Lengths(only=tuple(told))
    least, _, most = told.partition("-")
    return Lengths(least=int(least), most=int(most), step=1)


def _pixels(told: Mapping[str, Mapping[str, str]]) -> Ratios:
    return {
        ratio: {name: _pair(size) for name, size in sizes.items()} for ratio, sizes in told.items()
    }


def _pair(size: str) -> tuple[int, int]:
    width, _, height = size.partition(":")
    return int(width), int(height)


_TIERS = {"auto": 720, "720p": 720, "480p": 480, "1080p": 1080, "4k": 2160}
_ROUTED: Ratios = {
    ratio: {
        name: (round(lines * across / 2) * 2, round(lines * down / 2) * 2)
        for name, lines in _TIERS.items()
    }
    for ratio, (across, down) in {
        "16:9": (16 / 9, 1),
        "9:16": (1, 16 / 9),
        "1:1": (1, 1),
        "4:3": (4 / 3, 1),
        "3:4": (1, 4 / 3),
        "21:9": (21 / 9, 1),
    }.items()
}
"""Nominal; `auto` leaves the resolution to the router."""
_ANY = ("promptText", "negativePrompt", "seed", "audio")


def _routed(slots: tuple[Slot, ...]) -> Work:
    offer = Offer(
        lengths=Lengths(least=2, most=15, step=1),
        ratios=_ROUTED,
        slots=slots,
        negative=True,
        seed=True,
        audio=True,
        native=natives(MODERATION),
    )
    refs = ("referenceImages:roles", "referenceVideos:roles", "referenceAudio:bare")
    fields = (*_ANY, "duration", "aspectRatio", "resolution:router", *refs)
    return Work(endpoint="generate/video", offer=offer, fields=fields)


def _routed_edit(slots: tuple[Slot, ...]) -> Work:
    offer = Offer(
        slots=slots,
        negative=True,
        seed=True,
        audio=True,
        native=natives({**MODERATION, **WINDOW}),
    )
    refs = ("referenceImages:roles", "referenceVideos:roles", "keyframes")
    return Work(endpoint="generate/video", offer=offer, fields=(*_ANY, *refs))
