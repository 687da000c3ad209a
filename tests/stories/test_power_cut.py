"""The power is cut at every line that matters, and afterwards everything is there once."""

import shutil
from pathlib import Path

import pytest

from storage import Database
from storage.models import TakeState
from tests.bot._clips import drawn as film
from tests.conftest import IN_CI
from tests.databases import postgres_copy
from tests.stories import _once as once
from tests.stories._cuts import CUTS, Cut
from tests.stories._doomed import Point
from tests.stories._power import Power, powered

_ALSO_ON_POSTGRES = {"order-committed", "paid-asked", "card-posted"}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make what the paid engine delivers."""
    return film(tmp_path_factory.mktemp("clip") / "clip.mp4", "testsrc2=r=24:s=320x180:d=1")


async def _all_is_there_once(folder: Path, url: str, clip: Path, cut: Cut, *more: Point) -> None:
    shutil.copy(clip, folder / "clip.mp4")
    async with powered(folder, url, (cut.point, *more)) as (power, db):
        scene = await power.scene_opened()
        await power.take_ordered(scene, engine=cut.engine)
        if cut.ends is TakeState.APPROVED:
            await power.take_approved()
        await _found_once(power, db, cut)
        assert power.cuts == 1 + len(more)


async def _found_once(power: Power, db: Database, cut: Cut) -> None:
    await once.settled(power, db)
    take = await once.the_take(db)
    assert take.state is cut.ends
    await once.logged_once(power, db, take)
    await once.shown_once(power, db, take)
    once.kept_whole(power, take)
    assert once.paid_for(power) == [take.id] * cut.paid
    assert once.drawn(power) == (cut.engine == "animatic")
    assert once.work(power) == [(take.id, "SUCCESS")]


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.point.name)
async def test_after_a_power_cut_everything_is_there_once(
    tmp_path: Path, sqlite_url: str, clip: Path, cut: Cut
) -> None:
    await _all_is_there_once(tmp_path, sqlite_url, clip, cut)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "cut",
    [cut for cut in CUTS if cut.point.name in _ALSO_ON_POSTGRES],
    ids=lambda cut: cut.point.name,
)
async def test_it_is_there_once_on_postgres_too(
    tmp_path: Path, postgres_ready: tuple[str, str] | None, clip: Path, cut: Cut
) -> None:
    if postgres_ready is None:
        assert not IN_CI, "In CI the PostgreSQL tests may not be skipped."
        pytest.skip("no PostgreSQL server answers on 127.0.0.1")
    with postgres_copy(*postgres_ready) as url:
        await _all_is_there_once(tmp_path, url, clip, cut)


async def test_a_second_power_cut_while_recovering_from_the_first_doubles_nothing(
    tmp_path: Path, sqlite_url: str, clip: Path
) -> None:
    cuts = {cut.point.name: cut for cut in CUTS}
    looking = Point("found", "handlers.room:SlackRoom.find", "after")
    await _all_is_there_once(
        tmp_path, sqlite_url, clip, cuts["card-posted"], looking, cuts["media-made"].point
    )


async def test_a_clean_stop_while_the_engine_works_loses_no_take(
    tmp_path: Path, sqlite_url: str
) -> None:
    drawing = Cut(Point("none", "bot.log:record", "before", "nothing"), "", "animatic", paid=0)
    async with powered(tmp_path, sqlite_url, ()) as (power, db):
        await power.take_ordered(await power.scene_opened(), engine="animatic")
        await once.reached(db, TakeState.RENDERING)
        power.tell_to_stop()
        await power.take_approved()
        await _found_once(power, db, drawing)
        assert power.starts == 2
