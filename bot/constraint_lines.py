"""Constraints as people type them, one a line: `[block at export] Rights: text (source: …)`."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar


class ConstraintKind(StrEnum):
    """What a constraint protects."""

    RIGHTS = "rights"
    BRAND = "brand"
    SAFETY = "safety"
    DISCLOSURE = "disclosure"


class Effect(StrEnum):
    """What a rule does where it applies."""

    INFORM = "inform"
    ASK = "ask"
    """A person confirms it with every order; elsewhere it informs."""
    BLOCK = "block"
    """Nothing goes on until a producer overrides it with a reason."""


class Surface(StrEnum):
    """Where a rule is shown, and has its effect."""

    ORDER = "order"
    REVIEW = "review"
    CLIENT = "client"
    """Shown there only if the rule names it."""
    EXPORT = "export"


INSIDE = frozenset({Surface.ORDER, Surface.REVIEW, Surface.EXPORT})
"""Where a rule applies that does not say where."""

Choice = TypeVar("Choice", bound=StrEnum)

_BULLETS = re.compile(r"^(?:[-*\u2022\u00b7]\s+)+")
_BRACKET = re.compile(r"\[([^\[\]]*)\]\s*(.*)", re.DOTALL)
_LABEL = re.compile(r"(\w+)\s*[:\uff1a](.*)", re.DOTALL)
_SOURCE = re.compile(r"\(source:", re.IGNORECASE)


@dataclass(frozen=True)
class Constraint:
    """A rule with a source; `level` is the code of the scene or sequence, or "production"."""

    kind: ConstraintKind
    text: str
    source: str = ""
    effect: Effect = Effect.INFORM
    at: frozenset[Surface] = INSIDE
    level: str = ""

    @property
    def key(self) -> str:
        """What it is confirmed and waived by: the same for one rule wherever it is written."""
        return key_of(self.kind, self.text)


class _Wrong(Exception):  # noqa: N818 - it never leaves this file
    """Why a line cannot be read."""


def read(text: str, level: str, *, forgiving: bool = False) -> tuple[list[Constraint], list[str]]:
    """Read lines, and list a sentence for each that cannot be read.

    `forgiving` is for what was typed before there was a grammar: a line that cannot be read is a
    brand constraint that informs, and nothing is a problem.
    """
    found: list[Constraint] = []
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        said = _BULLETS.sub("", flat(line))
        if not said:
            continue
        try:
            found.append(_one(said, level))
        except _Wrong as wrong:
            if forgiving:
                found.append(_free(said, level))
            else:
                problems.append(f"Line {number}: {wrong}")
    return found, problems


def written(constraints: Iterable[Constraint]) -> str:
    """Write them as `read` reads them, without their level."""
    return "\n".join(map(_line, constraints))


def flat(text: str) -> str:
    """Put a text on one line."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def key_of(*words: str) -> str:
    """Make a rule's key from what it says, however it is spaced and capitalised."""
    said = "\n".join(flat(each).casefold() for each in words)
    return sha256(said.encode(errors="replace")).hexdigest()[:16]


def named(word: str, choices: type[Choice]) -> Choice:
    """Find the choice that a word names; ValueError says what the choices are."""
    said = word.strip().casefold()
    if said in set(choices):
        return choices(said)
    near = get_close_matches(said, list(choices), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise ValueError(f'"{word.strip()[:40]}" is none of {listed(choices)}.{hint}')


def listed(words: Iterable[str]) -> str:
    """Say `rights, brand, safety and disclosure`."""
    *most, last = [str(word) for word in words]
    return f"{', '.join(most)} and {last}" if most else last


def misplaced(effect: Effect, at: frozenset[Surface]) -> str:
    """Say why an effect cannot be had there, or nothing: people are asked only at the order."""
    if effect is Effect.ASK and Surface.ORDER not in at:
        return "people are asked at the order; write ask at order, or block instead of ask."
    return ""


def _one(line: str, level: str) -> Constraint:
    effect, at = Effect.INFORM, INSIDE
    if line.startswith("["):
        bracket = _BRACKET.fullmatch(line)
        if bracket is None:
            raise _Wrong("its bracket is not closed; write for example [block at export] Rights: …")
        effect, at = _bracket(bracket[1])
        line = bracket[2]
    kind, rest = _kind(line)
    text, source = _source(rest.strip())
    if not text:
        raise _Wrong(f"{kind.capitalize()} says nothing; write the rule after the colon.")
    return Constraint(kind, text, source, effect, at, level)


def _bracket(inside: str) -> tuple[Effect, frozenset[Surface]]:
    word, _, where = inside.strip().partition(" ")
    joint, _, names = where.strip().partition(" ")
    if where and (joint.casefold() != "at" or not names.strip()):
        raise _Wrong(f'"[{inside[:60]}]" is not clear; write for example [block at export, client]')
    try:
        effect = named(word, Effect)
        places = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", names.strip(), flags=re.IGNORECASE)
        at = frozenset(named(place, Surface) for place in places) if where else INSIDE
    except ValueError as wrong:
        raise _Wrong(str(wrong)) from wrong
    if why := misplaced(effect, at):
        raise _Wrong(why)
    return effect, at


def _kind(line: str) -> tuple[ConstraintKind, str]:
    label = _LABEL.fullmatch(line)
    if label is None or label[1].casefold() not in set(ConstraintKind):
        kinds = ", ".join(f"{kind.capitalize()}:" for kind in ConstraintKind)
        raise _Wrong(f"it says no kind; begin it with one of {kinds} and then the rule.")
    return ConstraintKind(label[1].casefold()), label[2]


def _source(text: str) -> tuple[str, str]:
    """Split off a source; only what ends the line is one."""
    marks = list(_SOURCE.finditer(text))
    if not marks or not text.endswith(")"):
        return text, ""
    source = text[marks[-1].end() : -1].strip()
    return (text[: marks[-1].start()].rstrip(), source) if source else (text, "")


def _free(line: str, level: str) -> Constraint:
    text, source = _source(line)
    return Constraint(ConstraintKind.BRAND, text or line, source if text else "", level=level)


def _line(constraint: Constraint) -> str:
    at = [surface for surface in Surface if surface in constraint.at]
    where = "" if constraint.at == INSIDE else f" at {', '.join(at)}"
    plain = constraint.effect is Effect.INFORM and not where
    bracket = "" if plain else f"[{constraint.effect}{where}] "
    source = f" (source: {constraint.source})" if constraint.source else ""
    return f"{bracket}{constraint.kind.capitalize()}: {constraint.text}{source}"
