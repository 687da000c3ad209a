"""A production's rules as YAML: intent, constraints, brand and prohibited routes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from yaml import Node

from bot._rulebook_tree import Reading, Unreadable, root_of
from bot.constraint_lines import (
    INSIDE,
    Constraint,
    ConstraintKind,
    Effect,
    Surface,
    flat,
    listed,
    misplaced,
)
from bot.errors import BadForm
from bot.prohibited import LANGUAGES, ProhibitedRoute, has_word

__all__ = ["EMPTY", "PRODUCTION", "Brand", "Colour", "Rules", "read_rules", "templates"]

PRODUCTION = "production"
"""The level of what a rule book says."""
REQUIRABLE = ("purpose", "change", "feeling", "must_carry", "must_not_show")
"""What a production may require of a scene before anything is ordered for it."""

_TOLERANCE = 6.0
_WIDEST = 50.0
_SHOWN = 3
_TEMPLATES = Path(__file__).parent / "templates"
_TOLD = ("feeling", "must_carry", "must_not_show", "visual_rules")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class Colour:
    """A colour of the brand; `tolerance` is the CIEDE2000 distance that still passes for it."""

    name: str
    value: str
    """`#RRGGBB` in capitals."""
    tolerance: float = _TOLERANCE


@dataclass(frozen=True)
class Brand:
    """What the brand asks for, apart from its constraints."""

    colours: tuple[Colour, ...] = ()
    typography: tuple[str, ...] = ()
    product_rules: tuple[str, ...] = ()
    logos: tuple[str, ...] = ()
    """Texts, or the codes of references."""


@dataclass(frozen=True)
class Rules:
    """A rule book, read."""

    name: str = ""
    language: str = "english"
    """Whose inflections the words of prohibited routes have."""
    required: tuple[str, ...] = ("purpose",)
    """In the order of the form; the purpose always is."""
    feeling: str = ""
    must_carry: str = ""
    must_not_show: str = ""
    visual_rules: str = ""
    constraints: tuple[Constraint, ...] = ()
    brand: Brand = Brand()
    prohibited: tuple[ProhibitedRoute, ...] = ()


EMPTY = Rules()
"""What holds in a production without a rule book."""


@cache
def templates() -> Mapping[str, str]:
    """Give the rule books that a production may begin with, by name."""
    files = sorted(_TEMPLATES.glob("*.yaml"))
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


def read_rules(text: str) -> Rules:
    """Read a rule book; BadForm names the lines that are wrong, the first few of them."""
    reading = Reading()
    try:
        rules = _rules(reading, root_of(text))
    except Unreadable as error:
        raise BadForm({"body": str(error)}) from error
    if reading.problems:
        raise BadForm({"body": _told(reading.problems)})
    return rules


def _told(problems: list[str]) -> str:
    more = len(problems) - _SHOWN
    rest = [f"And {more} more."] if more > 0 else []
    return " ".join([*problems[:_SHOWN], *rest])


def _rules(reading: Reading, root: Node | None) -> Rules:
    keys = ("name", "language", "intent", "constraints", "brand", "prohibited")
    book = reading.table(root, "a rule book", keys)
    intent = reading.table(book.get("intent"), "intent", ("required", *_TOLD))
    return Rules(
        name=reading.text(book.get("name"), "name"),
        language=_language(reading, book.get("language")),
        required=_required(reading, intent.get("required")),
        **{name: reading.text(intent.get(name), name) for name in _TOLD},
        constraints=_constraints(reading, book.get("constraints")),
        brand=_brand(reading, book.get("brand")),
        prohibited=_prohibited(reading, book.get("prohibited")),
    )


def _language(reading: Reading, node: Node | None) -> str:
    language = reading.text(node, "language").casefold()
    if node is None or language in LANGUAGES:
        return language or EMPTY.language
    near = get_close_matches(language, LANGUAGES, n=1)
    hint = f"did you mean {near[0]}?" if near else f"it is one of {listed(LANGUAGES)}."
    reading.wrong(node, f'the inflections of "{language[:40]}" are not known; {hint}')
    return EMPTY.language


def _required(reading: Reading, node: Node | None) -> tuple[str, ...]:
    wanted = {"purpose"}
    for row in reading.rows(node):
        name = reading.needed(row, "required").replace(" ", "_")
        if name in REQUIRABLE:
            wanted.add(name)
        elif name:
            reading.wrong(row, f'"{name[:40]}" cannot be required; {listed(REQUIRABLE)} can.')
    return tuple(name for name in REQUIRABLE if name in wanted)


def _constraints(reading: Reading, node: Node | None) -> tuple[Constraint, ...]:
    keys = ("kind", "text", "source", "effect", "at")
    rows = reading.tables(node, "a constraint", keys, needs=("kind", "text"))
    return tuple(made for row in rows if (made := _constraint(reading, row)))


def _constraint(reading: Reading, row: dict[str, Node]) -> Constraint | None:
    kind = reading.one_of(row["kind"], "kind", ConstraintKind)
    text = reading.needed(row["text"], "text")
    effect = _effect(reading, row)
    at = _surfaces(reading, row.get("at"))
    if why := misplaced(effect, at):
        reading.wrong(row["effect"], why)
    source = reading.text(row.get("source"), "source")
    return Constraint(kind, text, source, effect, at, PRODUCTION) if kind and text else None


def _effect(reading: Reading, row: dict[str, Node]) -> Effect:
    node = row.get("effect")
    return (node and reading.one_of(node, "effect", Effect)) or Effect.INFORM


def _surfaces(reading: Reading, node: Node | None) -> frozenset[Surface]:
    named = [reading.one_of(row, "at", Surface) for row in reading.rows(node)]
    return frozenset(surface for surface in named if surface) or INSIDE


def _brand(reading: Reading, node: Node | None) -> Brand:
    keys = ("colours", "typography", "product_rules", "logos")
    brand = reading.table(node, "brand", keys)
    colours = reading.tables(
        brand.get("colours"), "a colour", ("name", "value", "tolerance"), needs=("name", "value")
    )
    return Brand(
        colours=tuple(made for row in colours if (made := _colour(reading, row))),
        typography=reading.texts(brand.get("typography"), "typography"),
        product_rules=reading.texts(brand.get("product_rules"), "product_rules"),
        logos=reading.texts(brand.get("logos"), "logos"),
    )


def _colour(reading: Reading, row: dict[str, Node]) -> Colour | None:
    name = reading.needed(row["name"], "name")
    value = reading.needed(row["value"], "value")
    if value and not _COLOUR.fullmatch(value):
        reading.wrong(row["value"], f'"{value[:40]}" is no colour; write it like "#1A2B3C".')
    tolerance = _tolerance(reading, row.get("tolerance"))
    return Colour(name, value.upper(), tolerance) if name and value else None


def _tolerance(reading: Reading, node: Node | None) -> float:
    if node is None:
        return _TOLERANCE
    text = reading.text(node, "tolerance")
    if re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,3})?", text) and 0 < float(text) <= _WIDEST:
        return float(text)
    reading.wrong(node, f"a tolerance is a number above 0, and at most {_WIDEST:.0f}.")
    return _TOLERANCE


def _prohibited(reading: Reading, node: Node | None) -> tuple[ProhibitedRoute, ...]:
    keys = ("route", "words", "synonyms", "text", "source", "effect")
    rows = reading.tables(node, "a prohibited route", keys, needs=("route", "words", "text"))
    names: set[str] = set()
    return tuple(_route(reading, row, names) for row in rows)


def _route(reading: Reading, row: dict[str, Node], names: set[str]) -> ProhibitedRoute:
    name = reading.needed(row["route"], "route")
    if flat(name).casefold() in names:
        reading.wrong(row["route"], f'the route "{name[:40]}" is there twice; join the two.')
    names.add(flat(name).casefold())
    words = _phrases(reading, row["words"], "words")
    if not words:
        reading.wrong(row["words"], f'the route "{name[:40]}" has no words to look for.')
    return ProhibitedRoute(
        name,
        words,
        _phrases(reading, row.get("synonyms"), "synonyms"),
        reading.needed(row["text"], "text"),
        reading.text(row.get("source"), "source"),
        _effect(reading, row),
    )


def _phrases(reading: Reading, node: Node | None, what: str) -> tuple[str, ...]:
    phrases = reading.texts(node, what)
    for phrase in phrases:
        if node is not None and not has_word(phrase):
            reading.wrong(node, f'"{phrase[:40]}" has no letter or digit in it.')
    return phrases
