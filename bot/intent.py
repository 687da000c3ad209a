"""What applies to one scene: its intent, and the rules of scene, sequence and production."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from bot.constraint_lines import Constraint, flat, read
from bot.errors import NotNow
from bot.prohibited import ProhibitedRoute
from bot.rulebook import EMPTY, PRODUCTION, Brand, Rules
from storage.models import Scene, Sequence

FIELDS = (
    "purpose",
    "change",
    "feeling",
    "must_carry",
    "must_not_show",
    "visual_rules",
    "story_job",
)
"""The fields of an intent; the last two are no scene's own."""

_OWN = ("purpose", "change", "feeling", "must_carry", "must_not_show")


@dataclass(frozen=True)
class Told:
    """What a field says, and where that was written: a code, or "production"."""

    text: str = ""
    level: str = ""


@dataclass(frozen=True)
class Ground:
    """What a scene stands on; every gate is judged by it."""

    code: str
    purpose: Told
    change: Told
    feeling: Told
    must_carry: Told
    must_not_show: Told
    visual_rules: Told
    story_job: Told
    constraints: tuple[Constraint, ...] = ()
    """The production's first, the scene's own last."""
    prohibited: tuple[ProhibitedRoute, ...] = ()
    language: str = "english"
    required: tuple[str, ...] = ()
    brand: Brand = EMPTY.brand
    overridden: tuple[str, ...] = ()
    """The fields in which the scene departs from what it would inherit."""
    overrides: str = ""
    """Why it departs."""

    def told(self, field: str) -> Told:
        """Give one of `FIELDS` by its name."""
        found: Told = getattr(self, field)
        return found


def lineage_of(sequence: Sequence, by_id: Mapping[str, Sequence]) -> list[Sequence]:
    """List a sequence and those it inherits from, nearest first; NotNow if it is a circle."""
    lineage = [sequence]
    while (inherits := lineage[-1].inherits_id) and (parent := by_id.get(inherits)):
        if parent.id in {each.id for each in lineage}:
            raise NotNow(_circle([*lineage, parent]))
        lineage.append(parent)
    return lineage


def ground_of(scene: Scene, lineage: Iterable[Sequence], rules: Rules) -> Ground:
    """Lay out what applies to a scene.

    The nearest text of a field stands and the others are silent; constraints add up.
    """
    sequences = tuple(lineage)
    inherited = {name: _first(_said_above(name, sequences, rules)) for name in FIELDS}
    own = {name: Told(str(getattr(scene, name)).strip(), scene.code) for name in _OWN}
    told = inherited | {name: each for name, each in own.items() if each.text}
    return Ground(
        code=scene.code,
        **told,
        constraints=_constraints(scene, sequences, rules),
        prohibited=rules.prohibited,
        language=rules.language,
        required=rules.required,
        brand=rules.brand,
        overridden=tuple(name for name in _OWN if _departs(own[name], inherited[name])),
        overrides=scene.overrides.strip(),
    )


def missing(ground: Ground) -> list[str]:
    """List the required fields that nobody has filled in."""
    return [name for name in ground.required if not ground.told(name).text]


def unexplained(ground: Ground) -> tuple[str, ...]:
    """List the fields in which a scene departs from its sequence without saying why."""
    return () if ground.overrides else ground.overridden


def _said_above(name: str, lineage: Iterable[Sequence], rules: Rules) -> Iterator[Told]:
    for sequence in lineage:
        yield Told(str(getattr(sequence, name, "")).strip(), sequence.code)
    yield Told(str(getattr(rules, name, "")).strip(), PRODUCTION)


def _first(told: Iterable[Told]) -> Told:
    return next((each for each in told if each.text), Told())


def _departs(own: Told, inherited: Told) -> bool:
    """Say whether both say something, and not the same."""
    said, above = flat(own.text).casefold(), flat(inherited.text).casefold()
    return bool(said and above) and said != above


def _constraints(
    scene: Scene, lineage: tuple[Sequence, ...], rules: Rules
) -> tuple[Constraint, ...]:
    levels = [*reversed(lineage), scene]
    typed = (read(each.constraints, each.code, forgiving=True)[0] for each in levels)
    return (*rules.constraints, *chain.from_iterable(typed))


def _circle(sequences: list[Sequence]) -> str:
    """Tell the circle from where it closes."""
    *_, last = sequences
    begin = next(place for place, each in enumerate(sequences) if each.id == last.id)
    first, second, *rest = [each.code for each in sequences[begin:]]
    onward = "".join(f", which inherits from {code}" for code in rest)
    said = "itself" if first == second else second
    return f"{first} inherits from {said}{onward}. Choose another sequence to inherit from."
