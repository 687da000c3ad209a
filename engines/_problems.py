"""The check of an order against an engine's table: a sentence for everything it does not offer."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import isfinite

from ._caps import Caps, Offer, Slot
from ._job import JobSpec, Ref

_MEGABYTE = 1_000_000
_LARGEST = 1e15


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of an order, as a sentence for the person who wrote it."""

    field: str
    text: str


def problems_with(spec: JobSpec, caps: Caps) -> list[Problem]:
    """Name everything an order asks that the table does not offer, before money is spent.

    Looks at the local files of references for their size only.
    """
    if spec.model and spec.model != caps.model:
        return [Problem("model", f"{spec.model} is not a model of this engine.")]
    offer = caps.modes.get(spec.mode)
    if offer is None:
        return [Problem("mode", f"{caps.model or 'This engine'} does not do {spec.mode.value}.")]
    return [
        *_format_problems(spec, offer),
        *_prompt_problems(spec, offer),
        *_wish_problems(spec, offer),
        *_ref_problems(spec, offer),
        *_native_problems(spec, offer),
    ]


def length_in(offer: Offer, text: str) -> int:
    """Count a prompt as the engine counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 if offer.prompt_utf16 else len(text)


def _format_problems(spec: JobSpec, offer: Offer) -> Iterator[Problem]:
    if offer.lengths is not None and not offer.lengths.allows(spec.seconds):
        yield Problem("seconds", f"Clips here are {offer.lengths} long, not {spec.seconds:g}.")
    if offer.ratios and spec.ratio not in offer.ratios:
        choice = _one_of(offer.ratios)
        yield Problem("ratio", f"{spec.ratio} is not offered here. Choose {choice}.")
    elif offer.ratios and spec.resolution not in offer.ratios[spec.ratio]:
        choice = _one_of(offer.ratios[spec.ratio])
        yield Problem("resolution", f"{spec.resolution} is not offered here. Choose {choice}.")
    elif offer.scales and spec.resolution not in offer.scales:
        choice = _one_of(offer.scales)
        yield Problem("resolution", f"{spec.resolution} is not offered here. Choose {choice}.")
    if spec.fps is not None and spec.fps not in offer.fps:
        yield Problem("fps", f"{spec.fps} frames a second cannot be chosen here.")


def _prompt_problems(spec: JobSpec, offer: Offer) -> Iterator[Problem]:
    if offer.prompt_needed and not spec.prompt.strip():
        yield Problem("prompt", "This needs a prompt: say what is to be seen.")
    length, most = length_in(offer, spec.prompt), offer.prompt_most
    if most is not None and length > most:
        units = "UTF-16 units fit here, of which an emoji takes two"
        fit = units if offer.prompt_utf16 else "characters fit here"
        yield Problem("prompt", f"At most {most:,} {fit}; this has {length:,}.")


def _wish_problems(spec: JobSpec, offer: Offer) -> Iterator[Problem]:
    if spec.negative and not offer.negative:
        yield Problem("negative", "This engine takes no negative prompt; say it in the prompt.")
    if spec.seed is not None and not offer.seed:
        yield Problem("seed", "This engine takes no seed.")
    if spec.audio and not offer.audio:
        yield Problem("audio", "This engine makes no sound.")


def _ref_problems(spec: JobSpec, offer: Offer) -> Iterator[Problem]:
    for role, kind in dict.fromkeys((ref.role, ref.kind) for ref in spec.refs):
        slot = offer.slot(role, kind)
        if slot is None:
            yield Problem("refs", f"This engine takes no {role.value} {kind.value} here.")
        elif (count := len(spec.refs_in(role, kind))) > slot.most:
            yield Problem("refs", f"At most {_several(slot)} here, not {count}.")
    for slot in offer.slots:
        if len(spec.refs_in(slot.role, slot.kind)) < slot.least:
            yield Problem("refs", f"This needs {slot.least} {slot.role.value} {slot.kind.value}.")
        for ref in spec.refs_in(slot.role, slot.kind):
            yield from _file_problems(ref, slot)
    if offer.refs_most is not None and len(spec.refs) > offer.refs_most:
        yield Problem("refs", f"At most {offer.refs_most} references in all, not {len(spec.refs)}.")


def _file_problems(ref: Ref, slot: Slot) -> Iterator[Problem]:
    name = f"The {slot.role.value} {slot.kind.value}"
    is_public = (ref.uri or "").startswith("https://") or ref.job is not None
    if slot.by_address and not is_public:
        yield Problem("refs", f"{name} needs a public https address, and this file has none.")
    size = _size_of(ref)
    if slot.bytes_most is not None and size > slot.bytes_most:
        most = f"{slot.bytes_most / _MEGABYTE:g} MB"
        told = f"{name} has {size / _MEGABYTE:.1f} MB; at most {most} are taken here."
        yield Problem("refs", told)


def _size_of(ref: Ref) -> int:
    if ref.size is not None:
        return ref.size
    return ref.path.stat().st_size if ref.path is not None and ref.path.exists() else 0


def _native_problems(spec: JobSpec, offer: Offer) -> Iterator[Problem]:
    for key, value in spec.native.items():
        option = offer.native.get(key)
        if option is None:
            known = f" There are {', '.join(offer.native)}." if offer.native else ""
            yield Problem("native", f"There is no option {key} here.{known}")
        elif _is_boundless(value):
            yield Problem("native", f"{key} is not a number that can be sent.")
        elif not option.takes(value):
            yield Problem("native", f"{key} is one of {_one_of(option.only)}, not {value}.")


def _is_boundless(value: object) -> bool:
    """Whether a value reads as a number beyond all sense: JSON has no infinity, and no engine."""
    try:
        number = float(str(value))
    except ValueError:
        return False
    return not isfinite(number) or abs(number) > _LARGEST


def _several(slot: Slot) -> str:
    return f"{slot.most} {slot.role.value} {slot.kind.value}{'s' if slot.most > 1 else ''}"


def _one_of(names: Collection[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
