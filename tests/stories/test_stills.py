"""A still goes the whole way a clip goes, and a file of another kind than ordered is not lost."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from bot.commands import file as file_command
from storage import cards
from storage.models import Card, CardKind, Take, TakeState
from tests.databases import sqlite_copy
from tests.factories import all_shown, scene_of
from tests.stage import CLIENT, TEAM
from tests.stories._engines import Engines, engines_opened, text_of
from tests.workspace.records import Message

pytestmark = pytest.mark.asyncio(loop_scope="module")
VENDORS = ("runway", "luma", "luma_dream_machine", "firefly")
STILLS = ("runway/gen4_image", "luma/uni-1", "luma_dream_machine/photon-1", "firefly/image5")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(
    sqlite_ready: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Engines]:
    folder = tmp_path_factory.mktemp("stills")
    url = sqlite_copy(sqlite_ready, folder)
    async with engines_opened(url, folder, only=VENDORS) as stage:
        yield stage


async def ordered(stage: Engines, choice: str) -> Take:
    """Order a still by the form; engines that make clips as well are asked for one."""
    scene = await stage.scene()
    before = {take.id for take in await stage.takes()}
    form = await stage.ordering(scene, choice)
    if any(each.get("block_id") == "mode" for each in form["blocks"]):
        await stage.changed("mode", "t2i")
    seen = await stage.sent()
    assert seen.is_closed, seen.errors
    [take] = [take for take in await stage.takes() if take.id not in before]
    assert take.still
    return take


async def shown(stage: Engines, take: Take) -> Take:
    """Wait until a take is over and Slack has its picture; give it as it is then."""
    return await stage.take(await stage.ended(take))


async def card_in(stage: Engines, take: Take, kind: CardKind) -> Card | None:
    async with stage.studio.db.read() as session:
        return await cards.of_subject(session, take.workspace_id, kind, take.id)


async def thread_of(stage: Engines, take: Take) -> list[Message]:
    """Give everything that was said where a take's card stands."""
    await all_shown(stage)
    card = await card_in(stage, take, CardKind.TAKE)
    assert card is not None
    return [each for each in stage.messages(TEAM) if each.thread_ts == card.thread_ts]


@pytest.mark.parametrize("choice", STILLS)
async def test_a_still_comes_as_a_picture_with_its_slate_and_without_a_video(
    stage: Engines, choice: str
) -> None:
    take = await shown(stage, await ordered(stage, choice))
    assert take.state is TakeState.WAITING, take.problem
    assert take.width > 0
    assert take.height > 0
    assert (take.seconds, take.sheet_sha256, take.proxy_sha256) == (0, None, None)
    assert take.probe["format"] in {"PNG", "JPEG", "WEBP"}
    said = text_of(await stage.card(take, "Approve", take.poster_file_id or "-"))
    assert f"{take.width} × {take.height}" in said  # noqa: RUF001 - sizes are written with this sign
    assert "Contact sheet" not in said
    everything = " ".join(text_of(each) for each in await thread_of(stage, take))
    assert "proxy" not in everything.lower()
    assert await card_in(stage, take, CardKind.VIDEO) is None
    poster = stage.slack.state.files[take.poster_file_id or ""]
    with Image.open(poster.path) as picture:
        assert picture.height > picture.width * take.height / take.width, "the slate lies below"


async def test_a_client_decides_on_a_still_by_its_picture(stage: Engines) -> None:
    take = await shown(stage, await ordered(stage, "runway/gen4_image"))
    before = {each.ts for each in stage.messages(CLIENT)}
    card = await stage.card(take, "Approve", take.poster_file_id or "-")
    await stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    theirs = await stage.slack.until(
        lambda _: next(iter(stage.cards_with("client_approve", CLIENT)), None), seconds=15
    )
    said = text_of(theirs)
    assert (take.poster_file_id or "-") in said
    assert "a still for your decision" in said
    assert "video" not in said
    assert "Runway" not in said
    await stage.slack.press("client_approve", channel=CLIENT, ts=theirs.ts, user="dana")
    done = await stage.became(take, TakeState.APPROVED)
    await all_shown(stage)
    assert done.sha256 == take.sha256
    assert {each.ts for each in stage.messages(CLIENT)} - before == {theirs.ts}


async def test_stills_of_several_engines_are_compared_on_one_sheet(stage: Engines) -> None:
    scene = await scene_of(stage, await stage.scene())
    before = {take.id for take in await stage.takes()}
    words = f"take {scene.code} --engines runway/gen4_image,luma/uni-1,firefly/image5"
    seen = await stage.slack.command("/scene", words, user="jonas", channel=TEAM)
    assert seen.view, [each["text"] for each in seen.ephemerals]
    seen = await stage.sent()
    assert seen.is_closed, seen.errors
    made = [take for take in await stage.takes() if take.id not in before]
    assert len(made) == 3
    for take in made:
        assert (await stage.ended(take)).state is TakeState.WAITING
    kept = await stage.bake_off(made[0], lambda it: it.sheet_file_id, seconds=20)
    with Image.open(stage.slack.state.files[kept.sheet_file_id or ""].path) as sheet:
        assert sheet.width > sheet.height


async def swapped(stage: Engines, take: Take, form: str, *, after: int) -> Take:
    """Let the vendor send another kind of file than was ordered; give the take at its end."""
    async with asyncio.timeout(10):
        while len(stage.sandbox.jobs("runway")) == after:  # noqa: ASYNC110 - the sandbox rings no bell
            await asyncio.sleep(0.005)
    job = stage.sandbox.jobs("runway")[-1]
    job.order = replace(job.order, picture=replace(job.order.picture, form=form))
    return await stage.ended(take)


@pytest.mark.parametrize(
    ("choice", "form", "said"),
    [
        ("runway/gen4.5", "png", "This is a picture (PNG), not a video."),
        ("runway/gen4_image", "mp4", "This is a video, not a picture."),
        ("runway/gen4.5", "zip", "This is a ZIP archive, not a video."),
    ],
)
async def test_what_cannot_be_shown_is_kept_and_can_be_had(
    stage: Engines, tmp_path: Path, choice: str, form: str, said: str
) -> None:
    stage.sandbox.pace.latency = 1.5
    before = len(stage.sandbox.jobs("runway"))
    take = await stage.order(await stage.scene(seconds="5"), choice)
    take = await swapped(stage, take, form, after=before)
    stage.sandbox.pace.latency = 0.2
    assert take.state is TakeState.FAILED
    assert take.problem.startswith(f"{said} It cannot be shown here, but is kept as it came (")
    assert take.size > 0
    short = (take.sha256 or "")[:12]
    assert await stage.card(take, "Order anew", f"`circletake file {short}`")

    out = tmp_path / "original"
    options = argparse.Namespace(sha256=short, out=out)
    status = await asyncio.to_thread(file_command.run, options, stage.studio.settings)
    assert status == 0
    assert out.stat().st_size == take.size


async def test_a_file_that_cannot_be_shown_is_nothing_to_work_from(stage: Engines) -> None:
    [failed, *_] = [
        take for take in await stage.takes() if take.state is TakeState.FAILED and take.sha256
    ]
    scenes = [(await scene_of(stage, each), each) for each in stage.cards_with("scene_order", TEAM)]
    [scene] = [card for scene, card in scenes if scene.id == failed.scene_id]
    form = await stage.ordering(scene, "runway/gen4.5")
    assert f"take:{failed.id}" not in str(form)


async def test_of_a_hash_that_fits_nothing_or_is_too_short_it_is_said(
    stage: Engines, capsys: pytest.CaptureFixture[str]
) -> None:
    for typed, said in (
        ("abc", "Give at least the first 8 characters of the file's SHA-256."),
        ("0" * 12, "No take's file begins with 000000000000."),
    ):
        options = argparse.Namespace(sha256=typed, out=None)
        status = await asyncio.to_thread(file_command.run, options, stage.studio.settings)
        assert status == 1
        assert capsys.readouterr().err.strip() == said
