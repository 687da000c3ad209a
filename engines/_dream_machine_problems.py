"""What an order at Dream Machine gets wrong beyond its tables, said before money is spent."""

from collections.abc import Iterator

from ._dream_machine_body import BY_JOB
from ._dream_machine_tables import CROP, WEIGHTS
from ._job import JobSpec
from ._luma_native import listed, number, word
from ._problems import Problem
from ._words import Mode, RefRole


def problems_in(spec: JobSpec) -> Iterator[Problem]:
    """Find frames and jobs that are missing, and options that cannot be read."""
    yield from _frame_problems(spec)
    if spec.mode in BY_JOB and not all(ref.job for ref in spec.refs if ref.role is RefRole.SOURCE):
        text = f"Dream Machine {BY_JOB[spec.mode]} takes of its own only; choose one of those."
        yield Problem("refs", text)
    yield from _number_problems(spec)
    tags = {ref.tag for ref in spec.refs_in(RefRole.REFERENCE)}
    for tag in (tag for tag in listed(spec, "character") if tag not in tags):
        yield Problem("native", f"character names {tag}, and no reference has that tag.")


def _frame_problems(spec: JobSpec) -> Iterator[Problem]:
    first, last = bool(spec.refs_in(RefRole.FIRST)), bool(spec.refs_in(RefRole.LAST))
    if spec.mode is Mode.IMAGE_TO_VIDEO and not first and not last:
        yield Problem("refs", "A clip from frames needs a first or a last frame.")
    if spec.mode is Mode.EXTEND:
        is_back = word(spec, "direction") == "backward"
        if first and not is_back:
            text = "What goes on from a take's end begins with the take; give a last frame at most."
            yield Problem("refs", text)
        if last and is_back:
            text = "What leads to a take's start ends with the take; give a first frame at most."
            yield Problem("refs", text)


def _number_problems(spec: JobSpec) -> Iterator[Problem]:
    for name in CROP:
        if (told := word(spec, name)) and not told.removeprefix("-").isdecimal():
            yield Problem("native", f"{name} is a whole number of pixels, not {told}.")
    for name in WEIGHTS.values():
        try:
            weight = number(spec, name)
        except ValueError:
            weight = -1.0
        if weight is not None and not 0 <= weight <= 1:
            yield Problem("native", f"{name} is a number from 0 to 1, not {word(spec, name)}.")
