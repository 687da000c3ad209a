"""References from Slack: fetched, looked at, and kept by their content."""

from datetime import datetime
from pathlib import Path
from typing import Any

from bot import board, log
from bot.mrkdwn import escaped
from bot.pictures import PictureProblem, inspect
from bot.ports import RoomBusy, RoomClosed
from bot.studio import Studio
from storage import Session, references
from storage._types import new_id
from storage.models import FileForm, Reference, ReferenceFile, Scene

_AT_A_TIME = 20
_MEGABYTE = 1 << 20


async def fetch_proposed(studio: Studio) -> int:
    """Fetch the files of references that are yet to come; give how many were settled."""
    async with studio.db.read() as session:
        unread = await references.unread_files(session, limit=_AT_A_TIME)
    settled = 0
    for file in unread:
        settled += await _settled(studio, file)
    return settled


async def _settled(studio: Studio, file: ReferenceFile) -> bool:
    folder = studio.settings.engine_work / "references"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / new_id()  # two may fetch the same file at once; the first to settle it counts
    try:
        values = await _kept(studio, file, path)
    except RoomBusy:
        return False
    except (RoomClosed, PictureProblem) as problem:
        await _note(studio, file, {"problem": str(problem)})
    else:
        await _note(studio, file, values)
    finally:
        path.unlink(missing_ok=True)
    return True


async def _kept(studio: Studio, file: ReferenceFile, path: Path) -> dict[str, Any]:
    limit = studio.settings.file_limit_mb * _MEGABYTE
    await studio.room.fetch_file(file.file_id or "", path, limit=limit)
    picture = await inspect(path)
    return {
        "form": FileForm.PICTURE,
        "width": picture.width,
        "height": picture.height,
        "sha256": await studio.files.keep(path),
    }


async def _note(studio: Studio, file: ReferenceFile, values: dict[str, Any]) -> None:
    """Settle a file, and show what became of it wherever its reference stands."""
    now = studio.clock()
    async with studio.db.begin() as session:
        if not await references.settle_file(session, file, **values):
            return
        version = await references.version(session, file.workspace_id, file.version_id)
        reference = await references.get(session, file.workspace_id, version.reference_id)
        if reference is None:
            return
        scenes = await references.scenes_of(session, reference)
        for scene in scenes:
            await board.show_scene(session, scene, at=now)
            if problem := values.get("problem"):
                await board.tell_thread(session, scene, _refused(reference, problem), at=now)
        if "sha256" in values:
            await _record(session, reference, file, values, scenes=scenes, at=now)
    studio.bell.ring()


def _refused(reference: Reference, problem: str) -> str:
    return f"*{escaped(reference.title)}* is not used as a reference: {problem}"


async def _record(
    session: Session,
    reference: Reference,
    file: ReferenceFile,
    values: dict[str, Any],
    *,
    scenes: list[Scene],
    at: datetime,
) -> None:
    scene_id = scenes[0].id if len(scenes) == 1 else None
    about = log.About(reference.production_id, scene_id, sha256=values["sha256"])
    facts = {
        "reference": reference.id, "version": reference.version, "position": file.position,
        "form": values["form"].value,
    }  # fmt: skip
    await log.record(
        session, "reference.proposed", workspace_id=reference.workspace_id, actor=None, at=at,
        about=about, facts=facts,
    )  # fmt: skip
