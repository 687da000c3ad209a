"""Put a finished take before the team: what people look at is made, then its card is asked for."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from bot import board, log, media, stills
from bot.endings import fail, take_of
from bot.materials import scratch
from bot.palette_note import KEY, palette_note
from bot.pictures import PictureProblem
from bot.studio import Studio
from storage import bake_offs, productions, scenes, takes
from storage.models import Production, Shot, Take, TakeState

_NAME = 32
"""What fits on a slate beside the other fields."""


async def present(studio: Studio, workspace_id: str, take_id: str) -> None:
    """Make what people look at, and put the take before the team."""
    take = await take_of(studio, workspace_id, take_id)
    folder = scratch(studio, take)
    if take.state is TakeState.PRESENTING and take.sha256 is not None:
        original = await studio.files.bring(take.sha256, folder / "original")
        await _look_at(studio, take, original, folder)
    # Also what a step before a crash, or a failed one, has left behind.
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


@dataclass(frozen=True)
class _Seen:
    """What a take's file turned out to be, as its record keeps it, and the files made of it."""

    values: dict[str, Any]
    files: dict[str, Path]
    """By the field that keeps their hashes."""
    frames: int

    def noted(self, note: str) -> Self:
        """Keep a note on its colours, if there is one, with what is known of the file."""
        if not note:
            return self
        return replace(self, values=self.values | {"probe": self.values["probe"] | {KEY: note}})


async def _look_at(studio: Studio, take: Take, original: Path, folder: Path) -> None:
    slate = await _slate(studio, take)
    limit = studio.settings.media_limit_seconds
    look = _still if take.still else _clip
    try:
        async with studio.viewing:
            seen = await look(original, slate, folder, limit_seconds=limit)
            note = await palette_note(studio, take, original)
    except (media.MediaProblem, PictureProblem) as problem:
        await fail(studio, take, f"{problem} {_kept(take)}", kind=None)
    else:
        await _announce(studio, take, seen.noted(note))


async def _clip(original: Path, slate: media.Slate, folder: Path, *, limit_seconds: float) -> _Seen:
    made = await media.process(original, slate, folder, limit_seconds=limit_seconds)
    probe = made.probe
    values = {
        "probe": asdict(probe),
        "seconds": probe.seconds,
        "width": probe.width,
        "height": probe.height,
    }
    files = {
        "poster_sha256": made.poster,
        "sheet_sha256": made.sheet,
        "proxy_sha256": made.proxy,
    }
    return _Seen(values, files, probe.frames)


async def _still(
    original: Path, slate: media.Slate, folder: Path, *, limit_seconds: float
) -> _Seen:
    made = await stills.develop(original, slate, folder, limit_seconds=limit_seconds)
    picture = made.picture
    values = {"probe": asdict(picture), "width": picture.width, "height": picture.height}
    return _Seen(values, {"poster_sha256": made.poster}, 1)


def _kept(take: Take) -> str:
    """Say how to get at what was paid for and cannot be shown."""
    short = (take.sha256 or "")[:12]
    return (
        f"It cannot be shown here, but is kept as it came ({_size(take.size)}): "
        f"whoever runs Circletake gets it with `circletake file {short}`."
    )


def _size(size: int) -> str:
    for unit, least in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if size >= least:
            return f"{size / least:.3g} {unit}"
    return f"{size} bytes"


async def _announce(studio: Studio, take: Take, seen: _Seen) -> None:
    now = studio.clock()
    hashes = {field: await studio.files.keep(path) for field, path in seen.files.items()}
    async with studio.db.begin() as session:
        kept = {**seen.values, **hashes, "ready_at": now}
        if not await takes.move(session, take, TakeState.WAITING, **kept):
            return
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
        await board.show_take(session, scene, take, at=now)
        if not take.still:
            await board.show_video(session, scene, take, at=now)
        await board.redraw_take(session, take, at=now)
        await bake_offs.want_sheet(session, take, at=now)
        await log.record(
            session, "take.shown", workspace_id=take.workspace_id, actor=None, at=now,
            about=log.about_take(take), facts={**hashes, "frames": seen.frames},
        )  # fmt: skip
    studio.bell.ring()


async def _slate(studio: Studio, take: Take) -> media.Slate:
    async with studio.db.read() as session:
        production = await productions.get(session, take.workspace_id, take.production_id)
        scene = await scenes.get(session, take.workspace_id, take.scene_id)
        shots: Sequence[Shot] = await scenes.shots(session, scene)
    shot = next(each for each in shots if each.id == take.shot_id)
    return media.Slate(
        production=_slate_name(production),
        scene=scene.code,
        shot=shot.code,
        take=take.code,
        date=take.ordered_at.strftime("%Y-%m-%d"),
        status="for review",
        hash8=(take.sha256 or "")[:8],
    )


def _slate_name(production: Production) -> str:
    name = production.name
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
