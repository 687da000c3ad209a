import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.workspace.regions import Memory, regions
from tests.workspace.seat import seated
from tests.workspace.seed import AURORA_CLIENT, AURORA_TEAM, BOT, DANA, GENERAL, LIN, MAYA
from tests.workspace.server import SmallSlack
from tests.workspace.talking import Attached


@pytest.fixture
async def slack() -> AsyncIterator[SmallSlack]:
    async with SmallSlack(rate_limits=False, probe_media=False) as slack:
        yield slack


@pytest.fixture
async def browser(slack: SmallSlack) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(slack.origin) as session:
        yield session


def shown(slack: SmallSlack, **query: str) -> dict[str, str]:
    return dict(regions(slack.state, seated(slack.state, query), Memory()))


async def whole(browser: aiohttp.ClientSession, **query: str) -> str:
    async with browser.get("/", params=query) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_a_member_sees_their_channels_and_the_app(
    slack: SmallSlack, browser: aiohttp.ClientSession
) -> None:
    page = await whole(browser, **{"as": MAYA})
    assert all(f'data-channel="{one}"' in page for one in (AURORA_CLIENT, AURORA_TEAM, GENERAL))
    assert "data-home" in page
    assert "/scene" in page


async def test_a_client_sees_only_what_is_shared_with_them(
    slack: SmallSlack, browser: aiohttp.ClientSession
) -> None:
    await slack.say("for the team", user=MAYA, channel=AURORA_TEAM)
    await slack.say("for everybody", user=MAYA, channel=AURORA_CLIENT)
    page = await whole(browser, **{"as": DANA, "channel": AURORA_TEAM})
    assert "for everybody" in page
    assert "for the team" not in page
    assert "Shared with Northlight Studio" in page
    assert not [
        mark for mark in ("data-shortcut", "data-home", "usage_hint", "/scene") if mark in page
    ]


async def test_times_are_told_on_the_viewers_clock(slack: SmallSlack) -> None:
    said = await slack.say("now", user=MAYA, channel=AURORA_CLIENT)
    clocks = {
        who: reader.split('data-ts="')[1].split("<time")[1].split(">")[1].split("<")[0]
        for who in (MAYA, DANA)
        if (reader := shown(slack, **{"as": who, "channel": AURORA_CLIENT})["timeline"])
    }
    assert said.ts
    assert clocks[MAYA] != clocks[DANA]


async def test_messages_of_one_person_share_one_face(slack: SmallSlack) -> None:
    for text in ("one", "two"):
        await slack.say(text, user=MAYA, channel=AURORA_TEAM)
    await slack.say("three", user=LIN, channel=AURORA_TEAM)
    timeline = shown(slack, **{"as": MAYA, "channel": AURORA_TEAM})["timeline"]
    assert timeline.count("<article") == 3
    assert timeline.count('class="name"') == 2


async def test_a_thread_is_counted_in_the_channel_and_read_beside_it(slack: SmallSlack) -> None:
    parent = await slack.say("a thread", user=MAYA, channel=AURORA_TEAM)
    await slack.say("a reply", user=LIN, channel=AURORA_TEAM, thread_ts=parent.ts)
    page = shown(slack, **{"as": MAYA, "channel": AURORA_TEAM, "thread": str(parent.ts)})
    assert "1 reply" in page["timeline"]
    assert "a reply" not in page["timeline"]
    assert "a reply" in page["thread"]


async def test_an_ephemeral_message_is_seen_by_one_person(
    slack: SmallSlack, browser: aiohttp.ClientSession
) -> None:
    body = {"channel": AURORA_TEAM, "user": MAYA, "text": "only for you"}
    headers = {"Authorization": f"Bearer {slack.state.app.bot_token}"}
    async with browser.post("/api/chat.postEphemeral", json=body, headers=headers) as answer:
        assert (await answer.json())["ok"]
    hers, others = (
        shown(slack, **{"as": who, "channel": AURORA_TEAM})["timeline"] for who in (MAYA, LIN)
    )
    assert "Only visible to you" in hers
    assert "only for you" not in others


async def test_only_ones_own_messages_can_be_edited_or_deleted(slack: SmallSlack) -> None:
    await slack.say("mine", user=MAYA, channel=AURORA_TEAM)
    mine, theirs = (
        shown(slack, **{"as": who, "channel": AURORA_TEAM})["timeline"] for who in (MAYA, LIN)
    )
    assert "data-edit" in mine
    assert "data-delete" in mine
    assert "data-edit" not in theirs
    assert "data-shortcut" in theirs


async def test_a_clip_plays_and_a_document_is_a_row(slack: SmallSlack) -> None:
    files = [Attached("take.mp4", b"\0" * 64), Attached("brief.pdf", b"%PDF-1.4")]
    await slack.say("", user=MAYA, channel=AURORA_TEAM, files=files)
    timeline = shown(slack, **{"as": MAYA, "channel": AURORA_TEAM})["timeline"]
    assert timeline.count("<video controls") == 1
    assert 'class="file"' in timeline
    assert "brief.pdf" in timeline


async def test_a_file_that_could_carry_a_script_is_only_downloaded(
    slack: SmallSlack, browser: aiohttp.ClientSession
) -> None:
    await slack.say(
        "", user=MAYA, channel=AURORA_TEAM, files=[Attached("x.html", b"<script>alert(1)</script>")]
    )
    [file] = slack.state.files.values()
    async with browser.get(f"/_page/media/{file.id}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Security-Policy"] == "sandbox"


async def test_the_page_follows_what_happens(
    slack: SmallSlack, browser: aiohttp.ClientSession
) -> None:
    query = {"as": LIN, "channel": AURORA_TEAM}
    async with browser.get("/_page/stream", params=query) as stream, asyncio.timeout(5):
        await slack.say("breaking news", user=MAYA, channel=AURORA_TEAM)
        async for raw in stream.content:
            if raw.startswith(b"data: ") and "breaking news" in json.loads(raw[6:]):
                break


async def test_a_channel_with_something_new_stands_out_until_it_is_read(slack: SmallSlack) -> None:
    memory = Memory()
    team = seated(slack.state, {"as": MAYA, "channel": AURORA_TEAM})
    elsewhere = seated(slack.state, {"as": MAYA, "channel": GENERAL})
    await slack.say("look", user=LIN, channel=AURORA_TEAM)
    assert "unread" in regions(slack.state, elsewhere, memory)["sidebar"]
    regions(slack.state, team, memory)
    assert "unread" not in regions(slack.state, elsewhere, memory)["sidebar"]


async def test_a_permalink_opens_the_thread_it_points_into(
    slack: SmallSlack, browser: aiohttp.ClientSession
) -> None:
    parent = await slack.say("a thread", user=MAYA, channel=AURORA_TEAM)
    reply = await slack.say("here", user=LIN, channel=AURORA_TEAM, thread_ts=parent.ts)
    packed = str(reply.ts).replace(".", "")
    async with browser.get(f"/archives/{AURORA_TEAM}/p{packed}") as answer:
        assert answer.url.query["thread"] == parent.ts
        assert "here" in await answer.text()


async def test_nothing_but_the_pages_own_files_is_served(browser: aiohttp.ClientSession) -> None:
    for name in ("..%2Fpage.py", "page.py", ".", "look.html"):
        async with browser.get(f"/_page/static/{name}") as answer:
            assert answer.status == 404


async def test_the_apps_own_direct_message_is_opened_by_writing_to_it(
    slack: SmallSlack, browser: aiohttp.ClientSession
) -> None:
    async with browser.get("/_page/direct", params={"as": MAYA, "with": BOT}) as answer:
        page = await answer.text()
    assert 'data-tab="messages"' in page


async def test_a_file_chosen_in_a_modal_reaches_the_app_whole(
    slack: SmallSlack, browser: aiohttp.ClientSession
) -> None:
    query = {"as": MAYA, "name": "plate.png"}
    async with browser.post("/_page/upload", params=query, data=b"bytes") as answer:
        told = await answer.json()
    assert slack.state.files[told["id"]].path.read_bytes() == b"bytes"
    assert (told["name"], told["user"]) == ("plate.png", MAYA)
