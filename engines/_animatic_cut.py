"""Decide which picture is seen when, and mix two of them while one dissolves into the next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ._animatic_camera import View
from ._animatic_planes import Planes
from ._animatic_stage import Layer, Size, compose
from ._job import Ref
from ._words import RefRole

_DISSOLVE_SECONDS = 0.5
_CUT = re.compile(r"\b(?:smash|hard|jump|match)[\s-]?cut|\bcuts?\b|\bcutting\b")


@dataclass(frozen=True, slots=True)
class Edit:
    """The order of pictures: when each begins (0 to 1); `dissolve` is half a mix's length."""

    begins: tuple[float, ...]
    dissolve: float

    def shares(self, moment: float) -> tuple[int, int, float]:
        """Name the picture that is seen, the one that mixes in, and its share."""
        now = max(number for number, begin in enumerate(self.begins) if begin <= moment + 1e-9)
        if self.dissolve:
            after, before = self.begins[now + 1 : now + 2], self.begins[now]
            if after and moment > after[0] - self.dissolve:
                return now, now + 1, _soft((moment - after[0] + self.dissolve) / self.dissolve / 2)
            if now and moment < before + self.dissolve:
                return now - 1, now, _soft((moment - before + self.dissolve) / self.dissolve / 2)
        return now, now, 0.0


def in_order(refs: Sequence[Ref]) -> list[Ref]:
    """Put the first frame first, the last frame last, and the rest where they are."""
    rank = {RefRole.FIRST: 0, RefRole.LAST: 2}
    return sorted(refs, key=lambda ref: rank.get(ref.role, 1))


def edit_of(refs: Sequence[Ref], words: str, *, seconds: float) -> Edit:
    """Spread pictures evenly over the clip, unless each says when it begins; cut if asked to."""
    count = max(len(refs), 1)
    begins = tuple(number / count for number in range(count))
    told = [ref.at / seconds for ref in refs if ref.at is not None and 0 <= ref.at < seconds]
    if len(told) == count and told == sorted(set(told)):
        begins = (0.0, *told[1:])
    if count == 1 or _CUT.search(words.lower()):
        return Edit(begins, 0.0)
    shortest = min(b - a for a, b in zip(begins, (*begins[1:], 1.0), strict=True))
    return Edit(begins, min(_DISSOLVE_SECONDS / seconds, shortest * 0.5) / 2)


class Projector:
    """Composes one moment after another, and keeps the last picture while nothing moves."""

    def __init__(self, stages: Sequence[Sequence[Layer]], edit: Edit, size: Size) -> None:
        self.stages = stages
        self.edit = edit
        self.size = size
        self._seen: tuple[tuple[int, int, float], View] | None = None
        self._kept = Planes.blank(size)

    def frame(self, moment: float, view: View) -> Planes:
        """Compose the frame of one moment, for the caller to draw on."""
        shares = self.edit.shares(moment)
        if self._seen != (shares, view):
            self._seen = shares, view
            self._kept = self._composed(*shares, view)
        return self._kept.copy()

    def _composed(self, one: int, other: int, share: float, view: View) -> Planes:
        frame = compose(self.stages[one], self.size, view)
        if one == other:
            return frame
        return frame.mixed(compose(self.stages[other], self.size, view), share)


def _soft(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)
