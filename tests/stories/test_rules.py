"""A production's rule book through the real door: its form, its editions, a file in a thread."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.rulebook import templates
from tests.factories import all_shown
from tests.stage import TEAM, Stage
from tests.stories._rules import counting, facts_of, first_value, form_of, said, shown_to, written
from tests.workspace.talking import Attached

pytestmark = pytest.mark.asyncio(loop_scope="module")
SHORT = "name: Aurora\nconstraints:\n  - {kind: rights, text: No face of Mira after 2027.}\n"


@pytest_asyncio.fixture(loop_scope="module")
async def stage(long_stage: Stage) -> AsyncIterator[Stage]:
    yield long_stage
    long_stage.slack.state.modals.clear()
    await all_shown(long_stage)


async def test_without_a_rule_book_it_is_said_what_one_is_for(stage: Stage) -> None:
    assert await counting(stage) is None
    seen = await said(stage, "rules")
    assert "has no rule book yet" in shown_to(seen)
    assert "Begin with a template" in shown_to(seen)
    seen = await said(stage, "rules", user="lin")
    assert "Its producers write it" in shown_to(seen)
    assert "rules_begin" not in shown_to(seen)
    assert "has no rule book yet" in shown_to(await said(stage, "rules history"))


async def test_a_producer_begins_with_a_template_and_everybody_reads_it(stage: Stage) -> None:
    seen = await said(stage, "rules")
    [told] = seen.ephemerals
    seen = await stage.slack.press(
        "rules_begin", channel=TEAM, ts=told["ts"], user="maya", value="commercial", wait=2
    )
    assert first_value(seen, "body").strip() == templates()["commercial"].strip()
    seen = await stage.slack.submit({}, user="maya", wait=2)
    assert seen.is_closed, seen.errors
    edition = await counting(stage)
    assert edition
    assert (edition.number, edition.template) == (1, "commercial")
    read = shown_to(await said(stage, "rules", user="lin"))
    for words in (
        "Edition 1", "from the template Commercial", "what it is for, what changes",
        "*Confirmed with every order, shown at review and at export:* Every face, voice and place",
        "*Smoking, to be confirmed:* Nobody smokes", "looked for: smoke, cigarette",
        "*Shown at review, to the client and at export:*",
    ):  # fmt: skip
        assert words in read, words
    assert "rules_history" in read
    assert "rules_edit" not in read


async def test_a_change_is_in_the_log_in_counts_and_not_in_words(stage: Stage) -> None:
    await written(stage, SHORT)
    *_, entry = await facts_of(stage, "rules.changed")
    edition = await counting(stage)
    assert edition
    assert entry["sha256"] == edition.sha256
    assert entry["facts"]["edition"] == edition.number
    assert entry["facts"]["changed"]["constraints_added"] == 1
    assert "Mira" not in str(entry)


async def test_what_is_wrong_stands_at_the_field_with_its_line_and_nothing_is_lost(
    stage: Stage,
) -> None:
    before = await counting(stage)
    await said(stage, "rules edit")
    wrong = "name: Aurora\nconstraints:\n  - kind: rigths\n    text: No face.\n"
    seen = await stage.slack.submit({"body": wrong}, user="maya")
    assert 'Line 3: "rigths" is none of' in seen.errors["body"]
    assert "Did you mean rights?" in seen.errors["body"]
    assert await counting(stage) == before
    seen = await stage.slack.submit({"body": wrong.replace("rigths", "rights")}, user="maya")
    assert seen.is_closed
    after = await counting(stage)
    assert after
    assert "No face." in after.body


async def test_whoever_is_overtaken_is_told_keeps_the_text_and_may_send_it_again(
    stage: Stage,
) -> None:
    crew = {"name": "Aurora launch", "producer": [stage.slack.person("sam").id]}
    await stage.slack.command("/scene", "setup", user="maya", channel=TEAM)
    assert (await stage.slack.submit(crew, user="maya")).is_closed
    await said(stage, "rules edit", user="maya")
    theirs = await written(stage, "name: Sam was faster\n", user="sam")
    seen = await stage.slack.submit({"body": "name: By Maya"}, user="maya")
    assert not seen.is_closed
    assert f"Edition {theirs.number} was written meanwhile" in form_of(seen)
    assert first_value(seen, "body") == "name: By Maya"
    assert await counting(stage) == theirs
    assert (await stage.slack.submit({}, user="maya")).is_closed
    newest = await counting(stage)
    assert newest
    assert newest.body == "name: By Maya\n"


async def test_only_producers_change_the_rules(stage: Stage) -> None:
    for words in ("rules edit", "rules use trailer", "rules use 1"):
        told = shown_to(await said(stage, words, user="lin"))
        assert "Only owners and producers of this production may change its rules" in told


async def test_an_older_edition_is_read_and_made_to_count_again(stage: Stage) -> None:
    first = await written(stage, "name: The first of two\n")
    second = await written(stage, "name: The second of two\n")
    read = shown_to(await said(stage, f"rules show {first.number}"))
    assert "The first of two" in read
    assert f"edition {second.number} counts now" in read
    told = shown_to(await said(stage, f"rules use {first.number}"))
    assert f"Edition {second.number + 1} counts now" in told
    newest = await counting(stage)
    assert newest
    assert newest.body == first.body
    assert "counts already" in shown_to(await said(stage, f"rules use {second.number + 1}"))
    await written(stage, SHORT)
    listed = shown_to(await said(stage, "rules history"))
    assert f"Edition {first.number}" in listed
    assert listed.count("*counts now*") == 1
    assert "1 constraint more" in listed
    assert "The first." in listed
    assert "There is no edition 999" in shown_to(await said(stage, "rules show 999"))


async def test_a_template_that_would_replace_a_book_says_so_first(stage: Stage) -> None:
    before = await written(stage, "name: What stands\n")
    seen = await said(stage, "rules use trailer")
    assert "The template Trailer would take the place of Edition" in form_of(seen)
    assert await counting(stage) == before
    await stage.slack.close(user="maya")
    assert "There is no such template" in shown_to(await said(stage, "rules use sitcom"))
    assert "There is no `rules sing`" in shown_to(await said(stage, "rules sing"))


async def posted(stage: Stage, name: str, data: bytes, *, user: str = "maya") -> str:
    """Post a file, ask for the rules in its thread, and give what was whispered."""
    seen = await stage.slack.say("The rules", user=user, channel=TEAM, files=[Attached(name, data)])
    return await asked_in(stage, seen.ts, user=user)


async def asked_in(stage: Stage, ts: str | None, *, user: str = "maya") -> str:
    """Say `@circletake rules` in a thread."""
    text = f"<@{stage.slack.state.app.bot_user_id}> rules"
    return shown_to(await stage.slack.say(text, user=user, channel=TEAM, thread_ts=ts, wait=5))


async def test_a_book_longer_than_the_form_is_read_from_a_file_in_a_thread(stage: Stage) -> None:
    rule = "  - {kind: safety, text: Rule number %d of a book that is long.}\n"
    body = "name: Long\nconstraints:\n" + "".join(rule % each for each in range(80))
    told = await posted(stage, "rules.yaml", body.encode())
    assert "counts now, as rules.yaml says" in told
    newest = await counting(stage)
    assert newest
    assert newest.body == body
    seen = await said(stage, "rules edit")
    assert "a form holds 3,000" in form_of(seen)
    assert "Rule number 79" in form_of(seen)
    assert seen.view
    assert not seen.view.get("submit")
    await stage.slack.close(user="maya")
    assert "Rule number 79" in shown_to(await said(stage, "rules"))


async def test_a_thread_whose_file_was_read_shows_the_rules_that_count(stage: Stage) -> None:
    seen = await stage.slack.say(
        "The rules", user="maya", channel=TEAM, files=[Attached("a.yml", b"name: In a thread")]
    )
    assert "counts now" in await asked_in(stage, seen.ts)
    later = await written(stage, "name: Written later\n")
    assert "Written later" in await asked_in(stage, seen.ts)
    assert await counting(stage) == later


async def test_a_mention_that_carries_the_file_itself_is_enough(stage: Stage) -> None:
    text = f"<@{stage.slack.state.app.bot_user_id}> rules"
    files = [Attached("Rules.YAML", b"name: In one go")]
    seen = await stage.slack.say(text, user="maya", channel=TEAM, files=files, wait=5)
    assert "counts now, as Rules.YAML says" in shown_to(seen)


async def test_a_file_that_is_no_rule_book_is_said_with_its_lines(stage: Stage) -> None:
    before = await counting(stage)
    told = await posted(stage, "rules.yaml", b"name: Aurora\nwishes: none\n")
    assert "rules.yaml is not kept as a rule book. Line 2: " in told
    assert "is no text in UTF-8" in await posted(stage, "rules.yaml", b"\xff\xfe\x00n")
    assert "Only owners and producers" in await posted(
        stage, "rules.yaml", b"name: By an editor", user="lin"
    )
    assert await counting(stage) == before
