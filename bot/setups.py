"""Compile a setup: intent and references in an engine's terms, immutable and hashed."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from bot.errors import NotNow
from bot.fitting import Fit, Order, Pick, fitted, suggested
from bot.intent import Ground
from bot.wording import worded
from engines import Caps, Engine, JobSpec, Mode, Offer, Ref, RefRole
from storage.models import Scene, Setup, Shot


@dataclass(frozen=True)
class Plan:
    """An order as one model of an engine can do it, with what it works from and what is lost."""

    fit: Fit
    caps: Caps

    @property
    def order(self) -> Order:
        """What was chosen, brought to what the model offers."""
        return self.fit.order

    @property
    def offer(self) -> Offer:
        """The model's table for this kind of work."""
        return self.caps.modes[self.fit.mode]


def plan_for(engine: Engine, order: Order, picks: tuple[Pick, ...]) -> Plan:
    """Fit an order to an engine. Raises NotNow where it does nothing of the kind."""
    if order.model and order.model not in engine.models():
        raise NotNow(f"{order.model} is not a model of {engine.label}. Choose another.")
    caps = engine.caps(order.model)
    fit = fitted(order, caps, picks, label=engine.label)
    if fit is None:
        wanted = (order.mode or suggested(picks)).label.lower()
        raise NotNow(f"{engine.label} does not do this: {wanted}. Choose another engine.")
    return Plan(fit, caps)


def family_of(scene: Scene) -> str:
    """Name the prompt family that a scene's setups start in: its title in plain letters."""
    words = re.findall(r"[a-z0-9]+", scene.title.lower())
    return "-".join(words[:4])[:40] or scene.code.lower()


def compiled(scene: Scene, shot: Shot, plan: Plan, *, ground: Ground, seed: int) -> Setup:
    """Compile the setup. Raises NotNow if the scene says nothing of its intent.

    `seed` is taken where the person named none and the engine has seeds.
    """
    if not ground.purpose.text:
        raise NotNow(f"{scene.code} has no intent yet. No intent, no order.")
    body = _body(scene, shot, plan, ground=ground, seed=seed)
    text = rfc8785.dumps(body).decode()
    return Setup(
        workspace_id=scene.workspace_id,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        body=text,
        engine=plan.order.engine,
        model=plan.caps.model,
        prompt=body["prompt"],
        family=plan.order.family.strip() or family_of(scene),
    )


def _body(scene: Scene, shot: Shot, plan: Plan, *, ground: Ground, seed: int) -> dict[str, Any]:
    order, offer, picks = plan.order, plan.offer, plan.fit.picks
    words = worded(ground, shot, offer, picks)
    negative = words.negative if order.negative is None else order.negative.strip()
    wanted_seed = order.seed if order.seed is not None else seed
    return {
        "v": 2,
        "engine": order.engine,
        "model": plan.caps.model,
        "mode": plan.fit.mode.value,
        "prompt": order.prompt.strip() or words.prompt,
        "own_words": bool(order.prompt.strip()),
        "negative": negative if offer.negative else "",
        "seconds": order.seconds,
        "ratio": order.ratio,
        "resolution": order.resolution,
        "seed": wanted_seed if offer.seed else None,
        "audio": order.audio if offer.audio else None,
        "references": [_reference(pick) for pick in picks],
        "about": _told(scene, shot, ground),
        "native": dict(order.native),
    }


def _reference(pick: Pick) -> dict[str, Any]:
    part = {"part": pick.part} if pick.part else {}
    return part | {
        "take" if pick.is_take else "id": pick.id,
        "version": pick.version,
        "sha256": pick.sha256,
        "role": pick.role.value,
        "kind": pick.kind.value,
        "name": pick.name,
        "tag": pick.tag,
    }


def _told(scene: Scene, shot: Shot, ground: Ground) -> dict[str, str]:
    return {
        "scene": scene.code,
        "shot": shot.code,
        "title": scene.title,
        "purpose": ground.purpose.text,
        "feeling": ground.feeling.text,
        "action": shot.action,
        "framing": shot.framing,
        "camera": shot.camera,
    }


def spec_of(body: Mapping[str, Any], *, take_id: str, refs: tuple[Ref, ...]) -> JobSpec:
    """Read a setup's body back as what engines understand, whichever version wrote it."""
    is_first = body["v"] == 1
    return JobSpec(
        mode=Mode(body["mode"]),
        prompt=body["prompt"],
        negative=body.get("negative") or None,
        model=body["model"],
        seconds=body["seconds"],
        ratio=body["ratio"],
        resolution=body["resolution"],
        seed=body["seed"],
        audio=body.get("audio"),
        refs=refs,
        user_tag=take_id,
        about=body["native"] if is_first else body["about"],
        native={} if is_first else body["native"],
    )


def refs_of(picks: tuple[Pick, ...]) -> tuple[Ref, ...]:
    """Name what an order works from, before any file of it is at hand.

    An address that will be signed when the order is sent is stood in for.
    """
    return tuple(
        Ref(
            role=pick.role,
            kind=pick.kind,
            sha256=pick.sha256,
            tag=pick.tag or None,
            size=pick.size,
            seconds=pick.seconds,
            job=pick.job or None,
            uri=f"https://files.invalid/{pick.sha256}" if pick.is_reachable else None,
        )
        for pick in picks
    )


def order_in(body: Mapping[str, Any]) -> Order:
    """Read a setup's body back as an order, so that it can be ordered again, or elsewhere."""
    held = [each for each in body["references"] if "role" in each]
    at = {role: [_key(each) for each in held if each["role"] == role] for role in RefRole}
    return Order(
        engine=body["engine"],
        model=body["model"],
        mode=Mode(body["mode"]) if held or body["v"] > 1 else None,
        seconds=body["seconds"],
        ratio=body["ratio"],
        resolution=body["resolution"],
        seed=body["seed"],
        negative=body.get("negative") or None,
        audio=body.get("audio"),
        first=next(iter(at[RefRole.FIRST]), ""),
        last=next(iter(at[RefRole.LAST]), ""),
        source=next(iter(at[RefRole.SOURCE]), ""),
        references=tuple(at[RefRole.REFERENCE]) if held else None,
        native={} if body["v"] == 1 else body["native"],
    )


def _key(each: Mapping[str, Any]) -> str:
    if "take" in each:
        return f"take:{each['take']}"
    return f"{each['id']}:{each['part']}" if "part" in each else each["id"]
