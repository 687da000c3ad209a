"""What is shown of a production's rules: the book, its editions, and what applies to a scene."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.constraint_lines import INSIDE, Constraint, Effect, Surface, listed
from bot.gates import Rule
from bot.intent import Ground, Told
from bot.palette_note import KEY
from bot.prohibited import ProhibitedRoute
from bot.rulebook import PRODUCTION, templates
from bot.rules import Book
from bot.rules_words import Line, Part, difference, in_words
from bot.waivers import Applying
from handlers.cards._fits import fitting
from handlers.cards._parts import (
    Json,
    actions,
    brief,
    button,
    context,
    moment,
    option,
    person,
    plain,
    safe,
    section,
)
from storage.models import RuleBook, Take, Waiver

MARK: dict[Effect, str] = {
    Effect.INFORM: ":information_source:",
    Effect.ASK: ":ballot_box_with_check:",
    Effect.BLOCK: ":no_entry:",
}
_FITS = 1400
"""Characters of one section, so that few are left out where not all find room."""
_BLOCKS = 44
_RULE, _SMALL, _NOTE = 500, 300, 900
_APPLYING, _SHORT = 5, 160
_SPACES = re.compile(r"\s+")
_PARTS: dict[Effect, str] = {
    Effect.BLOCK: "Blocks until a producer overrides it",
    Effect.ASK: "Confirmed with every order",
    Effect.INFORM: "To bear in mind",
}
_INHERITED = {
    "change": "What changes",
    "feeling": "Audience should feel",
    "must_carry": "Must carry",
    "must_not_show": "Must not show",
    "visual_rules": "Visual rules",
    "story_job": "Story job",
}


def rules_card(book: Book) -> list[Json]:
    """Draw a rule book in words, or say what one is for."""
    if book.edition is None:
        return _without(book)
    parts = [section(text) for part in in_words(book.rules) for text in _sections(part)]
    shown = fitting(parts, most=_BLOCKS)
    blocks = [_heading(book, book.edition), *shown]
    if len(shown) < len(parts):
        blocks.append(context("There is more than a message holds. A producer's *Edit* shows all."))
    elements = [button("History", "rules_history", book.production.id)]
    if book.may_change:
        elements.insert(0, button("Edit", "rules_edit", book.production.id))
    return [*blocks, actions(*elements)]


def _without(book: Book) -> list[Json]:
    name = safe(book.production.name)
    told = (
        f"*{name} has no rule book yet.*\nIt says once what holds for every scene: what intent a "
        "scene has to state, the rights, brand, safety and disclosure rules, the brand's colours, "
        "and the routes that no prompt may take. A rule informs, is confirmed with every order, or "
        "blocks until a producer overrides it."
    )
    if not book.may_change:
        return [section(told), context("Its producers write it: `/scene rules edit`.")]
    offered = [option(spoken(each), each) for each in templates()]
    menu: Json = {
        "type": "static_select",
        "action_id": "rules_begin",
        "placeholder": plain("Begin with a template"),
        "options": offered,
    }
    empty = button("Write one from nothing", "rules_edit", book.production.id)
    return [section(told), actions(menu, empty)]


def spoken(template: str) -> str:
    """Name a template as people say it."""
    words = template.replace("-", " ").replace("generative ai", "generative-AI")
    return words[:1].upper() + words[1:]


def _heading(book: Book, edition: RuleBook) -> Json:
    title = f"*Rules of {safe(book.production.name)}*"
    is_named = book.rules.name not in {"", book.production.name}
    named = f"  ·  {brief(book.rules.name, 150)}" if is_named else ""
    older = "" if edition.number == book.newest else f"; *edition {book.newest} counts now*"
    return section(f"{title}{named}\n{_made(edition)}{older}")


def _made(edition: RuleBook) -> str:
    source = f", from the template {spoken(edition.template)}" if edition.template else ""
    who = f"{person(edition.made_by)}, {moment(edition.made_at)}"
    return f"Edition {edition.number} by {who}{source}  ·  `{edition.sha256[:8]}`"


def _sections(part: Part) -> Iterator[str]:
    return _packed(part.title, map(_line, part.lines))


def _packed(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Write lines below a title, cut between them where it is longer than a section holds."""
    written = head = f"*{title}*"
    for said in lines:
        if len(written) + len(said) + 1 > _FITS:
            yield written
            written = f"*{title}, continued*"
        written = f"{written}\n{said}"
    if written != head:
        yield written


def _line(line: Line) -> str:
    mark = MARK[line.effect] if line.effect else "•"
    lead = f"*{brief(line.lead, _SMALL)}:* " if line.lead else ""
    small = f"  _{_upright(brief(line.small, _SMALL))}_" if line.small else ""
    return f"{mark} {lead}{brief(line.text, _RULE)}{small}"


def _upright(text: str) -> str:
    """Leave out the sign that would end the italics."""
    return text.replace("_", " ")


def editions_card(told: list[tuple[RuleBook, dict[str, int] | None]]) -> list[Json]:
    """List the newest editions, with what was different in each."""
    newest = max((edition.number for edition, _ in told), default=0)
    lines = [
        f"{_made(edition)}{'  ·  *counts now*' if edition.number == newest else ''}"
        f"{_since(edition, counts)}"
        for edition, counts in told
    ]
    return [
        *fitting((section(line) for line in lines), most=_BLOCKS),
        context("`/scene rules show 2` reads an older one; `/scene rules use 2` makes it count."),
    ]


def _since(edition: RuleBook, counts: dict[str, int] | None) -> str:
    if counts is None:
        return "" if edition.number > 1 else "\nThe first."
    told = difference(counts)
    return f"\n{told[:1].upper()}{told[1:]}."


def scene_rules_card(found: Applying) -> list[Json]:
    """Draw all that applies to a scene, what was overridden and why, and what blocks it still."""
    scene, ground = found.scene, found.ground
    waived = {each.key: each for each in found.waivers}
    written = [
        ("What it inherits", _said_above(ground)),
        *((title, _of_effect(ground, effect, waived)) for effect, title in _PARTS.items()),
        ("Prohibited routes", (_barred(each, waived.get(each.key)) for each in ground.prohibited)),
    ]
    parts = [section(text) for title, lines in written for text in _packed(title, lines)]
    shown = fitting(parts, most=_BLOCKS)
    blocks = [section(f"*What applies to {scene.code}*  {safe(scene.title)}"), *shown]
    if not parts:
        blocks.append(section("Nothing beyond what the scene itself says."))
    if len(shown) < len(parts):
        blocks.append(context("There is more than a message holds: `/scene rules` and its *Edit*."))
    return [*blocks, *_way_out(found)]


def _way_out(found: Applying) -> list[Json]:
    """Offer a producer to override, and tell others whom to ask."""
    if not found.blocked:
        return []
    if found.may_override:
        return [actions(button("Override…", "scene_override", found.scene.id))]
    return [context("What blocks, an owner or a producer may override here with a reason.")]


def _of_effect(ground: Ground, effect: Effect, waived: Mapping[str, Waiver]) -> Iterator[str]:
    for each in ground.constraints:
        if each.effect is effect:
            lead, small = each.kind.value.capitalize(), where(each, ground.code)
            lifted = waived.get(each.key) if effect is Effect.BLOCK else None
            yield _overridden(_line(Line(lead, each.text, small, effect)), lifted, effect)


def _barred(route: ProhibitedRoute, waiver: Waiver | None) -> str:
    lead = f"{route.name[:1].upper()}{route.name[1:]}"
    return _overridden(_line(Line(lead, route.text, "", route.effect)), waiver, route.effect)


def _overridden(line: str, waiver: Waiver | None, effect: Effect) -> str:
    """Say below a rule who overrode it, and why."""
    if waiver is None:
        return line
    who = f"{person(waiver.waived_by)}, {moment(waiver.waived_at)}"
    lifted = line.replace(MARK[effect], ":unlock:", 1)
    return f"{lifted}\n>Overridden by {who}: “{_SPACES.sub(' ', brief(waiver.reason, _SMALL))}”"


def where(constraint: Constraint, code: str) -> str:
    """Say where a rule has its effect and where it comes from, unless that is the scene itself.

    That it is shown at every surface inside goes without saying; that it blocks there does not.
    """
    goes_without = constraint.at == INSIDE and constraint.effect is not Effect.BLOCK
    at = listed(f"{surface}" for surface in Surface if surface in constraint.at)
    level = "" if constraint.level == code else _level(constraint.level)
    source = f"source: {constraint.source}" if constraint.source else ""
    told = ("" if goes_without else f"at {at}", level, source)
    return "; ".join(each for each in told if each)


def _level(level: str) -> str:
    return "the production" if level == PRODUCTION else level


def applying(
    ground: Ground, surface: Surface | None, *, waived: Collection[str] = ()
) -> list[Json]:
    """Draw what applies at a surface inside, in a small block.

    None is every surface, with what the scene inherits in a second one.
    """
    told = [each for each in ground.constraints if surface is None or surface in each.at]
    weighty = sorted(told, key=lambda each: list(MARK).index(each.effect), reverse=True)
    rules = [_applies(each, ground, waived) for each in weighty]
    inherited = _inherited(ground) if surface is None else ()
    return [*_small(rules, ground.code), *_small(inherited, ground.code)]


def for_clients(rules: Iterable[Rule]) -> list[Json]:
    """Draw what the client is to read, and not where it comes from."""
    return _small(f":information_source: {_short(rule.text)}" for rule in rules)


def _small(lines: Iterable[str], code: str = "") -> list[Json]:
    every = list(dict.fromkeys(lines))
    more = len(every) - _APPLYING
    rest = f": `/scene rules {code}`" if code else ""
    shown = every[:_APPLYING] + ([f"and {more} more{rest}"] if more > 0 else [])
    return [context("\n".join(shown))] if shown else []


def _applies(each: Constraint, ground: Ground, waived: Collection[str]) -> str:
    lifted = each.effect is Effect.BLOCK and each.key in waived
    mark = ":unlock: Overridden:" if lifted else MARK[each.effect]
    level = "" if each.level == ground.code else f" ({each.level})"
    return f"{mark} {each.kind.value.capitalize()}: {_short(each.text)}{level}"


def _inherited(ground: Ground) -> Iterator[str]:
    for label, told in _from_above(ground):
        yield f"{label}, as {_level(told.level)} says: {_short(told.text)}"


def _said_above(ground: Ground) -> Iterator[str]:
    for label, told in _from_above(ground):
        yield _line(Line(label, told.text, _level(told.level)))


def _from_above(ground: Ground) -> Iterator[tuple[str, Told]]:
    for name, label in _INHERITED.items():
        told = ground.told(name)
        if told.text and told.level != ground.code:
            yield label, told


def _short(text: str) -> str:
    return brief(text, _SHORT)


def palette(take: Take) -> list[Json]:
    """Draw what the colours of a take are like beside the brand's, if somebody looked."""
    note = take.probe.get(KEY)
    return [context(f":art: {brief(str(note), _NOTE)}")] if note else []
