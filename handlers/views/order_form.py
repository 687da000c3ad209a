"""The form that orders takes: what each engine can do, what it costs, and what would be lost."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.budget import dollars
from bot.desks import Desk, begins_with_another, desk_for, opening_order
from bot.errors import BadForm, NotNow, OfficeError
from bot.fitting import Order
from bot.orders import MOST_AT_ONCE, order_takes
from bot.people import Actor
from bot.setups import family_of
from bot.studio import Studio
from engines import Engine, Mode
from handlers.cards._parts import Json, brief, context, cut, money, safe, section
from handlers.house import House
from handlers.payloads import Submission
from handlers.views import order_rules
from handlers.views._inputs import choice, grouped, modal, several_grouped, text
from handlers.views._order_fields import CHANGED, anew, choice_for, hashed, what
from handlers.views._order_values import Meta, choice_of, elsewhere, order_in
from handlers.views.order_menus import from_what
from handlers.views.order_rules import assent_in
from storage import scenes
from storage.models import Scene

CALLBACK = "order_form"
_SHOTS, _SIDE, _DIFFERENCES, _WARNINGS = 100, 80, 12, 8
_COMPILED = "Compiled from intent and shot. Change it and only this order differs."
_OWN = "Somebody's own words. Empty this, and it is compiled from intent and shot."
_FIELDS_OF = {
    "refs": ("references", "source", "first", "last"),
    "model": ("engine",),
    "references": ("references", "engine"),
    "confirm": ("confirm", "prompt"),
    "override": ("override", "prompt"),
}
"""Where an engine's own word for a field is another than the form's, which may not have each."""


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
    meta = Meta(desk.scene.id, hashed(desk.words.prompt), desk.shot.id)
    others = also or []
    blocks = [
        section(f"*{desk.scene.code} {desk.shot.code}*  {safe(desk.scene.title)}"),
        *_shot(desk),
        *_who(desk, engines, others),
        context("\n".join((*_told(desk, others), *_warned((*desk.left_out, *problems))))),
        *order_rules.shown(desk.gate),
        *_mode(desk),
        text("prompt", "Prompt", prompt, lines=True, action=anew(desk, prompt),
             optional=not offer.prompt_needed,
             hint=_OWN if order.prompt else _COMPILED),
        *what(desk),
        *from_what(desk),
        *order_rules.asked(desk.gate, may_waive=desk.may_waive),
        text("family", "Prompt family", order.family or family_of(desk.scene), most=40,
             optional=True, action=f"value_{hashed(desk.shot.id)}",
             hint="Groups setups in the digest."),
    ]  # fmt: skip
    submit = f"Order {1 + len(others)} takes" if others else "Order"
    return modal(CALLBACK, "Order a take", blocks, submit=submit, private_metadata=meta.to_json())


def _who(desk: Desk, engines: Mapping[str, Engine], others: list[Desk]) -> Iterator[Json]:
    models = {
        engine.label: [(_named(engine, model), choice_of(name, model)) for model in engine.models()]
        for name, engine in engines.items()
    }
    yield grouped("engine", "Engine", models, value=choice_for(desk),
                  action=f"{CHANGED}_{hashed(desk.shot.id)}", dispatch=True)  # fmt: skip
    yield from _others(desk, engines, others)


def _shot(desk: Desk) -> Iterator[Json]:
    """Let the shot be chosen where there are several, and say what it goes on from."""
    if len(desk.shots) > 1:
        pairs = [(cut(f"{each.code} {each.action}".strip(), 75), each.id) for each in desk.shots]
        yield choice("shot", "Shot", pairs[-_SHOTS:], value=desk.shot.id,
                     action=f"{CHANGED}_shot", dispatch=True)  # fmt: skip
    if desk.before:
        yield context(went_on(desk))


def went_on(desk: Desk) -> str:
    """Say what a shot goes on from, and what is different from it so far."""
    if desk.before is None:
        return ""
    source = f"{desk.before.shot.code} {desk.before.take.code}"
    found = desk.departures
    if not found:
        return f":link: Goes on from {source}; nothing is different."
    told = [
        f"{each.what}: {brief(each.was, _SIDE) or 'none'} → {brief(each.now, _SIDE) or 'none'}"
        for each in found[:_DIFFERENCES]
    ]
    if len(found) > _DIFFERENCES:
        told.append(f"and {len(found) - _DIFFERENCES} more")
    if desk.plan.order.prompt and all(each.what != "prompt" for each in found):
        told.append(f"the prompt is still {source}'s own")
    return f":link: Goes on from {source}. Different:\n" + "\n".join(f"• {each}" for each in told)


def _mode(desk: Desk) -> Iterator[Json]:
    modes = [(mode.label, mode.value) for mode in Mode if mode in desk.plan.caps.modes]
    if len(modes) > 1:
        value = desk.plan.fit.mode.value
        action = f"{CHANGED}_mode_{hashed(f'{choice_for(desk)} {desk.shot.id}')}"
        yield choice("mode", "What", modes, value=value, action=action, dispatch=True)


def _named(engine: Engine, model: str) -> str:
    return f"{engine.label} · {model}" if model else engine.label


def _others(desk: Desk, engines: Mapping[str, Engine], others: list[Desk]) -> Iterator[Json]:
    here, mode = choice_for(desk), desk.plan.fit.mode
    chosen = [choice_for(each) for each in others]
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
        action = f"{CHANGED}_also_{hashed(here)}"
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
    told = [each for each in dict.fromkeys(losses) if each]
    yield from (f":warning: {safe(each)}" for each in told[:_WARNINGS])
    if len(told) > _WARNINGS:
        yield f":warning: And {len(told) - _WARNINGS} more of the kind."


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
    """Draw the form again for another shot, engine or kind of work, or for more engines."""
    meta = Meta.of(sent.meta)
    scene = await _scene(sent, meta, house.studio)
    order = await _beginning(sent, meta, scene, house.studio)
    if order is None:
        order = order_in(_forgiving(sent), own_prompt=_is_own(sent, meta))
        order = replace(order, negative=None, shot_id=sent.text("shot") or meta.shot_id)
    desk, why = await _laid_out(house.studio, scene, order, actor=sent.actor)
    also, more = await _laid_out_elsewhere(house.studio, scene, order, sent.ids("also"))
    return filled(desk, house.studio.engines, also=also, problems=(why, *more))


async def _beginning(sent: Submission, meta: Meta, scene: Scene, studio: Studio) -> Order | None:
    """Give the order that a shot begins with, if one was chosen that goes on from another."""
    chosen = sent.text("shot")
    if chosen in {"", meta.shot_id}:
        return None
    async with studio.db.read() as session:
        shots = await scenes.shots(session, scene)
    shot = next((each for each in shots if each.id == chosen), None)
    return await opening_order(studio, shot) if shot and begins_with_another(shot) else None


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
    first = replace(
        order_in(sent, own_prompt=_is_own(sent, meta)), shot_id=sent.text("shot") or meta.shot_id
    )
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
    return hashed(sent.text("prompt")) != meta.words
