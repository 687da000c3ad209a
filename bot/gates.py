"""What stands in the way at each surface, by the ground that a scene stands on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from bot.constraint_lines import Constraint, Effect, Surface, listed
from bot.intent import Ground, missing, unexplained
from bot.prohibited import Match, found_in
from bot.rulebook import PRODUCTION

_ROUTE = "prohibited route"
_WEIGHT = {Effect.INFORM: 0, Effect.ASK: 1, Effect.BLOCK: 2}
_LACKING = {
    "purpose": "what it is for",
    "change": "what changes",
    "feeling": "what the audience should feel",
    "must_carry": "what it must carry",
    "must_not_show": "what it must not show",
}
_NAMES = {"must_carry": "what it must carry", "must_not_show": "what it must not show"}
_OVERRIDE = "A producer may override it with a reason."


@dataclass(frozen=True)
class Rule:
    """A constraint or a prohibited route as it applies at one surface."""

    key: str
    kind: str
    """A constraint's kind, or "prohibited route"."""
    text: str
    effect: Effect
    source: str = ""
    level: str = ""
    words: tuple[str, ...] = ()
    """What the prompt says of a prohibited route."""

    @property
    def line(self) -> str:
        """Say it in a line, as people wrote it."""
        said = f" ({_quoted(self.words)} in the prompt)" if self.words else ""
        source = f" (source: {self.source})" if self.source else ""
        return f"{self.kind.capitalize()}{said}: {self.text}{source}"


@dataclass(frozen=True)
class Refusal:
    """Why it does not go on, and what to do; `field` is the intent's, `key` what a waiver lifts."""

    text: str
    field: str = ""
    key: str = ""


@dataclass(frozen=True)
class Gate:
    """A surface's rules, sorted by what they want of people."""

    refusals: tuple[Refusal, ...] = ()
    asked: tuple[Rule, ...] = ()
    """Have to be confirmed, and are not yet."""
    told: tuple[Rule, ...] = ()
    """Inform, or are confirmed."""
    waived: tuple[Rule, ...] = ()
    """Would block, had not a producer overridden them."""

    @property
    def is_open(self) -> bool:
        """Say whether it may go on: nothing refuses, and nothing is left to confirm."""
        return not self.refusals and not self.asked


def at_order(
    ground: Ground, prompt: str, *, confirmed: Collection[str], waived: Collection[str]
) -> Gate:
    """Judge an order by the intent, the constraints and the words of its prompt.

    `prompt` is every word that a person chose for the engine, not what an engine's form adds.
    """
    matches = found_in(prompt, ground.prohibited, language=ground.language)
    rules = _strongest([*_constraints(ground, Surface.ORDER), *_matched(matches)])
    gate = _sorted_out(rules, confirmed=confirmed, waived=waived)
    return replace(gate, refusals=(*_lacking(ground), *_silent(ground), *gate.refusals))


def at_review(ground: Ground, waived: Collection[str]) -> Gate:
    """Judge an approval; who has confirmed something at the order is not asked again."""
    return _inside(ground, Surface.REVIEW, waived)


def at_export(ground: Ground, waived: Collection[str]) -> Gate:
    """Judge an export by its constraints; if it is of a circle take is judged elsewhere."""
    return _inside(ground, Surface.EXPORT, waived)


def for_client(ground: Ground) -> tuple[Rule, ...]:
    """List what the client is shown: what names the client, without the sources it rests on."""
    rules = _strongest(_constraints(ground, Surface.CLIENT))
    return tuple(replace(rule, source="", level="") for rule in rules)


def _inside(ground: Ground, surface: Surface, waived: Collection[str]) -> Gate:
    rules = _strongest(_constraints(ground, surface))
    return _sorted_out(rules, confirmed={rule.key for rule in rules}, waived=waived)


def _sorted_out(
    rules: Iterable[Rule], *, confirmed: Collection[str], waived: Collection[str]
) -> Gate:
    blocked: list[Rule] = []
    asked: list[Rule] = []
    told: list[Rule] = []
    lifted: list[Rule] = []
    for rule in rules:
        if rule.effect is Effect.BLOCK:
            (lifted if rule.key in waived else blocked).append(rule)
        elif rule.effect is Effect.ASK and rule.key not in confirmed:
            asked.append(rule)
        else:
            told.append(rule)
    return Gate(tuple(map(_blocked, blocked)), tuple(asked), tuple(told), tuple(lifted))


def _constraints(ground: Ground, surface: Surface) -> list[Rule]:
    return [_rule(each) for each in ground.constraints if surface in each.at]


def _rule(constraint: Constraint) -> Rule:
    return Rule(
        constraint.key,
        str(constraint.kind),
        constraint.text,
        constraint.effect,
        constraint.source,
        constraint.level,
    )


def _matched(matches: Iterable[Match]) -> list[Rule]:
    """Make one rule of every route, with all that the prompt says of it."""
    rules: dict[str, Rule] = {}
    for match in matches:
        route = match.route
        new = Rule(route.key, _ROUTE, route.text, route.effect, route.source, PRODUCTION)
        rule = rules.get(route.key, new)
        rules[route.key] = replace(rule, words=(*rule.words, match.word))
    return list(rules.values())


def _strongest(rules: Iterable[Rule]) -> list[Rule]:
    """Say a rule once that several levels say; no level can weaken what another one says."""
    kept: dict[str, Rule] = {}
    for rule in rules:
        standing = kept.setdefault(rule.key, rule)
        if _WEIGHT[rule.effect] > _WEIGHT[standing.effect]:
            kept[rule.key] = rule
    return list(kept.values())


def _lacking(ground: Ground) -> list[Refusal]:
    return [
        Refusal(
            f"{ground.code} does not say {_LACKING[name]}. Write it with Edit on the scene's card.",
            name,
        )
        for name in missing(ground)
    ]


def _silent(ground: Ground) -> list[Refusal]:
    fields = unexplained(ground)
    if not fields:
        return []
    names = listed(_NAMES.get(name, name) for name in fields)
    text = (
        f"{ground.code} departs from what it inherits in {names} and does not say why. "
        "Write why with Edit on the scene's card."
    )
    return [Refusal(text, "overrides")]


def _blocked(rule: Rule) -> Refusal:
    source = f" (source: {rule.source})" if rule.source else ""
    said = f"{rule.text.rstrip('.')}{source}"
    if rule.words:
        text = f"The prompt says {_quoted(rule.words)}: {said}. Say it otherwise. {_OVERRIDE}"
    else:
        level = "the production" if rule.level == PRODUCTION else rule.level
        text = f"Blocked by a {rule.kind} rule of {level}: {said}. {_OVERRIDE}"
    return Refusal(text, key=rule.key)


def _quoted(words: Iterable[str]) -> str:
    return listed(f'"{word}"' for word in words)
