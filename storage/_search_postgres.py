"""Search in PostgreSQL, from the newest row back in steps.

GIN finds every row that has all the words, in no order, and each has to be fetched: of a common
word that is too many. So the newest rows are looked through first, which is enough for what is
common. What is not among them is asked of the index, week by week and then by eight weeks, each of
which is one more word that the rows must have. What was common once and is no more costs at most
eight weeks' rows.
"""

from typing import Any

from sqlalchemy import TextClause, text

from storage._search_words import WEEK, Look, Row, mark, spoken
from storage._sql import run
from storage.database import Session

_LOOKED_THROUGH = 2000
_SPAN = 8
"""Weeks that have a mark of their own together."""
_HERE = "workspace_id = :workspace_id AND production_id = :production_id"
_BETWEEN = f"{_HERE} AND seq < :before AND seq >= :since"
# The planner knows how frequent words are, but not how they go together: left to itself it reads
# the whole table for two words that seldom meet.
_STRAIGHT = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true), "
    "set_config('max_parallel_workers_per_gather', '0', true)"
)
_ENDS = text(
    f"SELECT (SELECT max(seq) FROM search_document WHERE {_BETWEEN}) AS newest, "  # noqa: S608 - our own words
    f"(SELECT min(seq) FROM search_document WHERE {_BETWEEN}) AS oldest"
)


async def found(session: Session, look: Look) -> list[Row]:
    """Give number, kind and id of what is found, the newest first."""
    await run(session, _STRAIGHT, {})
    wanted, values = _asked(look)
    newest = (await run(session, _among_newest(wanted), values)).all()
    if len(newest) < look.limit:
        ends = (await run(session, _ENDS, values)).one()
        if ends.newest is None:
            return []
        steps = _steps(look.production_id, ends.oldest // WEEK, ends.newest // WEEK)
        newest = (await run(session, _by_steps(wanted), {**values, "steps": steps})).all()
    return [(row.seq, row.kind, row.subject_id) for row in newest]


def _asked(look: Look) -> tuple[str, dict[str, Any]]:
    """Write what is wanted as one query of PostgreSQL's, with its values."""
    said = [each for term in look.terms if (each := spoken(term))]
    values: dict[str, Any] = {
        "workspace_id": look.workspace_id, "production_id": look.production_id,
        "before": look.before, "since": look.since, "limit": look.limit,
    }  # fmt: skip
    values |= {f"term{number}": each for number, each in enumerate(said)}
    spelled = "phraseto_tsquery('search_words', search_plain(:term{}))"
    words = [spelled.format(number) for number in range(len(said))]
    if look.filters:
        values["marks"] = " & ".join(map(_any, look.filters.items()))
        words.append("CAST(:marks AS tsquery)")
    return " && ".join(words), values


def _any(one: tuple[str, tuple[str, ...]]) -> str:
    letter, values = one
    return f"({' | '.join(_quoted(letter, value) for value in values)})"


def _quoted(letter: str, value: str) -> str:
    return f"'~{mark(letter, value)}'"


def _among_newest(wanted: str) -> TextClause:
    return text(
        f"SELECT seq, kind, subject_id FROM ("  # noqa: S608 - our own words
        f"SELECT seq, kind, subject_id, words FROM search_document WHERE {_BETWEEN} "
        f"ORDER BY seq DESC LIMIT {_LOOKED_THROUGH}) AS newest "
        f"WHERE words @@ ({wanted}) ORDER BY seq DESC LIMIT :limit"
    )


def _by_steps(wanted: str) -> TextClause:
    """Ask the index step by step; it stops as soon as there is enough.

    The step is a condition of its own, for then the index skips to its rows: within one query it
    would walk along all rows of the rarest word at every step.
    """
    return text(
        f"SELECT seq, kind, subject_id FROM ("  # noqa: S608 - our own words
        f"SELECT hit.* FROM unnest(CAST(:steps AS text[])) AS step CROSS JOIN LATERAL ("
        f"SELECT seq, kind, subject_id FROM (SELECT * FROM search_document "
        f"WHERE words @@ ({wanted}) AND words @@ CAST(step AS tsquery) OFFSET 0) AS one "
        f"WHERE {_BETWEEN} ORDER BY seq DESC LIMIT :limit) AS hit LIMIT :limit"
        f") AS hits ORDER BY seq DESC"
    )


def _steps(production_id: str, oldest: int, newest: int) -> list[str]:
    """Give the marks of the weeks that have not filled eight, and of eight weeks each before."""
    whole = newest // _SPAN
    weeks = range(newest, max(oldest, whole * _SPAN) - 1, -1)
    spans = range(whole - 1, oldest // _SPAN - 1, -1)
    return [
        *(_quoted("w", f"{production_id}/{week}") for week in weeks),
        *(_quoted("v", f"{production_id}/{span}") for span in spans),
    ]
