"""The Web API as the unmodified SDK calls it, and Slack's words for no."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from tests.workspace.records import Channel, Json
from tests.workspace.seed import (
    AURORA_CLIENT,
    AURORA_TEAM,
    BOT,
    DANA,
    GENERAL,
    MAYA,
    T_CLIENT,
    T_STUDIO,
)
from tests.workspace.server import SmallSlack


def told(response: AsyncSlackResponse) -> Json:
    assert isinstance(response.data, dict)
    return response.data


async def refusal(call: object) -> Json:
    with pytest.raises(SlackApiError) as caught:
        await call  # type: ignore[misc]  # whatever the client's method returned
    return dict(caught.value.response.data)  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType] - the SDK does not type its errors


async def test_a_token_tells_who_it_is(client: AsyncWebClient) -> None:
    who = told(await client.auth_test())
    assert (who["user_id"], who["team_id"], who["bot_id"]) == (BOT, T_STUDIO, "B0CIRCLE001")


async def test_calls_without_a_good_token_are_refused(slack: SmallSlack) -> None:
    stranger = AsyncWebClient(token="xoxb-stranger", base_url=slack.base_url)
    assert (await refusal(stranger.auth_test()))["error"] == "invalid_auth"
    nobody = AsyncWebClient(base_url=slack.base_url)
    assert (await refusal(nobody.auth_test()))["error"] == "not_authed"
    wrong = AsyncWebClient(token=slack.state.app.app_token, base_url=slack.base_url)
    assert (await refusal(wrong.auth_test()))["error"] == "not_allowed_token_type"


async def test_a_method_that_does_not_exist_is_named(client: AsyncWebClient) -> None:
    answer = await refusal(client.api_call("scenes.make"))
    assert (answer["error"], answer["req_method"]) == ("unknown_method", "scenes.make")


async def test_arguments_arrive_as_query_form_or_json(slack: SmallSlack) -> None:
    url = f"{slack.base_url}chat.postMessage"
    headers = {"Authorization": f"Bearer {slack.state.app.bot_token}"}
    said = {"channel": AURORA_TEAM, "text": "three ways"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for encoding in ({"json": said}, {"data": said}, {"params": said}):
            async with session.post(url, **encoding) as response:  # type: ignore[arg-type]  # one of three encodings
                assert (await response.json())["ok"]
        async with session.get(url, params=said) as response:
            assert (await response.json())["ok"]
        old_way = said | {"token": slack.state.app.bot_token}
        async with session.post(url, data=old_way, headers={"Authorization": ""}) as response:
            assert (await response.json())["ok"]
        async with session.post(
            url, data="{", headers={"Content-Type": "application/json"}
        ) as response:
            assert (await response.json())["error"] == "invalid_json"
    assert len(slack.state.messages[AURORA_TEAM]) == 5


async def test_a_message_is_posted_changed_linked_and_deleted(client: AsyncWebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*SC010*"}}]
    metadata = {"event_type": "scene_opened", "event_payload": {"scene": "SC010"}}
    posted = await client.chat_postMessage(
        channel=AURORA_TEAM, text="SC010", blocks=blocks, metadata=metadata
    )
    ts = str(posted["ts"])
    assert posted["message"]["blocks"][0]["block_id"]
    assert posted["message"]["metadata"] == metadata
    changed = await client.chat_update(channel=AURORA_TEAM, ts=ts, text="SC010, waiting")
    assert "blocks" not in told(changed)["message"]
    link = await client.chat_getPermalink(channel=AURORA_TEAM, message_ts=ts)
    assert str(link["permalink"]).endswith(f"/archives/{AURORA_TEAM}/p{ts.replace('.', '')}")
    await client.chat_delete(channel=AURORA_TEAM, ts=ts)
    answer = await refusal(client.chat_update(channel=AURORA_TEAM, ts=ts, text="gone"))
    assert answer["error"] == "message_not_found"


async def test_history_reads_newest_first_and_only_then_with_metadata(
    client: AsyncWebClient,
) -> None:
    metadata = {"event_type": "digest", "event_payload": {"run": "1"}}
    for text in ("one", "two", "three"):
        await client.chat_postMessage(channel=AURORA_TEAM, text=text, metadata=metadata)
    first = told(await client.conversations_history(channel=AURORA_TEAM, limit=2))
    assert [one["text"] for one in first["messages"]] == ["three", "two"]
    assert "metadata" not in first["messages"][0]
    cursor = first["response_metadata"]["next_cursor"]
    rest = told(
        await client.conversations_history(
            channel=AURORA_TEAM, limit=2, cursor=cursor, include_all_metadata=True
        )
    )
    assert [one["metadata"] for one in rest["messages"]] == [metadata]
    assert rest["has_more"] is False


async def test_a_thread_is_read_page_by_page_with_its_head_on_every_page(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    head = await slack.say("brief", user="maya", channel="aurora-team")
    assert head.ts is not None
    for number in range(7):
        await slack.say(f"r{number}", user="jonas", channel="aurora-team", thread_ts=head.ts)
    pages = [
        told(page)
        async for page in await client.conversations_replies(
            channel=AURORA_TEAM, ts=head.ts, limit=4
        )
    ]
    assert [len(page["messages"]) for page in pages] == [4, 4, 2]
    assert {page["messages"][0]["ts"] for page in pages} == {head.ts}
    assert pages[0]["messages"][0]["reply_count"] == 7
    replies = [one["text"] for page in pages for one in page["messages"][1:]]
    assert replies == [f"r{number}" for number in range(7)]


async def test_a_deleted_head_leaves_a_tombstone_and_a_deleted_thread_nothing(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    head = await slack.say("brief", user="maya", channel="aurora-team")
    reply = await slack.say("yes", user="lin", channel="aurora-team", thread_ts=head.ts)
    assert head.ts is not None
    assert reply.ts is not None
    await slack.delete(head.ts, channel="aurora-team", user="maya")
    thread = told(await client.conversations_replies(channel=AURORA_TEAM, ts=head.ts))
    assert thread["messages"][0]["subtype"] == "tombstone"
    await slack.delete(reply.ts, channel="aurora-team", user="lin")
    answer = await refusal(client.conversations_replies(channel=AURORA_TEAM, ts=head.ts))
    assert answer["error"] == "thread_not_found"
    answer = await refusal(
        client.chat_postMessage(channel=AURORA_TEAM, text="late", thread_ts=head.ts)
    )
    assert answer["error"] == "thread_not_found"


async def test_a_room_without_the_app_is_closed_to_it(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    answer = await refusal(client.chat_postMessage(channel=GENERAL, text="hello"))
    assert answer["error"] == "not_in_channel"
    slack.state.add_channel(Channel("C0SECRET001", "secret", T_STUDIO, is_private=True))
    for channel in ("C0SECRET001", "C0NOWHERE01"):
        answer = await refusal(client.conversations_info(channel=channel))
        assert answer["error"] == "channel_not_found"
    slack.state.channels[AURORA_TEAM].is_archived = True
    answer = await refusal(client.chat_postMessage(channel=AURORA_TEAM, text="late"))
    assert answer["error"] == "is_archived"


async def test_what_the_manifest_does_not_ask_for_is_not_given(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    answer = await refusal(client.conversations_join(channel=GENERAL))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:join")
    assert answer["provided"].split(",") == slack.state.app.scopes
    slack.state.app.scopes.append("channels:join")
    assert told(await client.conversations_join(channel=GENERAL))["channel"]["is_member"]
    assert slack.state.has_app(GENERAL)


async def test_the_bot_reacts_only_with_the_scope_and_only_once(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    said = await slack.say("look", user="maya", channel="aurora-team")
    where = {"channel": AURORA_TEAM, "timestamp": str(said.ts), "name": "eyes"}
    assert (await refusal(client.reactions_add(**where)))["needed"] == "reactions:write"
    slack.state.app.scopes.append("reactions:write")
    await client.reactions_add(**where)
    assert (await refusal(client.reactions_add(**where)))["error"] == "already_reacted"
    got = told(await client.reactions_get(channel=AURORA_TEAM, timestamp=str(said.ts)))
    assert got["message"]["reactions"] == [{"name": "eyes", "users": [BOT], "count": 1}]
    await client.reactions_remove(**where)
    assert (await refusal(client.reactions_remove(**where)))["error"] == "no_reaction"


async def test_people_and_rooms_are_told_with_their_workspaces(client: AsyncWebClient) -> None:
    dana = told(await client.users_info(user=DANA))["user"]
    assert (dana["team_id"], dana["is_stranger"]) == (T_CLIENT, False)
    assert "email" not in dana["profile"]
    assert "locale" not in dana
    maya = told(await client.users_info(user=MAYA))["user"]
    assert maya["tz"] == "Europe/Lisbon"
    assert (await refusal(client.users_info(user="U0NOBODY001")))["error"] == "user_not_found"
    people = told(await client.users_list())["members"]
    assert {one["id"] for one in people} >= {MAYA, DANA, BOT}
    room = told(await client.conversations_info(channel=AURORA_CLIENT))["channel"]
    assert (room["is_ext_shared"], room["shared_team_ids"]) == (True, [T_STUDIO, T_CLIENT])
    members = told(await client.conversations_members(channel=AURORA_CLIENT))["members"]
    assert DANA in members
    rooms = told(await client.conversations_list(exclude_archived=True))["channels"]
    assert {one["name"] for one in rooms} == {"general", "aurora-team", "aurora-client"}
    team = told(await client.team_info(team=T_CLIENT))["team"]
    assert team["name"] == "Aurora Outdoor"
    bot = told(await client.bots_info(bot="B0CIRCLE001"))["bot"]
    assert bot["user_id"] == BOT


async def test_a_direct_message_is_opened_once(slack: SmallSlack, client: AsyncWebClient) -> None:
    first = told(await client.conversations_open(users=[MAYA]))["channel"]["id"]
    posted = told(await client.chat_postMessage(channel=MAYA, text="for you"))
    assert posted["channel"] == first
    assert slack.state.channels[first].is_im


async def test_an_ephemeral_message_is_for_one_persons_eyes(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    await client.chat_postEphemeral(channel=AURORA_TEAM, user=MAYA, text="psst")
    history = told(await client.conversations_history(channel=AURORA_TEAM))
    assert history["messages"] == []
    seen = [one.text for one in slack.state.timeline(AURORA_TEAM, user_id=MAYA)]
    assert seen == ["psst"]
    assert list(slack.state.timeline(AURORA_TEAM, user_id=DANA)) == []
    answer = await refusal(client.chat_postEphemeral(channel=AURORA_TEAM, user=DANA, text="x"))
    assert answer["error"] == "user_not_in_channel"


async def test_messages_keep_to_their_lengths(slack: SmallSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=AURORA_TEAM, text="x" * 50_000)
    ts = str(posted["ts"])
    assert len(slack.state.messages[AURORA_TEAM][ts].text) == 40_000
    long = client.chat_update(channel=AURORA_TEAM, ts=ts, text="x" * 4001)
    assert (await refusal(long))["error"] == "msg_too_long"
    silent = client.api_call("chat.postMessage", json={"channel": AURORA_TEAM})
    assert (await refusal(silent))["error"] == "no_text"
    both = client.chat_postMessage(channel=AURORA_TEAM, text="a", markdown_text="b")
    assert (await refusal(both))["error"] == "markdown_text_conflict"


async def test_somebody_elses_message_cannot_be_changed(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    said = await slack.say("mine", user="maya", channel="aurora-team")
    ts = str(said.ts)
    changed = client.chat_update(channel=AURORA_TEAM, ts=ts, text="yours")
    assert (await refusal(changed))["error"] == "cant_update_message"
    assert (await refusal(client.chat_delete(channel=AURORA_TEAM, ts=ts)))[
        "error"
    ] == "cant_delete_message"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK's way to name a client
async def test_an_installation_is_exchanged_for_a_token(slack: SmallSlack) -> None:
    app = slack.state.app
    anybody = AsyncWebClient(base_url=slack.base_url)
    got = told(
        await anybody.oauth_v2_access(
            client_id=app.client_id, client_secret=app.client_secret, code="code"
        )
    )
    assert (got["access_token"], got["team"]["id"]) == (app.bot_token, T_STUDIO)
