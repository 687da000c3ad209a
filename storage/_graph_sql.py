"""The statements of the graph, built once.

What is looked up for each use is a correlated subquery among the columns: both databases answer
it by an index, use by use, so that the work grows with the answer and not with the store. A join
leaves PostgreSQL free to read all takes through instead. Each step is materialized, because what
is looked up and then named twice would be looked up twice.
"""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, String, and_, bindparam, case, func, or_, select

from storage._sql import table_of
from storage.models import Export, Placement, ReferenceUse, Take, TakeState

_TAKE, _EXPORT, _PLACEMENT = map(table_of, (Take, Export, Placement))
_USE = table_of(ReferenceUse)
_OLDER = _USE.alias("older")
_HERE = bindparam("of_workspace", type_=String())
_REFERENCE = bindparam("of_reference", type_=String())
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


def _first_version(of: CTE) -> ColumnElement[Any]:
    own = and_(
        _OLDER.c.workspace_id == _HERE,
        _OLDER.c.take_id == of.c.take_id,
        _OLDER.c.reference_id == _REFERENCE,
    )
    return select(func.min(_OLDER.c.version)).where(own).scalar_subquery().label("first")


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


def _followed(used: CTE, *columns: ColumnElement[Any]) -> CTE:
    """Look up, for each take that used it, where the take stands and what became of it."""
    own = list(used.c)
    found = _step("found", select(*own, *columns, _state(used), _exports(used)))
    return _step(
        "followed",
        select(
            *found.c, _placements(found, "placements"), _placements(found, "live", _STILL_SHOWN)
        ),
    )


def _tallies() -> Any:
    columns = _USE.c.version, _USE.c.take_id
    each = select(*columns, func.min(_USE.c.setup_id).label("setup_id")).where(_OF_REFERENCE)
    used = _step("used", each.group_by(*columns))
    all_of = _followed(used, _first_version(used))
    is_first, row = all_of.c.first == all_of.c.version, all_of.c
    counted = (
        func.count(func.distinct(row.setup_id)),
        func.count(),
        func.sum(case((row.state == TakeState.APPROVED, 1), else_=0)),
        func.sum(case((row.state.in_(_UNDECIDED), 1), else_=0)),
        func.sum(row.exports),
        func.sum(row.placements),
        func.sum(row.live),
    )
    wanted = select(row.version, is_first, *counted).group_by(row.version, is_first)
    return wanted.order_by(row.version.desc())


def _heaviest() -> Any:
    used = _step("used", select(_USE.c.take_id).where(_OF_REFERENCE).distinct())
    row = _followed(used).c
    weight = case(
        (row.live > 0, 0),
        (row.exports > 0, 1),
        (row.state == TakeState.APPROVED, 2),
        (row.state.in_(_UNDECIDED), 3),
        else_=4,
    )
    return select(row.take_id).order_by(weight, row.take_id.desc())


def _circled_scenes() -> Any:
    used = _step("used", select(_USE.c.take_id).where(_OF_REFERENCE).distinct())
    own = _TAKE.c.workspace_id == _HERE, _TAKE.c.id == used.c.take_id
    scene = select(_TAKE.c.scene_id).where(*own).scalar_subquery().label("scene_id")
    found = _step("found", select(scene, _state(used)).select_from(used))
    circled = select(found.c.scene_id, func.count()).where(found.c.state == TakeState.APPROVED)
    return circled.group_by(found.c.scene_id).order_by(found.c.scene_id)


TALLIES = _tallies()
"""Per version, and apart the takes that used an older one too."""
HEAVIEST = _heaviest().limit(bindparam("first")).offset(bindparam("skip"))
EVERY = _heaviest()
CIRCLED_SCENES = _circled_scenes()
