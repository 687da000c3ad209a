"""What used a reference, what breaks if it goes, and its withdrawal, through the real door."""

import argparse
import asyncio
import csv
import json

from bot.commands import where
from storage import exports, productions
from storage.models import Reference, ReferenceStatus
from tests.factories import all_shown
from tests.stage import TEAM, WORKSPACE, Stage, elements
from tests.stories._graph import (
    approved,
    asked,
    circled,
    form_text,
    logged,
    made_after,
    named_again,
    read,
    reference_in,
    reference_now,
    thread_says,
)
from tests.workspace.records import Message


async def used(stage: Stage) -> tuple[Message, Reference]:
    """Use a reference in a circle take that is on a home page, and in one made from that."""
    await stage.set_up(client=False)
    scene = await stage.open_scene()
    mira = await reference_in(stage, scene, "Mira <3")
    first, first_card = await made_after(stage, scene, mira)
    await made_after(stage, scene, mira, via=first)
    await approved(stage, first_card)
    await asked(stage, "export SC010", user="lin")
    assert (await asked(stage, "place X1", user="lin")).view
    link = "https://example.com/launch"
    placed = {"use": "landing-page hero", "title": "Home page", "url": link}
    assert (await stage.slack.submit(placed, user="lin")).is_closed
    return scene, mira


async def test_a_reference_says_what_used_it_the_weightiest_first(stage: Stage) -> None:
    _, mira = await used(stage)
    seen = read(await asked(stage, f"ref {mira.code} where", user="lin"))
    assert "v1       2      2             1        1           1" in seen
    assert "SC010 SH010 T1>*  ·  Circle take  ·  v1  ·" in seen
    assert "X1 · landing-page hero · <https://example.com/launch|Home page>, live since" in seen
    assert "SC010 SH010 T2>*  ·  Waiting for the team  ·  v1 through T1" in seen
    assert seen.index("SH010 T1") < seen.index("SH010 T2")
    assert "Cast in SC010." in seen


async def test_the_operator_gets_all_of_it_with_hashes(stage: Stage) -> None:
    await used(stage)
    settings = stage.studio.settings
    out = settings.data / "used.csv"
    asking = argparse.Namespace(reference="r1", channel="", production="aurora launch", csv=out)
    assert await asyncio.to_thread(where.run, asking, settings) == 0
    first, second = csv.DictReader(out.read_text().splitlines())
    assert (first["take"], first["export"], first["title"]) == ("T1", "X1", "Home page")
    assert first["export_sha256"] == first["take_sha256"]
    assert (second["take"], second["through"], second["reference_sha256"]) == (
        "T2",
        "T1",
        f"{1:064x}",
    )
    assert await asyncio.to_thread(where.run, asking, settings) == 1


async def test_a_withdrawal_shows_what_it_touches_then_holds_it_and_tells(stage: Stage) -> None:
    scene, mira = await used(stage)
    told = form_text(await asked(stage, f"ref {mira.code} withdraw"))
    assert "Mira &lt;3" in told
    assert "*1* circle take " in told
    assert "*1* placement still shown" in told
    assert "2 takes are held from approval and export" in told
    assert (await stage.slack.submit({"reason": " "}, user="maya")).errors.keys() == {"reason"}
    assert (await stage.slack.submit({"reason": "She took it back."}, user="maya")).is_closed
    await all_shown(stage)
    now = await reference_now(stage, mira)
    assert (now.status, now.status_reason) == (ReferenceStatus.RETIRED, "She took it back.")
    assert len(stage.cards_with("hold_decide", TEAM)) == 1
    assert thread_says(stage, scene, "The circle take here used it: a producer decides")
    [entry] = await logged(stage, "reference.withdrawn")
    counted = {"takes": 2, "circle_takes": 1, "held": 2, "live_placements": 1}
    assert counted.items() <= entry["facts"].items()
    assert "took it back" not in json.dumps(entry)
    refused = read(await asked(stage, "export SC010", user="lin"))
    assert "This take used Mira &lt;3, which is retired. A producer decides" in refused
    again = read(await asked(stage, f"ref {mira.code} withdraw"))
    assert "is retired already, by" in again


async def test_only_a_producer_withdraws_and_of_two_the_first_counts(quick_stage: Stage) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    scene = await stage.open_scene()
    mira = await reference_in(stage, scene)
    for user in ("jonas", "lin", "sam"):
        refused = await asked(stage, f"ref {mira.code} withdraw", user=user)
        assert refused.view is None
        assert "Only owners and producers" in read(refused)
    await stage.slack.command("/scene", "setup", user="maya", channel=TEAM)
    await stage.slack.submit({"producer": [stage.slack.person("sam").id]}, user="maya")
    for user in ("maya", "sam"):
        assert (await asked(stage, f"ref {mira.code} withdraw", user=user)).view
    answers = await asyncio.gather(
        *(stage.slack.submit({"reason": "Gone."}, user=user) for user in ("maya", "sam"))
    )
    assert sorted(each.is_closed for each in answers) == [False, True]
    [late] = [each for each in answers if not each.is_closed]
    assert "is retired already, by <@" in json.dumps(late.errors)
    assert len(await logged(stage, "reference.withdrawn")) == 1


async def test_what_used_it_comes_ten_at_a_time(quick_stage: Stage) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    scene = await stage.open_scene()
    mira = await reference_in(stage, scene)
    assert "No take was made after it yet." in read(await asked(stage, f"ref {mira.code} where"))
    for _ in range(11):
        await made_after(stage, scene, mira)
    seen = await asked(stage, f"ref {mira.code} where")
    assert "1 to 10 of 11 takes" in read(seen)
    assert "SH010 T11" in read(seen)
    room = stage.slack.room(TEAM)
    [shown] = [each for each in stage.slack.state.messages[room.id].values()
               if each.ephemeral_to and "reference_where" in elements(each)]  # fmt: skip
    more = await stage.slack.press("reference_where", channel=TEAM, ts=shown.ts, user="maya")
    assert "11. " in read(more)
    assert "SH010 T1>" in read(more)
    assert "11 to 11 of 11 takes" in read(more)


async def test_a_take_tells_its_references_by_code_version_and_hash(quick_stage: Stage) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    scene = await stage.open_scene()
    mira = await reference_in(stage, scene)
    take, card = await made_after(stage, scene, mira)
    await made_after(stage, scene, mira, via=take)

    async def told_of() -> str:
        return read(await stage.slack.press(
            "take_more", channel=TEAM, ts=card.ts, user="lin", value=f"setup:{take.id}"
        ))  # fmt: skip

    told = await told_of()
    assert f"• {mira.code} v1 Mira\\n   `{1:064x}`" in told
    async with stage.studio.db.begin() as session:
        mira.version, mira.status = 2, ReferenceStatus.PROPOSED
        session.add(await session.merge(mira))
    told = await told_of()
    assert f"• {mira.code} v1 Mira  ·  now v2, proposed\\n" in told


async def test_a_circle_take_is_exported_once_under_a_safe_name(stage: Stage) -> None:
    await stage.set_up(client=False)
    card, scene, take, _ = await circled(stage, "Rooftop opener")
    await named_again(stage, scene, "Märzkampagne: 50% / more")
    seen = read(await asked(stage, "export sc010 sh10", user="lin"))
    name = f"MARZKAMPAGNE-50-MORE_SQ010_SC010_SH010_T1_master_{(take.sha256 or '')[:8]}.mp4"
    assert "*X1* is exported: SC010 SH010 T1, master" in seen
    assert name in seen
    assert str(take.sha256) in seen
    await all_shown(stage)
    posted = [each for each in stage.messages(TEAM) if each.thread_ts == card.ts]
    assert name in {stage.slack.state.files[file].name for each in posted for file in each.files}
    again = read(await asked(stage, "export SC010"))
    assert "*X1* was exported already" in again
    [entry] = await logged(stage, "export.made")
    assert entry["sha256"] == take.sha256 == entry["facts"]["sha256"]
    async with stage.studio.db.read() as session:
        production = await productions.get(session, WORKSPACE, scene.production_id)
        [(made, *_)] = await exports.newest(session, production, last=9)
    assert (made.path, made.sha256, made.exported_by) == (
        name, take.sha256, stage.slack.person("lin").id,
    )  # fmt: skip
