"""What an order's menus offer for what somebody types: the scene's own, then the production's."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.governed import Governed, cast_of, governed, keyed, named
from bot.picks import workable
from bot.shots import called
from bot.studio import Studio
from storage import productions, references, scenes, takes
from storage.models import ReferenceStatus, Scene, Take

_NAME = 55
"""As much of a title as leaves room for the code."""
_LOOKED_AT = 200
"""More than a menu holds, because the rights of some may not be in order."""

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Found:
    """What matches: as people read it, and by the key that orders have."""

    here: Choices
    elsewhere: Choices
    """Of the production, and not cast in the scene."""


async def found(studio: Studio, scene: Scene, typed: str) -> Found:
    """Find pictures that may be ordered with and stills, by title or code."""
    words, now = typed.strip().lower(), studio.clock()
    async with studio.db.read() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        members = await cast_of(session, production, scene, at=now)
        known = {each.reference.id for each in members}
        limit = len(known) + _LOOKED_AT
        others = await references.titled(session, production, typed, limit=limit)
        approved = (each for each in others if each.status is ReferenceStatus.APPROVED)
        ids = [each.id for each in approved if each.id not in known]
        rest = await references.assets(session, scene.workspace_id, ids) if ids else []
        ruled = await governed(session, production, rest, at=now)
        made = await takes.of_scene(session, scene)
        shots = await scenes.shots(session, scene)
    near = [each for each in members if _matches(each, words)]
    stills = [(called(shots, each), f"take:{each.id}") for each in made if _is_still(each)]
    return Found(
        here=[
            *(each for member in near for each in coded(member)),
            *(each for each in stills if words in each[0].lower()),
        ],
        elsewhere=[each for member in ruled for each in coded(member)],
    )


def coded(member: Governed) -> Iterator[tuple[str, str]]:
    """Give a reference's pictures as `bot.governed.offered` does, told apart by its code.

    None if it cannot be ordered with.
    """
    if not member.is_usable:
        return
    title, code = named(member.reference), member.reference.code
    short = title if len(title) <= _NAME else f"{title[: _NAME - 1]}…"
    for count, key in enumerate(keyed(member), start=1):
        part = f" · {count}" if count > 1 else ""
        yield f"{short}{part} · {code}", key


def _matches(member: Governed, words: str) -> bool:
    """Whether a title has what was typed, or a code begins with it, as `references.titled` has."""
    reference = member.reference
    return words in reference.title.lower() or (
        bool(words) and str(reference.number).startswith(words.removeprefix("r") or " ")
    )


def _is_still(take: Take) -> bool:
    return take.still and workable(take)
