"""The colours of a finished take beside the brand's: a note on its record, never a verdict."""

import json
from pathlib import Path

import pytest

from bot.palette_note import palette_note
from handlers.cards.rules import palette
from storage.models import Take, TakeState
from tests.stage import Stage
from tests.stories._rules import written

BRAND = """
brand:
  colours:
    - {name: paper, value: "#F4EFE6", tolerance: 40}
    - {name: signal green, value: "#00FF00", tolerance: 3}
"""


@pytest.fixture
async def stage(quick_stage: Stage) -> Stage:
    await quick_stage.set_up()
    return quick_stage


async def shown(stage: Stage) -> Take:
    """Order a take from the animatic, and see it before the team."""
    await stage.take_ready(await stage.open_scene())
    return await stage.take_in(TakeState.WAITING)


async def test_a_finished_take_is_compared_with_the_brands_colours(stage: Stage) -> None:
    await written(stage, BRAND)
    take = await shown(stage)
    note = take.probe["palette"]
    assert "Nearest to paper #F4EFE6: " in note
    assert "within 40" in note
    assert "Not seen: signal green." in note
    assert take.probe["frames"] > 0
    [drawn] = palette(take)
    assert "signal green" in json.dumps(drawn)


async def test_without_a_palette_nothing_is_noted(stage: Stage) -> None:
    take = await shown(stage)
    assert "palette" not in take.probe
    assert palette(take) == []


async def test_a_file_whose_colours_nobody_can_tell_is_left_without_a_note(
    stage: Stage, tmp_path: Path
) -> None:
    await written(stage, BRAND)
    take = await shown(stage)
    broken = tmp_path / "broken"
    broken.write_bytes(b"no film")
    assert await palette_note(stage.studio, take, broken) == ""
    assert await palette_note(stage.studio, take, tmp_path / "gone") == ""
