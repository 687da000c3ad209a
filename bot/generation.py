"""Carry a take from its order to its card: place, wait, fetch, present.

Each step looks at the take's state first and does nothing if its work is done, so that repeating
any of them after a crash is harmless. `wait` is the only loop that waits for engines.
"""

import asyncio
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot import board, log, media
from bot.setups import slate_name, spec_of
from bot.studio import Studio
from engines import (
    Busy,
    Engine,
    EngineError,
    Failure,
    Handle,
    JobSpec,
    JobState,
    Output,
    Ref,
    RefRole,
    Status,
    Unsure,
)
from storage import productions, scenes, takes
from storage.models import Shot, Take, TakeState

_SHOWN_EVERY = 3.0
"""Seconds between two redraws of a progress bar; Slack asks for no more."""
_UNFINISHED = frozenset(
    {TakeState.ORDERED, TakeState.PLACING, TakeState.RENDERING, TakeState.PRESENTING}
)
_presenting = asyncio.Semaphore(1)


async def place(studio: Studio, workspace_id: str, take_id: str) -> None:
    """Write the intent, ask the engine once, write its answer."""
    take = await _take(studio, workspace_id, take_id)
    engine = studio.engines.get(take.engine)
    if take.state not in {TakeState.ORDERED, TakeState.PLACING}:
        return
    if engine is None:
        await fail(studio, take, f"The engine {take.engine} is switched off. Order another take.")
        return
    spec = await _spec(studio, take)
    if take.state is TakeState.PLACING and not engine.caps(spec.model).repeatable:
        await _ambiguous(studio, take, "The app stopped while it was asking the engine.")
        return
    if take.state is TakeState.PLACING or await _move(studio, take, TakeState.PLACING):
        await _submit(studio, take, engine, spec=spec)


async def _submit(studio: Studio, take: Take, engine: Engine, *, spec: JobSpec) -> None:
    while True:
        try:
            handle = await engine.submit(spec)
        except Busy as busy:
            await asyncio.sleep(busy.retry_after or 5)
            continue
        except Unsure as unsure:
            await _ambiguous(studio, take, str(unsure))
        except EngineError as refused:
            await fail(studio, take, str(refused))
        else:
            told = json.dumps(handle.to_json())
            await _move(studio, take, TakeState.RENDERING, handle=told)
        return


async def wait(studio: Studio, workspace_id: str, take_id: str) -> None:
    """Look at the engine until the job is over, and show its progress in place."""
    take = await _take(studio, workspace_id, take_id)
    if take.state is not TakeState.RENDERING:
        return
    engine, handle = studio.engines[take.engine], Handle.from_json(json.loads(take.handle))
    shown_at = -_SHOWN_EVERY
    while True:
        status = await _look(engine, handle)
        if status is not None and status.state.is_over:
            break
        now = asyncio.get_running_loop().time()
        if status is not None and now - shown_at >= _SHOWN_EVERY:
            await _show_progress(studio, take, status)
            shown_at = now
        pause = engine.caps(handle.model).poll_seconds
        await asyncio.sleep((status and status.retry_after) or pause)
    if status.state is not JobState.SUCCEEDED:
        await fail(studio, take, _why(status.fail))


async def _look(engine: Engine, handle: Handle) -> Status | None:
    try:
        return await engine.poll(handle)
    except Busy as busy:
        await asyncio.sleep(busy.retry_after or 5)
        return None


def _why(failure: Failure | None) -> str:
    return failure.text if failure else "The engine gave up and did not say why."


async def _show_progress(studio: Studio, take: Take, status: Status) -> None:
    percent = round(100 * (status.progress or 0))
    if percent <= take.progress:
        return
    async with studio.db.begin() as session:
        if await takes.move(session, take, TakeState.RENDERING, progress=percent):
            await board.redraw_progress(session, take, at=studio.clock())
    studio.bell.ring()


async def fetch(studio: Studio, workspace_id: str, take_id: str) -> None:
    """Fetch the file at once, hash it on the way, and keep it."""
    take = await _take(studio, workspace_id, take_id)
    if take.state is not TakeState.RENDERING:
        return
    engine, handle = studio.engines[take.engine], Handle.from_json(json.loads(take.handle))
    status = await engine.poll(handle)
    if not status.outputs:
        await fail(studio, take, "The engine says it is done but sent no file.")
        return
    await _keep(studio, take, engine, output=status.outputs[0], status=status)


async def _keep(
    studio: Studio, take: Take, engine: Engine, *, output: Output, status: Status
) -> None:
    sink = _scratch(studio, take) / "original"
    try:
        stored = await engine.download(output, sink)
    except EngineError as broken:
        await fail(studio, take, str(broken))
        return
    await studio.files.keep(stored.path)
    cost = round(status.cost_cents or 0)
    async with studio.db.begin() as session:
        if await takes.move(
            session, take, TakeState.PRESENTING,
            sha256=stored.sha256, size=stored.size, cost_cents=cost, progress=100,
        ):  # fmt: skip
            await log.record(
                session,
                "take.kept",
                workspace_id=take.workspace_id,
                actor=None,
                at=studio.clock(),
                about=log.about_take(take),
                facts={"size": stored.size, "cost_cents": cost},
            )


async def present(studio: Studio, workspace_id: str, take_id: str) -> None:
    """Make poster, contact sheet and slated proxy, and put the take before the team."""
    take = await _take(studio, workspace_id, take_id)
    folder = _scratch(studio, take)
    if take.state is TakeState.PRESENTING and take.sha256 is not None:
        original = await studio.files.bring(take.sha256, folder / "original")
        await _look_at(studio, take, original, folder)
    # Also what a step before a crash, or a failed one, has left behind.
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _look_at(studio: Studio, take: Take, original: Path, folder: Path) -> None:
    slate = await _slate(studio, take)
    limit = studio.settings.media_limit_seconds
    try:
        async with _presenting:
            made = await media.process(original, slate, folder, limit_seconds=limit)
    except media.MediaProblem as problem:
        await fail(studio, take, str(problem))
    else:
        await _announce(studio, take, made)


async def _announce(studio: Studio, take: Take, made: media.Processed) -> None:
    now = studio.clock()
    kept: dict[str, Any] = {
        "poster_sha256": await studio.files.keep(made.poster),
        "sheet_sha256": await studio.files.keep(made.sheet),
        "proxy_sha256": await studio.files.keep(made.proxy),
        "probe": asdict(made.probe),
        "seconds": made.probe.seconds,
        "width": made.probe.width,
        "height": made.probe.height,
        "ready_at": now,
    }
    async with studio.db.begin() as session:
        if not await takes.move(session, take, TakeState.WAITING, **kept):
            return
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
        await board.show_take(session, scene, take, at=now)
        await board.show_video(session, scene, take, at=now)
        await board.redraw_take(session, take, at=now)
        facts = {name: kept[name] for name in ("poster_sha256", "sheet_sha256", "proxy_sha256")}
        await log.record(
            session, "take.shown", workspace_id=take.workspace_id, actor=None, at=now,
            about=log.about_take(take), facts={**facts, "frames": made.probe.frames},
        )  # fmt: skip
    studio.bell.ring()


async def fail(studio: Studio, take: Take, why: str) -> None:
    """Give a take up aloud: on its card, in its thread and in the log."""
    await _end(studio, take, TakeState.FAILED, kind="take.failed", why=why)


async def fail_by_id(studio: Studio, workspace_id: str, take_id: str) -> None:
    """Give a take up that broke something nobody foresaw; the log of the app has the details."""
    take = await _take(studio, workspace_id, take_id)
    if take.state in _UNFINISHED:
        await fail(studio, take, f"Something broke here. Quote {take.id[-6:]} to the operator.")


async def _ambiguous(studio: Studio, take: Take, why: str) -> None:
    known = f"{why} It may or may not have been ordered, so nothing is ordered again by itself."
    await _end(studio, take, TakeState.AMBIGUOUS, kind="take.ambiguous", why=known)


async def _end(studio: Studio, take: Take, state: TakeState, *, kind: str, why: str) -> None:
    now = studio.clock()
    async with studio.db.begin() as session:
        if not await takes.move(session, take, state, problem=why):
            return
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
        await board.redraw_take(session, take, at=now)
        await board.tell_thread(session, scene, f"*{scene.code} {take.code}:* {why}", at=now)
        await log.record(
            session, kind, workspace_id=take.workspace_id, actor=None, at=now,
            about=log.about_take(take),
        )  # fmt: skip
    studio.bell.ring()


async def _take(studio: Studio, workspace_id: str, take_id: str) -> Take:
    async with studio.db.read() as session:
        take = await takes.get(session, workspace_id, take_id)
    if take is None:
        raise LookupError(f"There is no take {take_id} in {workspace_id}.")
    return take


async def _move(studio: Studio, take: Take, to: TakeState, **values: Any) -> bool:
    async with studio.db.begin() as session:
        return await takes.move(session, take, to, **values)


async def _spec(studio: Studio, take: Take) -> JobSpec:
    async with studio.db.read() as session:
        body = (await takes.setup_of(session, take)).content()
    folder = _scratch(studio, take)
    refs = [await _ref(studio, each, folder) for each in body["references"]]
    return spec_of(body, take_id=take.id, refs=tuple(refs))


async def _ref(studio: Studio, each: dict[str, Any], folder: Path) -> Ref:
    path = folder / each["sha256"]
    if not path.exists():
        await studio.files.bring(each["sha256"], path)
    return Ref(role=RefRole.REFERENCE, path=path, sha256=each["sha256"])


def _scratch(studio: Studio, take: Take) -> Path:
    folder = studio.settings.engine_work / "takes" / take.id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def _slate(studio: Studio, take: Take) -> media.Slate:
    async with studio.db.read() as session:
        production = await productions.get(session, take.workspace_id, take.production_id)
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
        shots: Sequence[Shot] = await scenes.shots(session, scene)
    shot = next(each for each in shots if each.id == take.shot_id)
    return media.Slate(
        production=slate_name(production),
        scene=scene.code,
        shot=shot.code,
        take=take.code,
        date=take.ordered_at.strftime("%Y-%m-%d"),
        status="for review",
        hash8=(take.sha256 or "")[:8],
    )
