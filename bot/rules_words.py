"""A rule book in words, for the card and for the command line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.constraint_lines import Constraint, ConstraintKind, Effect, Surface, listed
from bot.prohibited import ProhibitedRoute
from bot.rulebook import Rules

_NEEDS = {
    "purpose": "what it is for",
    "change": "what changes",
    "feeling": "what the audience should feel",
    "must_carry": "what it must carry",
    "must_not_show": "what it must not show",
}
_TOLD = {
    "feeling": "The audience should feel",
    "must_carry": "Must carry",
    "must_not_show": "Must not show",
    "visual_rules": "Visual rules",
}
_DOES = {Effect.INFORM: "Shown", Effect.ASK: "Confirmed with every order", Effect.BLOCK: "Blocks"}
_ROUTE_DOES = {
    Effect.INFORM: "pointed out",
    Effect.ASK: "to be confirmed",
    Effect.BLOCK: "blocked",
}
_AT = {
    Surface.ORDER: "at the order",
    Surface.REVIEW: "at review",
    Surface.CLIENT: "to the client",
    Surface.EXPORT: "at export",
}
_COUNTED = {
    "constraints_added": "{} constraints more",
    "constraints_removed": "{} constraints fewer",
    "constraints_changed": "{} constraints changed",
    "prohibited_added": "{} prohibited routes more",
    "prohibited_removed": "{} prohibited routes fewer",
    "prohibited_changed": "{} prohibited routes changed",
    "intent": "intent changed",
    "brand": "brand changed",
}
_INTENT = ("required", *_TOLD)
_BRAND = ("colours", "typography", "product_rules", "logos")


@dataclass(frozen=True)
class Line:
    """One rule in words; `small` says where it comes from, or what is looked for."""

    lead: str
    text: str
    small: str = ""
    effect: Effect | None = None


@dataclass(frozen=True)
class Part:
    """What a rule book says of one thing."""

    title: str
    lines: tuple[Line, ...]


def in_words(rules: Rules) -> list[Part]:
    """Say all that a rule book says; what it does not speak of is left out."""
    told = [(_TOLD[name], getattr(rules, name)) for name in _TOLD]
    parts = [
        Part(
            "Every scene has to say", (Line("", listed(_NEEDS[each] for each in rules.required)),)
        ),
        Part("Where scene and sequence are silent", tuple(_told(told))),
        *(_of_kind(rules, kind) for kind in ConstraintKind),
        Part("Prohibited routes", tuple(map(_route, rules.prohibited))),
        *_brand(rules),
    ]
    return [part for part in parts if part.lines]


def plainly(rules: Rules) -> str:
    """Write the same for a terminal."""
    blocks = [f"{part.title}\n{_lines(part)}" for part in in_words(rules)]
    return "\n\n".join([rules.name, *blocks] if rules.name else blocks)


def counted(before: Rules, after: Rules) -> dict[str, int]:
    """Count what is different between two editions; a reworded rule is one less and one more."""
    told = {
        "intent": sum(getattr(before, name) != getattr(after, name) for name in _INTENT),
        "brand": sum(getattr(before.brand, name) != getattr(after.brand, name) for name in _BRAND),
    }
    for name in ("constraints", "prohibited"):
        was, now = _keyed(before, name), _keyed(after, name)
        told[f"{name}_added"] = len(now.keys() - was.keys())
        told[f"{name}_removed"] = len(was.keys() - now.keys())
        told[f"{name}_changed"] = sum(was[key] != now[key] for key in was.keys() & now.keys())
    return told


def difference(counts: Mapping[str, int]) -> str:
    """Say the same in words."""
    told = [_several(words, counts[name]) for name, words in _COUNTED.items() if counts[name]]
    return ", ".join(told) or "nothing that counts is different"


def _where(constraint: Constraint) -> str:
    """Say what a constraint does, and where: `Blocks at the order and at export`."""
    at = [place for surface, place in _AT.items() if surface in constraint.at]
    if constraint.effect is not Effect.ASK:
        return f"{_DOES[constraint.effect]} {listed(at)}"
    beside = [place for place in at if place != _AT[Surface.ORDER]]
    shown = f", shown {listed(beside)}" if beside else ""
    return f"{_DOES[constraint.effect]}{shown}"


def _several(words: str, count: int) -> str:
    said = words.format(count)
    if count != 1:
        return said
    return said.replace("constraints", "constraint").replace("routes", "route")


def _keyed(rules: Rules, name: str) -> dict[str, Constraint | ProhibitedRoute]:
    return {each.key: each for each in getattr(rules, name)}


def _told(pairs: list[tuple[str, str]]) -> Iterator[Line]:
    return (Line(label, text) for label, text in pairs if text)


def _of_kind(rules: Rules, kind: ConstraintKind) -> Part:
    of_kind = (each for each in rules.constraints if each.kind is kind)
    return Part(kind.value.capitalize(), tuple(map(_constraint, of_kind)))


def _constraint(each: Constraint) -> Line:
    return Line(_where(each), each.text, _source(each.source), each.effect)


def _route(route: ProhibitedRoute) -> Line:
    does = _ROUTE_DOES[route.effect]
    words = ", ".join((*route.words, *route.synonyms))
    small = "; ".join(each for each in (f"looked for: {words}", _source(route.source)) if each)
    return Line(
        f"{route.name[:1].upper()}{route.name[1:]}, {does}", route.text, small, route.effect
    )


def _source(source: str) -> str:
    return f"source: {source}" if source else ""


def _brand(rules: Rules) -> Iterator[Part]:
    brand = rules.brand
    colours = (
        Line(each.name, f"{each.value}, within {each.tolerance:g}") for each in brand.colours
    )
    yield Part("Colours", tuple(colours))
    for title, texts in (
        ("Typography", brand.typography),
        ("Product rules", brand.product_rules),
        ("Logos", brand.logos),
    ):
        yield Part(title, tuple(Line("", text) for text in texts))


def _lines(part: Part) -> str:
    return "\n".join(f"  - {_line(line)}" for line in part.lines)


def _line(line: Line) -> str:
    lead = f"{line.lead}: " if line.lead else ""
    small = f" ({line.small})" if line.small else ""
    return f"{lead}{line.text}{small}"
