"""The form in which a producer overrides what blocks a scene."""

import json
from collections.abc import Iterator

from bot.constraint_lines import Constraint
from bot.waivers import Blocked, override
from handlers.cards._parts import Json, brief, context, cut, safe, section
from handlers.cards.rules import where
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import checks, modal, text

CALLBACK = "waiver_form"
_MOST, _BOX, _LINE = 10, 75, 280
"""As many boxes as Slack takes, as much as one says, and what ten whole rules have room for."""


def filled(blocked: Blocked) -> Json:
    """Make the form with each rule that blocks something."""
    scene, rules = blocked.scene, blocked.rules[:_MOST]
    blocks = [
        section(f"*{scene.code}* {safe(scene.title)}"),
        *_beside(rules, left=len(blocked.rules) - len(rules)),
        checks("rules", "Override for this scene", list(map(_box, rules)),
               hint="From now on. A rule that is reworded blocks again."),
        text("reason", "Why", lines=True, most=1000,
             hint="Kept with the scene; the log holds its seal."),
    ]  # fmt: skip
    meta = json.dumps({"scene": scene.id})
    return modal(CALLBACK, "Override a rule", blocks, submit="Override", private_metadata=meta)


def _beside(rules: list[Constraint], *, left: int) -> Iterator[Json]:
    """Say in full what a box has no room for, and that there are more rules than boxes."""
    cramped = [each for each in rules if len(_said(each)) > _BOX]
    if cramped:
        yield section("\n".join(f":no_entry: {brief(_said(each), _LINE)}" for each in cramped))
    if left > 0:
        yield context(f"{left} more block it; they are here once these are overridden.")


def _box(rule: Constraint) -> tuple[str, str, str]:
    return cut(_said(rule), _BOX), rule.key, cut(where(rule, ""), _BOX)


def _said(rule: Constraint) -> str:
    return f"{rule.kind.capitalize()}: {rule.text}"


async def send(sent: Submission, house: House) -> None:
    """Override."""
    scene_id = json.loads(sent.meta)["scene"]
    await override(
        house.studio, sent.actor, scene_id, keys=sent.ids("rules"), reason=sent.text("reason"),
        key=sent.key,
    )  # fmt: skip
