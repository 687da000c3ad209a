"""The form in which a producer overrides what blocks a scene."""

import json

from bot.waivers import Blocked, override
from handlers.cards._parts import Json, brief, cut, safe, section
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import checks, modal, text

CALLBACK = "waiver_form"
_MOST, _LINE = 10, 600


def filled(blocked: Blocked) -> Json:
    """Make the form with each rule that blocks something."""
    scene, rules = blocked.scene, blocked.rules[:_MOST]
    lines = "\n".join(f":no_entry: {brief(each.text, _LINE)}" for each in rules)
    boxes = [(cut(each.text, 75), each.key, each.text) for each in rules]
    blocks = [
        section(f"*{scene.code}* {safe(scene.title)}\n{lines}"[:3000]),
        checks("rules", "Override", boxes,
               hint="For this scene, from now on. A rule that is reworded blocks again."),
        text("reason", "Why", lines=True, most=1000, hint="Kept with the scene and in the log."),
    ]  # fmt: skip
    meta = json.dumps({"scene": scene.id})
    return modal(CALLBACK, "Override a rule", blocks, submit="Override", private_metadata=meta)


async def send(sent: Submission, house: House) -> None:
    """Override."""
    scene_id = json.loads(sent.meta)["scene"]
    await override(
        house.studio, sent.actor, scene_id, keys=sent.ids("rules"), reason=sent.text("reason"),
        key=sent.key,
    )  # fmt: skip
