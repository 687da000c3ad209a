"""What is true of every engine in the folder, found by itself."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import engines
from engines import Engine, EngineError, Output, Ref, RefKind, known

from .conftest import HouseTerms, an_order

PUBLIC = sorted(
    path.stem for path in Path(engines.__file__).parent.glob("*.py") if path.stem[0] != "_"
)


def test_every_public_file_is_one_engine_named_after_it() -> None:
    assert sorted(known()) == PUBLIC


def test_an_engine_that_is_hired_is_found_by_its_name(tmp_path: Path) -> None:
    hired = engines.hire(HouseTerms(tmp_path))
    assert "animatic" in hired
    assert all(name == engine.name for name, engine in hired.items())


def test_hiring_engines_loads_no_picture_or_video_library() -> None:
    ask = (
        "import sys, engines; engines.known();"
        "print({'PIL', 'av', 'numpy'} & {name.split('.')[0] for name in sys.modules})"
    )
    asked = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "set()"


async def test_an_engine_has_a_name_for_people(engine: Engine) -> None:
    assert engine.label
    assert engine.name.islower()


async def test_sizes_are_even_and_fit_their_ratio(engine: Engine) -> None:
    offers = [offer for model in engine.models() for offer in engine.caps(model).modes.values()]
    for ratio, sizes in (each for offer in offers for each in offer.ratios.items()):
        across, down = (float(side) for side in ratio.split(":"))
        for width, height in sizes.values():
            assert width % 2 == height % 2 == 0
            assert width / height == pytest.approx(across / down, rel=0.03)


async def test_a_picture_that_is_kept_is_enough_to_order_with(engine: Engine) -> None:
    """At the form only its hash is known, and no file lies at hand; some want an address too."""
    for model in engine.models():
        for mode, offer in engine.caps(model).modes.items():
            for slot in offer.slots:
                if slot.kind is not RefKind.IMAGE:
                    continue
                kept = Ref(role=slot.role, kind=slot.kind, sha256="ab" * 32, size=90_000)
                order = replace(an_order(engine), model=model, mode=mode, refs=(kept,))
                texts = [each.text for each in engine.validate(order)]
                wanting = [each for each in texts if "file" in each and "address" not in each]
                assert not wanting, (model, mode)


async def test_a_price_says_where_and_when_it_was_read(engine: Engine) -> None:
    price = engine.caps().price
    assert price.text
    assert price.source
    assert price.dated.year >= 2026


async def test_the_plainest_order_has_no_problem_and_an_estimate(engine: Engine) -> None:
    order = an_order(engine)
    assert engine.validate(order) == []
    estimate = engine.estimate(order)
    assert estimate is None or estimate >= 0


async def test_a_length_that_is_not_offered_is_a_problem_at_its_field(engine: Engine) -> None:
    problems = engine.validate(an_order(engine, seconds=3600.0))
    assert [problem.field for problem in problems] == ["seconds"]


async def test_a_ratio_that_is_not_offered_is_a_problem_at_its_field(engine: Engine) -> None:
    problems = engine.validate(an_order(engine, ratio="7:1"))
    assert [problem.field for problem in problems] == ["ratio"]


async def test_an_output_that_is_nowhere_is_refused_in_a_sentence(
    engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(EngineError, match=r"\.$"):
        await engine.download(Output(), tmp_path / "nothing.mp4")
    assert not (tmp_path / "nothing.mp4").exists()
