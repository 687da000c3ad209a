"""References from Slack: fetched, looked at, and kept by their content."""

from pathlib import Path

from bot import board, log
from bot.mrkdwn import escaped
from bot.pictures import PictureProblem, inspect
from bot.ports import RoomBusy, RoomClosed
from bot.studio import Studio
from storage import scenes
from storage._types import new_id
from storage.models import Reference

_AT_A_TIME = 20
_MEGABYTE = 1 << 20


async def fetch_proposed(studio: Studio) -> int:
    """Fetch the files of references that have none yet; give how many were settled."""
    async with studio.db.read() as session:
        unread = await scenes.unread_references(session, limit=_AT_A_TIME)
    settled = 0
    for reference in unread:
        settled += await _settled(studio, reference)
    return settled


async def _settled(studio: Studio, reference: Reference) -> bool:
    folder = studio.settings.engine_work / "references"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / new_id()  # two may fetch the same file at once; the first to settle it counts
    try:
        sha256 = await _kept(studio, reference, path)
    except RoomBusy:
        return False
    except (RoomClosed, PictureProblem) as problem:
        await _note_problem(studio, reference, str(problem))
    else:
        await _note_kept(studio, reference, sha256)
    finally:
        path.unlink(missing_ok=True)
    return True


async def _kept(studio: Studio, reference: Reference, path: Path) -> str:
    limit = studio.settings.file_limit_mb * _MEGABYTE
    await studio.room.fetch_file(reference.file_id or "", path, limit=limit)
    await inspect(path)
    return await studio.files.keep(path)


async def _note_kept(studio: Studio, reference: Reference, sha256: str) -> None:
    now = studio.clock()
    async with studio.db.begin() as session:
        if not await scenes.settle_reference(session, reference, sha256=sha256):
            return
        scene = await scenes.get(session, reference.workspace_id, reference.scene_id)
        await board.show_scene(session, scene, at=now)
        about = log.About(scene.production_id, scene.id, sha256=sha256)
        await log.record(
            session, "reference.proposed", workspace_id=scene.workspace_id, actor=None, at=now,
            about=about, facts={"reference": reference.id, "version": reference.version},
        )  # fmt: skip
    studio.bell.ring()


async def _note_problem(studio: Studio, reference: Reference, why: str) -> None:
    now = studio.clock()
    async with studio.db.begin() as session:
        if not await scenes.settle_reference(session, reference, problem=why):
            return
        scene = await scenes.get(session, reference.workspace_id, reference.scene_id)
        text = f"*{escaped(reference.title)}* is not used as a reference: {why}"
        await board.tell_thread(session, scene, text, at=now)
    studio.bell.ring()
