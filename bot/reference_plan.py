"""What an import of references would do: the list is read, every file looked at, nothing written.

The same list again changes nothing; a file with other bytes makes the next version of its
reference.
"""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.crew import Power, role_for
from bot.governed import named
from bot.people import Actor
from bot.reference_csv import Problem, Row, read
from bot.reference_files import Examined, ReferenceProblem, examine
from bot.references import check_promise
from bot.studio import Studio
from storage import people, productions, references, scenes
from storage._types import new_id
from storage.files import sha256_of
from storage.models import Production, ReferenceStatus
from storage.references import Asset

_MOST_SCENES = 10_000
_AT_ONCE = 2
"""Files that are looked at side by side, each in a process of its own."""
_MOST_FILES = 40
"""Of one reference."""


@dataclass(frozen=True)
class Order:
    """What the operator asked for."""

    folder: Path
    listing: Path
    production: Production
    approved_by: str = ""
    """A producer's name or user id, who answers for what the list calls approved."""


@dataclass(frozen=True)
class Look:
    """What a file turned out to be."""

    examined: Examined
    desk: Path
    """A folder of its own, with its copy for showing."""


@dataclass(frozen=True)
class Found:
    """A file of the folder."""

    path: Path
    sha256: str
    look: Look | None = None
    """None where it need not be looked at: its reference has these very bytes."""


@dataclass(frozen=True)
class Change:
    """What one line of the list would do."""

    row: Row
    files: tuple[Found, ...]
    standing: Asset | None
    """The reference that has this code already."""

    @property
    def what(self) -> str:
        """Say it in a word."""
        if self.standing is None:
            return "new"
        return "as it is" if self.has_same_bytes else f"version {self.standing.version.number + 1}"

    @property
    def has_same_bytes(self) -> bool:
        """Whether the reference has exactly these files in its newest version."""
        kept = [each.sha256 for each in self.standing.files] if self.standing else None
        return kept == [each.sha256 for each in self.files]


@dataclass(frozen=True)
class Plan:
    """What an import would do, or every reason why it does nothing."""

    order: Order
    changes: list[Change]
    problems: list[Problem]
    actor: Actor | None = None
    scenes: dict[int, str] = field(default_factory=dict[int, str])
    """The production's scenes by number, as ids."""


async def planned(studio: Studio, order: Order, into: Path) -> Plan:
    """Read the list, look at every file on a desk, and hold both against the records."""
    listing = read(await asyncio.to_thread(order.listing.read_bytes))
    if listing.problems:
        return Plan(order, [], list(listing.problems))
    problems: list[Problem] = []
    actor = await _actor(studio, order, problems) if order.approved_by else None
    known = await _scenes(studio, order.production)
    changes: list[Change] = []
    for row in listing.rows:
        problems += _beyond(row, known, has_producer=bool(order.approved_by))
        standing = await _standing(studio, order.production, row)
        problems += _other(row, standing)
        paths, why = await asyncio.to_thread(_matched, order.folder, row.patterns)
        change, odd = await _change(row, paths, standing, into)
        problems += [Problem(row.line, each) for each in (*why, *odd)]
        changes.append(change)
    return Plan(order, changes, sorted(problems), actor, known)


async def _actor(studio: Studio, order: Order, problems: list[Problem]) -> Actor | None:
    """Find the producer who is named; anybody else is a problem."""
    production, wanted = order.production, order.approved_by
    async with studio.db.read() as session:
        crew = await productions.crew(session, production)
        everybody = (await people.named(session, production.workspace_id)).values()
        meant = {each.user_id for each in everybody if each.name.casefold() == wanted.casefold()}
        meant = {wanted} if wanted in crew else meant & crew.keys()
        actors = [Actor(production.workspace_id, each, production.workspace_id) for each in meant]
        may = [
            each
            for each in actors
            if await role_for(session, Power.RIGHTS, each, production=production)
        ]
    if len(may) == 1:
        return may[0]
    why = "is more than one producer; give a user id" if may else "is no producer of it"
    problems.append(Problem(0, f"--approved-by: {wanted} {why}."))
    return None


async def _scenes(studio: Studio, production: Production) -> dict[int, str]:
    async with studio.db.read() as session:
        every = await scenes.of_production(session, production, last=_MOST_SCENES)
    return {each.number: each.id for each in every}


def _beyond(row: Row, known: dict[int, str], *, has_producer: bool) -> Iterable[Problem]:
    """Name the scenes that are not there, and what takes a producer's word."""
    for number in row.scenes:
        if number not in known:
            yield Problem(row.line, f"there is no scene SC{number:03} in this production.")
    if row.status is ReferenceStatus.APPROVED and not has_producer:
        yield Problem(row.line, "only a producer approves: name one with --approved-by.")
    if row.terms and not has_producer:
        yield Problem(row.line, "only a producer records rights: name one with --approved-by.")


def _other(row: Row, standing: Asset | None) -> Iterable[Problem]:
    """Keep a list from overwriting what has its code by chance."""
    known = standing.reference if standing else None
    if known and (known.kind is not row.kind or known.title != row.title):
        told = f"{known.code} is the {known.kind.value} {named(known)} already; take another code."
        yield Problem(row.line, told)


async def _standing(studio: Studio, production: Production, row: Row) -> Asset | None:
    async with studio.db.read() as session:
        found = await references.by_number(session, production, row.number)
        return await references.asset(session, found) if found else None


async def _change(
    row: Row, paths: list[Path], standing: Asset | None, into: Path
) -> tuple[Change, list[str]]:
    """Look at a line's files, unless they are the very ones that its reference has."""
    if len(paths) > _MOST_FILES:
        told = f"it has {len(paths)} files; {_MOST_FILES} fit into one reference."
        return Change(row, (), standing), [told]
    hashes = [await asyncio.to_thread(sha256_of, path) for path in paths]
    files = [Found(path, sha256) for path, sha256 in zip(paths, hashes, strict=True)]
    if Change(row, tuple(files), standing).has_same_bytes:
        return Change(row, tuple(files), standing), []
    limit = asyncio.Semaphore(_AT_ONCE)
    looks = await asyncio.gather(*(_looked_at(each, into / new_id(), limit) for each in files))
    found = [each for each in looks if isinstance(each, Found)]
    odd = [each for each in looks if isinstance(each, str)]
    return Change(row, tuple(found), standing), odd


def _matched(folder: Path, patterns: tuple[str, ...]) -> tuple[list[Path], list[str]]:
    """Find files by their names; a link out of the folder is none of it. Blocks."""
    home, problems = folder.resolve(), list[str]()
    found: dict[Path, None] = {}
    for pattern in patterns:
        plain = folder / pattern
        several = [plain] if plain.is_file() else _globbed(folder, pattern)
        files = [each for each in several if each.is_file()]
        inside = [each for each in files if each.resolve().is_relative_to(home)]
        if not files:
            problems.append(f"there is no file {pattern}.")
        problems += [
            f"{each.name} is a link out of the folder." for each in files if each not in inside
        ]
        found |= dict.fromkeys(inside)
    return list(found), problems


def _globbed(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except ValueError:  # two stars within a name are no pattern
        return []


async def _looked_at(file: Found, into: Path, limit: asyncio.Semaphore) -> Found | str:
    """Look at a file, or say why it cannot be used."""
    async with limit:
        await asyncio.to_thread(into.mkdir)
        try:
            examined = await examine(file.path, into)
            check_promise(examined, file.path.name)
        except ReferenceProblem as problem:
            return f"{file.path.name}: {problem}"
    return replace(file, look=Look(examined, into))


@asynccontextmanager
async def desk(studio: Studio) -> AsyncGenerator[Path]:
    """Give an empty folder for as long as a plan is needed."""
    into = studio.settings.engine_work / "import" / new_id()
    await asyncio.to_thread(into.mkdir, parents=True)
    try:
        yield into
    finally:
        await asyncio.to_thread(shutil.rmtree, into, ignore_errors=True)
