"""Fit an order to what an engine can do, and say what is lost on the way, before money is spent."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engines import Caps, Mode, Offer, RefKind, RefRole

_PLAIN = "720p"
_MEGABYTE = 1_000_000
_MODES: tuple[tuple[RefRole, Mode], ...] = (
    (RefRole.SOURCE, Mode.EDIT),
    (RefRole.FIRST, Mode.IMAGE_TO_VIDEO),
    (RefRole.LAST, Mode.IMAGE_TO_VIDEO),
    (RefRole.KEYFRAME, Mode.IMAGE_TO_VIDEO),
    (RefRole.REFERENCE, Mode.REFERENCE_TO_VIDEO),
)
"""What an order is for, told by the first role of these that it has something in."""
_INSTEAD: dict[Mode, tuple[Mode, ...]] = {
    Mode.REFERENCE_TO_VIDEO: (Mode.IMAGE_TO_VIDEO, Mode.TEXT_TO_VIDEO),
    Mode.IMAGE_TO_VIDEO: (Mode.REFERENCE_TO_VIDEO, Mode.TEXT_TO_VIDEO),
    Mode.IMAGE_TO_IMAGE: (Mode.TEXT_TO_IMAGE,),
    Mode.TEXT_TO_VIDEO: (Mode.REFERENCE_TO_VIDEO,),
}
"""What comes closest where an engine lacks a mode; what works on a take has no such thing."""


@dataclass(frozen=True)
class Order:
    """What somebody chose beside what the scene says."""

    engine: str
    seconds: float
    ratio: str
    model: str = ""
    mode: Mode | None = None
    """None for what the references suggest."""
    resolution: str = ""
    """Empty for the engine's plain one."""
    seed: int | None = None
    negative: str | None = None
    """None for what the scene must not show."""
    audio: bool | None = None
    prompt: str = ""
    """Empty for the compiled one."""
    shot_id: str = ""
    """Empty for the first of the scene that has no circle take."""
    family: str = ""
    first: str = ""
    """The first frame: a reference's picture (`bot.governed.keyed`), or `take:` and a take's id."""
    last: str = ""
    source: str = ""
    """What is extended, edited, reframed or upscaled: `take:` and a take's id."""
    references: tuple[str, ...] | None = None
    """None for every one of the scene that may be used."""
    native: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Pick:
    """One thing an order works from: a version of a reference, or an earlier take."""

    role: RefRole
    id: str
    name: str
    sha256: str
    kind: RefKind = RefKind.IMAGE
    version: int = 1
    is_take: bool = False
    seconds: float | None = None
    """Of a clip."""
    size: int | None = None
    """In bytes, once somebody has looked."""
    is_reachable: bool = False
    """Whether engines can be given an address at which to fetch it."""
    job: str = ""
    """The engine's own id of the job that made it, where it was the engine of the order."""
    tag: str = ""
    part: int = 0
    """Which picture of the reference's version it is; 0 for the leading one."""


@dataclass(frozen=True)
class Fit:
    """An order as an engine can do it, and a sentence for each thing that is lost."""

    order: Order
    mode: Mode
    picks: tuple[Pick, ...]
    losses: tuple[str, ...]
    dropped: tuple[tuple[Pick, str], ...] = ()
    """What does not go along, each with its sentence, which is among the losses."""


def fitted(order: Order, caps: Caps, picks: tuple[Pick, ...], *, label: str) -> Fit | None:
    """Fit an order to a model's table; None if the model does nothing of the kind.

    A mode that somebody chose stays while they have yet to choose what it works from; where that
    cannot go along, the closest mode is taken. `label` is the engine's name in the sentences.
    """
    wanted = order.mode or suggested(picks)
    for mode in (wanted, *_INSTEAD.get(wanted, ())):
        if mode in caps.modes:
            kept, dropped = _held(picks, caps.modes[mode], label)
            lacking = _lacking(caps.modes[mode], kept)
            is_chosen = mode is order.mode and lacking.isdisjoint(pick.role for pick, _ in dropped)
            if is_chosen or not lacking:
                break
    else:
        if wanted not in caps.modes:
            return None
        mode = wanted  # somebody has yet to choose what it works from
        kept, dropped = _held(picks, caps.modes[mode], label)
    losses = [sentence for _, sentence in dropped]
    if mode is not wanted and not (wanted is Mode.TEXT_TO_VIDEO or losses):
        losses.append(f"{label} cannot make this as {wanted.label.lower()}: {mode.label.lower()}.")
    offer = caps.modes[mode]
    shaped, more = _shaped(replace(order, mode=mode), offer, label)
    wished, most = _wished(shaped, offer, label)
    return Fit(wished, mode, _tagged(kept), (*losses, *more, *most), tuple(dropped))


def _lacking(offer: Offer, picks: list[Pick]) -> set[RefRole]:
    """Name what a mode cannot do without and that is not among the picks."""
    held = Counter((pick.role, pick.kind) for pick in picks)
    return {slot.role for slot in offer.slots if held[slot.role, slot.kind] < slot.least}


def sizes_in(offer: Offer, ratio: str) -> tuple[str, ...]:
    """Name the resolutions that can be chosen in a ratio, or of what is worked on."""
    return tuple(offer.ratios.get(ratio, ())) or offer.scales


def suggested(picks: tuple[Pick, ...]) -> Mode:
    """Tell what an order is for by what it works from."""
    roles = {pick.role for pick in picks}
    return next((mode for role, mode in _MODES if role in roles), Mode.TEXT_TO_VIDEO)


def _held(
    picks: tuple[Pick, ...], offer: Offer, label: str
) -> tuple[list[Pick], list[tuple[Pick, str]]]:
    """Keep what there is room for; say of the rest why it does not go along."""
    kept: list[Pick] = []
    dropped: list[tuple[Pick, str]] = []
    for pick in picks:
        if why := _unfit(pick, offer) or _no_room(pick, offer, kept):
            dropped.append((pick, f"{pick.name} does not go along: {label} {why}."))
        else:
            kept.append(pick)
    return kept, dropped


def _unfit(pick: Pick, offer: Offer) -> str:
    """Say why a pick cannot go along, whatever else does; empty if it can."""
    slot = offer.slot(pick.role, pick.kind)
    if slot is None:
        return f"takes no {_ROLE_NAMES[pick.role]} here"
    if slot.by_address and not (pick.is_reachable or pick.job):
        return "fetches files by a public address, and this one has none"
    if slot.bytes_most is not None and (pick.size or 0) > slot.bytes_most:
        size, most = ((pick.size or 0) / _MEGABYTE, slot.bytes_most / _MEGABYTE)
        return f"takes files of at most {most:g} MB, and this one has {size:.1f} MB"
    return ""


def _no_room(pick: Pick, offer: Offer, kept: list[Pick]) -> str:
    """Say why nothing more like a pick goes along with those that are kept."""
    slot = offer.slot(pick.role, pick.kind)
    taken = sum(1 for each in kept if (each.role, each.kind) == (pick.role, pick.kind))
    if slot is not None and taken >= slot.most:
        return f"takes {slot.most} {_ROLE_NAMES[pick.role]}{'s' if slot.most > 1 else ''}"
    if offer.refs_most is not None and len(kept) >= offer.refs_most:
        return f"takes {offer.refs_most} pictures and clips in all"
    return ""


_ROLE_NAMES = {
    RefRole.FIRST: "first frame",
    RefRole.LAST: "last frame",
    RefRole.REFERENCE: "reference",
    RefRole.SOURCE: "take to work from",
    RefRole.KEYFRAME: "keyframe",
    RefRole.STYLE: "style picture",
    RefRole.STRUCTURE: "structure picture",
}


def _shaped(order: Order, offer: Offer, label: str) -> tuple[Order, list[str]]:
    """Bring length and format to what is offered."""
    losses: list[str] = []
    seconds = order.seconds
    if offer.lengths is not None and not offer.lengths.allows(seconds):
        seconds = offer.lengths.nearest(order.seconds)
        losses.append(f"{order.seconds:g} s become {seconds:g} s: {label} makes {offer.lengths}.")
    ratio = order.ratio
    if offer.ratios and ratio not in offer.ratios:
        ratio = min(offer.ratios, key=lambda each: abs(_shape(each) - _shape(order.ratio)))
        losses.append(f"{order.ratio} becomes {ratio}, the closest that {label} makes.")
    if not offer.ratios and not (order.mode and order.mode.works_on_a_take):
        losses.append(f"{label} decides on the format itself; it need not be {ratio}.")
    resolution = _resolution(order, offer, ratio)
    if order.resolution and resolution != order.resolution:
        losses.append(_resized(order.resolution, resolution, label))
    return replace(order, seconds=seconds, ratio=ratio, resolution=resolution), losses


def _resized(wanted: str, given: str, label: str) -> str:
    if given:
        return f"{wanted} becomes {given}, the closest here."
    return f"{label} decides on the size itself; it need not be {wanted}."


def _resolution(order: Order, offer: Offer, ratio: str) -> str:
    """Give the resolution that is offered and comes closest; the plain one if none was asked."""
    sizes = sizes_in(offer, ratio)
    if not sizes:
        return ""
    if order.resolution in sizes:
        return order.resolution
    if not order.resolution and not offer.ratios:
        return offer.scales[0]
    return _closest(order.resolution or _PLAIN, sizes)


def _wished(order: Order, offer: Offer, label: str) -> tuple[Order, list[str]]:
    """Drop the wishes that cannot be granted."""
    losses: list[str] = []
    if order.seed is not None and not offer.seed:
        losses.append(f"The seed {order.seed} is lost: {label} has no seeds.")
    if order.audio and not offer.audio:
        losses.append(f"No sound: {label} cannot be asked for it here.")
    if order.audio is False and not offer.audio:
        losses.append(f"{label} cannot be asked to leave the sound away here.")
    native = {key: value for key, value in order.native.items() if _is_offered(key, value, offer)}
    losses += [f"The option {key} is lost." for key in order.native if key not in native]
    if order.negative and not offer.negative:
        losses.append(f"{label} takes no negative prompt: what it said must stand in the prompt.")
    granted = replace(
        order,
        seed=order.seed if offer.seed else None,
        audio=order.audio if offer.audio else None,
        negative=order.negative if offer.negative else None,
        native=native,
    )
    return granted, losses


def _is_offered(key: str, value: object, offer: Offer) -> bool:
    option = offer.native.get(key)
    return option is not None and option.takes(value)


def _shape(ratio: str) -> float:
    across, _, down = ratio.partition(":")
    try:
        return float(across) / float(down)
    except (ValueError, ZeroDivisionError):
        return 1.0


def _closest(wanted: str, names: tuple[str, ...]) -> str:
    lines = _lines(wanted)
    return min(names, key=lambda name: abs(_lines(name) - lines))


def _lines(resolution: str) -> float:
    found = re.match(r"(\d+(?:\.\d+)?)(k?)", resolution.lower())
    if found is None:
        return 720.0
    return float(found[1]) * (540 if found[2] else 1)


def _tagged(picks: list[Pick]) -> tuple[Pick, ...]:
    """Give every pick a tag of its own that every engine takes: 3 to 16 plain letters."""
    taken: set[str] = set()
    tagged: list[Pick] = []
    for pick in picks:
        tag = _tag(pick.name, taken)
        taken.add(tag)
        tagged.append(replace(pick, tag=tag))
    return tuple(tagged)


def _tag(name: str, taken: set[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    plain = plain if plain[:1].isalpha() else f"ref_{plain}"
    stem = f"{plain}_ref"[:12] if len(plain) < 3 else plain[:12]  # noqa: PLR2004 - the shortest that is taken
    stem = stem.rstrip("_")
    numbered = (f"{stem}_{number}" for number in range(2, 999))
    return next(tag for tag in (stem, *numbered) if tag not in taken)
