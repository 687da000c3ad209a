"""The statements of the graph, built once.

What is looked up for each use is answered by an index, use by use, so that the work grows with the
answer and not with the store. A join leaves PostgreSQL free to read all takes through instead, or
to compare all with all while it has no statistics. So records are asked for by the ids of the takes
(`_Among`), whether a take is in what was found is a column, for which both databases hash, and what
few takes have is a correlated subquery. Each step is materialized, because what is looked up and
then named twice would be looked up twice.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage._sql import table_of
from storage.models import Export, Placement, ReferenceUse, Take, TakeState

_TAKE, _EXPORT, _PLACEMENT = map(table_of, (Take, Export, Placement))
_USE = table_of(ReferenceUse)
_HERE = bindparam("of_workspace", type_=String())
_REFERENCE = bindparam("of_reference", type_=String())
_FIRST, _SKIP = (bindparam(name, type_=Integer()) for name in ("first", "skip"))
_OF_REFERENCE = and_(_USE.c.workspace_id == _HERE, _USE.c.reference_id == _REFERENCE)
_STILL_SHOWN = or_(
    _PLACEMENT.c.ended_on.is_(None), _PLACEMENT.c.ended_on > bindparam("today", type_=Date())
)
_UNDECIDED = (TakeState.WAITING, TakeState.WITH_CLIENT)


def _step(name: str, wanted: Any) -> CTE:
    return wanted.cte(name).prefix_with("MATERIALIZED")


class _Among(FunctionElement[Any]):
    """Have the index of a column asked for each of some ids, however many they are."""

    inherit_cache = True


@compiles(_Among)
def _in_turn(asked: _Among, compiler: Any, **told: Any) -> str:
    column, ids = (compiler.process(each, **told) for each in asked.clauses)
    return f"{column} IN {ids}"


@compiles(_Among, "postgresql")
def _at_once(asked: _Among, compiler: Any, **told: Any) -> str:
    # As a set it would be joined; of an array, the index is asked at half the price of a subquery.
    column, ids = (compiler.process(each, **told) for each in asked.clauses)
    return f"{column} = ANY (ARRAY{ids})"


def _among_used(column: Any, used: CTE) -> ColumnElement[Any]:
    return _Among(column, select(used.c.take_id).scalar_subquery())


def _standing(used: CTE) -> CTE:
    """Give those of the takes that are circle takes or wait for a decision."""
    wanted = _TAKE.c.state.in_((TakeState.APPROVED, *_UNDECIDED))
    own = _TAKE.c.workspace_id == _HERE, _among_used(_TAKE.c.id, used), wanted
    return _step("standing", select(_TAKE.c.id, _TAKE.c.state).where(*own))


def _made(used: CTE) -> CTE:
    """Give those of the takes that were exported."""
    own = _EXPORT.c.workspace_id == _HERE, _among_used(_EXPORT.c.take_id, used)
    return _step("made", select(_EXPORT.c.take_id).where(*own))


def _number(counted: Any) -> ColumnElement[int]:
    """Give a count as PostgreSQL adds it up quickly: its sums of big integers are decimals."""
    return cast(counted.scalar_subquery(), Integer)


def _exports(of: CTE) -> ColumnElement[Any]:
    own = _EXPORT.c.workspace_id == _HERE, _EXPORT.c.take_id == of.c.take_id
    counted = select(func.count()).select_from(_EXPORT).where(*own)
    some = of.c.take_id.in_(select(_made(of).c.take_id))
    return case((some, _number(counted)), else_=0).label("exports")


def _placements(of: CTE, name: str, *which: ColumnElement[bool]) -> ColumnElement[Any]:
    """Count the placements of a take's exports, for the few takes that have any."""
    both = and_(
        _PLACEMENT.c.workspace_id == _EXPORT.c.workspace_id,
        _PLACEMENT.c.export_id == _EXPORT.c.id,
    )
    own = _EXPORT.c.workspace_id == _HERE, _EXPORT.c.take_id == of.c.take_id, *which
    counted = select(func.count()).select_from(_EXPORT.join(_PLACEMENT, both)).where(*own)
    return case((of.c.exports > 0, _number(counted)), else_=0).label(name)


def _followed(used: CTE) -> CTE:
    """Look up, for each take that used it, where the take stands and what became of it."""
    standing = _standing(used).c
    approved = select(standing.id).where(standing.state == TakeState.APPROVED)
    waiting = select(standing.id).where(standing.state != TakeState.APPROVED)
    take_id = used.c.take_id
    is_circle = take_id.in_(approved).label("is_circle")
    is_undecided = take_id.in_(waiting).label("is_undecided")
    found = _step("found", select(*used.c, is_circle, is_undecided, _exports(used)))
    return _step(
        "followed",
        select(
            *found.c, _placements(found, "placements"), _placements(found, "live", _STILL_SHOWN)
        ),
    )


def _used() -> CTE:
    """Give the takes that used it, once for each version, of which the first has turn 1."""
    version, take_id = _USE.c.version, _USE.c.take_id
    turn = func.row_number().over(partition_by=take_id, order_by=version).label("turn")
    each = select(version, take_id, func.min(_USE.c.setup_id).label("setup_id"), turn)
    return _step("used", each.where(_OF_REFERENCE).group_by(version, take_id))


def _tallies(of: CTE) -> Any:
    row, once = of.c, of.c.turn == 1
    return select(
        row.version,
        case((once, 1), else_=0).label("once"),
        func.count(func.distinct(row.setup_id)),
        func.count(),
        func.count().filter(row.is_circle),
        func.count().filter(row.is_undecided),
        func.sum(row.exports),
        func.sum(row.placements),
        func.sum(row.live),
        null().label("take_id"),
    ).group_by(row.version, once)


def _heaviest(of: CTE) -> Any:
    row = of.c
    weight = case(
        (row.live > 0, 0),
        (row.exports > 0, 1),
        (row.is_circle, 2),
        (row.is_undecided, 3),
        else_=4,
    ).label("weight")
    once = select(row.take_id, weight).where(row.turn == 1)
    return once.order_by(weight, row.take_id.desc())


def _counted() -> Any:
    """Count, and give the first takes: what both look up is looked up once."""
    all_of = _followed(_used())
    page = _heaviest(all_of).limit(_FIRST).offset(_SKIP).subquery("page")
    nothing = [literal(0)] * (len(_tallies(all_of).selected_columns) - 2)
    takes = select(page.c.weight, *nothing, page.c.take_id)
    return union_all(_tallies(all_of), takes)


def _circled_scenes() -> Any:
    used = _step("used", select(_USE.c.take_id).where(_OF_REFERENCE).distinct())
    circled = _TAKE.c.state == TakeState.APPROVED
    own = _TAKE.c.workspace_id == _HERE, _among_used(_TAKE.c.id, used), circled
    scene_id = _TAKE.c.scene_id
    return select(scene_id, func.count()).where(*own).group_by(scene_id).order_by(scene_id)


COUNTED = _counted()
"""Rows of two kinds: the tally of a version, apart for takes that used an older one too; and,
with a take's id, the weight of one of the first takes."""
EVERY = _heaviest(_followed(_used()))
CIRCLED_SCENES = _circled_scenes()
