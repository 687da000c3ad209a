"""Search in SQLite: FTS5 reads its index from the newest row on, and stops when it has enough."""

from sqlalchemy import text

from storage._search_words import Look, Row, mark, spoken
from storage._sql import run
from storage.database import Session

_FOUND = text(
    """
    SELECT document.seq, document.kind, document.subject_id
    FROM search_index CROSS JOIN search_document AS document ON document.seq = search_index.rowid
    WHERE search_index MATCH :wanted
    AND search_index.rowid < :before AND search_index.rowid >= :since
    AND document.workspace_id = :workspace_id AND document.production_id = :production_id
    ORDER BY search_index.rowid DESC LIMIT :limit
    """
)


async def found(session: Session, look: Look) -> list[Row]:
    """Give number, kind and id of what is found, the newest first."""
    values = {
        "wanted": _asked(look), "before": look.before, "since": look.since, "limit": look.limit,
        "workspace_id": look.workspace_id, "production_id": look.production_id,
    }  # fmt: skip
    rows = await run(session, _FOUND, values)
    return [(row.seq, row.kind, row.subject_id) for row in rows]


def _asked(look: Look) -> str:
    """Write FTS5's own language: every word of anybody's stands in quotes."""
    words = [f'"{said}"' for term in look.terms if (said := spoken(term))]
    marks = [
        "(" + " OR ".join(mark(letter, value) for value in values) + ")"
        for letter, values in look.filters.items()
    ]
    return " AND ".join([*words, *marks, mark("p", look.production_id)])
