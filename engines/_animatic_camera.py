"""Read a camera move out of a person's words, and say where the camera looks at every moment.

A `View` is an offset from the composed frame. Turning (pan, tilt, zoom) shifts near and far alike;
travelling (truck, rise, dolly) shifts what is near more; orbit turns about the subject.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, Self


class View(NamedTuple):
    """Offsets in units of the free travel, and magnifications as logarithms, so that views add."""

    pan: float = 0.0
    tilt: float = 0.0
    truck: float = 0.0
    rise: float = 0.0
    orbit: float = 0.0
    dolly: float = 0.0
    zoom: float = 0.0

    def plus(self, other: "View", *, share: float = 1.0) -> Self:
        """Add a share of another view."""
        return self._make(mine + theirs * share for mine, theirs in zip(self, other, strict=True))


@dataclass(frozen=True, slots=True)
class Move:
    """One kind of camera move: how to hear it, where it starts and how far it goes."""

    name: str
    glyph: str
    heard: str
    start: View
    way: View


_IN = r"(?:in|into|forwards?|towards?|closer)\b"
_OUT = r"(?:out|back|backwards?|away)\b"
_TRAVEL = r"\b(?:truck|dolly|track|slide|slider|crab|travel|move|drift|glide)(?:s|es|ing|ies)?\s*"
_RISE = r"\b(?:crane|jib|boom|pedestal|lift|camera)(?:s|es|ing)?\s*"

MOVES: tuple[Move, ...] = (
    Move(
        "dolly zoom",
        "zoom_in",
        r"dolly[\s-]?zoom|zolly|vertigo|contra[\s-]?zoom",
        View(zoom=0.34),
        View(dolly=0.3, zoom=-0.3),
    ),
    Move(
        "push in",
        "in",
        rf"\b(?:push|dolly|dollies|creep|move|drift|float|glide|track|fly)(?:s|es|ing)?[\s-]*{_IN}"
        r"|\bpush(?:es|ing)?\b",
        View(),
        View(dolly=0.26),
    ),
    Move(
        "pull out",
        "out",
        rf"\b(?:pull|dolly|dollies|move|drift|float|glide|track|fly)(?:s|es|ing)?[\s-]*{_OUT}"
        r"|\bpull(?:s|ing)?\b",
        View(dolly=0.26),
        View(dolly=-0.26),
    ),
    Move("zoom out", "out", rf"\bzoom(?:s|ing)?[\s-]*{_OUT}", View(zoom=0.3), View(zoom=-0.3)),
    Move("zoom in", "in", r"\b(?:crash[\s-]?)?zoom(?:s|ing)?\b", View(), View(zoom=0.34)),
    Move(
        "truck left",
        "left",
        rf"{_TRAVEL}left\b",
        View(truck=0.5, zoom=0.12),
        View(truck=-1.0),
    ),
    Move(
        "truck right",
        "right",
        rf"{_TRAVEL}right\b|\blateral\w*",
        View(truck=-0.5, zoom=0.12),
        View(truck=1.0),
    ),
    Move(
        "pan left", "left", r"\bpan(?:s|ning)?\s*left\b", View(pan=0.5, zoom=0.12), View(pan=-1.0)
    ),
    Move(
        "pan right",
        "right",
        r"\bpan(?:s|ning)?\b(?:\s*right\b)?",
        View(pan=-0.5, zoom=0.12),
        View(pan=1.0),
    ),
    Move(
        "tilt down",
        "down",
        r"\btilt(?:s|ing)?\s*down\w*",
        View(tilt=-0.5, zoom=0.12),
        View(tilt=1.0),
    ),
    Move(
        "tilt up",
        "up",
        r"\btilt(?:s|ing)?\b(?:\s*up\w*)?",
        View(tilt=0.5, zoom=0.12),
        View(tilt=-1.0),
    ),
    Move(
        "crane down",
        "down",
        rf"{_RISE}down\w*|\b(?:descend|lower)(?:s|ing)?\b",
        View(rise=-0.6, zoom=0.12),
        View(rise=1.1, dolly=0.06),
    ),
    Move(
        "crane up",
        "up",
        rf"{_RISE}up\w*|\b(?:crane|jib|boom|pedestal)(?:s|ing)?\b|\b(?:rise|rising|ascend)\w*",
        View(rise=0.6, zoom=0.12, dolly=0.06),
        View(rise=-1.1, dolly=-0.06),
    ),
    Move(
        "orbit left",
        "orbit_left",
        r"\b(?:orbit|arc|circle|revolve)(?:s|ing)?\s*left\b(?:\s*around\b)?|\bcounter[\s-]?clockwise\b",
        View(orbit=0.6, zoom=0.13),
        View(orbit=-1.2),
    ),
    Move(
        "orbit right",
        "orbit_right",
        r"\b(?:orbit|arc|circl|revolv)\w*\b(?:\s*right\b)?|\b360\b|\bclockwise\b|\baround\b",
        View(orbit=-0.6, zoom=0.13),
        View(orbit=1.2),
    ),
    Move(
        "aerial",
        "up",
        r"\b(?:drone|aerial|fly|flying|flyover)\b",
        View(rise=0.4, zoom=0.1),
        View(rise=-0.7, dolly=0.1),
    ),
    Move(
        "track",
        "right",
        r"\b(?:track|follow|steadicam|gimbal)(?:s|ing)?\b|\btruck(?:s|ing)?\b|\bslider?\b",
        View(truck=-0.4, zoom=0.12),
        View(truck=0.8),
    ),
    Move(
        "dolly",
        "in",
        r"\bdoll(?:y|ies|ying)\b",
        View(),
        View(dolly=0.22),
    ),
    Move(
        "handheld",
        "hand",
        r"\bhand[\s-]?held\b|\bshak\w+|\bshoulder[\s-]?(?:rig|cam)\b|\bv[ée]rit[ée]\b",
        View(zoom=0.09),
        View(),
    ),
    Move(
        "static",
        "static",
        r"\bstatic\b|\block(?:ed)?(?:[\s-]?(?:off|down))?\b|\btripod\b|\bstill\b|\bfixed\b|\bhold\b",
        View(),
        View(),
    ),
)

_ADVERBS = re.compile(
    r"\b(?:slow(?:ly)?|gentl[ey]|subtl[ey]|smooth(?:ly)?|quick(?:ly)?|fast|rapid(?:ly)?|very|a|the|to"
    r"|camera|shot|from|towards? the)\b"
)
_ACROSS = re.compile(r"\b(?:left|right)[\s-]+to[\s-]+(?:the[\s-]+)?(left|right)\b")
_SLOW = re.compile(r"\b(?:slow|slowly|gentle|gently|subtle|subtly|creep\w*|barely|slight\w*)\b")
_FAST = re.compile(r"\b(?:fast|quick|quickly|rapid|rapidly|sweeping|dramatic)\b")
_SNAP = re.compile(r"\b(?:whip|crash|snap|swish)\b")
_THEN = re.compile(r"\bthen\b|\bfollowed by\b|;|→|->")
_DRIFT = Move("", "", "", View(), View(dolly=0.05))
MOST_IN = 0.62


@dataclass(frozen=True, slots=True)
class Path:
    """Moves in order; those of one leg happen together."""

    legs: tuple[tuple[Move, ...], ...]
    amount: float
    snap: bool

    @property
    def moves(self) -> tuple[Move, ...]:
        """Every move in the order it begins."""
        return tuple(move for leg in self.legs for move in leg)

    @property
    def roams(self) -> tuple[bool, bool]:
        """Whether it crosses the picture sideways, and up or down."""
        way = [move.way for move in self.moves]
        sideways = any(one.pan or one.truck for one in way)
        return sideways, any(one.tilt or one.rise for one in way)

    @property
    def label(self) -> str:
        """The understood moves in the trade's words; empty if none were."""
        legs = (" + ".join(move.name for move in leg) for leg in self.legs)
        return ", then ".join(leg for leg in legs if leg)

    def at(self, moment: float, *, seconds: float, seed: int) -> View:
        """Say where the camera looks when `moment` (0 to 1) of the clip has gone by."""
        view, amount = View(), self.amount * _reach(seed)
        for move in self.moves:
            view = view.plus(move.start, share=amount if _is_offset(move) else 1.0)
        for number, leg in enumerate(self.legs):
            gone = self._eased(moment * len(self.legs) - number)
            for move in leg:
                view = view.plus(move.way, share=gone * amount)
        if any(move.glyph == "hand" for move in self.moves):
            view = view.plus(_tremor(moment * seconds, seed))
        return view._replace(dolly=max(view.dolly, 0.0), zoom=min(max(view.zoom, 0.0), MOST_IN))

    def _eased(self, moment: float) -> float:
        gone = min(max(moment, 0.0), 1.0)
        if self.snap:
            gone = min(max((gone - 0.36) / 0.28, 0.0), 1.0)
            return gone * gone * (3 - 2 * gone)
        soft = 0.5 - 0.5 * math.cos(math.pi * gone)
        return 0.35 * gone + 0.65 * soft


def path_of(words: str) -> Path:
    """Read the camera text; what is not understood becomes a barely visible drift."""
    text = words.lower()
    legs = [tuple(_heard_in(part)) for part in _THEN.split(text)]
    heard = tuple(leg for leg in legs if leg) or ((_DRIFT,),)
    return Path(heard, _amount(text), bool(_SNAP.search(text)))


def _heard_in(part: str) -> Iterable[Move]:
    straight = _ACROSS.sub(lambda told: told[1], part)
    rest = re.sub(r"\s+", " ", _ADVERBS.sub(" ", straight))
    for move in MOVES:
        rest, found = re.subn(move.heard, " | ", rest)
        if found:
            yield move


def _amount(text: str) -> float:
    if _SNAP.search(text) or _FAST.search(text):
        return 1.4
    return 0.6 if _SLOW.search(text) else 1.0


def _is_offset(move: Move) -> bool:
    """Tell moves whose start is half their way, and must shrink with it, from a plain margin."""
    return move.way != View()


def _reach(seed: int) -> float:
    """Say how far this take goes: no operator makes the same move twice."""
    return 0.85 + 0.15 * Random(seed).random()  # noqa: S311  as in _tremor


def _tremor(now: float, seed: int) -> View:
    """Breathe and sway like an operator who stands still, the same for the same seed."""
    chance = Random(seed)  # noqa: S311  a drawing needs repeatable chance, not secrecy
    sway = [0.0, 0.0]
    for rate, reach in ((0.43, 0.20), (0.97, 0.11), (2.1, 0.05), (4.7, 0.015)):
        for axis in (0, 1):
            turn = chance.random() * math.tau
            sway[axis] += reach * math.sin(math.tau * rate * now + turn)
    return View(pan=sway[0] * 0.8, tilt=sway[1])
