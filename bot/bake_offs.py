"""Compare the takes of a bake-off: one sheet once all are at rest, and anew for a late one."""

import asyncio
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from bot import board
from bot.budget import cost_of, dollars
from bot.comparison import Entrant, Title, compare
from bot.media import MediaProblem
from bot.picks import workable
from bot.studio import Studio
from engines import FailKind
from storage import bake_offs, productions, scenes, takes
from storage.models import BakeOff, Setup, Take, TakeState

_LIMIT = 120
"""Seconds that one sheet may take."""
_LEASE = timedelta(seconds=2 * _LIMIT)
"""How long others leave a claimed sheet alone: bringing the originals takes its time too."""
_AT_ONCE = 10
_SAME_SHAPE = 0.02
_ENDINGS = {
    TakeState.FAILED: "Failed",
    TakeState.CANCELLED: "Cancelled",
    TakeState.AMBIGUOUS: "Not settled",
}
_REASONS = {
    FailKind.MODERATION_INPUT: "prompt was refused",
    FailKind.MODERATION_OUTPUT: "result was withheld",
    FailKind.BAD_INPUT: "order was refused",
    FailKind.OUT_OF_CREDIT: "account is empty",
    FailKind.AUTH: "key was refused",
    FailKind.RETIRED: "model is retired",
    FailKind.RATE_LIMIT: "too many orders",
    FailKind.CONCURRENCY: "too many jobs",
    FailKind.TRANSIENT: "engine was away",
    FailKind.CANCELED: "engine stopped it",
    FailKind.ENGINE: "engine gave up",
    FailKind.NOT_FOUND: "job was lost",
    FailKind.AMBIGUOUS_SUBMIT: "answer was lost",
}
_tell = structlog.get_logger(__name__)


async def compare_due(studio: Studio) -> int:
    """Make the sheets that are asked for and whose takes are at rest; give how many were made.

    A sheet is claimed, so that of several replicas one makes it; should that one die, the claim
    runs out and another does.
    """
    async with studio.db.read() as session:
        due = await bake_offs.due(session, at=studio.clock(), limit=_AT_ONCE)
    made = 0
    for bake_off in due:
        async with studio.db.begin(lasting=False) as session:
            is_ours = await bake_offs.claim(session, bake_off, until=studio.clock() + _LEASE)
        made += is_ours and await _compared(studio, bake_off)
    return made


async def _compared(studio: Studio, bake_off: BakeOff) -> bool:
    """Make a sheet and show it; False if there is nothing new to show, or it is out of date."""
    folder = studio.settings.engine_work / "sheets" / bake_off.id
    try:
        made = await _sheet(studio, bake_off, folder)
        sha256 = await studio.files.keep(made) if made else None
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    async with studio.db.begin() as session:
        is_new = await bake_offs.keep_sheet(session, bake_off, sha256)
        if is_new:
            await board.redraw_bake_off(session, bake_off, at=studio.clock())
    studio.bell.ring()
    return is_new


async def _sheet(studio: Studio, bake_off: BakeOff, folder: Path) -> Path | None:
    case = await _case(studio, bake_off)
    if not any(workable(take) for take, _ in case.made):
        return None
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    entrants = [await _entrant(studio, take, setup, folder) for take, setup in case.made]
    try:
        return await compare(case.title, entrants, folder, limit_seconds=_LIMIT)
    except MediaProblem as problem:
        # Each take has its own card; without the sheet nothing of theirs is missing.
        _tell.warning("sheet.given_up", bake_off=bake_off.id, why=str(problem))
        return None


@dataclass(frozen=True)
class _Case:
    """A bake-off as it stands."""

    title: Title
    made: list[tuple[Take, Setup]]


async def _case(studio: Studio, bake_off: BakeOff) -> _Case:
    async with studio.db.read() as session:
        production = await productions.get(session, bake_off.workspace_id, bake_off.production_id)
        scene = await scenes.get(session, bake_off.workspace_id, bake_off.scene_id)
        shots = {shot.id: shot.code for shot in await scenes.shots(session, scene)}
        ordered = await bake_offs.takes_of(session, bake_off)
        made = [(take, await takes.setup_of(session, take)) for take in ordered]
    shot = shots[ordered[0].shot_id]
    date = bake_off.ordered_at.strftime("%Y-%m-%d")
    return _Case(Title(production.name, scene.code, shot, date), made)


async def _entrant(studio: Studio, take: Take, setup: Setup, folder: Path) -> Entrant:
    engine = studio.engines.get(take.engine)
    original = None
    if workable(take):
        original = await studio.files.bring(take.sha256 or "", folder / take.id)
    return Entrant(
        code=take.code,
        engine=engine.label if engine else take.engine,
        model=setup.model,
        facts=" · ".join(fact for fact in facts_of(take, setup.content()) if fact),
        original=original,
        still=take.still,
        ending=_ENDINGS.get(take.state, ""),
        reason=reason_of(take),
    )


def facts_of(take: Take, body: dict[str, Any]) -> tuple[str, str, str]:
    """Give a take's length, shape and price, as far as they are known."""
    seconds = "" if take.still else f"{round(take.seconds or body['seconds'], 1):g} s"
    return seconds, _shape(take, body["ratio"]), _price(take)


def _shape(take: Take, ordered: str) -> str:
    """Give the ratio that was ordered, or the size of what came in another."""
    if not (take.width and take.height):
        return ordered
    across, _, down = ordered.partition(":")
    is_ratio = across.isdecimal() and down.isdecimal() and int(down)
    wanted = int(across) / int(down) if is_ratio else 0
    came = take.width / take.height
    if wanted and abs(came / wanted - 1) < _SAME_SHAPE:
        return ordered
    return f"{take.width} × {take.height}"  # noqa: RUF001 - sizes are written with this sign


def _price(take: Take) -> str:
    told = cost_of(take)
    if told is None:
        return "not charged"
    if not told.cents:
        return "free" if told.cents == 0 else "price unknown"
    return dollars(told.cents) if told.is_exact else f"about {dollars(told.cents)}"


def reason_of(take: Take) -> str:
    """Say in three words why there is nothing to see of a take; its card says it in full."""
    if take.state is TakeState.CANCELLED:
        return "was called off"
    if take.fail_kind:
        return _REASONS[FailKind(take.fail_kind)]
    if take.state is TakeState.FAILED:
        return "cannot be shown" if take.sha256 else "see its card"
    return ""
