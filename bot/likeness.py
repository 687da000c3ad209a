"""Which pictures look alike, by their perceptual hashes; `bot.reference_files` makes those."""

from collections.abc import Mapping
from dataclasses import dataclass

SAME = 6
"""Bits of 64 up to which two pictures are one picture: resized, recompressed or tinted, which was
measured to change 4 at most."""
SIMILAR = 12
"""Bits up to which they may be: cropped by 2 % a side, graded, or framed alike. Of 1,770 pairs of
other scenes none was nearer than 20, of 1,770 pairs of other logos 3 (tests/bot/test_likeness.py).
"""


@dataclass(frozen=True)
class Alike:
    """Another picture that looks like this one."""

    key: str
    distance: int

    @property
    def is_same(self) -> bool:
        """Whether it is the same picture in another file; else it only looks similar."""
        return self.distance <= SAME


def distance(a: str, b: str) -> int:
    """Count the bits in which two hashes of 16 hex digits differ."""
    return (int(a, 16) ^ int(b, 16)).bit_count()


def alike(one: str, others: Mapping[str, str]) -> list[Alike]:
    """Find what looks like a picture, nearest first.

    An empty hash (a picture of one shade, or no picture) is like nothing.
    """
    if not one:
        return []
    found = [Alike(key, distance(one, other)) for key, other in others.items() if other]
    near = [each for each in found if each.distance <= SIMILAR]
    return sorted(near, key=lambda each: (each.distance, each.key))
