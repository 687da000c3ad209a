"""Compare a finished take with its brand's colours: a sentence for people, never a verdict."""

from pathlib import Path

import structlog

from bot.colours import ColourProblem, Swatch, check, noted
from bot.errors import BadForm
from bot.ground import rules_of
from bot.studio import Studio
from storage import productions
from storage.models import Take

KEY = "palette"
"""What the note is called among the things that are known of a take's file."""
_tell = structlog.get_logger(__name__)


async def palette_note(studio: Studio, take: Take, original: Path) -> str:
    """Say how near a take comes to the brand's colours; empty if it has none, or nobody can tell.

    It never keeps a take from the team: what cannot be told is left unsaid.
    """
    try:
        palette = await _palette(studio, take)
        return noted(await check(original, palette))
    except (BadForm, ColourProblem, OSError) as why:
        _tell.warning("palette.unknown", take=take.id, why=str(why))
        return ""


async def _palette(studio: Studio, take: Take) -> list[Swatch]:
    async with studio.db.read() as session:
        production = await productions.get(session, take.workspace_id, take.production_id)
        rules = await rules_of(session, production)
    return [Swatch(each.name, each.value, each.tolerance) for each in rules.brand.colours]
