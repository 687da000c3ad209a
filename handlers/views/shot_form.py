"""The form that plans one shot."""

import json

from bot.scene_form import RATIOS
from bot.shots import ShotForm, plan_shot, standing_plan
from handlers.cards._parts import Json, context, safe
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import choice, modal, text
from handlers.views.scene_form import seconds_in
from storage import scenes
from storage.models import Scene, Shot

CALLBACK = "shot_form"


def filled(scene: Scene, shot: Shot, *, told: str = "") -> Json:
    """Make the form as the shot stands; `told` says what it goes on from."""
    plan = standing_plan(shot)
    blocks = [
        *([context(told)] if told else []),
        text("action", "Action", plan.action, lines=True, optional=True,
             hint="What happens in this shot."),
        text("framing", "Framing", plan.framing, optional=True),
        text("camera", "Camera", plan.camera, optional=True,
             placeholder="slow push in, pan left, static …"),
        text("seconds", "Seconds", f"{plan.seconds:g}", most=5),
        choice("ratio", "Ratio", [(ratio, ratio) for ratio in RATIOS], value=plan.ratio),
        context(f"{scene.code} {safe(scene.title)}"),
    ]  # fmt: skip
    meta = json.dumps({"scene": scene.id, "shot": shot.id})
    return modal(CALLBACK, f"Shot {shot.code}", blocks, submit="Save", private_metadata=meta)


async def send(sent: Submission, house: House) -> None:
    """Plan the shot anew."""
    meta = json.loads(sent.meta)
    async with house.studio.db.read() as session:
        scene = await scenes.get(session, sent.actor.workspace_id, meta["scene"])
    form = ShotForm(
        action=sent.text("action"),
        framing=sent.text("framing"),
        camera=sent.text("camera"),
        seconds=seconds_in(sent.text("seconds")),
        ratio=sent.text("ratio"),
    )
    await plan_shot(house.studio, sent.actor, scene, form, shot_id=meta["shot"], key=sent.key)
