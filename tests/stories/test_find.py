"""Finding what people wrote, through the real door: words, phrases, filters, pages, links."""

import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, update

from bot.errors import NotAllowed
from bot.people import Actor
from bot.review import Press, decide
from bot.search import searched
from storage import productions
from storage.models import Note, Reason, Take, Verdict
from storage.models import Stage as Level
from tests.factories import a_production, a_scene, a_take, newest_scene
from tests.stage import CLIENT, TEAM, WORKSPACE, Stage
from tests.workspace.seed import T_CLIENT
from tests.workspace.seen import Seen


async def found(stage: Stage, words: str, *, user: str = "jonas", channel: str = TEAM) -> str:
    """Type `/scene find words`; give all that was answered."""
    typed = f"find {words}"
    return told(await stage.slack.command("/scene", typed, user=user, channel=channel, wait=2))


def told(seen: Seen) -> str:
    shown = [[each["text"], each.get("blocks")] for each in seen.ephemerals]
    return json.dumps(shown, ensure_ascii=False)


def codes(answer: str) -> list[str]:
    """Name what was found, in the order of the answer."""
    named = re.findall(r" \*(?:<http[^|>]+\|)?([^*<>]+?)>?\*  ", answer)
    return [str(each) for each in named]


async def said(stage: Stage, note: str) -> None:
    seen = await stage.slack.command(
        "/scene", f"note SC010 {note}", user="lin", channel=TEAM, wait=2
    )
    assert "Noted on SC010" in told(seen)


async def turned_down(stage: Stage, take: Take, note: str) -> None:
    """Reject a take as Jonas."""
    jonas = Actor(WORKSPACE, stage.slack.person("jonas").id, WORKSPACE)
    press = Press(take.id, Verdict.REJECT, Level.TEAM, note, Reason.ARTEFACTS, note)
    await decide(stage.studio, jonas, press)


async def test_words_phrases_and_filters_find_what_the_team_wrote(stage: Stage) -> None:
    await stage.set_up()
    await stage.open_scene(title="Café <roof> at night", purpose="Mira is leaving the golden hour.")
    scene = await newest_scene(stage)
    async with stage.studio.db.begin() as session:
        take = await a_take(session, scene, at=stage.studio.clock())
    answer = await found(stage, "cafe")
    assert codes(answer) == ["SC010"]
    assert "Café &lt;roof&gt; at night" in answer
    assert "/archives/" in answer
    assert codes(await found(stage, "leaves")) == [f"SC010 SH010 {take.code}", "SC010"]
    assert "is *leaving* the" in await found(stage, "leaves kind:scene")
    assert codes(await found(stage, '"golden hour" kind:scene')) == ["SC010"]
    assert "Nothing was found. Try fewer words" in await found(stage, '"hour golden"')


async def test_filters_tell_whose_it_is_what_it_is_and_where_it_stands(stage: Stage) -> None:
    await stage.set_up()
    await stage.open_scene(title="Rooftop")
    scene = await newest_scene(stage)
    async with stage.studio.db.begin() as session:
        take = await a_take(session, scene, at=stage.studio.clock())
    await said(stage, "the lamps are too bright & <!channel> flicker")
    noted = await found(stage, "LAMPS flickers")
    assert codes(noted) == ["Note on SC010"]
    assert "the *lamps* are too bright &amp; &lt;!channel&gt; *flicker*" in noted
    lin = stage.slack.person("lin")
    assert codes(await found(stage, f"by:<@{lin.id}|{lin.name}>")) == ["Note on SC010"]
    assert "Nothing was found" in await found(stage, f"lamps by:<@{scene.opened_by}>")

    waits = f"SC010 SH010 {take.code}"
    assert codes(await found(stage, "kind:take status:waiting engine:animatic")) == [waits]
    await turned_down(stage, take, "The hand melts.")
    assert codes(await found(stage, "status:waiting")) == []
    assert codes(await found(stage, "status: rejected")) == [waits]
    assert codes(await found(stage, "melting artefact")) == [f"Decision on {waits}"]
    assert codes(await found(stage, "status:rejected status:waiting")) == [waits]


async def test_a_text_that_is_erased_is_found_no_more(stage: Stage) -> None:
    await stage.set_up()
    await stage.open_scene(title="Rooftop")
    await said(stage, "Dirk's number is 555 0199")
    assert codes(await found(stage, "0199")) == ["Note on SC010"]
    async with stage.studio.db.begin() as session:
        await session.exec(update(Note).where(col(Note.workspace_id) == WORKSPACE).values(text=""))
    assert "Nothing was found" in await found(stage, "0199")
    assert codes(await found(stage, "kind:note")) == []
    [card] = stage.cards_with("scene_edit", TEAM)
    await stage.slack.press("scene_edit", channel=TEAM, ts=card.ts, user="jonas")
    assert not (await stage.slack.submit({"title": "Cellar"}, user="jonas")).errors
    assert codes(await found(stage, "rooftop")) == []
    assert codes(await found(stage, "cellars")) == ["SC010"]


async def test_more_than_ten_are_shown_page_by_page_newest_first(stage: Stage) -> None:
    await stage.set_up()
    await stage.open_scene(title="Rooftop")
    for number in range(23):
        await said(stage, f"lamp {number}")
    seen = await stage.slack.command("/scene", "find lamp", user="jonas", channel=TEAM, wait=2)
    read = told(seen)
    for expected in (range(22, 12, -1), range(12, 2, -1), range(2, -1, -1)):
        assert re.findall(r"\*lamp\* (\d+)", read) == [str(each) for each in expected]
        if "find_more" in read:
            ts = seen.ephemerals[-1]["ts"]
            seen = await stage.slack.press("find_more", channel=TEAM, ts=ts, user="jonas")
            read = told(seen)
    assert "That is all" in read


async def test_what_cannot_be_looked_up_is_answered_with_what_can(quick_stage: Stage) -> None:
    stage = quick_stage
    await stage.set_up()
    await stage.open_scene(title="Rooftop")
    assert "Say what to find" in await found(stage, "")
    assert "Did you mean `engine:`?" in await found(stage, "engin:runway")
    assert "`since:2026-11-01`" in await found(stage, "rooftop since:01.11.2026")
    assert "`until:2026-11-01`" in await found(stage, "rooftop until:2026-13-01")
    assert "with-client" in await found(stage, "status:great")
    assert "there are scene, sequence, take" in await found(stage, "kind:film")
    assert "Nobody here is known as nobody" in await found(stage, "by:@nobody")
    assert "up to 300 characters" in await found(stage, "rain " * 100)
    assert "client's channel" in await found(stage, "rooftop", channel=CLIENT)
    dana = Actor(WORKSPACE, stage.slack.person("dana").id, T_CLIENT)
    with pytest.raises(NotAllowed, match="Only the team's own people"):
        await searched(stage.studio, dana, stage.slack.room(TEAM).id, "rooftop")


async def test_a_mention_finds_the_same_and_days_count_where_the_production_is(
    stage: Stage,
) -> None:
    await stage.set_up()
    scene = await stage.open_scene(title="Rooftop")
    text = f"<@{stage.slack.state.app.bot_user_id}> find rooftop"
    seen = await stage.slack.say(text, user="lin", channel=TEAM, thread_ts=scene.ts, wait=3)
    assert codes(told(seen)) == ["SC010"]
    async with stage.studio.db.begin() as session:
        [production] = await productions.every(session, WORKSPACE)
        production.zone = "Pacific/Kiritimati"
        session.add(production)
    here = stage.studio.clock().astimezone(ZoneInfo("Pacific/Kiritimati")).date()
    before, after = here - timedelta(days=1), here + timedelta(days=1)
    assert codes(await found(stage, f"rooftop since:{here} until:{here}")) == ["SC010"]
    assert codes(await found(stage, f"rooftop since:{after}")) == []
    assert codes(await found(stage, f"rooftop until:{before}")) == []


async def test_another_productions_words_are_not_found(stage: Stage) -> None:
    await stage.set_up()
    await stage.open_scene(title="Rooftop")
    async with stage.studio.db.begin() as session:
        now = stage.studio.clock()
        other = await a_production(session, at=now)
        await a_scene(session, other, title="Rooftop of theirs")
        abroad = await a_production(session, at=now, workspace_id="T0ABROAD")
        await a_scene(session, abroad, title="Rooftop abroad")
    assert codes(await found(stage, "rooftop")) == ["SC010"]
    assert "Nothing was found" in await found(stage, "abroad")


async def test_no_language_of_a_database_is_understood_or_breaks(stage: Stage) -> None:
    await stage.set_up()
    await stage.open_scene(title="Rooftop")
    for typed in (
        '"', '""', "NEAR(a b)", "rooftop AND", "a* OR (b", "^rooftop", "body:x' --", "-- %s :x",
        "{a b}", "\\ & | !()", "“", "<->", "~p00", "'", "title : rooftop", "+", "roof\u0000top",
        "rooftop " + "x" * 280,
    ):  # fmt: skip
        answer = await found(stage, typed)
        assert answer != "[]"
        assert "Something broke" not in answer
        assert "busy" not in answer
        assert "moment" not in answer
    assert codes(await found(stage, "-rooftop! (*)")) == ["SC010"]
