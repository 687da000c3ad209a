"""Every engine of the folder, hired for a test, and pictures of every awkward kind."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engines import Engine, JobSpec, known
from engines.animatic import Animatic


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
    key: str | None = getattr(known()[request.param], "key_variable", None)
    variables = {} if key is None else {key: "a-key"}
    hired = known()[request.param].hired(HouseTerms(tmp_path / "work", variables))
    assert hired is not None
    yield hired
    await hired.close()


def an_order(engine: Engine, **changes: object) -> JobSpec:
    """Make the plainest order that an engine's own table allows."""
    caps = engine.caps()
    ratio, sizes = next(iter(caps.ratios.items()))
    plain: dict[str, object] = {
        "mode": min(caps.modes),
        "prompt": "A paper boat drifts in a gutter after the storm.",
        "seconds": caps.lengths.only[0] if caps.lengths.only else caps.lengths.least,
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
