"""Bills: what a take is charged, and saying once that a production went over its soft line."""

import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import board
from bot.budget import dollars, purse_of
from bot.mrkdwn import escaped
from engines import Status
from storage import Session, productions, scenes
from storage.models import Production, Scene, Take


@dataclass(frozen=True)
class Bill:
    """What a take is charged: `cents` is None where nobody knows; the engine told, or our table."""

    cents: int | None
    is_told: bool

    def written(self, at: datetime) -> dict[str, Any]:
        """Give what the take's record says of it."""
        return {"cost_cents": self.cents or 0, "cost_told": self.is_told, "spent_at": at}


def told_bill(status: Status) -> Bill | None:
    """Give what an engine says that a job is charged, if it does; part of a cent counts as one."""
    if status.cost_cents is None:
        return None
    return Bill(math.ceil(round(status.cost_cents, 6)), is_told=True)


@asynccontextmanager
async def watched(session: Session, take: Take, *, at: datetime) -> AsyncGenerator[None]:
    """Say in the scene's thread if what is done inside takes the production over its soft line.

    A bill may be higher than the order was thought to be. Holds the production until the commit,
    so that of two bills at once only one crosses the line.
    """
    production = await productions.get(session, take.workspace_id, take.production_id)
    if production.budget_soft_cents is None:
        yield
        return
    await scenes.hold(session, production)
    before = await purse_of(session, production)
    yield
    after = await purse_of(session, production)
    if before.crosses(after.committed - before.committed):
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
        await tell_crossed(session, scene, production, after.committed, at=at)


async def tell_crossed(
    session: Session, scene: Scene, production: Production, committed: int, *, at: datetime
) -> None:
    """Say in a scene's thread that the production has gone over its soft line."""
    text = (
        f"{escaped(production.name)} has now spent or promised {dollars(committed)}, "
        f"more than the {dollars(production.budget_soft_cents or 0)} it wanted to be told at."
    )
    await board.tell_thread(session, scene, text, at=at)
