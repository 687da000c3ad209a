"""The statements of the graph, built once.

What is looked up for each use is a correlated subquery among the columns: both databases answer
it by an index, use by use, so that the work grows with the answer and not with the store. A join
leaves PostgreSQL free to read all takes through instead. Each step is materialized, because what
is looked up and then named twice would be looked up twice.
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
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

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


def _state(of: CTE) -> ColumnElement[Any]:
    own = _TAKE.c.workspace_id == _HERE, _TAKE.c.id == of.c.take_id
    return select(_TAKE.c.state).where(*own).scalar_subquery().label("state")


def _exports(of: CTE) -> ColumnElement[Any]:
    own = _EXPORT.c.workspace_id == _HERE, _EXPORT.c.take_id == of.c.take_id
    return select(func.count()).select_from(_EXPORT).where(*own).scalar_subquery().label("exports")


def _placements(of: CTE, name: str, *which: ColumnElement[bool]) -> ColumnElement[Any]:
    """Count the placements of a take's exports, for the few takes that have any."""
    both = and_(
        _PLACEMENT.c.workspace_id == _EXPORT.c.workspace_id,
        _PLACEMENT.c.export_id == _EXPORT.c.id,
    )
    own = _EXPORT.c.workspace_id == _HERE, _EXPORT.c.take_id == of.c.take_id, *which
    counted = select(func.count()).select_from(_EXPORT.join(_PLACEMENT, both)).where(*own)
    return case((of.c.exports > 0, counted.scalar_subquery()), else_=0).label(name)


def _followed(used: CTE) -> CTE:
    """Look up, for each take that used it, where the take stands and what became of it."""
    own = list(used.c)
    found = _step("found", select(*own, _state(used), _exports(used)))
    return _step(
        "followed",
        select(
            *found.c, _placements(found, "placements"), _placements(found, "live", _STILL_SHOWN)
        ),
    )


def _used() -> CTE:
    """Give the takes that used it, once for each version, with the oldest version of each."""
    version, take_id = _USE.c.version, _USE.c.take_id
    oldest = func.min(version).over(partition_by=take_id).label("oldest")
    each = select(version, take_id, func.min(_USE.c.setup_id).label("setup_id"), oldest)
    return _step("used", each.where(_OF_REFERENCE).group_by(version, take_id))


def _tallies(of: CTE) -> Any:
    row, once = of.c, of.c.version == of.c.oldest
    return select(
        row.version,
        case((once, 1), else_=0).label("once"),
        func.count(func.distinct(row.setup_id)),
        func.count(),
        func.sum(case((row.state == TakeState.APPROVED, 1), else_=0)),
        func.sum(case((row.state.in_(_UNDECIDED), 1), else_=0)),
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
        (row.state == TakeState.APPROVED, 2),
        (row.state.in_(_UNDECIDED), 3),
        else_=4,
    ).label("weight")
    once = select(row.take_id, weight).where(row.version == row.oldest)
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
    own = _TAKE.c.workspace_id == _HERE, _TAKE.c.id == used.c.take_id
    scene = select(_TAKE.c.scene_id).where(*own).scalar_subquery().label("scene_id")
    found = _step("found", select(scene, _state(used)).select_from(used))
    circled = select(found.c.scene_id, func.count()).where(found.c.state == TakeState.APPROVED)
    return circled.group_by(found.c.scene_id).order_by(found.c.scene_id)


COUNTED = _counted()
"""Rows of two kinds: the tally of a version, apart for takes that used an older one too; and,
with a take's id, the weight of one of the first takes."""
EVERY = _heaviest(_followed(_used()))
CIRCLED_SCENES = _circled_scenes()
