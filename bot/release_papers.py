"""The papers of releases: fetched from Slack in the background, looked at, kept by content."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

from bot import board, log
from bot.ports import RoomBusy, RoomClosed
from bot.reference_files import ReferenceProblem, examine
from bot.references import check_promise
from bot.studio import Studio
from storage import Session, productions, rights
from storage._types import new_id
from storage.models import FileForm, Release

_AT_A_TIME = 20
_MEGABYTE = 1 << 20
_CLIP = "It is a clip, and a release is a document or a picture of one."


async def fetch_papers(studio: Studio) -> None:
    """Fetch the papers of releases that are yet to come."""
    async with studio.db.read() as session:
        unread = await rights.unread_documents(session, limit=_AT_A_TIME)
    for release in unread:
        await _settled(studio, release)


async def _settled(studio: Studio, release: Release) -> None:
    # Two may fetch the same paper at once; the first to settle it counts.
    folder = studio.settings.engine_work / "papers" / new_id()
    await asyncio.to_thread(folder.mkdir, parents=True)
    try:
        values = await _kept(studio, release, folder)
    except RoomBusy:
        return
    except (RoomClosed, ReferenceProblem) as problem:
        values = {"document_problem": str(problem)}
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    async with studio.db.begin() as session:
        if await rights.settle_document(session, release, **values):
            await _told(session, release, values, studio=studio)
    studio.bell.ring()


async def _kept(studio: Studio, release: Release, folder: Path) -> dict[str, Any]:
    limit = studio.settings.file_limit_mb * _MEGABYTE
    path = folder / "paper"
    await studio.room.fetch_file(release.document_file_id or "", path, limit=limit)
    found = await examine(path, folder, name=release.document_name)
    check_promise(found, release.document_name)
    if found.form is FileForm.CLIP:
        raise ReferenceProblem(_CLIP)
    return {"document_sha256": await studio.files.keep(path)}


async def _told(
    session: Session, release: Release, values: dict[str, Any], *, studio: Studio
) -> None:
    now = studio.clock()
    if problem := values.get("document_problem"):
        production = await productions.get(session, release.workspace_id, release.production_id)
        said = f"The paper of {release.code} is not kept: {problem} `/scene rights {release.code}`"
        await board.tell_channel(session, production, said, at=now)
        return
    about = log.About(release.production_id, sha256=values["document_sha256"])
    await log.record(
        session, "release.paper_kept", workspace_id=release.workspace_id, actor=None, at=now,
        about=about, facts={"release": release.id, "code": release.code},
    )  # fmt: skip
