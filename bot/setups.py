"""Compile a setup: intent and references in an engine's terms, immutable and hashed."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import rfc8785

from bot.errors import NotNow
from engines import JobSpec, Mode, Ref
from storage.models import Production, Reference, ReferenceStatus, Scene, Setup, Shot


@dataclass(frozen=True)
class Order:
    """What somebody chose beside what the scene says."""

    engine: str
    seconds: float
    ratio: str
    resolution: str = "720p"
    seed: int | None = None
    prompt: str = ""
    """Empty for the compiled one."""
    family: str = ""


def prompt_of(scene: Scene, shot: Shot) -> str:
    """Compile the words for the engine, in the order that video models weigh them."""
    parts = (
        shot.action or scene.purpose,
        shot.framing,
        f"Camera: {shot.camera}" if shot.camera else "",
        f"Mood: {scene.feeling}" if scene.feeling else "",
        f"Must be seen: {scene.must_carry}" if scene.must_carry else "",
        f"Never show: {scene.must_not_show}" if scene.must_not_show else "",
    )
    return "\n".join(part.strip() for part in parts if part.strip())


def family_of(scene: Scene) -> str:
    """Name the prompt family that a scene's setups start in: its title in plain letters."""
    words = re.findall(r"[a-z0-9]+", scene.title.lower())
    return "-".join(words[:4])[:40] or scene.code.lower()


def usable(references: list[Reference]) -> list[Reference]:
    """Give the references an order may use: fetched, sound, and neither restricted nor retired."""
    barred = {ReferenceStatus.RESTRICTED, ReferenceStatus.RETIRED}
    return [each for each in references if each.sha256 and each.status not in barred]


def compiled(
    scene: Scene, shot: Shot, order: Order, *, references: list[Reference], seed: int
) -> Setup:
    """Compile the setup. Raises NotNow if the scene says nothing of its intent."""
    if not scene.purpose.strip():
        raise NotNow(f"{scene.code} has no intent yet. No intent, no order.")
    body: dict[str, Any] = {
        "v": 1,
        "engine": order.engine,
        "model": "",
        "mode": (Mode.IMAGE_TO_VIDEO if references else Mode.TEXT_TO_VIDEO).value,
        "prompt": order.prompt.strip() or prompt_of(scene, shot),
        "seconds": order.seconds,
        "ratio": order.ratio,
        "resolution": order.resolution,
        "seed": order.seed if order.seed is not None else seed,
        "references": [
            {"id": each.id, "version": each.version, "sha256": each.sha256} for each in references
        ],
        "native": _told(scene, shot),
    }
    text = rfc8785.dumps(body).decode()
    return Setup(
        workspace_id=scene.workspace_id,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        body=text,
        engine=order.engine,
        prompt=body["prompt"],
        family=order.family.strip() or family_of(scene),
    )


def _told(scene: Scene, shot: Shot) -> dict[str, str]:
    return {
        "scene": scene.code,
        "shot": shot.code,
        "title": scene.title,
        "purpose": scene.purpose,
        "feeling": scene.feeling,
        "action": shot.action,
        "framing": shot.framing,
        "camera": shot.camera,
    }


def spec_of(body: dict[str, Any], *, take_id: str, refs: tuple[Ref, ...]) -> JobSpec:
    """Read a setup's body back as what engines understand."""
    return JobSpec(
        mode=Mode(body["mode"]),
        prompt=body["prompt"],
        model=body["model"],
        seconds=body["seconds"],
        ratio=body["ratio"],
        resolution=body["resolution"],
        seed=body["seed"],
        refs=refs,
        user_tag=take_id,
        native=body["native"],
    )


def slate_name(production: Production) -> str:
    """Give a production's name as slates have room for it."""
    return production.name if len(production.name) <= 32 else f"{production.name[:31]}…"  # noqa: PLR2004 - what fits beside the other fields
