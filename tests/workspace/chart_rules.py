"""Limits of the data_visualization block, which the SDK does not know yet."""

from collections.abc import Iterator
from typing import Any, cast

from tests.workspace.records import Json

MAX_TITLE, MAX_SERIES, MAX_POINTS, MAX_LABEL = 50, 12, 20, 20
KINDS = {"pie", "bar", "line", "area"}


def chart_complaints(block: Json, at: str) -> Iterator[str]:
    """Complain about a chart that Slack would not draw."""
    title = block.get("title")
    if not isinstance(title, str) or not title:
        yield f"missing required field: title [json-pointer:{at}]"
    elif len(title) > MAX_TITLE:
        yield f"must be less than {MAX_TITLE + 1} characters [json-pointer:{at}/title]"
    chart = block.get("chart")
    if not isinstance(chart, dict):
        yield f"missing required field: chart [json-pointer:{at}]"
        return
    yield from _drawing_complaints(cast("Json", chart), f"{at}/chart")


def _drawing_complaints(chart: Json, at: str) -> Iterator[str]:
    kind = chart.get("type")
    if kind not in KINDS:
        yield f"must be one of: {', '.join(sorted(KINDS))} [json-pointer:{at}/type]"
    elif kind == "pie":
        yield from _points(_listed(chart.get("segments")), f"{at}/segments", MAX_SERIES)
        values = [point.get("value") for point in _listed(chart.get("segments"))]
        if any(isinstance(value, int | float) and value <= 0 for value in values):
            yield f"segments must be more than 0 [json-pointer:{at}/segments]"
    else:
        series = _listed(chart.get("series"))
        yield from _series_complaints(series, f"{at}/series")
        yield from _axis_complaints(chart.get("axis_config"), series, f"{at}/axis_config")


def _axis_complaints(axis: object, series: list[Json], at: str) -> Iterator[str]:
    """Labels must be the categories, exactly and in their order."""
    if not isinstance(axis, dict):
        return
    config = cast("Json", axis)
    for name in ("x_label", "y_label"):
        if len(str(config.get(name, ""))) > MAX_TITLE:
            yield f"must be less than {MAX_TITLE + 1} characters [json-pointer:{at}/{name}]"
    categories = config.get("categories")
    labels = [[point.get("label") for point in _listed(one.get("data"))] for one in series]
    if categories is not None and any(one != categories for one in labels):
        yield f"must equal the labels of every series [json-pointer:{at}/categories]"


def _series_complaints(series: list[Json], at: str) -> Iterator[str]:
    if not 1 <= len(series) <= MAX_SERIES:
        yield f"1 to {MAX_SERIES} items allowed [json-pointer:{at}]"
    names = [str(one.get("name")) for one in series]
    if len(set(names)) != len(names):
        yield f"series names must be unique [json-pointer:{at}]"
    for index, one in enumerate(series):
        yield from _label(one.get("name"), f"{at}/{index}/name")
        yield from _points(_listed(one.get("data")), f"{at}/{index}/data", MAX_POINTS)


def _points(points: list[Json], at: str, most: int) -> Iterator[str]:
    if not 1 <= len(points) <= most:
        yield f"1 to {most} items allowed [json-pointer:{at}]"
    for index, point in enumerate(points):
        yield from _label(point.get("label"), f"{at}/{index}/label")
        if not isinstance(point.get("value"), int | float):
            yield f"must provide a number [json-pointer:{at}/{index}/value]"


def _label(label: object, at: str) -> Iterator[str]:
    if not isinstance(label, str) or not 1 <= len(label) <= MAX_LABEL:
        yield f"must be 1 to {MAX_LABEL} characters [json-pointer:{at}]"


def _listed(value: Any) -> list[Json]:
    return cast("list[Json]", value) if isinstance(value, list) else []
