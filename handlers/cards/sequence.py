"""Sequences as a list: the story job of each, and its scenes."""

from bot.sequences import Listed
from handlers.cards._fits import fitting
from handlers.cards._parts import Json, actions, brief, button, context, safe, section
from storage.models import Production

_LISTED = 40
_TITLE, _JOB, _CODES = 150, 200, 12


def sequences_card(production: Production, rows: list[Listed]) -> list[Json]:
    """List a production's sequences, the last ones where there are very many."""
    title = f"*Sequences of {safe(production.name)}*"
    new = actions(button("New sequence", "sequence_new"))
    if not rows:
        told = (
            "There is none yet: the first scene makes one. What a sequence says holds for every "
            "scene in it that says nothing else."
        )
        return [section(f"{title}\n{told}"), new]
    shown = fitting(map(_listed, reversed(rows)), most=_LISTED)[::-1]
    few = f"The last {len(shown)} of {len(rows)}; `/scene sequence SQ010` opens any."
    left_out = [context(few)] if len(shown) < len(rows) else []
    return [section(title), *shown, *left_out, new]


def _listed(row: Listed) -> Json:
    sequence = row.sequence
    lines = [f"*{sequence.code}*  {brief(sequence.title, _TITLE)}".strip()]
    if sequence.story_job:
        lines.append(brief(sequence.story_job, _JOB))
    codes = ", ".join(each.code for each in row.scenes[:_CODES]) or "no scene yet"
    more = len(row.scenes) - _CODES
    source = f"  ·  inherits from {row.inherits}" if row.inherits else ""
    lines.append(f"{codes}{f' and {more} more' if more > 0 else ''}{source}")
    return section("\n".join(lines), accessory=button("Edit", "sequence_edit", sequence.code))
