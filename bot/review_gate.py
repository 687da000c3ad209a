"""The gate at an approval: rights of what was used, and the rules that apply to the scene."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.gates import Refusal, at_review
from bot.ground import ground_under, waived_for
from bot.holds import held, noticed, why_held
from bot.mrkdwn import escaped
from storage import Session
from storage.models import Production, Scene, Stage, Take

_TOLD = 3
"""As many rules as a sentence names; the card that it points to has all."""
_ON_HOLD = "This take is on hold. The team is on it, and you need do nothing."


@dataclass(frozen=True)
class Barred:
    """Why a take cannot be approved: a word for the log, and the sentence for who pressed."""

    why: str
    told: str


async def barred(
    session: Session, production: Production, take: Take, *, stage: Stage, at: datetime
) -> Barred | None:
    """Say what keeps a take from being approved; None if nothing does.

    The client hears that it is on hold, and nothing of why.
    """
    keeping = (await held(session, production, [take], at=at)).get(take.id)
    if keeping:
        await noticed(session, production, take, keeping, at=at)
        return Barred("rights", why_held(keeping) if stage is Stage.TEAM else _ON_HOLD)
    scene, ground = await ground_under(session, production, take.scene_id)
    if at_review(ground, ()).is_open:
        return None
    refusals = at_review(ground, await waived_for(session, scene)).refusals
    if not refusals:
        return None
    return Barred("rules", why_blocked(scene, refusals) if stage is Stage.TEAM else _ON_HOLD)


def why_blocked(scene: Scene, refusals: Sequence[Refusal]) -> str:
    """Say as mrkdwn which rules block something of a scene, and where they are overridden."""
    told = " ".join(escaped(each.text) for each in refusals[:_TOLD])
    more = len(refusals) - _TOLD
    also = f" So do {more} more." if more > 0 else ""
    them = "it" if len(refusals) == 1 else "them"
    return f"{told}{also} `/scene rules {scene.code}` shows {them}."
