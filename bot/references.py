"""References from Slack: fetched, looked at, compared with the others, kept by their content."""

import asyncio
import mimetypes
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import board
from bot.lookalikes import lookalikes, told
from bot.mrkdwn import escaped
from bot.ports import RoomBusy, RoomClosed
from bot.reference_files import Examined, ReferenceProblem, examine
from bot.reference_records import record, show, tell, told_name
from bot.studio import Studio
from storage import Session, castings, productions, reference_files, references
from storage._types import new_id
from storage.models import FileForm, Reference, ReferenceFile, Scene

_AT_A_TIME = 20
_AT_ONCE = 4
_MEGABYTE = 1 << 20
_PROMISES = {"image": "a picture", "video": "a clip"}


@dataclass(frozen=True)
class _Outcome:
    """What became of a file: what its record keeps, and what people are told."""

    values: dict[str, Any]
    notes: tuple[str, ...] = field(default=())


async def fetch_proposed(studio: Studio) -> int:
    """Fetch the files of references that are yet to come; give how many were settled.

    A few come at once and are told of in their order. The machine's troubles with one keep no
    other waiting, and are raised together in the end.
    """
    async with studio.db.read() as session:
        unread = await reference_files.unread(session, limit=_AT_A_TIME)
    settled, troubles = 0, list[Exception]()
    for start in range(0, len(unread), _AT_ONCE):
        few = unread[start : start + _AT_ONCE]
        coming = (_fetched(studio, file) for file in few)
        ends = await asyncio.gather(*coming, return_exceptions=True)
        for file, end in zip(few, ends, strict=True):
            if isinstance(end, _Outcome):
                await _note(studio, file, end)
                settled += 1
        troubles += [end for end in ends if isinstance(end, Exception)]
    if troubles:
        raise ExceptionGroup("Files of references could not be fetched.", troubles)
    return settled


async def _fetched(studio: Studio, file: ReferenceFile) -> _Outcome | None:
    """Give what became of a file, or nothing if Slack asks us to wait.

    Two may fetch the same file at once; the first to settle it counts.
    """
    folder = studio.settings.engine_work / "references" / new_id()
    await asyncio.to_thread(folder.mkdir, parents=True)
    try:
        return await _kept(studio, file, folder)
    except RoomBusy:
        return None
    except (RoomClosed, ReferenceProblem) as problem:
        return _Outcome({"problem": str(problem)})
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _kept(studio: Studio, file: ReferenceFile, folder: Path) -> _Outcome:
    limit = studio.settings.file_limit_mb * _MEGABYTE
    path = folder / "file"
    await studio.room.fetch_file(file.file_id or "", path, limit=limit)
    found = await examine(path, folder, name=file.name)
    return _Outcome(await kept_values(studio, path, found, name=file.name), found.notes)


async def kept_values(studio: Studio, path: Path, found: Examined, *, name: str) -> dict[str, Any]:
    """Keep a file that was looked at and its copy for showing; give what its record says of it.

    Raises ReferenceProblem for a document that goes by the name of a picture or a clip.
    """
    check_promise(found, name)
    return {
        "form": found.form,
        "size": found.size,
        "width": found.width,
        "height": found.height,
        "likeness": found.likeness,
        "sha256": await studio.files.keep(path),
        "shown_sha256": await studio.files.keep(found.shown) if found.shown else None,
    }


def check_promise(found: Examined, name: str) -> None:
    """Raise ReferenceProblem for a document that goes by the name of a picture or a clip.

    Between pictures and clips a wrong ending does no harm and is a note; this is another thing
    than whoever sent it believes.
    """
    kind = (mimetypes.guess_type(name)[0] or "").partition("/")[0]
    if found.form is FileForm.DOCUMENT and kind in _PROMISES:
        raise ReferenceProblem(f"Its name promises {_PROMISES[kind]}, but it is a document.")


async def _note(studio: Studio, file: ReferenceFile, outcome: _Outcome) -> None:
    """Settle a file, and show what became of it wherever its reference stands."""
    now = studio.clock()
    async with studio.db.begin() as session:
        if not await reference_files.settle(session, file, **outcome.values):
            return
        version = await references.version(session, file.workspace_id, file.version_id)
        reference = await references.get(session, file.workspace_id, version.reference_id)
        if reference is None:
            return
        scenes = await castings.scenes_of(session, reference)
        await _shown(session, reference, file, outcome, scenes=scenes, at=now)
        if "sha256" in outcome.values:
            only = scenes[0] if len(scenes) == 1 else None
            facts = {"position": file.position, "form": outcome.values["form"].value}
            await record(
                session, "reference.kept", reference, actor=None, at=now, scene=only, **facts
            )
    studio.bell.ring()


async def _shown(
    session: Session,
    reference: Reference,
    file: ReferenceFile,
    outcome: _Outcome,
    *,
    scenes: list[Scene],
    at: datetime,
) -> None:
    """Ask for its card, for its scenes' cards, and say what is worth saying, once."""
    production = await productions.get(session, file.workspace_id, reference.production_id)
    await show(session, production, reference, at=at)
    for scene in scenes:
        await board.show_scene(session, scene, at=at)
    if problem := outcome.values.get("problem"):
        lines = [f"*{escaped(file.name)}* is not used as a reference: {escaped(problem)}"]
    else:
        like = await lookalikes(session, production, reference, only=file.id)
        lines = [f"*{told_name(reference)}*: {escaped(note)}" for note in outcome.notes]
        same = [each for each in like if each.is_same_picture]
        lines += [f"*{told_name(reference)}*: {told(each)}" for each in same[:1]]
    if lines:
        await tell(session, production, scenes, "\n".join(lines), at=at)
