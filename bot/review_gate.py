"""The gate at an approval: rights of what was used, and the rules that apply to the scene."""

from dataclasses import dataclass
from datetime import datetime

from bot.gates import at_review
from bot.ground import ground_for, waived_for
from bot.holds import held, noticed, why_held
from storage import Session, scenes
from storage.models import Production, Stage, Take

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
    scene = await scenes.get(session, take.workspace_id, take.scene_id)
    ground = await ground_for(session, production, scene)
    refusals = at_review(ground, await waived_for(session, scene)).refusals
    if not refusals:
        return None
    told = " ".join(each.text for each in refusals)
    how = f"{told} `/scene rules {scene.code}` lets them."
    return Barred("rules", how if stage is Stage.TEAM else _ON_HOLD)
