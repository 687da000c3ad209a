"""Every engine of the folder, hired for a test, and pictures of every awkward kind."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engines import Engine, JobSpec, known
from engines.animatic import Animatic

from .toy import Toy, toy_at
from .workflows import EXAMPLE


def no_variables() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class HouseTerms:
    """What our settings will say."""

    engine_work: Path
    engine_variables: Mapping[str, str] = field(default_factory=no_variables)


@pytest.fixture(params=sorted(known()))
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engine]:
    """One engine after another, each with a key if it asks for one."""
    wanted = known()[request.param].facts.variables
    variables = {each.name: each.default or _made_up(each.name) for each in wanted if each.needed}
    hired = known()[request.param].hired(HouseTerms(tmp_path / "work", variables))
    assert hired is not None
    yield hired
    await hired.close()


def _made_up(name: str) -> str:
    return "http://127.0.0.1:9" if name.endswith("_URL") else "a-key"


def an_order(engine: Engine, **changes: object) -> JobSpec:
    """Make the plainest order that an engine's own table allows."""
    caps = engine.caps()
    offer = caps.modes[caps.default_mode]
    ratio, sizes = next(iter(offer.ratios.items()))
    plain: dict[str, object] = {
        "mode": caps.default_mode,
        "prompt": "A paper boat drifts in a gutter after the storm.",
        "seconds": offer.lengths.nearest(5) if offer.lengths else 5,
        "ratio": ratio,
        "resolution": next(iter(sizes)),
        "user_tag": "take-1",
    }
    return JobSpec(**{**plain, **changes})  # pyright: ignore[reportArgumentType]  words from a table


@pytest.fixture
async def animatic(tmp_path: Path) -> AsyncIterator[Animatic]:
    engine = Animatic(tmp_path / "work")
    yield engine
    await engine.close()


@pytest.fixture
async def toys() -> AsyncIterator[Callable[[str], Toy]]:
    """Make engines that are closed when the test is over."""
    made: list[Toy] = []

    def make(url: str, **more: str) -> Toy:
        made.append(toy_at(url, **more))
        return made[-1]

    yield make
    for toy in made:
        await toy.close()


@pytest.fixture
def workflows(tmp_path: Path) -> Path:
    """Copy the example of a ComfyUI workflow to where a test may spoil it."""
    for file in EXAMPLE.iterdir():
        (tmp_path / file.name).write_text(file.read_text())
    return tmp_path
