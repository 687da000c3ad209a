"""The fields of an order: what its engine can do, and nothing else."""

import hashlib
from collections.abc import Iterator

from bot.desks import Desk
from bot.fitting import Order, sizes_in
from engines import Offer
from handlers.cards._parts import Json
from handlers.views._inputs import choice, text
from handlers.views._order_values import choice_of

CHANGED = "order_changed"
_SOUND = [("As the engine likes it", "any"), ("With sound", "with"), ("Without", "without")]


def what(desk: Desk) -> Iterator[Json]:
    """Offer what the engine can do, and nothing else; a choice that costs draws the form again."""
    order, offer, fresh = desk.plan.order, desk.plan.offer, anew(desk, "")
    again, sized = f"{CHANGED}_{fresh}", f"{CHANGED}_{anew(desk, order.ratio)}"
    negative = desk.words.negative if order.negative is None else order.negative
    if offer.negative:
        yield text("negative", "Negative prompt", negative, optional=True, action=fresh)
    yield from _length(order, offer, fresh)
    sizes = sizes_in(offer, order.ratio)
    for name, label, options, value, action in (
        ("ratio", "Ratio", offer.ratios, order.ratio, again),
        ("resolution", "Resolution", sizes, order.resolution, sized),
    ):
        if options:
            pairs = [(each, each) for each in options]
            yield choice(name, label, pairs, value=value, action=action, dispatch=True)
    if offer.audio:
        said = {True: "with", False: "without", None: "any"}[order.audio]
        yield choice("audio", "Sound", _SOUND, value=said, action=again, dispatch=True)
    if offer.seed:
        typed = "" if order.seed is None else str(order.seed)
        hint = "The same setup and seed come close to the same picture. Empty: the take's number."
        yield text("seed", "Seed", typed, optional=True, most=10, action=fresh, hint=hint)


def _length(order: Order, offer: Offer, fresh: str) -> Iterator[Json]:
    if offer.lengths is None:
        return
    if offer.lengths.only:
        pairs = [(f"{each:g} s", f"{each:g}") for each in offer.lengths.only]
        again, value = f"{CHANGED}_{fresh}", f"{order.seconds:g}"
        yield choice("seconds", "Seconds", pairs, value=value, action=again, dispatch=True)
    else:
        hint = f"{offer.lengths}."
        yield text("seconds", "Seconds", f"{order.seconds:g}", most=5, action=fresh, hint=hint)


def choice_for(desk: Desk) -> str:
    """Name the model that an order is laid out for."""
    return choice_of(desk.engine.name, desk.plan.caps.model)


def anew(desk: Desk, words: str) -> str:
    """Name an input after what it stands for: Slack forgets what another engine or shot had."""
    here = f"{choice_for(desk)} {desk.plan.fit.mode.value} {desk.shot.id}"
    return f"value_{hashed(f'{here} {words}')}"


def hashed(words: str) -> str:
    """Give a short hash of some words."""
    return hashlib.sha256(words.strip().encode()).hexdigest()[:12]
