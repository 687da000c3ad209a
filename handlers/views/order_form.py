"""The form that orders a take: the compiled prompt can be read and changed before."""

import json
from math import isfinite

from bot.errors import BadForm, NotNow
from bot.orders import Desk, order_take
from bot.setups import Order, family_of, prompt_of, usable
from bot.studio import Studio
from handlers.cards._parts import Json, context, money, safe, section
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import choice, modal, text
from storage import scenes

CALLBACK = "order_form"
_DIGITS = 10
_FIELDS = {"prompt", "seconds", "ratio", "seed", "engine", "family"}


def filled(desk: Desk, studio: Studio) -> Json:
    """Make the form with what the scene says."""
    scene, shot = desk.scene, desk.shot
    ratios = list(desk.engine.caps().ratios)
    engines = [(engine.label, name) for name, engine in studio.engines.items()]
    used = _used(desk)
    blocks = [
        section(f"*{scene.code} {shot.code}*  {safe(scene.title)}"),
        choice("engine", "Engine", engines, value=desk.engine.name),
        text("prompt", "Prompt", prompt_of(scene, shot), lines=True,
             hint="Compiled from intent and shot. Change it and only this take differs."),
        text("seconds", "Seconds", f"{shot.seconds:g}", most=5),
        choice("ratio", "Ratio", [(ratio, ratio) for ratio in ratios], value=shot.ratio),
        text("seed", "Seed", optional=True, most=_DIGITS,
             hint="The same setup and seed give the same bytes. Empty: the take's number."),
        text("family", "Prompt family", family_of(scene), most=40, optional=True,
             hint="Groups setups in the digest."),
        context(f"{_price(desk)} {used}"),
    ]  # fmt: skip
    meta = json.dumps({"scene": scene.id})
    return modal(CALLBACK, "Order a take", blocks, submit="Order", private_metadata=meta)


def _used(desk: Desk) -> str:
    ready = len(usable(desk.references))
    coming = len([each for each in desk.references if not each.sha256 and not each.problem])
    told = f"{ready} reference{'s go' if ready > 1 else ' goes'} along." if ready else ""
    late = f"{coming} still being fetched will not; wait a moment for them." if coming else ""
    return f"{told} {late}".strip()


def _price(desk: Desk) -> str:
    rate = desk.engine.caps().price.cents_per_second
    if not rate:
        return f"{desk.engine.label} is free."
    return f"{desk.engine.label}: about {money(round(rate * desk.shot.seconds))}."


async def send(sent: Submission, house: House) -> None:
    """Order the take."""
    scene_id = json.loads(sent.meta)["scene"]
    async with house.studio.db.read() as session:
        scene = await scenes.get(session, sent.actor.workspace_id, scene_id)
    order = Order(
        engine=sent.text("engine"),
        seconds=_number("seconds", sent.text("seconds"), "A length in seconds, such as 5."),
        ratio=sent.text("ratio"),
        seed=_seed(sent.text("seed")),
        prompt=sent.text("prompt"),
        family=sent.text("family"),
    )
    try:
        await order_take(house.studio, sent.actor, scene, order=order, key=sent.key)
    except BadForm as form:
        if set(form.fields) & _FIELDS:
            raise
        raise NotNow(str(form)) from form


def _number(field: str, typed: str, wanted: str) -> float:
    try:
        number = float(typed.replace(",", ".").removesuffix("s"))
    except ValueError:
        raise BadForm({field: wanted}) from None
    if not isfinite(number):
        raise BadForm({field: wanted})
    return number


def _seed(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isdecimal() and len(typed) <= _DIGITS):
        raise BadForm({"seed": f"A seed is a whole number of at most {_DIGITS} digits, such as 7."})
    return int(typed)
