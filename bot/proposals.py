"""Propose references: from the files of a thread or a form, and as the next version of one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot import board
from bot.crew import Power, must, production_in
from bot.errors import BadForm
from bot.people import Actor
from bot.ports import SharedFile
from bot.reference_kinds import kept_traits
from bot.reference_records import record, show
from bot.studio import Studio
from storage import Session, castings, deliveries, productions, references, scenes
from storage.models import (
    Production,
    Reference,
    ReferenceFile,
    ReferenceKind,
    ReferenceVersion,
    Scene,
)

LONGEST = 3000
LONGEST_TITLE = 150
MOST_FILES = 20
"""In one version, or at once: more come by `circletake references import`."""


@dataclass(frozen=True)
class ReferenceForm:
    """What somebody filled in about a reference."""

    title: str
    kind: ReferenceKind = ReferenceKind.STYLE
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    needs_release: bool = False
    files: tuple[SharedFile, ...] = ()
    is_each_its_own: bool = False
    """Whether every file is a reference, and not a part of one."""


def problems_of(form: ReferenceForm) -> dict[str, str]:
    """Say for each field why it cannot be accepted."""
    problems: dict[str, str] = {}
    if form.is_each_its_own and not form.files:
        problems["files"] = "Choose the files, one for each reference."
    if not form.title.strip() and not form.is_each_its_own:
        problems["title"] = "Give the reference a title."
    elif len(form.title) > LONGEST_TITLE:
        problems["title"] = (
            f"A title has at most {LONGEST_TITLE} characters; this one has {len(form.title)}."
        )
    return problems | {
        f"trait_{name}": f"At most {LONGEST:,} characters fit here; this has {len(text):,}."
        for name, text in form.fields.items()
        if len(text) > LONGEST
    }


def check_number(files: Sequence[SharedFile]) -> None:
    """Raise BadForm for more files than are taken at once."""
    if len(files) > MOST_FILES:
        told = f"At most {MOST_FILES} files are taken at once; these are {len(files)}."
        raise BadForm({"files": told})


async def propose(
    studio: Studio,
    actor: Actor,
    form: ReferenceForm,
    *,
    channel_id: str,
    scene_id: str = "",
    key: str,
) -> list[Reference]:
    """Propose a reference, or one for each file, and cast it in a scene if one is named.

    Empty if this delivery had its effect already. Raises BadForm, NotAllowed, or NotNow.
    """
    if problems := problems_of(form):
        raise BadForm(problems)
    check_number(form.files)
    now = studio.clock()
    async with studio.db.begin() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.REFERENCE, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return []
        await scenes.hold(session, production)
        scene = await scenes.get(session, actor.workspace_id, scene_id) if scene_id else None
        made = await _made(session, actor, production, form=form, scene=scene, at=now)
        await _show_all(session, production, made, scene=scene, at=now)
        for reference in made:
            await record(session, "reference.proposed", reference, actor=actor, at=now, scene=scene)
    studio.bell.ring()
    return made


async def _made(
    session: Session,
    actor: Actor,
    production: Production,
    *,
    form: ReferenceForm,
    scene: Scene | None,
    at: datetime,
) -> list[Reference]:
    several = [[each] for each in form.files] if form.is_each_its_own else [list(form.files)]
    number = await references.next_number(session, production)
    made: list[Reference] = []
    for count, files in enumerate(several):
        reference = Reference(
            workspace_id=production.workspace_id,
            production_id=production.id,
            number=number + count,
            kind=form.kind,
            title=_title(form, files),
            fields=kept_traits(form.kind, form.fields),
            needs_release=form.needs_release,
            proposed_by=actor.user_id,
            proposed_at=at,
        )
        session.add(reference)
        await session.flush()
        await add_version(session, reference, files, by=actor, at=at)
        if scene is not None:
            await castings.cast(session, scene, reference.id)
        made.append(reference)
    return made


def _title(form: ReferenceForm, files: list[SharedFile]) -> str:
    title = form.title.strip()
    if form.is_each_its_own and files:
        return (files[0].title or files[0].name)[:LONGEST_TITLE]
    return title


async def _show_all(
    session: Session,
    production: Production,
    made: Iterable[Reference],
    *,
    scene: Scene | None,
    at: datetime,
) -> None:
    """Show what waits for nothing; a reference with files to come is shown once they are here."""
    for reference in made:
        held = await references.asset(session, reference)
        if not held.files:
            await show(session, production, reference, at=at)
    if scene is not None:
        await board.show_scene(session, scene, at=at)


async def propose_pictures(
    session: Session, actor: Actor, scene: Scene, files: Iterable[SharedFile], *, at: datetime
) -> list[Reference]:
    """Propose one reference for each file of a thread and cast it in the scene.

    The caller holds the production's row.
    """
    production = await productions.get(session, scene.workspace_id, scene.production_id)
    form = ReferenceForm("", files=tuple(files), is_each_its_own=True)
    return await _made(session, actor, production, form=form, scene=scene, at=at)


async def add_version(
    session: Session,
    reference: Reference,
    files: Iterable[SharedFile],
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    kept: Iterable[ReferenceFile] = (),
) -> ReferenceVersion:
    """Write down the version that `reference.version` counts: files that stay, then new ones."""
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
    own = {"id", "version_id", "position"}
    again = [
        ReferenceFile(**each.model_dump(exclude=own), version_id=version.id, position=position)
        for position, each in enumerate(kept, start=1)
    ]
    session.add_all(again)
    session.add_all(
        ReferenceFile(
            workspace_id=reference.workspace_id,
            production_id=reference.production_id,
            version_id=version.id,
            position=position,
            name=file.title or file.name,
            file_id=file.file_id,
        )
        for position, file in enumerate(files, start=len(again) + 1)
    )
    await session.flush()
    return version
