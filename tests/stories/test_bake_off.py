"""One order for several engines: takes of their own, and one sheet that compares them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from storage.models import BakeOff, Take, TakeState
from tests.databases import sqlite_copy
from tests.factories import all_shown, scene_of
from tests.sandbox import Fault
from tests.stage import TEAM
from tests.stories._engines import Engines, engines_opened, text_of
from tests.workspace.records import Message

pytestmark = pytest.mark.asyncio(loop_scope="module")
THREE = "runway,luma,animatic"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(
    sqlite_ready: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Engines]:
    folder = tmp_path_factory.mktemp("bake_off")
    url = sqlite_copy(sqlite_ready, folder)
    async with engines_opened(url, folder, only=("runway", "luma")) as stage:
        yield stage


async def ordered(stage: Engines, engines: str = THREE) -> list[Take]:
    """Order from several engines by the command, and send the form as it is."""
    scene = await scene_of(stage, await stage.scene(seconds="5"))
    before = {take.id for take in await stage.takes()}
    await stage.slack.command(
        "/scene", f"take {scene.code} --engines {engines}", user="jonas", channel=TEAM
    )
    seen = await stage.sent()
    assert seen.is_closed, seen.errors
    made = [take for take in await stage.takes() if take.id not in before]
    return sorted(made, key=lambda take: take.number)


async def compared(stage: Engines, take: Take, *, other_than: str | None = None) -> BakeOff:
    """Wait until the sheet of a take's bake-off is there, and Slack has it."""
    found = await stage.bake_off(
        take, lambda it: it.sheet_file_id and it.sheet_sha256 != other_than
    )
    await all_shown(stage)
    return found


def card_of(stage: Engines, bake_off: BakeOff) -> Message:
    [card] = [
        each for each in stage.messages(TEAM) if (bake_off.sheet_file_id or "-") in text_of(each)
    ]
    return card


async def test_one_order_brings_three_takes_and_one_sheet_on_one_card(stage: Engines) -> None:
    made = await ordered(stage)
    assert sorted(take.engine for take in made) == ["animatic", "luma", "runway"]
    assert len({take.bake_off_id for take in made}) == 1
    for take in made:
        assert (await stage.ended(take)).state is TakeState.WAITING
    sheet = await compared(stage, made[0])
    card = card_of(stage, sheet)
    said = text_of(card)
    assert all(f"*{take.code}*" in said for take in made)
    assert "all are in" in said
    file = stage.slack.state.files[sheet.sheet_file_id or ""]
    with Image.open(file.path) as picture:
        assert picture.format == "JPEG"
        assert 900 < picture.width <= 2400
    for take in made:
        assert (await stage.card(take, "Approve")).ts != card.ts, "each is judged on its own card"


async def test_an_engine_that_refuses_keeps_its_place_on_the_sheet(stage: Engines) -> None:
    stage.sandbox.next("runway", Fault.MODERATION)
    made = await ordered(stage)
    ended = [await stage.ended(take) for take in made]
    assert {take.engine: take.state for take in ended} == {
        "runway": TakeState.FAILED,
        "luma": TakeState.WAITING,
        "animatic": TakeState.WAITING,
    }
    sheet = await compared(stage, made[0])
    assert "Failed" in text_of(card_of(stage, sheet))


async def test_a_take_that_comes_late_is_on_a_new_sheet_on_the_same_card(stage: Engines) -> None:
    stage.sandbox.next("luma", Fault.ANSWER_LOST)
    made = await ordered(stage, "luma,animatic")
    luma = await stage.ended(made[0])
    assert luma.state is TakeState.AMBIGUOUS
    first = await compared(stage, luma)
    card = card_of(stage, first)

    open_one = await stage.card(luma, "take_not_placed")
    await stage.slack.press("take_not_placed", channel=TEAM, ts=open_one.ts, user="jonas")
    assert (await stage.became(luma, TakeState.WAITING)).sha256
    second = await compared(stage, luma, other_than=first.sheet_sha256)
    assert card_of(stage, second).ts == card.ts
    assert (first.sheet_file_id or "-") not in text_of(card_of(stage, second))


async def test_where_every_engine_fails_no_sheet_is_promised(stage: Engines) -> None:
    stage.sandbox.next("runway", Fault.MODERATION)
    stage.sandbox.next("luma", Fault.MODERATION)
    made = await ordered(stage, "runway,luma")
    for take in made:
        assert (await stage.ended(take)).state is TakeState.FAILED
    found = await stage.bake_off(made[0], lambda it: it.sheet_due_at is None, seconds=10)
    assert found.sheet_sha256 is None
