"""A sequence's page as a card and as a file: what it says, and to whom."""

import json
import shutil
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.async_api import async_playwright

from bot.page_files import Wanted, filed
from bot.people import Actor
from bot.reference_status import Seen as Standing
from bot.reference_status import change
from storage.models import (
    ReferenceStatus,
    ReferenceUse,
)
from tests.factories import a_reference
from tests.stage import TEAM, WORKSPACE, Stage
from tests.stories._page import (
    JOB,
    a_page,
    asked,
    circletake,
    current,
    exported,
    production_of,
    told_job,
)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


async def test_a_page_is_one_file_to_hand_over(stage: Stage, tmp_path: Path) -> None:
    scene, take, _, _ = await a_page(stage)
    await exported(stage, scene, take)
    page = tmp_path / "page.html"
    status, told = await circletake(stage, "page", "SQ010", "--out", page)
    assert status == 0, told
    for words in ("Rooftop opener", JOB, "Animatic", "master.mov", "https://example.com/hero"):
        assert words in page.read_text(), words
    assert page.read_text().count("data:image/jpeg") == 1
    for_client = Wanted(await production_of(stage), await told_job(stage), for_client=True)
    client = await filed(stage.studio, for_client, "html", tmp_path)
    assert "Rooftop opener" in client.read_text()
    for words in ("Animatic", "Prompt history", "waits for the team"):
        assert words not in client.read_text(), words


async def test_the_card_of_a_page_leads_to_it_and_posts_it_as_a_file(quick_stage: Stage) -> None:
    _, _, _, canvas = await a_page(quick_stage)
    slack = quick_stage.slack
    seen = await slack.command("/scene", "page", user="jonas", channel=TEAM, wait=8)
    [whisper] = seen.ephemerals
    assert canvas.id in json.dumps(whisper["blocks"])
    for action, name in (("page_html", "SQ010.html"), ("page_client", "SQ010.pdf")):
        await slack.press(action, channel=TEAM, ts=whisper["ts"], user="jonas")
        await quick_stage.app.house.settle()
        assert name in [file.name for file in slack.state.files.values()]


async def test_what_is_on_hold_is_said_to_the_team_and_not_shown_to_the_client(
    quick_stage: Stage, tmp_path: Path
) -> None:
    scene, take, card, canvas = await a_page(quick_stage)
    await quick_stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    await current(quick_stage)
    sequence = await told_job(quick_stage)
    client = Wanted(await production_of(quick_stage), sequence, for_client=True)
    page = await filed(quick_stage.studio, client, "html", tmp_path)
    assert take.sha256
    assert take.sha256 in page.read_text()
    async with quick_stage.studio.db.begin() as session:
        face = await a_reference(session, scene, "Noor", at=quick_stage.studio.clock())
        use = ReferenceUse(
            workspace_id=WORKSPACE, take_id=take.id, reference_id=face.id, version=1,
            sha256="5" * 64, setup_id=take.setup_id,
        )  # fmt: skip
        session.add(use)
    maya = Actor(WORKSPACE, quick_stage.slack.person("maya").id, WORKSPACE)
    await change(
        quick_stage.studio, maya, Standing.of(face), ReferenceStatus.RESTRICTED,
        reason="She asked us to stop.", key="one",
    )  # fmt: skip
    await current(quick_stage)
    assert "## On hold" in canvas.markdown
    assert "Noor: restricted" in canvas.markdown
    page = await filed(quick_stage.studio, client, "html", tmp_path)
    assert "Noor" not in page.read_text()
    assert take.sha256 not in page.read_text()


async def test_whoever_is_not_of_the_crew_gets_no_page(quick_stage: Stage) -> None:
    await a_page(quick_stage)
    assert "Only owners, producers" in await asked(quick_stage, user="sam")
    assert "There is no sequence SQ990" in await asked(quick_stage, "page SQ990")


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium")
async def test_the_file_opens_in_a_browser_that_asks_nobody(
    quick_stage: Stage, tmp_path: Path
) -> None:
    scene, take, _, _ = await a_page(quick_stage)
    await exported(quick_stage, scene, take)
    sequence = await told_job(quick_stage)
    wanted = Wanted(await production_of(quick_stage), sequence)
    page = await filed(quick_stage.studio, wanted, "html", tmp_path)
    printed = await filed(quick_stage.studio, wanted, "pdf", tmp_path)
    sheets = pdfium.PdfDocument(printed)
    assert JOB in " ".join(sheets[0].get_textpage().get_text_range().split())
    requests: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = await browser.new_page(offline=True)
        tab.on("request", lambda each: requests.append(each.url))
        await tab.goto(page.as_uri())
        widths: list[int] = await tab.evaluate("[...document.images].map(it => it.naturalWidth)")
        await browser.close()
    assert [each for each in requests if not each.startswith("data:")] == [page.as_uri()]
    assert len(widths) >= 1
    assert all(widths)
