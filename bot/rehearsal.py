"""Rehearse an order: from a few words to the request that it would send, and nothing is sent.

What is not said is taken from the model's table, so that an engine's name and a prompt will do.
"""

import hashlib
import json
import math
import mimetypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.engine_tables import Shown
from bot.errors import BadForm
from bot.fitting import sizes_in
from engines import (
    Call,
    Caps,
    Engine,
    EngineError,
    JobSpec,
    Mode,
    Offer,
    Ref,
    RefKind,
    RefRole,
)

_USUAL_SECONDS = 5.0
_TAKE = "dry-run"
"""Stands for the take's id where an engine's order carries it."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
"""A scheme has two letters or more; one alone is a drive of Windows."""
_OF_A_JOB = "job:"
_ROLES = frozenset(role.value for role in RefRole)
_KINDS = frozenset(kind.value for kind in RefKind)


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """An order as it was typed; None and empty leave the choice to the model's table."""

    mode: str | None = None
    model: str = ""
    prompt: str = ""
    negative: str | None = None
    seconds: float | None = None
    ratio: str | None = None
    resolution: str | None = None
    fps: int | None = None
    seed: int | None = None
    audio: bool | None = None
    refs: tuple[str, ...] = ()
    native: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rehearsal:
    """An order that could be placed; `call` is None where an engine sends nothing."""

    spec: JobSpec
    call: Call | None
    cents: int | None


def rehearsed(wishes: Wishes, engine: Engine) -> Rehearsal:
    """Describe the request of an order. Raises BadForm with a sentence for each field."""
    spec = spec_of(wishes, engine)
    if problems := engine.validate(spec):
        fields = dict.fromkeys(problem.field for problem in problems)
        raise BadForm({name: _texts(problems, name) for name in fields})
    try:
        return Rehearsal(spec, engine.rehearse(spec), engine.estimate(spec))
    except EngineError as refused:
        raise BadForm({"order": str(refused)}) from None


def notes_on(rehearsal: Rehearsal, shown: Shown) -> Iterator[str]:
    """Say what the request alone does not: that it was not sent, its price, what stands in."""
    label = shown.kind.label
    if rehearsal.call is None:
        yield f"{label} sends nothing anywhere: the work is done on this machine."
    else:
        yield "Not sent."
    cents = rehearsal.cents
    if cents is None:
        yield "Nobody can tell the price before the order."
    else:
        yield f"By the dated price table it would cost ${cents / 100:,.2f}." if cents else "Free."
    if shown.unfit:
        yield f"{label} cannot be used as it is set up; its usual settings are shown."
        yield shown.unfit
    elif shown.stood_in:
        names = ", ".join(shown.stood_in)
        yield f"{label} is not set up; there are stand-ins for {names}."
    if rehearsal.call is not None and "uploaded:" in repr(rehearsal.call):
        yield "What stands as uploaded:… is handed over first, and then has the engine's name."


def spec_of(wishes: Wishes, engine: Engine) -> JobSpec:
    """Complete an order from the model's table. Raises BadForm for what cannot be read."""
    model = _model(wishes.model, engine)
    caps = engine.caps(model)
    refs = tuple(_ref(text, caps) for text in wishes.refs)
    mode = _mode(wishes.mode, caps, refs)
    spec = JobSpec(
        mode=mode,
        model=model,
        prompt=wishes.prompt,
        negative=wishes.negative,
        fps=wishes.fps,
        seed=wishes.seed,
        audio=wishes.audio,
        refs=refs,
        user_tag=_TAKE,
        native=dict(_native(text) for text in wishes.native),
    )
    return _shaped(spec, wishes, caps.modes[mode])


def _shaped(spec: JobSpec, wishes: Wishes, offer: Offer) -> JobSpec:
    seconds, ratio, resolution = wishes.seconds, wishes.ratio, wishes.resolution
    if seconds is None:
        seconds = offer.lengths.nearest(_USUAL_SECONDS) if offer.lengths else spec.seconds
    ratio = ratio or next(iter(offer.ratios), spec.ratio)
    resolution = resolution or next(iter(sizes_in(offer, ratio)), spec.resolution)
    return replace(spec, seconds=seconds, ratio=ratio, resolution=resolution)


def _model(wanted: str, engine: Engine) -> str:
    models = engine.models()
    if not wanted or wanted in models:
        return wanted or models[0]
    if models == ("",):
        raise BadForm({"model": f"{engine.label} has no models to choose from; name none."})
    text = f"{wanted} is not a model of {engine.label}. {_near(wanted, models)}"
    raise BadForm({"model": text})


def _mode(wanted: str | None, caps: Caps, refs: tuple[Ref, ...]) -> Mode:
    modes = {mode.value: mode for mode in Mode if mode in caps.modes}
    if wanted is None:
        return min(modes.values(), key=lambda mode: _misplaced(caps.modes[mode], refs))
    if wanted in modes:
        return modes[wanted]
    who = caps.model or "This engine"
    raise BadForm({"mode": f"{who} does not do {wanted}. {_near(wanted, tuple(modes))}"})


def _misplaced(offer: Offer, refs: tuple[Ref, ...]) -> int:
    """Count the references that a mode has no room for, and those that it lacks."""
    counts = {(slot.role, slot.kind): (slot.least, slot.most) for slot in offer.slots}
    held = [(ref.role, ref.kind) for ref in refs]
    lacking = sum(max(0, least - held.count(key)) for key, (least, _) in counts.items())
    over = sum(max(0, held.count(key) - counts.get(key, (0, 0))[1]) for key in set(held))
    return lacking + over


def _ref(text: str, caps: Caps) -> Ref:
    place, role, tag = _split(text)
    kind = _kind(place, role, caps)
    if place.startswith(_OF_A_JOB):
        return Ref(kind=kind, role=role, tag=tag, job=place.removeprefix(_OF_A_JOB))
    if _ADDRESS.match(place):
        return Ref(kind=kind, role=role, tag=tag, uri=place)
    path = Path(place).expanduser()
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as why:
        told = f"The file {place} cannot be read: {(why.strerror or 'unknown').lower()}."
        raise BadForm({"refs": told}) from None
    return Ref(kind=kind, role=role, tag=tag, path=path.resolve(), sha256=sha256)


def _split(text: str) -> tuple[str, RefRole, str | None]:
    """Read from the right, for an address and a drive letter have colons of their own."""
    pieces = text.split(":")
    for behind in (2, 1):
        place = ":".join(pieces[:-behind])
        if place and pieces[-behind] in _ROLES:
            return place, RefRole(pieces[-behind]), pieces[-1] if behind > 1 else None
    roles = ", ".join(role.value for role in RefRole)
    told = f"{text} does not say what it is for; write FILE_OR_URL:ROLE, where ROLE is one of"
    raise BadForm({"refs": f"{told} {roles}."})


def _kind(place: str, role: RefRole, caps: Caps) -> RefKind:
    """Tell a reference's kind by its name, or else by what the model takes in its role."""
    try:
        named = urlsplit(place).path if _ADDRESS.match(place) else place
    except ValueError:  # brackets that do not close
        raise BadForm({"refs": f"{place} is not an address that can be read."}) from None
    told = (mimetypes.guess_type(named)[0] or "").partition("/")[0]
    if told in _KINDS:
        return RefKind(told)
    slots = (slot for offer in caps.modes.values() for slot in offer.slots if slot.role is role)
    return next((slot.kind for slot in slots), RefKind.IMAGE)


def _native(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise BadForm({"native": f"{text} names no value; write KEY=VALUE."})
    try:
        return name, json.loads(value, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError):  # a value of nothing but brackets
        return name, value


def _finite(told: str) -> float:
    """Read a number. Raises ValueError for one that JSON cannot carry, NaN for one."""
    number = float(told)
    if not math.isfinite(number):
        raise ValueError(told)
    return number


def _near(wanted: str, names: Sequence[str]) -> str:
    near = get_close_matches(wanted.lower(), names, n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(near)}?" if near else f"It has {', '.join(names)}."


def _texts(problems: Sequence[Any], field: str) -> str:
    return " ".join(problem.text for problem in problems if problem.field == field)
