"""The tables of engines as text of a hundred columns, for the operator's terminal."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

Json = dict[str, Any]

WIDTH = 100
_COLUMNS = (
    ("mode", 11),
    ("seconds", 8),
    ("ratios and sizes", 25),
    ("references", 27),
    ("prompt and wishes", 21),
)
LEGEND = (
    "Lengths are whole seconds unless marked `any`; `-` is decided by what is worked on, or has no"
    " length. What is in parentheses behind a reference is how a prompt names it; `url` means that"
    " it needs a public https address. `circletake engines show ENGINE` tells the rest."
)
_YES = (
    ("cancel", "can be cancelled"),
    ("progress", "tells progress"),
    ("webhook", "has a webhook"),
)
_MEGABYTE, _GIGABYTE = 10**6, 10**9


def overview(tables: Iterable[Json]) -> str:
    """Print every engine with its models and modes."""
    pages = ["\n".join((_heading(each), *_how_to(each), *_models(each))) for each in tables]
    return "\n\n".join((_filled(LEGEND), *pages))


def page(table: Json) -> str:
    """Print all there is to say of one engine."""
    parts = (
        [_heading(table), *_unfit(table)],
        ["Variables", *(line for each in table["variables"] for line in _variable(each))],
        ["Limits", *_limits(table["limits"])],
        ["Rights", *(line for each in table["rights"] for line in _said(each))],
        [*_outside(table)],
        ["Models", *_models(table, whole=True)],
    )
    return "\n\n".join("\n".join(part) for part in parts if part)


def _heading(table: Json) -> str:
    state = "set up" if table["is_set_up"] else "NOT SET UP"
    if table["unfit"]:
        state = "CANNOT BE USED"
    left = f"{table['label']} ({table['name']}), by {table['maker']} "
    return f"{left}{'─' * (WIDTH - len(left) - len(state) - 1)} {state}"


def _unfit(table: Json) -> Iterator[str]:
    yield from (_filled(table[why], indent="  ") for why in ("unfit", "unseen") if table[why])


def _how_to(table: Json) -> Iterator[str]:
    yield from _unfit(table)
    for each in table["variables"]:
        if each["needed"] and not each["is_set"]:
            default = f" Usually {each['default']}." if each["default"] else ""
            yield _filled(
                f"  set {each['name']}: {each['about']}{default}", indent="    ", first=""
            )


def _variable(each: Json) -> Iterator[str]:
    state = "set" if each["is_set"] else "needed, not set" if each["needed"] else "not set"
    value = f" to {each['value']}" if each["value"] else ""
    default = f" (default {each['default']})" if each["default"] and not each["is_set"] else ""
    told = f"  {each['name']}: {state}{value}{default}. {each['about']}"
    yield _filled(told, indent="      ", first="")


def _limits(limits: Json) -> Iterator[str]:
    whose = "for each replica" if limits["each_process"] else "for the account"
    calls = "calls, looks at jobs included" if limits["counts_polls"] else "orders"
    told = {
        "at once": (limits["concurrency"], "jobs"),
        "a minute": (limits["per_minute"], calls),
        "a day": (limits["per_day"], "orders"),
    }
    for when, (most, what) in told.items():
        count = f"{most:,} {what}, {whose}" if most else "no limit that we keep"
        yield f"  {when}: {count}"


def _said(statement: Json) -> Iterator[str]:
    yield _filled(f"  [{statement['certainty']}] {statement['text']}", indent="      ", first="")


def _outside(table: Json) -> Iterator[str]:
    if table["console"]:
        yield f"Console: {table['console']}"
    if table["credit"]:
        yield f"Credit line: {table['credit']['text']} ({table['credit']['url']})"


def _models(table: Json, *, whole: bool = False) -> Iterator[str]:
    for names, model in _alike(table["models"]):
        yield ""
        yield _filled(", ".join(names) or "one model, without a name", indent="  ")
        yield _filled(_price(model), indent="    ")
        yield _filled(_abilities(model), indent="    ")
        yield from (f"  {line}" for each in model["rights"] for line in _said(each))
        yield from _rows(model["modes"])
        if whole:
            yield from _pixels(model["modes"])
            yield from _options(model["modes"])


def _alike(models: Sequence[Json]) -> list[tuple[list[str], Json]]:
    """Put models under one heading that differ in nothing but their names."""
    groups: list[tuple[list[str], Json]] = []
    for model in models:
        said = {key: value for key, value in model.items() if key != "model"}
        names = next((names for names, other in groups if other == said), None)
        if names is None:
            groups.append(([model["model"]], said))
        else:
            names.append(model["model"])
    return groups


def _price(model: Json) -> str:
    price = model["price"]
    return f"price: {price['text']} [{price['source']}; {price['dated']}]"


def _abilities(model: Json) -> str:
    can = [text for key, text in _YES if model[key]]
    cannot = [f"no {key}" for key, _ in _YES if not model[key]]
    twice = ["the same order twice is one order"] if model["repeatable"] else []
    sentence = "; ".join([*can, *cannot, *twice])
    retires = model["retires"]
    if retires is None:
        return sentence
    return f"{sentence}. Retires {retires['on'] or 'on a day unknown'}: {retires['text']}"


def _rows(modes: Sequence[Json]) -> Iterator[str]:
    yield _row([name for name, _ in _COLUMNS])
    for names, mode in _alike([{**each, "model": each["mode"], "mode": ""} for each in modes]):
        cells = [" ".join(names), _seconds(mode), _formats(mode), _references(mode), _takes(mode)]
        yield _row(cells)


def _row(cells: Sequence[str]) -> str:
    wrapped = [
        [line for each in cell.split("\n") for line in textwrap.wrap(each, width, **_WHOLE) or [""]]
        for cell, (_, width) in zip(cells, _COLUMNS, strict=True)
    ]
    lines = [
        " ".join(f"{each:<{width}}" for each, (_, width) in zip(line, _COLUMNS, strict=True))
        for line in zip_longest(*wrapped, fillvalue="")
    ]
    return "\n".join(f"    {line}".rstrip() for line in lines)


_WHOLE: Any = {"break_on_hyphens": False, "break_long_words": True}


def _seconds(mode: Json) -> str:
    told = mode["seconds"]
    if told is None:
        return "-"
    if told["only"]:
        return " ".join(f"{each:g}" for each in told["only"])
    return f"{told['least']:g}-{told['most']:g}{'' if told['step'] else ' any'}"


def _formats(mode: Json) -> str:
    if not mode["ratios"]:
        sizes = " ".join(mode["resolutions"])
        return f"as its source, {sizes}" if sizes else "as its source"
    by_sizes: dict[tuple[str, ...], list[str]] = {}
    for ratio, sizes in mode["ratios"].items():
        by_sizes.setdefault(tuple(sizes), []).append(ratio)
    lines = (f"{' '.join(ratios)} at {' '.join(sizes)}" for sizes, ratios in by_sizes.items())
    return "\n".join(lines)


def _references(mode: Json) -> str:
    lines = [_slot(slot) for slot in mode["references"]]
    if mode["references_most"] is not None:
        lines.append(f"together at most {mode['references_most']}")
    return "\n".join(lines) or "none"


def _slot(slot: Json) -> str:
    least, most = slot["least"], slot["most"]
    count = f"{most}" if least == most else f"{least}-{most}"
    call = f" ({slot['call']})" if slot["call"] else ""
    url = ", url" if slot["by_address"] else ""
    return f"{count} {slot['role']} {slot['kind']}{call}{url}{_size(slot['bytes_most'])}"


def _size(most: int | None) -> str:
    if most is None:
        return ""
    return f", {most / _GIGABYTE:.1f} GB" if most >= _GIGABYTE else f", {most / _MEGABYTE:.0f} MB"


def _takes(mode: Json) -> str:
    prompt, unit = mode["prompt"], {"UTF-16 units": " UTF-16"}.get(mode["prompt"]["unit"], "")
    most = f" ≤{prompt['most']:,}{unit}" if prompt["most"] else ""
    told = [f"prompt{most}{'' if prompt['needed'] else ', optional'}"]
    told += [name for name in ("negative", "seed", "sound") if mode[name]]
    if mode["fps"]:
        told.append(f"fps {' '.join(map(str, mode['fps']))}")
    if mode["native"]:
        told.append(f"{len(mode['native'])} option{'s' if len(mode['native']) > 1 else ''}")
    return "; ".join(told)


def _pixels(modes: Sequence[Json]) -> Iterator[str]:
    for names, each in _alike([{"model": mode["mode"], "of": mode["ratios"]} for mode in modes]):
        sizes = (
            f"{ratio} {name} {wide}x{high}"
            for ratio, offered in each["of"].items()
            for name, (wide, high) in offered.items()
        )
        if told := ", ".join(sizes):
            yield _filled(f"pixels of {' '.join(names)}: {told}", indent="      ", first="    ")


def _options(modes: Sequence[Json]) -> Iterator[str]:
    rows = [
        {"model": mode["mode"], "option": name, **native}
        for mode in modes
        for name, native in mode["native"].items()
    ]
    for names, each in _alike(rows):
        values = f" One of {', '.join(each['only'])}." if each["only"] else ""
        told = f"--native {each['option']}= ({' '.join(names)}): {each['about']}{values}"
        yield _filled(told, indent="      ", first="    ")


def _filled(text: str, *, indent: str = "", first: str | None = None) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
