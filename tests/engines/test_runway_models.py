"""Every order that our table of Runway's models allows is one that the SDK's types allow."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engines import JobSpec, Mode, Offer, Ref, RefKind, RefRole, Slot
from engines._runway_own import OWN
from engines._runway_partners import partners
from engines.runway import Runway
from tests.sandbox import _runway_rules as catalogue

ENDPOINTS = {name.removeprefix("POST "): models for name, models in catalogue.MODELS.items()}
LEFT_OUT = {
    "recraft_v4_1_vector": "it draws SVG, and a still is pixels here",
}
MODELS = [*OWN, *partners()]
PIXELS = re.compile(r"\d{3,}:\d{3,}")
FILES = {RefKind.IMAGE: "png", RefKind.VIDEO: "mp4", RefKind.AUDIO: "wav"}


def runway() -> Runway:
    return Runway({"RUNWAY_API_KEY": "key"}, clock=lambda: datetime(2026, 11, 22, tzinfo=UTC))


def formats(offer: Offer) -> Iterator[tuple[str, str]]:
    if offer.ratios:
        yield from ((ratio, name) for ratio, sizes in offer.ratios.items() for name in sizes)
    else:
        yield from (("16:9", scale) for scale in offer.scales or ("720p",))


def refs_of(slot: Slot, count: int) -> tuple[Ref, ...]:
    return tuple(
        Ref(
            role=slot.role,
            kind=slot.kind,
            uri=f"https://example.com/{number}.{FILES[slot.kind]}",
            tag=f"tag_{slot.role.value[:3]}{number}" if slot.call else None,
            at=float(number) if slot.role is RefRole.KEYFRAME else None,
        )
        for number in range(count)
    )


def crowds(model: str, mode: Mode, offer: Offer) -> Iterator[tuple[Ref, ...]]:
    """Give the fewest and the most references that a mode takes."""
    if mode is Mode.PERFORMANCE:
        source = refs_of(offer.slots[0], 1)
        yield from ((*source, *refs_of(slot, 1)) for slot in offer.slots[1:])
        return
    yield tuple(ref for slot in offer.slots for ref in refs_of(slot, slot.least))
    most = tuple(ref for slot in offer.slots for ref in refs_of(slot, slot.most))
    yield most[: offer.refs_most] if offer.refs_most else most


def orders(model: str, mode: Mode, offer: Offer) -> Iterator[JobSpec]:
    lengths = offer.lengths
    seconds = (5.0,) if lengths is None else lengths.only or (lengths.least, lengths.most)
    for (ratio, scale), length, refs in itertools.product(
        formats(offer), seconds, crowds(model, mode, offer)
    ):
        yield JobSpec(
            mode=mode,
            model=model,
            prompt="A paper boat drifts.",
            seconds=length,
            ratio=ratio,
            resolution=scale,
            refs=refs,
            seed=7 if offer.seed else None,
            audio=True if offer.audio else None,
            negative="no people" if offer.negative else None,
            fps=60 if offer.fps else None,
        )


@pytest.mark.parametrize("model", MODELS)
def test_every_order_that_a_model_offers_is_one_that_runway_takes(model: str) -> None:
    engine, made = runway(), 0
    for mode, offer in engine.caps(model).modes.items():
        for spec in orders(model, mode, offer):
            assert engine.validate(spec) == []
            call = engine.order(spec)
            assert list(catalogue.issues(call.path, call.json, knows=bool)) == [], call.json
            made += 1
    assert made > 0


@pytest.mark.parametrize("model", MODELS)
def test_every_option_that_a_model_offers_is_one_that_runway_takes(model: str) -> None:
    engine = runway()
    for mode, offer in engine.caps(model).modes.items():
        plain = next(orders(model, mode, offer))
        for name, option in offer.native.items():
            if name in {"start_seconds", "end_seconds"}:
                continue  # they belong to keyframes: test_runway.py
            for value in option.only or ("1",):
                spec = replace(plain, native={name: value})
                assert engine.validate(spec) == []
                call = engine.order(spec)
                assert list(catalogue.issues(call.path, call.json, knows=bool)) == [], call.json


@pytest.mark.parametrize("endpoint", sorted(ENDPOINTS))
def test_no_model_of_the_catalogue_is_forgotten(endpoint: str) -> None:
    works = {**OWN, **partners()}
    offered = {
        model
        for model, modes in works.items()
        if any(f"/v1/{work.endpoint}" == endpoint for work in modes.values())
    }
    assert offered == set(ENDPOINTS[endpoint]) - set(LEFT_OUT)


@pytest.mark.parametrize("model", MODELS)
def test_no_size_of_the_catalogue_is_forgotten(model: str) -> None:
    for work in {**OWN, **partners()}[model].values():
        rule = ENDPOINTS[f"/v1/{work.endpoint}"][model].get("ratio", {})
        sent = {size for size in map(str, rule.get("enum", ())) if PIXELS.fullmatch(size)}
        ours = {f"{width}:{height}" for sizes in work.offer.ratios.values()
                for width, height in sizes.values()}  # fmt: skip
        if "ratio" in work.fields:
            assert ours == sent
