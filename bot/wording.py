"""Put a scene into an engine's words, by its own conventions: a prompt and a negative prompt."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.constraint_lines import Constraint, ConstraintKind, Effect, Surface
from bot.fitting import Pick
from bot.intent import Ground
from engines import Offer, RefRole
from storage.models import Shot

NEVER = "Never show"
"""How a prompt begins to say what must not be seen, where an engine takes no negative prompt."""
_OBSERVED = frozenset({ConstraintKind.BRAND, ConstraintKind.SAFETY})
"""Constraints that change the picture, where they inform; rights and disclosure, and what a person
has to confirm, are for people and not for engines."""
_FRAMES = {RefRole.FIRST, RefRole.LAST}


@dataclass(frozen=True)
class Worded:
    """What is said to an engine; `negative` is empty where it takes none."""

    prompt: str
    negative: str


def worded(ground: Ground, shot: Shot, offer: Offer, picks: tuple[Pick, ...]) -> Worded:
    """Compile the words, in the order that video models weigh them."""
    calls = _calls(offer, picks)
    frames = [call for pick, call in calls if call and pick.role in _FRAMES]
    action = " ".join([*frames, (shot.action or ground.purpose.text).strip()])
    unwanted = ground.must_not_show.text.strip()
    parts = (
        action,
        shot.framing,
        _line("Camera", shot.camera),
        _line("Mood", ground.feeling.text),
        _line("Look", " ".join(ground.visual_rules.text.split())),
        *_seen(calls),
        _line("Must be seen", ground.must_carry.text),
        _line("Observe", " ".join(_observed(ground.constraints))),
        "" if offer.negative else _line(NEVER, unwanted),
    )
    prompt = "\n".join(part.strip() for part in parts if part.strip())
    return Worded(prompt, unwanted if offer.negative else "")


def _line(what: str, told: str) -> str:
    return f"{what}: {told.strip()}" if told.strip() else ""


def _calls(offer: Offer, picks: tuple[Pick, ...]) -> list[tuple[Pick, str]]:
    """Pair each pick with how this engine's prompts call it, or with nothing."""
    paired: list[tuple[Pick, str]] = []
    for pick in picks:
        slot = offer.slot(pick.role, pick.kind)
        index = sum(1 for each, _ in paired if (each.role, each.kind) == (pick.role, pick.kind))
        call = slot.call if slot else ""
        paired.append((pick, call.format(tag=pick.tag, index=index, number=index + 1)))
    return paired


def _seen(calls: list[tuple[Pick, str]]) -> Iterator[str]:
    """Say who and what the references show, by name where the engine can be told."""
    references = [each for each in calls if each[0].role is RefRole.REFERENCE]
    yield from (f"{call} is {pick.name}." for pick, call in references if call)
    silent = [pick.name for pick, call in references if not call]
    if silent:
        yield f"The reference pictures show {_and(silent)}."


def _observed(constraints: Iterable[Constraint]) -> Iterator[str]:
    for each in constraints:
        if each.kind in _OBSERVED and each.effect is Effect.INFORM and Surface.ORDER in each.at:
            yield each.text if each.text.endswith(".") else f"{each.text}."


def _and(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
