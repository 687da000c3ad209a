"""What the app hears of people, in its own workspace and in a connected one."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

from typing import Any

import pytest

from tests.workspace.conftest import Heard
from tests.workspace.records import Json
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
from tests.workspace.talking import Attached

ROOM = "aurora-client"


@pytest.fixture
def heard(heard: Heard) -> Heard:
    """Listen to everything."""
    app = heard.app

    async def keep(body: Json, context: Any) -> None:
        heard.bodies.append(body | {"actor_team_id": context.actor_team_id})

    for kind in ("app_mention", "reaction_added", "reaction_removed", "file_shared"):
        app.event(kind)(keep)
    for subtype in (None, "message_changed", "message_deleted", "bot_message", "file_share"):
        app.event({"type": "message", "subtype": subtype})(keep)
    app.event({"type": "message", "subtype": "thread_broadcast"})(keep)

    async def pressed(ack: Any, body: Json, context: Any) -> None:
        await ack()
        heard.bodies.append(body | {"actor_team_id": context.actor_team_id})

    app.action("approve")(pressed)
    app.view("note")(pressed)
    return heard


async def test_a_clients_message_carries_both_workspaces(slack: SmallSlack, bolt: Heard) -> None:
    seen = await slack.say("We love it", user="dana", channel=ROOM)
    assert seen.ok
    [body] = bolt.events("message")
    assert (body["team_id"], body["context_team_id"]) == (T_CLIENT, T_STUDIO)
    assert body["authorizations"][0]["team_id"] == T_STUDIO
    assert body["is_ext_shared_channel"] is True
    event = body["event"]
    assert (event["team"], event["user_team"], event["source_team"]) == (T_CLIENT,) * 3
    assert body["actor_team_id"] == T_CLIENT


async def test_a_team_members_message_is_plain(slack: SmallSlack, bolt: Heard) -> None:
    await slack.say("R&D <b>", user="maya", channel="aurora-team")
    await slack.say("see https://a.example/?u=@maya #general", user="maya", channel="aurora-team")
    body, second = bolt.events("message")
    assert second["event"]["text"] == "see <https://a.example/?u=@maya> <#C0GENERAL01>"
    assert (body["team_id"], body["is_ext_shared_channel"]) == (T_STUDIO, False)
    event = body["event"]
    assert event["text"] == "R&amp;D &lt;b&gt;"
    assert event["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "R&D <b>"}]
    assert (event["channel_type"], event["channel"]) == ("channel", AURORA_TEAM)
    assert "user_team" not in event


async def test_a_mention_is_told_twice_with_two_event_ids(slack: SmallSlack, bolt: Heard) -> None:
    said = await slack.say("@circletake show", user="dana", channel=ROOM)
    [mention] = bolt.events("app_mention")
    [message] = bolt.events("message")
    assert mention["event"]["ts"] == message["event"]["ts"] == said.ts
    assert mention["event_id"] != message["event_id"]
    assert mention["event"]["text"] == f"<@{BOT}> show"
    assert mention["actor_team_id"] == T_CLIENT


async def test_a_reaction_names_no_team(slack: SmallSlack, bolt: Heard) -> None:
    said = await slack.say("look", user="maya", channel=ROOM)
    assert said.ts is not None
    await slack.react("heart", ts=said.ts, channel=ROOM, user="dana")
    await slack.unreact("heart", ts=said.ts, channel=ROOM, user="dana")
    [added], [removed] = bolt.events("reaction_added"), bolt.events("reaction_removed")
    assert (added["team_id"], added["actor_team_id"]) == (T_STUDIO, None)
    assert added["event"].keys() == {
        "type",
        "user",
        "reaction",
        "item",
        "item_user",
        "event_ts",
    }
    assert (added["event"]["user"], removed["event"]["item"]["ts"]) == (DANA, said.ts)


async def test_a_clients_press_says_their_team_and_ours(slack: SmallSlack, bolt: Heard) -> None:
    button = {
        "type": "button",
        "action_id": "approve",
        "text": {"type": "plain_text", "text": "Approve"},
    }
    posted = await bolt.app.client.chat_postMessage(
        channel=AURORA_CLIENT, text="take", blocks=[{"type": "actions", "elements": [button]}]
    )
    await slack.press("approve", user="dana", channel=ROOM, ts=str(posted["ts"]), wait=0)
    body = bolt.bodies[-1]
    assert (body["user"]["team_id"], body["team"]["id"]) == (T_CLIENT, T_STUDIO)
    assert body["actor_team_id"] == T_STUDIO


async def test_a_clients_submission_says_where_the_app_lives(
    slack: SmallSlack, bolt: Heard
) -> None:
    text = {"type": "plain_text", "text": "Note"}
    view = {"type": "modal", "callback_id": "note", "title": text, "submit": text, "blocks": []}
    trigger = slack.hub.grants.trigger(DANA)
    await bolt.app.client.views_open(trigger_id=trigger, view=view)
    await slack.submit(user="dana", wait=0)
    body = bolt.bodies[-1]
    assert (body["user"]["team_id"], body["team"]["id"]) == (T_CLIENT, T_CLIENT)
    assert body["view"]["app_installed_team_id"] == T_STUDIO
    assert body["actor_team_id"] == T_STUDIO


async def test_a_file_in_a_shared_channel_is_only_announced(slack: SmallSlack, bolt: Heard) -> None:
    attached = [Attached("notes.txt", b"slower")]
    await slack.say("", user="dana", channel=ROOM, files=attached)
    [shared] = bolt.events("file_shared")
    assert (shared["actor_team_id"], shared["event"]["user_id"]) == (None, DANA)
    [message] = bolt.events("message")
    [stub] = message["event"]["files"]
    assert stub["file_access"] == "check_file_info"
    assert "url_private" not in stub
    info = await bolt.app.client.files_info(file=stub["id"])
    assert info["file"]["user_team"] == T_CLIENT


async def test_edits_and_deletions_are_told_with_what_was_before(
    slack: SmallSlack, bolt: Heard
) -> None:
    said = await slack.say("first", user="maya", channel="aurora-team")
    assert said.ts is not None
    await slack.edit(said.ts, "second", channel="aurora-team", user="maya")
    await slack.delete(said.ts, channel="aurora-team", user="maya")
    _, edited, deleted = (one["event"] for one in bolt.events("message"))
    assert edited["previous_message"]["text"] == "first"
    assert (edited["message"]["text"], edited["message"]["edited"]["user"]) == ("second", MAYA)
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", said.ts)
    assert deleted["previous_message"]["text"] == "second"


async def test_threads_broadcasts_and_other_bots_are_told_apart(
    slack: SmallSlack, bolt: Heard
) -> None:
    head = await slack.say("brief", user="maya", channel="aurora-team")
    await slack.say("reply", user="lin", channel="aurora-team", thread_ts=head.ts)
    await slack.say("all", user="lin", channel="aurora-team", thread_ts=head.ts, broadcast=True)
    slack.post_as_bot("build passed", channel="aurora-team")
    await slack.settle()
    _, reply, broadcast, bot = (one["event"] for one in bolt.events("message"))
    assert (reply["thread_ts"], reply["parent_user_id"]) == (head.ts, MAYA)
    assert (broadcast["subtype"], broadcast["root"]["ts"]) == ("thread_broadcast", head.ts)
    assert (bot["subtype"], bot["username"], "user" in bot) == ("bot_message", "Zapier", False)


async def test_the_app_hears_nothing_from_rooms_it_is_not_in(
    slack: SmallSlack, bolt: Heard
) -> None:
    await slack.say("@circletake secret", user="maya", channel="general")
    await slack.join(user=BOT, channel="general")
    await slack.say("hello", user="maya", channel=GENERAL)
    await slack.settle()
    assert [one["event"]["text"] for one in bolt.events("message")] == ["hello"]


async def test_outsiders_have_no_shortcuts(slack: SmallSlack, bolt: Heard) -> None:
    said = await slack.say("brief", user="maya", channel=ROOM)
    seen = await slack.shortcut("scene_from_thread", user="dana", channel=ROOM, ts=said.ts)
    assert not seen.ok
    assert len(bolt.bodies) == 1
