"""A sequence's page in Slack: always current, whatever happens to it."""

import asyncio

from bot.page_keeper import keep_due
from storage import rules, scenes
from storage.models import (
    RuleBook,
)
from tests.factories import all_shown, posted_take
from tests.stage import TEAM, WORKSPACE, Stage
from tests.stories._page import (
    BOOK,
    JOB,
    a_page,
    asked,
    current,
    edits,
    exported,
    production_of,
    told_job,
)
from tests.workspace import acts


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


async def test_an_export_and_its_placement_are_on_the_page_at_once(stage: Stage) -> None:
    scene, take, _, canvas = await a_page(stage)
    await exported(stage, scene, take)
    await current(stage)
    assert "[The hero](https://example.com/hero)" in canvas.markdown
    assert "`master.mov`" in canvas.markdown


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
