"""`take SC010`: order a take, `SC010 SH020` for that shot; `--engines a,b` for several engines."""

import re
from dataclasses import dataclass, field, replace
from typing import Self

from bot.crew import Power, must
from bot.desks import Desk, desk_for, opening_order, shot_in
from bot.orders import may_order, order_takes
from bot.people import Actor
from bot.scenes import scene_meant
from bot.shots import called, shot_meant
from engines import Engine, Mode
from handlers.cards._parts import actions, button, safe, section
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from handlers.views import order_form
from handlers.views._order_values import chosen, elsewhere
from handlers.views.order_form import price
from storage import scenes
from storage.models import Scene

_ENGINES = re.compile(r"(?:--|—)engines?[= ]\s*([\w/.,-]+)")
"""Phones make one long dash of two."""
_SHOT = re.compile(r"\bSH\d+\b", re.IGNORECASE)
_LONGEST_VALUE = 2000
"""What Slack lets a button carry."""


async def run(call: Call, house: House) -> Answer:
    """Open the order form; where a mention cannot, order what is free and price the rest."""
    engines, text = _read(call.text)
    code, shot_code, words = _meant(text, is_typed=bool(call.trigger_id))
    async with house.studio.db.read() as session:
        scene = await scene_meant(
            session, call.actor.workspace_id, channel_id=call.channel_id,
            thread_ts=call.thread_ts, code=code,
        )  # fmt: skip
        shot_id = (await shot_meant(session, scene, shot_code)).id if shot_code else ""
    wish = Wish(scene.id, engines, words, shot_id)
    if call.trigger_id:
        await may_order(house.studio, call.actor, scene, key=call.key)
        await open_form(house, scene, call.trigger_id, wish=wish, actor=call.actor)
        return None
    desks = await _desks(house, scene, wish)
    if any(desk.estimate_cents != 0 for desk in desks):
        return await _priced(call, house, desks, wish=wish)
    orders = [desk.plan.order for desk in desks]
    made = await order_takes(house.studio, call.actor, scene, orders=orders, key=call.key)
    return _answer([called(desks[0].shots, take) for take in made], scene)


@dataclass(frozen=True)
class Wish:
    """What a mention asked for, as the button below its answer carries it."""

    scene_id: str
    engines: list[str] = field(default_factory=list[str])
    prompt: str = ""
    shot_id: str = ""
    """Empty for the likeliest."""

    def written(self) -> str:
        """Write it as a button's value; words that do not fit there are left out."""
        short = "\n".join((f"{self.scene_id} {self.shot_id}".strip(), ",".join(self.engines)))
        whole = f"{short}\n{self.prompt}"
        return whole if len(whole) <= _LONGEST_VALUE else short

    @classmethod
    def read(cls, value: str) -> Self:
        """Read it back; a scene's id alone is the plainest wish."""
        ids, engines, prompt = [*value.split("\n", 2), "", ""][:3]
        scene_id, _, shot_id = ids.partition(" ")
        return cls(scene_id, [each for each in engines.split(",") if each], prompt, shot_id)


async def open_form(
    house: House, scene: Scene, trigger_id: str, *, wish: Wish, actor: Actor
) -> None:
    """Open the order form as somebody wished: for engines, or the default one; with their words."""
    desks = await _desks(house, scene, wish, actor=actor)
    form = order_form.filled(desks[0], house.studio.engines, also=desks[1:])
    await house.room.open_view(trigger_id, form)


async def _priced(call: Call, house: House, desks: list[Desk], *, wish: Wish) -> Answer:
    """Say what it would cost, to somebody who may order, with a button that opens the form."""
    async with house.studio.db.read() as session:
        await must(session, Power.ORDER, call.actor, production=desks[0].production)
    prices = "  ·  ".join(f"{safe(each.engine.label)}: {price(each)}" for each in desks)
    told = f"{prices}\nNothing is ordered yet: a mention orders only what is free."
    if Wish.read(wish.written()).prompt != wish.prompt:
        told += " Your words are too long for the button; paste them into the form."
    return [section(told), actions(button("Order…", "scene_order", wish.written()))]


def _meant(text: str, *, is_typed: bool) -> tuple[str, str, str]:
    """Read the codes of scene and shot, and a mention's words, which name no scene."""
    found = _SHOT.search(text) if is_typed else _SHOT.match(text)
    shot = found[0] if found else ""
    rest = text.replace(shot, " ", 1).strip() if shot else text
    return (rest, shot, "") if is_typed else ("", shot, rest)


def _read(text: str) -> tuple[list[str], str]:
    """Take the engines out of what was typed; give them and the rest."""
    found = _ENGINES.search(text)
    if found is None:
        return [], text
    names = [each for each in found[1].split(",") if each]
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return list(dict.fromkeys(names)), " ".join(rest.split())


async def _desks(
    house: House, scene: Scene, wish: Wish, *, actor: Actor | None = None
) -> list[Desk]:
    async with house.studio.db.read() as session:
        shot = shot_in(await scenes.shots(session, scene), wish.shot_id)
    order = await opening_order(house.studio, shot)
    order = replace(order, prompt=wish.prompt or order.prompt)
    if not wish.engines:
        return [await desk_for(house.studio, scene, order, actor=actor)]
    desks: list[Desk] = []
    for choice in wish.engines:
        engine, model = chosen(choice)
        mode = _only_stills(house.studio.engines.get(engine), model)
        each = replace(elsewhere(order, choice), mode=mode)
        desks.append(await desk_for(house.studio, scene, each, actor=actor))
    return desks


def _only_stills(engine: Engine | None, model: str) -> Mode | None:
    """Give the plainest work of a model that makes nothing but stills: naming it asks for one."""
    if engine is None or model not in engine.models():
        return None
    caps = engine.caps(model)
    return caps.default_mode if all(mode.makes_still for mode in caps.modes) else None


def _answer(codes: list[str], scene: Scene) -> str | None:
    if not codes:
        return None
    if len(codes) == 1:
        return f"{codes[0]} of {scene.code} is ordered. Its card follows in this thread."
    return f"{', '.join(codes)} of {scene.code} are ordered. Their cards follow in this thread."
