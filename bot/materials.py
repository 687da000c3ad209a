"""Lay out what an order needs before it is sent: its specification, with its files at hand."""

import json
from pathlib import Path
from typing import Any

from bot.setups import spec_of
from bot.studio import Studio
from engines import Handle, JobSpec, Ref, RefKind, RefRole
from storage import Session, takes
from storage.models import Take


async def spec_for(studio: Studio, take: Take) -> JobSpec:
    """Read a take's setup as its engine understands it, with every file in the take's folder."""
    async with studio.db.read() as session:
        body = (await takes.setup_of(session, take)).content()
        jobs = await _jobs(session, take, body)
    folder = scratch(studio, take)
    refs = [await _ref(studio, each, folder, jobs) for each in body["references"]]
    return spec_of(body, take_id=take.id, refs=tuple(refs))


async def _jobs(session: Session, take: Take, body: dict[str, Any]) -> dict[str, str]:
    """Give the engine's own ids of the takes that are worked from, where it made them itself."""
    found: dict[str, str] = {}
    for each in body["references"]:
        if "take" in each:
            source = await takes.get(session, take.workspace_id, each["take"])
            if source:
                found[source.id] = own_job(source, take.engine)
    return found


async def _ref(studio: Studio, each: dict[str, Any], folder: Path, jobs: dict[str, str]) -> Ref:
    path = folder / each["sha256"]
    if not path.exists():
        await studio.files.bring(each["sha256"], path)
    return Ref(
        role=RefRole(each.get("role", RefRole.REFERENCE)),
        kind=RefKind(each.get("kind", RefKind.IMAGE)),
        path=path,
        sha256=each["sha256"],
        tag=each.get("tag"),
        uri=await studio.files.address(each["sha256"]) or None,
        job=jobs.get(each.get("take", "")) or None,
    )


def scratch(studio: Studio, take: Take) -> Path:
    """Give the take's folder for files under way."""
    folder = studio.settings.engine_work / "takes" / take.id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def own_job(source: Take, engine: str) -> str:
    """Give an engine's own id of the job that made a take; empty if another engine made it."""
    return handle_of(source).id if source.engine == engine and source.handle else ""


def handle_of(take: Take) -> Handle:
    """Read the engine's handle that is kept with a take."""
    return Handle.from_json(json.loads(take.handle))
