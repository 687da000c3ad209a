"""The child that renders one animatic: an order as JSON on stdin, a film at the path it is given.

It tells its progress in lines on stdout, runs nicely beside the app, and ends when the app does.
"""

import hashlib
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from ._animatic_board import storyboard
from ._animatic_brief import brief_of
from ._animatic_camera import path_of
from ._animatic_cut import Projector, edit_of, in_order
from ._animatic_film import FPS, write_film
from ._animatic_pictures import Unreadable, plate_of
from ._animatic_planes import Planes
from ._animatic_slate import Slate, words_of
from ._animatic_stage import Layer, Size
from ._job import JobSpec, Ref

NICENESS = 10
AT_FAULT = 3  # the exit code that says: the order is at fault, do not try again
_REPORT_EVERY = 6
_SEED_WORDS = ("scene", "shot", "action", "title")


def frames_of(spec: JobSpec, size: Size, report: Callable[[int, int], None]) -> Iterator[Planes]:
    """Compose the film frame by frame; the same setup gives the same frames, whatever take it is.

    The take's id and the paths of its references therefore have no part in it.
    """
    about = {name: str(value) for name, value in spec.about.items()}
    camera = path_of(about.get("camera", ""))
    seed = seed_of(spec, about)
    pictures = in_order(spec.refs)
    edit = edit_of(
        pictures, f"{about.get('camera', '')} {about.get('action', '')}", seconds=spec.seconds
    )
    stages = _stages(pictures, size, camera.roams, seed=seed) or [
        storyboard(brief_of(about, spec.prompt), size, seed)
    ]
    count = max(round(spec.seconds * FPS), 1)
    words = words_of(about, spec.prompt, move=camera.label, sign=camera.moves[0].glyph)
    slate = Slate(size, words, frames=count, cuts=edit.begins[1:], guides=not pictures)
    shown = Projector(stages, edit, size)
    for number in range(count):
        view = camera.at(number / max(count - 1, 1), seconds=spec.seconds, seed=seed)
        frame = shown.frame(number / count, view)
        slate.onto(frame, number)
        yield frame
        report(number + 1, count)


def seed_of(spec: JobSpec, about: dict[str, str]) -> int:
    """Take the order's seed, or one that its words decide."""
    if spec.seed is not None:
        return spec.seed
    words = "\n".join([*(about.get(name, "") for name in _SEED_WORDS), spec.prompt])
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:6], "big")


def _stages(
    pictures: list[Ref], size: Size, roams: tuple[bool, bool], *, seed: int
) -> list[list[Layer]]:
    paths = [ref.path for ref in pictures if ref.path is not None]
    return [[plate_of(path, size, roams=roams, seed=seed)] for path in paths]


def render(spec: JobSpec, size: Size, target: Path, report: Callable[[int, int], None]) -> None:
    """Write the film; it appears at `target` only when it is whole."""
    unfinished = target.with_name(f"{target.stem}.{os.getpid()}.part")
    try:
        write_film(unfinished, size, frames_of(spec, size, report))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _lead_a_modest_life(spec: JobSpec, size: Size) -> None:
    """Yield to the app, and die by oneself if something spins for ever."""
    os.nice(NICENESS)
    pixels = size[0] * size[1] / (1280 * 720)
    most = int(120 + 4 * spec.seconds * FPS * max(pixels, 1.0))
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))


def main(target: Path, parent: int) -> int:
    """Render the order on stdin for the app with this process id."""
    order = json.load(sys.stdin)
    spec, size = JobSpec.from_json(order["spec"]), (order["size"][0], order["size"][1])
    _lead_a_modest_life(spec, size)

    def report(done: int, count: int) -> None:
        if os.getppid() != parent:
            raise SystemExit("The app is gone; nobody waits for this film.")
        if done % _REPORT_EVERY == 0 or done == count:
            print(f"{done}/{count}", flush=True)  # noqa: T201  this is how the child speaks

    try:
        render(spec, size, target, report)
    except Unreadable as fault:
        print(json.dumps({"fault": str(fault)}), flush=True)  # noqa: T201  the same
        return AT_FAULT
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
