"""An engine that does not answer: its own takes wait, and its productions are told once."""

import time

from bot import board
from bot.studio import Studio
from engines import Engine
from storage import outages, productions
from storage.models import Take


async def note_trouble(studio: Studio, take: Take, engine: Engine, *, why: str) -> None:
    """Note that an engine did not answer about a take; tell its production once it lasts."""
    patience = studio.settings.outage_after_seconds
    production_id, now = take.production_id, time.monotonic()
    if studio.weather.bad(take.engine, production_id, now=now, patience=patience):
        await _tell_away(studio, take, engine, why=why)


async def note_answer(studio: Studio, take: Take, engine: Engine) -> None:
    """Note that an engine answered; tell its production if it had heard of an outage."""
    if studio.weather.good(take.engine, take.production_id):
        await _tell_back(studio, take, engine)


async def _tell_away(studio: Studio, take: Take, engine: Engine, *, why: str) -> None:
    now = studio.clock()
    async with studio.db.begin() as session:
        if not await outages.begin(session, take, why=why, at=now):
            return
        production = await productions.get(session, take.workspace_id, take.production_id)
        text = (
            f":warning: *{engine.label} is away.* {why} Its takes wait and nothing is lost or "
            "ordered again; other engines go on. You will be told when it is back."
        )
        await board.tell_channel(session, production, text, at=now)
    studio.bell.ring()


async def _tell_back(studio: Studio, take: Take, engine: Engine) -> None:
    async with studio.db.read() as session:
        outage = await outages.standing(session, take)
    if outage is None:
        return
    now = studio.clock()
    async with studio.db.begin() as session:
        if not await outages.end(session, outage, at=now):
            return
        production = await productions.get(session, take.workspace_id, take.production_id)
        minutes = max(1, round((now - outage.began_at).total_seconds() / 60))
        text = f"*{engine.label} answers again* after {minutes} min. Its takes go on."
        await board.tell_channel(session, production, text, at=now)
    studio.bell.ring()
