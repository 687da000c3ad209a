"""The form that orders takes: what each engine can do, what it costs, and what would be lost."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.budget import dollars
from bot.desks import Desk, desk_for
from bot.errors import BadForm, NotNow, OfficeError
from bot.fitting import Order, sizes_in
from bot.governed import offered
from bot.orders import MOST_AT_ONCE, order_takes
from bot.people import Actor
from bot.picks import key_of
from bot.setups import family_of
from bot.studio import Studio
from engines import Engine, Mode, Offer, RefRole
from handlers.cards._parts import Json, context, money, safe, section
from handlers.house import House
from handlers.payloads import Submission
from handlers.views import order_rules
from handlers.views._inputs import choice, grouped, modal, several, several_grouped, text
from handlers.views._order_values import Meta, choice_of, elsewhere, order_in
from handlers.views.order_rules import assent_in
from storage import scenes
from storage.models import Scene

CALLBACK = "order_form"
CHANGED = "order_changed"
_FIELDS_OF = {
    "refs": ("references", "source", "first", "last"),
    "model": ("engine",),
    "references": ("references", "engine"),
    "confirm": ("confirm", "prompt"),
    "override": ("override", "prompt"),
}
"""Where an engine's own word for a field is another than the form's, which may not have each."""
_SOUND = [("As the engine likes it", "any"), ("With sound", "with"), ("Without", "without")]


def filled(
    desk: Desk,
    engines: Mapping[str, Engine],
    *,
    also: list[Desk] | None = None,
    problems: Iterable[str] = (),
) -> Json:
    """Make the form of an order as one engine would take it; `also` are the same for others.

    `problems` say why something that was chosen is not in it.
    """
    order, offer = desk.plan.order, desk.plan.offer
    prompt = order.prompt or desk.words.prompt
    meta = Meta(desk.scene.id, _hash(desk.words.prompt), desk.shot.id)
    others = also or []
    blocks = [
        section(f"*{desk.scene.code} {desk.shot.code}*  {safe(desk.scene.title)}"),
        *_who(desk, engines, others),
        context("\n".join((*_told(desk, others), *_warned(problems)))),
        *order_rules.shown(desk.gate),
        *_mode(desk),
        text("prompt", "Prompt", prompt, lines=True, action=_anew(desk, prompt),
             optional=not offer.prompt_needed,
             hint="Compiled from intent and shot. Change it and only this order differs."),
        *_what(desk),
        *_from_what(desk),
        *order_rules.asked(desk.gate, may_waive=desk.may_waive),
        text("family", "Prompt family", order.family or family_of(desk.scene), most=40,
             optional=True, hint="Groups setups in the digest."),
    ]  # fmt: skip
    submit = f"Order {1 + len(others)} takes" if others else "Order"
    return modal(CALLBACK, "Order a take", blocks, submit=submit, private_metadata=meta.to_json())


def _who(desk: Desk, engines: Mapping[str, Engine], others: list[Desk]) -> Iterator[Json]:
    models = {
        engine.label: [(_named(engine, model), choice_of(name, model)) for model in engine.models()]
        for name, engine in engines.items()
    }
    yield grouped("engine", "Engine", models, value=_choice(desk), action=CHANGED, dispatch=True)
    yield from _others(desk, engines, others)


def _mode(desk: Desk) -> Iterator[Json]:
    modes = [(mode.label, mode.value) for mode in Mode if mode in desk.plan.caps.modes]
    if len(modes) > 1:
        value = desk.plan.fit.mode.value
        action = f"{CHANGED}_mode_{_hash(_choice(desk))}"
        yield choice("mode", "What", modes, value=value, action=action, dispatch=True)


def _choice(desk: Desk) -> str:
    return choice_of(desk.engine.name, desk.plan.caps.model)


def _named(engine: Engine, model: str) -> str:
    return f"{engine.label} · {model}" if model else engine.label


def _what(desk: Desk) -> Iterator[Json]:
    """Offer what the engine can do, and nothing else; a choice that costs draws the form again."""
    order, offer, anew = desk.plan.order, desk.plan.offer, _anew(desk, "")
    again, sized = f"{CHANGED}_{anew}", f"{CHANGED}_{_anew(desk, order.ratio)}"
    negative = desk.words.negative if order.negative is None else order.negative
    if offer.negative:
        yield text("negative", "Negative prompt", negative, optional=True, action=anew)
    yield from _length(order, offer, anew)
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
        yield text("seed", "Seed", typed, optional=True, most=10, action=anew, hint=hint)


def _length(order: Order, offer: Offer, anew: str) -> Iterator[Json]:
    if offer.lengths is None:
        return
    if offer.lengths.only:
        pairs = [(f"{each:g} s", f"{each:g}") for each in offer.lengths.only]
        again, value = f"{CHANGED}_{anew}", f"{order.seconds:g}"
        yield choice("seconds", "Seconds", pairs, value=value, action=again, dispatch=True)
    else:
        hint = f"{offer.lengths}."
        yield text("seconds", "Seconds", f"{order.seconds:g}", most=5, action=anew, hint=hint)


def _from_what(desk: Desk) -> Iterator[Json]:
    """Offer references and takes for every slot that this kind of work has."""
    offer, order, anew = desk.plan.offer, desk.plan.order, _anew(desk, "")
    pictures = list(offered(desk.references))
    stills = [(take.code, f"take:{take.id}") for take in desk.sources if take.still]
    films = [(take.code, f"take:{take.id}") for take in desk.sources if not take.still]
    slots = {slot.role for slot in offer.slots}
    singles = (
        (RefRole.SOURCE, "source", "Work from", films + stills, order.source),
        (RefRole.FIRST, "first", "First frame", pictures + stills, order.first),
        (RefRole.LAST, "last", "Last frame", pictures + stills, order.last),
    )
    for role, name, label, options, value in singles:
        if role in slots and options:
            needed = any(slot.role is role and slot.least for slot in offer.slots)
            yield choice(name, label, options[:100], value=value, optional=not needed, action=anew)
    slot = offer.slot(RefRole.REFERENCE)
    if slot and pictures + stills:
        held = [pick for pick in desk.plan.fit.picks if pick.role is RefRole.REFERENCE]
        keys = [key_of(pick) for pick in held]
        yield several("references", "References", pictures + stills, values=keys,
                      most=slot.most, optional=True, action=anew)  # fmt: skip


def _others(desk: Desk, engines: Mapping[str, Engine], others: list[Desk]) -> Iterator[Json]:
    here, mode = _choice(desk), desk.plan.fit.mode
    chosen = [_choice(each) for each in others]
    options = {
        engine.label: [
            (_named(engine, model), choice_of(name, model))
            for model in engine.models()
            if choice_of(name, model) in chosen
            or (choice_of(name, model) != here and mode in engine.caps(model).modes)
        ]
        for name, engine in engines.items()
    }
    if any(options.values()):
        hint = "A bake-off: the same shot from several engines, side by side."
        action = f"{CHANGED}_also_{_hash(here)}"
        yield several_grouped("also", "Also order from", options, values=chosen,
                              most=MOST_AT_ONCE - 1, optional=True, action=action, dispatch=True,
                              placeholder="No other engine", hint=hint)  # fmt: skip


def _told(desk: Desk, others: list[Desk]) -> Iterator[str]:
    desks = [desk, *others]
    for each in desks:
        model = each.plan.caps.model if others else ""
        yield f"{safe(_named(each.engine, model))}: {price(each)}"
    if others:
        yield _together(desks)
    purse = desk.purse
    if purse.hard is not None:
        yield f"{dollars(purse.committed)} of {dollars(purse.hard)} are spent or promised."
    yield from _warned(loss for each in desks for loss in each.plan.fit.losses)
    if late := _late(desk):
        yield late


def _warned(losses: Iterable[str]) -> Iterator[str]:
    return (f":warning: {safe(each)}" for each in dict.fromkeys(losses) if each)


def _together(desks: list[Desk]) -> str:
    known = sum(each.estimate_cents or 0 for each in desks)
    if all(each.estimate_cents is not None for each in desks):
        return f"Together about *{money(known)}*." if known else "Together free."
    told = f"about *{money(known)}* and " if known else ""
    return f"Together {told}what nobody knows beforehand."


def price(desk: Desk) -> str:
    """Say what an order will cost, and of which month that price is."""
    if desk.estimate_cents is None:
        return "nobody knows the price beforehand"
    if not desk.estimate_cents:
        return "free"
    dated = f"{desk.plan.caps.price.dated:%b %Y}"
    extent = "" if desk.plan.fit.mode.makes_still else f" for {desk.plan.order.seconds:g} s"
    return f"about *{money(desk.estimate_cents)}*{extent} (prices of {dated})"


def _late(desk: Desk) -> str:
    coming = [each for each in desk.references if each.is_coming]
    return f"{len(coming)} still being fetched will not go along; wait a moment." if coming else ""


async def changed(sent: Submission, house: House) -> Json:
    """Draw the form again for another engine, another kind of work, or more engines."""
    meta = Meta.of(sent.meta)
    scene = await _scene(sent, meta, house.studio)
    order = order_in(_forgiving(sent), own_prompt=_is_own(sent, meta))
    order = replace(order, negative=None, shot_id=meta.shot_id)
    desk, why = await _laid_out(house.studio, scene, order, actor=sent.actor)
    also, more = await _laid_out_elsewhere(house.studio, scene, order, sent.ids("also"))
    return filled(desk, house.studio.engines, also=also, problems=(why, *more))


def _forgiving(sent: Submission) -> Submission:
    """Leave out what cannot be read yet; it is asked for when the form is sent."""
    values = dict(sent.values)
    for name in ("seconds", "seed"):
        typed = str(values.get(name) or "")
        if typed and not typed.replace(".", "", 1).replace(",", "", 1).isdecimal():
            values.pop(name)
    if not values.get("seconds"):
        values.pop("seconds", None)
    return sent.model_copy(update={"values": values})


async def _laid_out(
    studio: Studio, scene: Scene, order: Order, *, actor: Actor
) -> tuple[Desk, str]:
    """Lay an order out; where the engine does nothing of the kind, its plainest work instead."""
    try:
        return await desk_for(studio, scene, order, actor=actor), ""
    except NotNow as cannot:
        plainest = studio.engines[order.engine].caps(order.model).default_mode
        plain = replace(order, mode=plainest, references=())
        desk = await desk_for(studio, scene, plain, actor=actor)
        return desk, str(cannot)


async def _laid_out_elsewhere(
    studio: Studio, scene: Scene, order: Order, choices: list[str]
) -> tuple[list[Desk], list[str]]:
    desks: list[Desk] = []
    problems: list[str] = []
    for each in choices:
        try:
            desks.append(await desk_for(studio, scene, elsewhere(order, each)))
        except OfficeError as cannot:
            problems.append(str(cannot))
    return desks, problems


async def send(sent: Submission, house: House) -> None:
    """Order the takes."""
    meta = Meta.of(sent.meta)
    scene = await _scene(sent, meta, house.studio)
    first = replace(order_in(sent, own_prompt=_is_own(sent, meta)), shot_id=meta.shot_id)
    orders = [first, *(elsewhere(first, each) for each in sent.ids("also"))]
    try:
        await order_takes(
            house.studio, sent.actor, scene, orders=orders, key=sent.key, assent=assent_in(sent)
        )
    except BadForm as form:
        raise BadForm(_at_fields(form.fields, sent)) from form


def _at_fields(told: Mapping[str, str], sent: Submission) -> dict[str, str]:
    """Put each sentence at a field that the form has."""
    fields: dict[str, str] = {}
    for name, said in told.items():
        field = next((each for each in _FIELDS_OF.get(name, ()) if each in sent.values), name)
        fields[field] = f"{fields[field]} {said}" if field in fields else said
    return fields


async def _scene(sent: Submission, meta: Meta, studio: Studio) -> Scene:
    async with studio.db.read() as session:
        return await scenes.get(session, sent.actor.workspace_id, meta.scene_id)


def _is_own(sent: Submission, meta: Meta) -> bool:
    return _hash(sent.text("prompt")) != meta.words


def _anew(desk: Desk, words: str) -> str:
    """Name an input after what it stands for, so that Slack forgets what another engine had."""
    return f"value_{_hash(f'{_choice(desk)} {desk.plan.fit.mode.value} {words}')}"


def _hash(words: str) -> str:
    return hashlib.sha256(words.strip().encode()).hexdigest()[:12]
