"""Files by the upload-URL flow: streamed in, looked at, shared later, read with a token."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

import io
from pathlib import Path
from typing import Any, cast

import aiohttp
import av
import pytest
from PIL import Image
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace.records import File, Json
from tests.workspace.seed import AURORA_TEAM, GENERAL
from tests.workspace.server import SmallSlack
from tests.workspace.state import SlackState
from tests.workspace.talking import Attached


def a_picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 360), "#b45309").save(buffer, "PNG")
    return buffer.getvalue()


def a_video(path: Path) -> bytes:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for _ in range(10):
            frame = av.VideoFrame.from_image(Image.new("RGB", (64, 36), "navy"))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path.read_bytes()


async def info(client: AsyncWebClient, file_id: Any) -> Json:
    return cast("Json", (await client.files_info(file=file_id))["file"])


async def sent(url: str, body: object) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, data=body) as response:
        return response.status


def shared(state: SlackState) -> File | None:
    return next((one for one in state.files.values() if one.shares), None)


async def test_a_video_is_shared_in_a_thread_and_plays(
    slack: SmallSlack, client: AsyncWebClient, tmp_path: Path
) -> None:
    video = a_video(tmp_path / "take.mp4")
    head = await client.chat_postMessage(channel=AURORA_TEAM, text="SC010")
    answer = await client.files_upload_v2(
        filename="take.mp4",
        content=video,
        title="SC010 take 1",
        channel=AURORA_TEAM,
        thread_ts=str(head["ts"]),
        initial_comment="Take 1",
        alt_txt="A blue field",
    )
    assert answer["files"][0]["shares"] == {}
    file = await slack.until(shared)
    assert file is not None
    told = await info(client, file.id)
    [share] = told["shares"]["public"][AURORA_TEAM]
    assert share["thread_ts"] == head["ts"]
    assert (told["mimetype"], told["alt_txt"]) == ("video/mp4", "A blue field")
    assert (told["duration_ms"], told["thumb_video_w"]) == (1000, 64)
    async with aiohttp.ClientSession() as session:
        async with session.get(
            f"{slack.origin}/_page/files/{file.id}", headers={"Range": "bytes=0-99"}
        ) as part:
            assert (part.status, await part.read()) == (206, video[:100])
        async with session.get(f"{slack.origin}/_page/files/{file.id}/thumb") as poster:
            assert poster.content_type == "image/jpeg"
    [reply] = slack.state.replies(AURORA_TEAM, str(head["ts"]))
    assert (reply.text, reply.subtype, reply.files) == ("Take 1", "file_share", [file.id])


async def test_bytes_may_come_raw_or_as_a_form(slack: SmallSlack, client: AsyncWebClient) -> None:
    picture = a_picture()
    for as_form in (False, True):
        place = await client.files_getUploadURLExternal(filename="a.png", length=len(picture))
        body = aiohttp.FormData({"file": io.BytesIO(picture)}) if as_form else picture
        assert await sent(str(place["upload_url"]), body) == 200
        await client.files_completeUploadExternal(files=[{"id": place["file_id"], "title": "A"}])
        told = await info(client, place["file_id"])
        assert (told["original_w"], told["original_h"], told["title"]) == (640, 360, "A")
        assert slack.state.files[told["id"]].path.read_bytes() == picture


async def test_an_upload_that_is_cut_short_is_refused(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    place = await client.files_getUploadURLExternal(filename="a.png", length=10)
    assert await sent(str(place["upload_url"]), b"short") == 400
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(
            files=[{"id": place["file_id"], "title": "A"}], channel_id=AURORA_TEAM
        )


async def test_a_file_is_not_shared_where_the_app_is_not(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.files_upload_v2(filename="a.txt", content="hello", channel=GENERAL)


async def test_private_bytes_need_the_token_or_turn_into_a_sign_in_page(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    await slack.say(
        "look", user="maya", channel="aurora-team", files=[Attached("a.png", a_picture())]
    )
    file = shared(slack.state)
    assert file is not None
    told = await info(client, file.id)
    token = {"Authorization": f"Bearer {slack.state.app.bot_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(told["url_private"], headers=token) as response:
            assert await response.read() == a_picture()
        async with session.get(told["thumb_360"], headers=token) as response:
            assert response.content_type == "image/jpeg"
        async with session.get(told["url_private_download"]) as response:
            assert (response.status, response.content_type) == (200, "text/html")


async def test_a_file_that_was_removed_is_gone_everywhere(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    said = await slack.say(
        "look", user="maya", channel="aurora-team", files=[Attached("a.png", b"not a picture")]
    )
    file = shared(slack.state)
    assert file is not None
    url: str = (await info(client, file.id))["url_private"]
    with pytest.raises(SlackApiError, match="cant_delete_file"):
        await client.files_delete(file=file.id)
    await slack.remove_file(file.id)
    with pytest.raises(SlackApiError, match="file_deleted"):
        await client.files_info(file=file.id)
    token = {"Authorization": f"Bearer {slack.state.app.bot_token}"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=token) as response:
        assert response.status == 404
    thread = await client.conversations_replies(channel=AURORA_TEAM, ts=str(said.ts))
    assert thread["messages"][0]["files"] == [{"id": file.id, "mode": "tombstone"}]


async def test_the_apps_own_file_can_be_deleted(slack: SmallSlack, client: AsyncWebClient) -> None:
    await client.files_upload_v2(filename="a.txt", content="hello", channel=AURORA_TEAM)
    file = await slack.until(shared)
    assert file is not None
    await client.files_delete(file=file.id)
    assert file.deleted
    assert not file.path.exists()
