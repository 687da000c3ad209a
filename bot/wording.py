"""Put a scene into an engine's words, by its own conventions: a prompt and a negative prompt."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.fitting import Pick
from engines import Offer, RefRole
from storage.models import Scene, Shot

_OBSERVED = ("brand:", "safety:")
"""Constraints that change the picture; rights and disclosure are for people, not for engines."""
_FRAMES = {RefRole.FIRST, RefRole.LAST}


@dataclass(frozen=True)
class Worded:
    """What is said to an engine; `negative` is empty where it takes none."""

    prompt: str
    negative: str


def worded(scene: Scene, shot: Shot, offer: Offer, picks: tuple[Pick, ...]) -> Worded:
    """Compile the words, in the order that video models weigh them."""
    calls = _calls(offer, picks)
    frames = [call for pick, call in calls if call and pick.role in _FRAMES]
    action = " ".join([*frames, (shot.action or scene.purpose).strip()])
    unwanted = scene.must_not_show.strip()
    parts = (
        action,
        shot.framing,
        _line("Camera", shot.camera),
        _line("Mood", scene.feeling),
        *_seen(calls),
        _line("Must be seen", scene.must_carry),
        _line("Observe", " ".join(_observed(scene.constraints))),
        "" if offer.negative else _line("Never show", unwanted),
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


def _observed(constraints: str) -> Iterator[str]:
    for line in constraints.splitlines():
        if line.strip().lower().startswith(_OBSERVED):
            rule = line.partition(":")[2].strip()
            yield rule if rule.endswith(".") else f"{rule}."


def _and(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
