"""Fetch what a job made: at once, hashed on the way, kept by its content, with its cost."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

from bot import log
from bot.billing import Bill, told_bill, watched
from bot.endings import fail, hand_over, take_of
from bot.materials import handle_of, scratch, spec_for
from bot.outages import note_trouble
from bot.studio import Studio
from bot.waiting import LONGEST_PAUSE, first_pause, spread, until_over
from engines import (
    Busy,
    Engine,
    EngineError,
    Expired,
    FailKind,
    Failure,
    JobState,
    Output,
    RefKind,
    Status,
    Stored,
)
from storage import takes
from storage.models import Take, TakeState

_MEGABYTE = 1_000_000
_LINKS = 5
"""How often a file's link may have expired before we give up."""
_PARTING = Failure(FailKind.ENGINE, "The engine gave up and did not say why.")
_NOTHING = Failure(FailKind.ENGINE, "The engine says it is done but sent no file.")
_STALE = Failure(FailKind.ENGINE, "The engine's links to the file had expired each time.")
_LONGEST_ANSWER = 65_536


async def fetch(studio: Studio, workspace_id: str, take_id: str) -> None:
    """Fetch the file of a job that is over, or give the take up by what the engine said."""
    take = await take_of(studio, workspace_id, take_id)
    engine = studio.engines.get(take.engine)
    if take.state is not TakeState.RENDERING or engine is None:
        return
    status = Status(state=JobState.UNKNOWN)
    pause = first_pause(studio, engine, handle_of(take).model)
    for _ in range(_LINKS):
        status = await until_over(studio, take, engine, handle=handle_of(take))
        output = _chosen(status.outputs, take)
        if status.state is not JobState.SUCCEEDED or output is None:
            lost = status.fail or (_NOTHING if status.state is JobState.SUCCEEDED else _PARTING)
            await _give_up(studio, take, status, lost)
            return
        try:
            stored = await _downloaded(studio, take, engine, output=output)
        except Expired:  # the next look mints a new link
            await asyncio.sleep(spread(pause))
            pause *= 2
            continue
        except EngineError as broken:
            await _give_up(studio, take, status, Failure(broken.kind, str(broken)))
            return
        await _keep(studio, take, stored, status=status)
        return
    await _give_up(studio, take, status, _STALE)


async def _give_up(studio: Studio, take: Take, status: Status, failure: Failure) -> None:
    if failure.kind is FailKind.NOT_FOUND:  # it is paid for, so a person looks for it first
        why = f"{failure.text} It was looked for as job `{handle_of(take).id}`."
        await hand_over(studio, take, why)
        return
    bill, answer = await _bill(studio, take, status), _answer_of(status)
    await fail(studio, take, failure.text, kind=failure.kind, bill=bill, answer=answer)


def _chosen(outputs: tuple[Output, ...], take: Take) -> Output | None:
    """Give the output that was ordered, where an engine sends others beside it."""
    wanted = RefKind.IMAGE if take.still else RefKind.VIDEO
    fitting = [each for each in outputs if each.kind is wanted]
    return next(iter(fitting or outputs), None)


async def _downloaded(studio: Studio, take: Take, engine: Engine, *, output: Output) -> Stored:
    pause = first_pause(studio, engine, handle_of(take).model)
    sink, most = scratch(studio, take) / "original", studio.settings.file_limit_mb * _MEGABYTE
    while True:
        try:
            return await engine.download(output, sink, most=most)
        except Busy as busy:
            await note_trouble(studio, take, engine, why=str(busy))
            await asyncio.sleep(spread(busy.retry_after or pause))
            pause = min(2 * pause, LONGEST_PAUSE)


async def _keep(studio: Studio, take: Take, stored: Stored, *, status: Status) -> None:
    await studio.files.keep(stored.path)
    bill, now = await _bill(studio, take, status), studio.clock()
    async with studio.db.begin() as session:
        twin = await takes.same_bytes(session, take, stored.sha256)
        values: dict[str, Any] = {
            "sha256": stored.sha256,
            "size": stored.size,
            "progress": 100,
            "answer": _answer_of(status),
            "problem": " ".join(_remarks(take, twin, status)),
        }
        if bill:
            values |= bill.written(now)
        async with watched(session, take, at=now):
            if not await takes.move(session, take, TakeState.PRESENTING, **values):
                return
        await log.record(
            session, "take.kept", workspace_id=take.workspace_id, actor=None, at=now,
            about=log.about_take(take),
            facts={"size": stored.size, "cost_cents": bill.cents if bill else None},
        )  # fmt: skip


def _remarks(take: Take, twin: Take | None, status: Status) -> Iterator[str]:
    """Say what a person should know of a file that came."""
    if twin and twin.setup_id != take.setup_id:
        yield f"These are the very bytes of {twin.code}: the engine sent one file for two orders."
    if status.note:
        yield status.note


async def _bill(studio: Studio, take: Take, status: Status) -> Bill | None:
    """Give what a job is charged by the engine's own word, else, if it succeeded, by our table.

    What an engine said when it took the order comes before our table.
    """
    if (told := told_bill(status)) or status.state is not JobState.SUCCEEDED:
        return told
    if handle_of(take).extra.get("estimate_cents") is not None:
        return Bill(take.estimate_cents, is_told=False)
    by_table = studio.engines[take.engine].estimate(await spec_for(studio, take))
    return Bill(take.estimate_cents if by_table is None else by_table, is_told=False)


def _answer_of(status: Status) -> str:
    """Write the engine's last word down, as much of it as is worth keeping."""
    return json.dumps(dict(status.raw), ensure_ascii=False, default=str)[:_LONGEST_ANSWER]
