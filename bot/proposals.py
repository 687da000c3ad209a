"""Propose references: a new one for each picture of a thread, by a form, or by an import."""

from collections.abc import Iterable
from datetime import datetime

from bot.people import Actor
from bot.ports import SharedFile
from storage import Session, productions, references
from storage.models import Reference, ReferenceFile, ReferenceVersion, Scene


async def propose_pictures(
    session: Session, actor: Actor, scene: Scene, files: Iterable[SharedFile], *, at: datetime
) -> list[Reference]:
    """Propose one reference for each file of a thread and cast it in the scene.

    The caller holds the production's row.
    """
    production = await productions.get(session, scene.workspace_id, scene.production_id)
    number = await references.next_number(session, production)
    made: list[Reference] = []
    for count, file in enumerate(files):
        reference = Reference(
            workspace_id=scene.workspace_id,
            production_id=scene.production_id,
            number=number + count,
            title=file.title or file.name,
            proposed_by=actor.user_id,
            proposed_at=at,
        )
        session.add(reference)
        await session.flush()
        await add_version(session, reference, [file], by=actor, at=at)
        await references.cast(session, scene, reference.id)
        made.append(reference)
    return made


async def add_version(
    session: Session,
    reference: Reference,
    files: Iterable[SharedFile],
    *,
    by: Actor,
    at: datetime,
    note: str = "",
) -> ReferenceVersion:
    """Write down the version that `reference.version` counts, with files that are yet to come."""
    version = ReferenceVersion(
        workspace_id=reference.workspace_id,
        reference_id=reference.id,
        number=reference.version,
        note=note.strip(),
        made_by=by.user_id,
        made_at=at,
    )
    session.add(version)
    await session.flush()
    session.add_all(
        ReferenceFile(
            workspace_id=reference.workspace_id,
            production_id=reference.production_id,
            version_id=version.id,
            position=position,
            name=file.title or file.name,
            file_id=file.file_id,
        )
        for position, file in enumerate(files, start=1)
    )
    await session.flush()
    return version
