"""What a scene's form is filled in against: its sequence, and what it inherits from it."""

import re
from dataclasses import dataclass

from bot.constraint_lines import listed
from bot.crew import production_in
from bot.errors import BadForm, NotNow
from bot.ground import ground_for, rules_of
from bot.intent import Ground, ground_of, lineage_of, unexplained
from bot.studio import Studio
from storage import Session, scenes, sequences
from storage.models import Production, Scene, Sequence

_CODE = re.compile(r"(?:SQ)?0*(\d{1,6})", re.IGNORECASE)


@dataclass(frozen=True)
class Background:
    """What a scene's form is filled in against."""

    sequences: list[Sequence]
    inherited: Ground
    """As it would be if the scene itself said nothing."""


async def background(
    studio: Studio, workspace_id: str, channel_id: str, *, code: str = ""
) -> Background:
    """Give a production's sequences, and what scenes of the one with this code inherit.

    Without a code it is the first. Raises NotNow where there is no production.
    """
    async with studio.db.read() as session:
        production = await production_in(session, workspace_id, channel_id)
        every = await sequences.every(session, production)
        rules = await rules_of(session, production)
    of_code = next((each for each in every if each.code == code), None)
    sequence = of_code or next(iter(every), None)
    lineage = lineage_of(sequence, {each.id: each for each in every}) if sequence else []
    silent = Scene(
        workspace_id=workspace_id, production_id=production.id, sequence_id="", number=0, title="",
        channel_id=channel_id, opened_by="", opened_at=production.opened_at,
    )  # fmt: skip
    return Background(every, ground_of(silent, lineage, rules))


async def sequence_meant(session: Session, production: Production, code: str) -> Sequence | None:
    """Find a sequence by its code as people type it."""
    number = _CODE.fullmatch(code.strip())
    return await sequences.by_number(session, production, int(number[1])) if number else None


async def sequence_named(session: Session, production: Production, code: str) -> Sequence:
    """Give the sequence that a form names, or the production's first. Raises BadForm."""
    if not code:
        return await scenes.first_sequence(session, production)
    found = await sequence_meant(session, production, code)
    if found is None:
        told = f"There is no sequence {code[:20]}. `/scene sequence` lists those there are."
        raise BadForm({"sequence": told})
    return found


async def explained(session: Session, production: Production, scene: Scene) -> None:
    """Hold a scene to saying why it departs from what it inherits. Raises BadForm."""
    try:
        ground = await ground_for(session, production, scene)
    except NotNow as circle:
        raise BadForm({"sequence": str(circle)}) from circle
    if fields := unexplained(ground):
        names = listed(name.replace("_", " ") for name in fields)
        told = f"Here something else is said than is inherited: {names}. Write why, or clear it."
        raise BadForm({"overrides": told})
