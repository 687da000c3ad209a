"""A sequence's page: what it says, that it is always current, and what it survives."""

import asyncio
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from playwright.async_api import async_playwright
from sqlmodel import col, func, select

from bot.page_files import Wanted, filed
from bot.page_keeper import keep_due
from bot.people import Actor
from bot.reference_status import Seen as Standing
from bot.reference_status import change
from storage import productions, rules, scenes, sequences
from storage.models import (
    Export,
    Page,
    Placement,
    Production,
    ReferenceStatus,
    ReferenceUse,
    RuleBook,
    Scene,
    Sequence,
    Take,
    Use,
)
from tests.factories import a_picture, a_reference, all_shown, kept, posted_take, scene_of
from tests.stage import TEAM, WORKSPACE, Stage
from tests.workspace import acts
from tests.workspace.records import Canvas, Json, Message
from tests.workspace.seen import Seen

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ROOT = Path(__file__).resolve().parents[2]
Known = dict[str, Any]
JOB = "Mira decides to stay."
BOOK = """
name: Aurora rules
constraints:
  - kind: disclosure
    text: Label as made with generative AI
    source: House guide
"""


async def circletake(stage: Stage, *words: str | Path) -> tuple[int, str]:
    """Type a command as the operator does, beside the running app."""
    settings = stage.studio.settings
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *map(str, words),
        cwd=settings.data,
        env={
            "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "CIRCLETAKE_DATA": str(settings.data),
            "CIRCLETAKE_DATABASE_URL": settings.database_url,
        },
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await child.communicate()
    return child.returncode or 0, out.decode()


async def current(stage: Stage) -> None:
    """Wait until no page is due, whoever brings it up to date."""
    due = select(func.count()).select_from(Page).where(col(Page.due_at).is_not(None))
    async with asyncio.timeout(20):
        while True:
            await stage.app.house.settle()
            await keep_due(stage.studio)
            async with stage.studio.db.read() as session:
                if not (await session.exec(due)).one():
                    break
            await asyncio.sleep(0.05)
    await all_shown(stage)


async def asked(stage: Stage, words: str = "page SQ010", user: str = "jonas") -> str:
    """Ask for a page; give all that was whispered."""
    seen: Seen = await stage.slack.command("/scene", words, user=user, channel=TEAM, wait=8)
    return json.dumps([[each["text"], each.get("blocks")] for each in seen.ephemerals])


async def production_of(stage: Stage) -> Production:
    async with stage.studio.db.read() as session:
        [production] = await productions.every(session, WORKSPACE)
    return production


async def told_job(stage: Stage, job: str = JOB) -> Sequence:
    """Write the sequence's story job and rules into the records, as its form does."""
    async with stage.studio.db.begin() as session:
        [production] = await productions.every(session, WORKSPACE)
        [sequence] = await sequences.every(session, production)
        sequence.title, sequence.story_job = "The rooftop", job
        sequence.visual_rules = "Dawn, never dusk"
        session.add(sequence)
    return sequence


async def a_page(stage: Stage) -> tuple[Scene, Take, Message, Canvas]:
    """Set up a production with a scene, a take before the team and a page; give them."""
    await stage.set_up(client=False)
    opened = await stage.open_scene(title="Rooftop opener")
    scene = await scene_of(stage, opened)
    take, card = await posted_take(stage, opened)
    sequence = await told_job(stage)
    async with stage.studio.db.begin() as session:
        await a_reference(session, scene, "Mira", at=stage.studio.clock())
    await asked(stage, f"page {sequence.code}")
    await current(stage)
    [canvas] = stage.slack.canvases(TEAM)
    return scene, take, card, canvas


def edits(feed: asyncio.Queue[Json]) -> int:
    """Count how often a canvas was changed since the feed began."""
    changes = [feed.get_nowait() for _ in range(feed.qsize())]
    return sum(each["kind"] == "canvas.changed" for each in changes)


async def test_the_page_says_what_the_sequence_is_and_stays_current(stage: Stage) -> None:
    _, _, card, canvas = await a_page(stage)
    assert canvas.title == "SQ010 The rooftop"
    for words in (JOB, "Dawn, never dusk", "Rooftop opener", "Mira", "T1: waits for the team"):
        assert words in canvas.markdown, canvas.markdown
    assert "Nothing is approved yet" in canvas.markdown

    before = {one.id: one.markdown for one in canvas.sections}
    feed = stage.slack.state.subscribe()
    await stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    await current(stage)
    assert "[circle take T1](http" in canvas.markdown
    assert "| jonas |" in canvas.markdown
    gone = {text for name, text in before.items() if name not in {s.id for s in canvas.sections}}
    kept = [text for text in before.values() if text not in gone]
    assert not [each for each in kept if "T1" in each or "Nothing is approved" in each]
    assert not [each for each in gone if each.startswith("#") or JOB in each or "Mira)" in each]
    # The scene's list, the approvals, the prompt's line, and perhaps the time.
    assert edits(feed) <= 6


async def test_whatever_a_page_shows_makes_it_due(stage: Stage) -> None:
    scene, _, _, canvas = await a_page(stage)
    await told_job(stage, "She is needed here.")
    await current(stage)
    assert "She is needed here." in canvas.markdown
    production, now = await production_of(stage), stage.studio.clock()
    async with stage.studio.db.begin() as session:
        book = RuleBook(
            workspace_id=WORKSPACE,
            production_id=production.id,
            body=BOOK,
            sha256="1" * 64,
            number=await rules.next_number(session, production),
            made_by="U",
            made_at=now,
        )
        session.add(book)
    await current(stage)
    assert "Label as made with generative AI" in canvas.markdown
    second = await stage.open_scene(title="The pier")
    await current(stage)
    assert "The pier" in canvas.markdown
    async with stage.studio.db.read() as session:
        assert len(await scenes.of_production(session, production, last=9)) == 2
    assert second.channel_id == scene.channel_id


async def test_nothing_is_written_only_because_time_has_passed(quick_stage: Stage) -> None:
    _, _, _, canvas = await a_page(quick_stage)
    before = canvas.markdown
    await asked(quick_stage)
    await current(quick_stage)
    assert canvas.markdown == before


async def test_a_canvas_removed_by_hand_is_made_anew_and_that_is_said(quick_stage: Stage) -> None:
    _, _, card, canvas = await a_page(quick_stage)
    quick_stage.slack.delete_canvas(canvas.id)
    await quick_stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    await current(quick_stage)
    [anew] = quick_stage.slack.canvases(TEAM)
    assert anew.id != canvas.id
    assert "circle take T1" in anew.markdown
    said = [each for each in quick_stage.messages(TEAM) if "removed by hand" in str(each.blocks)]
    assert len(said) == 1


async def test_what_people_add_stays_and_our_sections_are_restored(quick_stage: Stage) -> None:
    _, _, card, canvas = await a_page(quick_stage)
    quick_stage.slack.write_in_canvas(canvas.id, "Call the harbour master.", below=JOB)
    await quick_stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    await current(quick_stage)
    assert "Call the harbour master." in canvas.markdown
    assert "circle take T1" in canvas.markdown


async def test_a_section_that_somebody_rewrote_is_ours_again_at_the_next_change(
    quick_stage: Stage,
) -> None:
    _, _, card, canvas = await a_page(quick_stage)
    quick_stage.slack.rewrite_in_canvas(canvas.id, "T1: waits for the team", "Nothing to see here.")
    await quick_stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    await current(quick_stage)
    assert "Nothing to see here." not in canvas.markdown
    assert canvas.markdown.count("circle take T1") == 1
    assert canvas.markdown.count("## Story job") == 1


async def test_a_message_that_was_deleted_gives_way_to_a_canvas_once_there_may_be_one(
    quick_stage: Stage,
) -> None:
    quick_stage.slack.allow_canvases("none")
    await quick_stage.set_up(client=False)
    await quick_stage.open_scene(title="Rooftop opener")
    sequence = await told_job(quick_stage)
    await asked(quick_stage)
    await current(quick_stage)
    [page] = [each for each in quick_stage.messages(TEAM) if "0 of 1 shot" in str(each.blocks)]
    acts.delete(quick_stage.slack.hub, page)
    quick_stage.slack.allow_canvases("paid")
    await told_job(quick_stage, "Another job.")
    await current(quick_stage)
    [canvas] = quick_stage.slack.canvases(TEAM)
    assert "Another job." in canvas.markdown
    assert sequence.code in canvas.title


async def test_without_canvases_a_message_is_kept_current_instead(stage: Stage) -> None:
    stage.slack.allow_canvases("none")
    await stage.set_up(client=False)
    opened = await stage.open_scene(title="Rooftop opener")
    await posted_take(stage, opened)
    await told_job(stage)
    await asked(stage)
    await current(stage)
    [page] = [each for each in stage.messages(TEAM) if "0 of 1 shot" in str(each.blocks)]
    why = [each for each in stage.messages(TEAM) if "message instead" in str(each.blocks)]
    assert len(why) == 1
    [card] = stage.cards_with("take_approve", TEAM)
    await stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    await current(stage)
    [now] = [each for each in stage.messages(TEAM) if "1 of 1 shot" in str(each.blocks)]
    assert now.ts == page.ts


async def test_a_page_is_one_file_to_hand_over(stage: Stage, tmp_path: Path) -> None:
    scene, take, _, _ = await a_page(stage)
    await exported(stage, scene, take)
    page, client = tmp_path / "page.html", tmp_path / "client.html"
    status, told = await circletake(stage, "page", "SQ010", "--out", page)
    assert status == 0, told
    for words in ("Rooftop opener", JOB, "Animatic", "master.mov", "https://example.com/hero"):
        assert words in page.read_text(), words
    assert page.read_text().count("data:image/jpeg") == 1
    status, told = await circletake(stage, "page", "SQ010", "--out", client, "--for-client")
    assert status == 0, told
    assert "Rooftop opener" in client.read_text()
    for words in ("Animatic", "Prompt history", "waits for the team"):
        assert words not in client.read_text(), words


async def exported(stage: Stage, scene: Scene, take: Take) -> None:
    """Put an export with a placement, and a reference with a real picture, into the records."""
    now, picture = stage.studio.clock(), await kept(stage, a_picture())
    known: Known = {"workspace_id": WORKSPACE, "production_id": scene.production_id}
    export = Export(
        **known, scene_id=scene.id, take_id=take.id, number=1, path="master.mov", sha256="1" * 64,
        exported_by=take.ordered_by, exported_at=now,
    )  # fmt: skip
    placed = Placement(
        **known, export_id=export.id, use=Use.LANDING_PAGE_HERO, title="The hero",
        url="https://example.com/hero", placed_on=now.date(), placed_by="U", placed_at=now,
    )  # fmt: skip
    async with stage.studio.db.begin() as session:
        await a_reference(session, scene, "The lamp", at=now, sha256=picture)
        session.add(export)
        await session.flush()
        session.add(placed)


async def test_an_export_and_its_placement_are_on_the_page_at_once(stage: Stage) -> None:
    scene, take, _, canvas = await a_page(stage)
    await exported(stage, scene, take)
    await current(stage)
    assert "[The hero](https://example.com/hero)" in canvas.markdown
    assert "`master.mov`" in canvas.markdown


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


async def test_a_page_that_slack_puts_off_is_written_when_slack_lets_us(
    quick_stage: Stage,
) -> None:
    _, _, card, canvas = await a_page(quick_stage)
    quick_stage.slack.fail_next("canvases.edit", 429, retry_after=1)
    await quick_stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    await current(quick_stage)
    assert "circle take T1" in canvas.markdown
    assert canvas.markdown.count("## Approvals") == 1


async def test_two_replicas_never_write_one_page_at_once(quick_stage: Stage) -> None:
    _, _, card, canvas = await a_page(quick_stage)
    await quick_stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    await all_shown(quick_stage)
    feed = quick_stage.slack.state.subscribe()
    await asyncio.gather(*(keep_due(quick_stage.studio) for _ in range(4)))
    await current(quick_stage)
    assert edits(feed) <= 6
    assert canvas.markdown.count("circle take T1") == 1


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
