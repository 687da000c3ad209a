"""Other references of a production that have the same file, or nearly the same picture."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.governed import named
from bot.likeness import alike
from bot.mrkdwn import escaped
from storage import Session, references
from storage.models import Production, Reference, ReferenceFile

Kept = tuple[Reference, ReferenceFile]


@dataclass(frozen=True)
class Lookalike:
    """Another reference that a file of this one was found in."""

    reference: Reference
    distance: int
    """Bits in which the pictures differ; 0 and `is_same_file` if they are the same bytes."""
    is_same_file: bool
    is_same_picture: bool


async def lookalikes(
    session: Session, production: Production, reference: Reference, *, only: str = ""
) -> list[Lookalike]:
    """Compare a reference, or one of its files, with the rest of its production, nearest first."""
    kept = await references.kept_files(session, production)
    own = [file for each, file in kept if each.id == reference.id and only in {"", file.id}]
    others = [each for each in kept if each[0].id != reference.id]
    return compared(own, others)


def compared(own: Iterable[ReferenceFile], others: list[Kept]) -> list[Lookalike]:
    """Find other references by their files, each once by its nearest."""
    nearest: dict[str, Lookalike] = {}
    for found in (each for file in own for each in _of_file(file, others)):
        known = nearest.get(found.reference.id)
        if known is None or _nearness(found) < _nearness(known):
            nearest[found.reference.id] = found
    return sorted(nearest.values(), key=_nearness)


def _nearness(found: Lookalike) -> tuple[bool, int, int]:
    return not found.is_same_file, found.distance, found.reference.number


def _of_file(file: ReferenceFile, others: list[Kept]) -> Iterator[Lookalike]:
    by_id = {each.id: reference for reference, each in others}
    same = [each for _, each in others if each.sha256 == file.sha256]
    for each in same:
        yield Lookalike(by_id[each.id], 0, is_same_file=True, is_same_picture=True)
    hashes = {each.id: each.likeness for _, each in others}
    for like in alike(file.likeness, hashes):
        yield Lookalike(
            by_id[like.key], like.distance, is_same_file=False, is_same_picture=like.is_same
        )


def told(found: Lookalike) -> str:
    """Say it in a sentence, as mrkdwn."""
    other = f"{found.reference.code} · {escaped(named(found.reference))}"
    if found.is_same_file:
        return f"This is the very file of {other}."
    if found.is_same_picture:
        return f"Looks like {other} (nearly the same picture)."
    return f"Looks a little like {other}."
