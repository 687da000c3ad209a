"""The power is cut at every line that matters, and afterwards everything is there once."""

import shutil
from pathlib import Path

import pytest

from storage.models import TakeState
from tests.bot._clips import drawn as film
from tests.stories import _once as once
from tests.stories._cuts import CUTS, Cut
from tests.stories._power import powered


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make what the paid engine delivers."""
    return film(tmp_path_factory.mktemp("clip") / "clip.mp4", "testsrc2=r=24:s=320x180:d=1")


async def _all_is_there_once(folder: Path, database_url: str, clip: Path, *cuts: Cut) -> None:
    first = cuts[0]
    shutil.copy(clip, folder / "clip.mp4")
    points = [cut.point for cut in cuts]
    async with powered(folder, database_url, points) as (power, db):
        scene = await power.scene_opened()
        await power.take_ordered(scene, engine=first.engine)
        if first.ends is TakeState.APPROVED:
            await power.take_approved()
        await once.settled(power, db)

        assert power.cuts == len(cuts)
        take = await once.the_take(db)
        assert take.state is first.ends
        await once.logged_once(power, db, take)
        await once.shown_once(power, db, take)
        once.kept_whole(power, take)
        assert once.paid_for(power) == [take.id] * first.paid
        assert once.drawn(power) == (first.engine == "animatic")
        assert once.work(power) == [(take.id, "SUCCESS")]


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.point.name)
async def test_after_a_power_cut_everything_is_there_once(
    tmp_path: Path, sqlite_url: str, clip: Path, cut: Cut
) -> None:
    await _all_is_there_once(tmp_path, sqlite_url, clip, cut)
