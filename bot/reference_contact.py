"""The contact sheet of a character, a location, or all that a production has of one kind."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import NotNow
from bot.governed import Governed, governed, named
from bot.reference_sheet import Cell, SheetProblem, drawn_sheet
from bot.studio import Studio
from storage import references
from storage._types import new_id
from storage.models import Production, Reference, ReferenceFile, ReferenceKind, ReferenceStatus

_SHEETED = 500
"""As many references as are looked through for a sheet."""
_MOST = 24


@dataclass(frozen=True)
class Contact:
    """What a sheet shows."""

    title: str
    subtitle: str
    pictures: tuple[tuple[str, str, ReferenceFile], ...]
    """Each with what stands below it: a title, and a note."""


async def contact_of(studio: Studio, production: Production, reference: Reference) -> Contact:
    """Gather every file of a reference's newest version."""
    async with studio.db.read() as session:
        held = await references.asset(session, reference)
        [member] = await governed(session, production, [held], at=studio.clock())
    pictures = tuple(
        (each.name or f"File {each.position}", str(each.form or ""), each)
        for each in member.asset.files
        if each.sha256
    )
    subtitle = f"{_standing(member)} · {production.name}"
    return Contact(f"{reference.code} · {named(reference)}", subtitle, pictures)


async def contact_of_kind(
    studio: Studio, production: Production, kind: ReferenceKind | None
) -> Contact:
    """Gather the leading pictures of what is not retired: of one kind, or of every kind."""
    async with studio.db.read() as session:
        held = await references.of_production(session, production, first=_SHEETED)
        members = await governed(session, production, held, at=studio.clock())
    shown = [
        (f"{each.reference.code} · {named(each.reference)}", _standing(each), each.pictures[0])
        for each in members
        if each.pictures
        and each.reference.status is not ReferenceStatus.RETIRED
        and kind in {None, each.reference.kind}
    ]
    what = (
        f"{kind.value.capitalize()}s" if kind and kind is not ReferenceKind.BRAND else "References"
    )
    count = f"{len(shown)} of them" if len(shown) <= _MOST else f"the first {_MOST} of {len(shown)}"
    return Contact(what, f"{production.name} · {count}", tuple(shown[:_MOST]))


def _standing(member: Governed) -> str:
    reference = member.reference
    return f"{reference.kind.value} · version {reference.version} · {reference.status.value}"


@asynccontextmanager
async def sheet(studio: Studio, contact: Contact) -> AsyncGenerator[Path]:
    """Draw a sheet for as long as it is needed. Raises NotNow with why there is none."""
    folder = studio.settings.engine_work / "contact" / new_id()
    await asyncio.to_thread(folder.mkdir, parents=True)
    try:
        cells = [
            Cell(await _brought(studio, file, folder), title, note)
            for title, note, file in contact.pictures[:_MOST]
        ]
        yield await drawn_sheet(cells, contact.title, contact.subtitle, folder)
    except SheetProblem as problem:
        raise NotNow(str(problem)) from problem
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _brought(studio: Studio, file: ReferenceFile, folder: Path) -> Path | None:
    """Bring the small copy; what was kept before there were such copies comes as it is."""
    sha256 = file.shown_sha256 or file.sha256
    if not file.form or not sha256 or (file.form != "picture" and not file.shown_sha256):
        return None
    return await studio.files.bring(sha256, folder / file.id)
