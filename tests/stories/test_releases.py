"""Releases and licences by their form: recorded, listed, prolonged, revoked, with their paper."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.release_papers import fetch_papers
from storage.models import Release
from tests.databases import sqlite_copy
from tests.factories import a_picture, all_shown
from tests.stage import CLIENT, TEAM, elements, whispers
from tests.stories._rights import Rights, opened_rights, says
from tests.workspace.seen import Seen
from tests.workspace.talking import Attached

pytestmark = pytest.mark.asyncio(loop_scope="module")
A_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    sqlite_ready: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Rights]:
    folder = tmp_path_factory.mktemp("rights")
    async with opened_rights(sqlite_copy(sqlite_ready, folder), folder, client=True) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def rights(house: Rights) -> AsyncIterator[Rights]:
    yield house
    house.stage.slack.state.modals.clear()
    await all_shown(house.stage)


async def said(rights: Rights, text: str, user: str = "maya", channel: str = TEAM) -> Seen:
    return await rights.stage.slack.command("/scene", text, user=user, channel=channel)


def answered(seen: Seen) -> str:
    return str([each.get("blocks") or each["text"] for each in seen.ephemerals])


async def newest(rights: Rights) -> Release:
    return (await rights.releases())[-1]


async def opened(rights: Rights, action: str, code: str, user: str = "maya") -> Seen:
    """Show a release, and press a button on it."""
    [answer] = (await said(rights, f"rights {code}", user)).ephemerals
    return await rights.stage.slack.press(
        action, channel=TEAM, ts=answer["ts"], user=user, wait=0.3
    )


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"ends": None}, "ends", "Say when it ends, or tick In perpetuity."),
        ({"ends": "2020-01-01"}, "ends", "It would end before it begins on "),
        ({"perpetual": ["yes"]}, "ends", "It ends, or it holds in perpetuity: clear one of the"),
        ({"starts": "30.11.2026"}, "starts", "Write the day as year, month and day: 2026-11-30."),
        ({"holder": " "}, "holder", "Say who gives the permission."),
    ],
)
async def test_a_release_is_refused_at_the_field_that_is_wrong(
    rights: Rights, wrong: dict[str, Any], field: str, sentence: str
) -> None:
    before = len(await rights.releases())
    seen = await rights.release(await rights.reference(), **wrong)
    assert sentence in seen.errors[field]
    assert len(await rights.releases()) == before


async def test_a_release_is_recorded_listed_and_in_the_log_without_its_words(
    rights: Rights,
) -> None:
    mira = await rights.reference()
    seen = await rights.release(
        mira, territory="Worldwide <!channel>", exclusive=["yes"], note="Ask Ana first"
    )
    assert seen.is_closed, seen
    made = await newest(rights)
    assert (made.holder, made.exclusive, made.ends_on is None) == ("Mira Holt", True, False)
    listed = answered(await said(rights, "rights", user="jonas"))
    assert f"*{made.code}*  Release of Mira Holt" in listed
    assert "7 days left" in listed
    assert f"Covers {mira.code} Mira" in listed
    assert "&lt;!channel&gt;" in listed
    assert "Record a release or licence" not in listed
    entry = (await rights.log("release.recorded"))[-1]
    assert entry["facts"]["covers"] == [mira.id]
    assert not [word for word in ("Holt", "Ana", "Worldwide", "Face") if word in str(entry)]


async def test_a_release_in_perpetuity_never_ends(rights: Rights) -> None:
    seen = await rights.release(await rights.reference(), ends=None, perpetual=["yes"])
    assert seen.is_closed, seen
    made = await newest(rights)
    assert made.ends_on is None
    assert "in perpetuity" in answered(await said(rights, f"rights {made.code}"))


async def test_only_a_producer_records_and_nobody_of_the_clients_reads(rights: Rights) -> None:
    seen = await said(rights, "rights new", user="jonas")
    assert seen.view is None
    assert "Only owners and producers" in whispers(seen)
    assert "client's channel" in whispers(await said(rights, "rights", channel=CLIENT))
    assert "There is no `rights soon`." in whispers(await said(rights, "rights soon"))
    assert "There is no L999 here." in whispers(await said(rights, "rights L999"))


async def test_a_code_finds_what_a_release_covers_and_no_other_production(rights: Rights) -> None:
    roof = await rights.reference("Old roof")
    await said(rights, "rights new")
    offered = await rights.stage.slack.suggest("references", "old", user="maya")
    assert [each["value"] for each in offered.options] == [roof.id]
    offered = await rights.stage.slack.suggest("references", roof.code.lower(), user="maya")
    assert roof.id in [each["value"] for each in offered.options]


async def test_a_revoked_release_holds_at_once_and_cannot_be_changed(rights: Rights) -> None:
    nadia = await rights.reference("Nadia")
    await rights.release(nadia)
    made = await newest(rights)
    _, card = await rights.take(nadia)
    assert (await opened(rights, "release_revoke", made.code)).view
    seen = await rights.stage.slack.submit({"reason": "She asked us to"}, user="maya")
    assert seen.is_closed
    await all_shown(rights.stage)
    assert f"*On hold.* Nadia: revoked ({made.code})" in says(card)
    assert "take_approve" not in elements(card)
    shown = answered(await said(rights, f"rights {made.code}"))
    assert "She asked us to" in shown
    assert "release_edit" not in shown
    assert "Nadia" in answered(await said(rights, "rights")).split("On hold until")[1]
    entry = (await rights.log("release.revoked"))[-1]
    assert "asked" not in str(entry)
    assert len(entry["facts"]["reason"]) == 64


async def test_of_two_who_revoke_the_second_hears_who_was_first(rights: Rights) -> None:
    await said(rights, "setup")
    await rights.stage.slack.submit(
        {"producer": [rights.stage.slack.person("lin").id]}, user="maya"
    )
    await rights.release(await rights.reference())
    made = await newest(rights)
    for user in ("maya", "lin"):
        assert (await opened(rights, "release_revoke", made.code, user)).view
    await rights.stage.slack.submit({"reason": "First"}, user="maya")
    seen = await rights.stage.slack.submit({"reason": "Second"}, user="lin")
    maya = rights.stage.slack.person("maya").id
    assert f"{made.code} was revoked already, by <@{maya}>." in str(seen.errors)
    assert (await newest(rights)).revoked_reason == "First"


async def test_the_threads_file_is_kept_as_its_paper(rights: Rights) -> None:
    talk = await rights.stage.slack.say(
        "Signed", user="lin", channel=TEAM, files=[Attached("mira-release.pdf", A_PDF)]
    )
    heard = await rights.stage.slack.say(
        f"<@{rights.stage.slack.state.app.bot_user_id}> rights new",
        user="maya", channel=TEAM, thread_ts=talk.ts, wait=1,
    )  # fmt: skip
    [offer] = [each for each in heard.ephemerals if "release_new" in str(each)]
    seen = await rights.stage.slack.press(
        "release_new", channel=TEAM, ts=offer["ts"], user="maya", wait=1
    )
    assert "mira-release.pdf" in str(seen.view)
    mira = await rights.reference()
    await rights.stage.slack.suggest("references", mira.code, user="maya")
    filled = {
        "holder": "Mira Holt", "references": [mira.id], "starts": rights.in_days(0),
        "perpetual": ["yes"],
    }  # fmt: skip
    assert (await rights.stage.slack.submit(filled, user="maya")).is_closed
    await fetch_papers(rights.stage.studio)
    made = await newest(rights)
    assert made.document_name == "mira-release.pdf"
    assert made.document_sha256
    assert await rights.stage.studio.files.has(made.document_sha256)
    assert made.document_sha256[:8] in answered(await said(rights, f"rights {made.code}"))
    assert (await rights.log("release.paper_kept"))[-1]["sha256"] == made.document_sha256


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("scan.jpg", a_picture(), ""),
        ("release.jpg", A_PDF, "Its name promises a picture, but it is a document."),
        ("release.pdf", b"\x00\x01\x02 no paper" * 9, "release.pdf is not kept"),
    ],
)
async def test_a_paper_is_judged_by_its_bytes(
    rights: Rights, name: str, data: bytes, why: str
) -> None:
    sent = await rights.stage.slack.say("", user="maya", channel=TEAM, files=[Attached(name, data)])
    assert sent.ts
    [file_id] = rights.stage.slack.message_at(sent.ts, TEAM).files
    paper = {"id": file_id, "name": name, "title": name, "mimetype": "application/pdf"}
    assert (await rights.release(await rights.reference(), document=[paper])).is_closed
    await fetch_papers(rights.stage.studio)
    made = await newest(rights)
    assert bool(made.document_problem) is bool(why)
    assert why in answered(await said(rights, f"rights {made.code}"))
    assert bool(made.document_sha256) is not bool(why)
