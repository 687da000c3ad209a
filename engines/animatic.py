"""The animatic: a timed sketch of the shot, rendered on this machine, free and without a key."""

import asyncio
import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, Self

from ._animatic_desk import Desk
from ._animatic_folder import Folder
from ._answer import Balance, Handle, Output, Status, Stored
from ._base import Finding, Terms
from ._call import Call
from ._caps import Caps, Lengths, Offer, Price, Slot
from ._clock import wall_clock
from ._errors import Broken, Refused
from ._facts import Facts, Limits, Statement, Variable, limits_of
from ._job import JobSpec, Ref
from ._picture import header_of
from ._problems import Problem, problems_with
from ._sink import MEGABYTE, MOST_BYTES, Sink
from ._words import Cancellation, FailKind, Mode, RefRole

_MOST_MEGAPIXELS = 50
_KEPT_FILMS = 40
_PICTURES = (
    Slot(role=RefRole.FIRST),
    Slot(role=RefRole.LAST),
    Slot(role=RefRole.REFERENCE, most=12),
    Slot(role=RefRole.KEYFRAME, most=12),
)
_SIZES: dict[str, dict[str, tuple[int, int]]] = {
    "16:9": {"720p": (1280, 720), "540p": (960, 540), "1080p": (1920, 1080)},
    "9:16": {"720p": (720, 1280), "540p": (540, 960), "1080p": (1080, 1920)},
    "1:1": {"720p": (960, 960), "540p": (720, 720), "1080p": (1440, 1440)},
    "4:5": {"720p": (864, 1080), "540p": (648, 810), "1080p": (1296, 1620)},
    "4:3": {"720p": (1104, 828), "540p": (832, 624), "1080p": (1664, 1248)},
    "21:9": {"720p": (1512, 648), "540p": (1120, 480), "1080p": (2268, 972)},
    "2.39:1": {"720p": (1482, 620), "540p": (1118, 468), "1080p": (2228, 932)},
}
_OFFER = Offer(
    lengths=Lengths(least=1, most=60),
    ratios=_SIZES,
    slots=_PICTURES,
    prompt_needed=False,
    seed=True,
    fps=(24,),
)
_CAPS = Caps(
    modes=dict.fromkeys((Mode.TEXT_TO_VIDEO, Mode.IMAGE_TO_VIDEO, Mode.REFERENCE_TO_VIDEO), _OFFER),
    price=Price(
        text="free", source="rendered on this machine", dated=date(2026, 11, 22), cents_per_second=0
    ),
    cancel=True,
    progress=True,
    repeatable=True,
    poll_seconds=0.5,
)


class Animatic:
    """Renders in child processes, so that the app stays light and quick.

    The take's id names the order: ordering again is harmless, and so is a kill at any moment,
    because rendering again gives the same bytes.
    """

    name: ClassVar[str] = "animatic"
    label: ClassVar[str] = "Animatic"
    facts: ClassVar[Facts] = Facts(
        maker="Circletake",
        prefix="ANIMATIC",
        variables=(
            Variable(
                name="ANIMATIC_CONCURRENCY", about="How many films are drawn at once.", default="1"
            ),
        ),
        limits=Limits(concurrency=1, each_process=True),
        rights=(
            Statement("A drawing of your own words, made by your own machine.", "documentation"),
        ),
    )

    def __init__(
        self, work: Path, concurrency: int = 1, *, clock: Callable[[], datetime] = wall_clock
    ) -> None:
        self.work = work
        self._clock = clock
        self._concurrency = concurrency
        self._desk = Desk(concurrency)

    @classmethod
    def hired(cls, terms: Terms) -> Self | None:
        """Work in every house; `ANIMATIC_CONCURRENCY` says how many films are drawn at once."""
        limits = limits_of(cls.facts, terms.engine_variables)
        return cls(terms.engine_work / cls.name, limits.concurrency or 1)

    def models(self) -> tuple[str, ...]:
        """Have no models."""
        return ("",)

    def caps(self, model: str = "") -> Caps:
        """Tell what it can do; there are no models."""
        del model
        return _CAPS

    def validate(self, spec: JobSpec) -> list[Problem]:
        """Check an order, and the headers of its pictures."""
        return [*problems_with(spec, _CAPS), *_picture_problems(spec)]

    def estimate(self, spec: JobSpec) -> int | None:
        """Cost nothing."""
        del spec
        return 0

    def rehearse(self, spec: JobSpec) -> Call | None:
        """Send nothing anywhere."""
        del spec

    async def prepare(self, spec: JobSpec) -> JobSpec:
        """Need nothing beforehand."""
        return spec

    async def submit(self, spec: JobSpec) -> Handle:
        """Write the order down; the first look starts it."""
        problems = self.validate(spec)
        if problems:
            raise Refused(" ".join(problem.text for problem in problems))
        if not spec.user_tag:
            raise Refused("An animatic needs the id of the take it is for.")
        return await asyncio.to_thread(self._place, spec)

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Know its own orders by the take, so that nobody need bring an id."""
        del job_id, spec
        raise Refused("An animatic finds its own orders again; there is no id to give.")

    async def poll(self, handle: Handle) -> Status:
        """Look once, and start or restart the rendering if nobody works on it."""
        return await asyncio.to_thread(self._look, handle)

    async def cancel(self, handle: Handle) -> Cancellation:
        """Stop the rendering."""
        stopped = await asyncio.to_thread(self._stop, handle)
        return Cancellation.DONE if stopped else Cancellation.TOO_LATE

    async def download(self, output: Output, sink: Path, *, most: int = MOST_BYTES) -> Stored:
        """Copy the film to where it is kept."""
        del most  # its films are as large as they were ordered
        if output.path is None:
            raise Broken("An animatic is a file here, and this output names none.")
        return await asyncio.to_thread(self._copy, output.path, sink)

    async def balance(self) -> Balance | None:
        """Have no account."""
        return None

    async def preflight(self) -> list[Finding]:
        """Need nothing that a look could find missing."""
        return []

    async def close(self) -> None:
        """End the children."""
        await asyncio.to_thread(self._desk.close)

    def _place(self, spec: JobSpec) -> Handle:
        job_id = hashlib.sha256(spec.user_tag.encode()).hexdigest()[:32]
        folder = self._folder(job_id)
        order = folder.order()
        if order is None:
            order = _order_of(spec, self._clock())
            folder.place(order)
        return Handle(
            engine=self.name,
            id=job_id,
            submitted_at=datetime.fromisoformat(order["at"]),
            extra={"order": order},
        )

    def _look(self, handle: Handle) -> Status:
        folder = self._folder(handle.id)
        if folder.order() is None:
            self._place_again(folder, handle)
        return self._desk.look(folder)

    def _place_again(self, folder: Folder, handle: Handle) -> None:
        """Bring back an order whose folder is gone, from its handle alone."""
        order = handle.extra.get("order")
        if order is None:
            raise Broken("This animatic order is not known here.", kind=FailKind.NOT_FOUND)
        folder.place(order)

    def _stop(self, handle: Handle) -> bool:
        folder = self._folder(handle.id)
        if folder.order() is None:
            self._place_again(folder, handle)
        return self._desk.stop(folder)

    def _folder(self, job_id: str) -> Folder:
        if not job_id.isalnum():
            raise Broken("This is not the number of an animatic order.", kind=FailKind.NOT_FOUND)
        return Folder(self.work / job_id)

    def _copy(self, film: Path, target: Path) -> Stored:
        try:
            with film.open("rb") as file, Sink(target) as sink:
                while piece := file.read(MEGABYTE):
                    sink.take(piece)
                stored = sink.kept()
        except FileNotFoundError as gone:
            raise Broken("The film is gone from the render folder; look again.") from gone
        self._tidy()
        return stored

    def _tidy(self) -> None:
        """Keep the newest films only; an older one can be rendered again from its handle."""
        films = sorted(self.work.glob("*/take.mp4"), key=_age)
        for film in films[_KEPT_FILMS:]:
            shutil.rmtree(film.parent, ignore_errors=True)


def _order_of(spec: JobSpec, now: datetime) -> dict[str, Any]:
    """Write down what the child must know; it works in another folder, so paths are whole."""
    refs = tuple(replace(ref, path=ref.path and ref.path.absolute()) for ref in spec.refs)
    size = list(_OFFER.size_of(spec.ratio, spec.resolution) or ())
    return {"spec": replace(spec, refs=refs).to_json(), "size": size, "at": now.isoformat()}


def _age(film: Path) -> float:
    return -film.stat().st_mtime


def _picture_problems(spec: JobSpec) -> Iterator[Problem]:
    for ref in spec.refs:
        if ref.path is not None:
            yield from _header_problems(ref, ref.path)
        elif not ref.sha256:  # what has a hash is kept here, and is at hand by the time it is drawn
            yield Problem("refs", "The animatic reads pictures that are kept here, not addresses.")


def _header_problems(ref: Ref, path: Path) -> Iterator[Problem]:
    called = f"The reference {ref.tag or path.name}"
    header = header_of(path)
    if header is None:
        yield Problem("refs", f"{called} is not a JPEG, PNG, GIF, WebP, BMP or TIFF picture.")
    elif header.pixels > _MOST_MEGAPIXELS * 1_000_000:
        size = f"{header.width} x {header.height}"
        yield Problem("refs", f"{called} is {size}; the most is {_MOST_MEGAPIXELS} megapixels.")


ENGINE = Animatic
