"""OpenAI's own SDK, unmodified, runs whole jobs against each dialect of the sandbox."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import httpx
import openai
import pytest

from tests.sandbox import Fault, Sandbox
from tests.sandbox._replay import PIXEL
from tests.sandbox.conftest import frames
from tests.sandbox.openai_videos import DIALECTS
from tests.sandbox.openai_videos_sglang import keep_in_cloud

VENDORS = tuple(DIALECTS.values())
MODELS = {"openai": "sora-2", "vllm": "Wan2.2", "sglang": "any", "litellm": "openai/sora-2"}
pytestmark = pytest.mark.filterwarnings(
    "ignore:The Sora API is scheduled:DeprecationWarning"  # the whole of client.videos
)


@asynccontextmanager
async def talk(sandbox: Sandbox, dialect: str) -> AsyncGenerator[Any]:
    vendor = DIALECTS[dialect]
    client = openai.AsyncOpenAI(
        base_url=f"{sandbox.url(vendor)}/v1", api_key=sandbox.key(vendor), max_retries=0
    )
    async with client:
        yield client.videos


async def order(videos: Any, dialect: str, prompt: str = "A paper boat", **more: Any) -> Any:
    return await videos.create(prompt=prompt, model=MODELS[dialect], **more)


async def settled(videos: Any, video: Any) -> Any:
    while video.status in {"queued", "in_progress"}:
        await asyncio.sleep(0.02)
        video = await videos.retrieve(video.id)
    return video


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_text_becomes_a_film_in_every_dialect(sandbox: Sandbox, dialect: str) -> None:
    async with talk(sandbox, dialect) as videos:
        done = await settled(videos, await order(videos, dialect, seconds="4", size="1280x720"))
        assert (done.status, done.progress, done.size) == ("completed", 100, "1280x720")
        assert [video.id async for video in videos.list()] == [done.id]
        content = await videos.download_content(done.id)
        assert frames(content.content) == 48


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_picture_goes_along_as_a_file(sandbox: Sandbox, dialect: str) -> None:
    picture = ("ref.png", PIXEL, "image/png")
    async with talk(sandbox, dialect) as videos:
        done = await settled(videos, await order(videos, dialect, input_reference=picture))
    assert done.status == "completed"
    placed = sandbox.ledger.of(DIALECTS[dialect])
    assert "ref.png" in placed[0].order.request["input_reference"]


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_wrong_key_opens_no_door(sandbox: Sandbox, dialect: str) -> None:
    async with talk(sandbox, dialect) as videos:
        videos._client.api_key = "another"  # noqa: SLF001 - the SDK has no other way to swap it
        with pytest.raises(openai.AuthenticationError):
            await order(videos, dialect)
    assert not len(sandbox.ledger)


@pytest.mark.parametrize("dialect", ["openai", "litellm", "sglang"])
async def test_a_failed_job_is_a_video_with_an_error(sandbox: Sandbox, dialect: str) -> None:
    async with talk(sandbox, dialect) as videos:
        failed = await settled(videos, await order(videos, dialect, "A boat [[engine]]"))
    assert failed.status == "failed"
    assert failed.error.message


@pytest.mark.parametrize(
    ("word", "kind"),
    [("engine", openai.InternalServerError), ("bad-asset", openai.BadRequestError)],
)
async def test_vllm_answers_for_a_failed_job_with_its_code(
    sandbox: Sandbox, word: str, kind: type[openai.APIStatusError]
) -> None:
    async with talk(sandbox, "vllm") as videos:
        video = await order(videos, "vllm", f"A boat [[{word}]]")
        with pytest.raises(kind) as raised:
            await settled(videos, video)
        told = raised.value.response.json()
        assert (told["object"], told["status"], told["id"]) == ("video", "failed", video.id)
        with pytest.raises(openai.UnprocessableEntityError):
            await videos.download_content(video.id)


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (Fault.MODERATION, openai.BadRequestError, "moderation_blocked"),
        (Fault.OUT_OF_CREDIT, openai.RateLimitError, "insufficient_quota"),
        (Fault.RATE_LIMIT, openai.RateLimitError, "rate_limit_exceeded"),
        (Fault.RETIRED, openai.NotFoundError, "model_not_found"),
        (Fault.UNAVAILABLE, openai.InternalServerError, "server_overloaded"),
    ],
)
async def test_a_refusal_is_the_sdks_own_error(
    sandbox: Sandbox, fault: Fault, kind: type[openai.APIStatusError], code: str
) -> None:
    sandbox.next("openai_videos", fault)
    async with talk(sandbox, "openai") as videos:
        with pytest.raises(kind) as raised:
            await order(videos, "openai")
    assert raised.value.code == code
    assert not len(sandbox.ledger)


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"seconds": "5"}, "seconds"),
        ({"size": "1792x1024"}, "size"),
        ({"extra_body": {"seed": "7"}}, "seed"),
        ({"input_reference": ("a.txt", b"x", "text/plain")}, "input_reference"),
    ],
)
async def test_openai_takes_what_is_documented_only(
    sandbox: Sandbox, more: dict[str, Any], param: str
) -> None:
    async with talk(sandbox, "openai") as videos:
        with pytest.raises(openai.BadRequestError) as raised:
            await order(videos, "openai", **more)
    assert raised.value.param == param


async def test_vllm_takes_its_own_fields_and_checks_their_form(sandbox: Sandbox) -> None:
    async with talk(sandbox, "vllm") as videos:
        extra = {"seed": "42", "num_frames": "49", "fps": "24", "size": "832x480"}
        video = await order(videos, "vllm", extra_body=extra)
        assert video.seconds == "2"
        with pytest.raises(openai.UnprocessableEntityError):
            await order(videos, "vllm", size="wide")
        with pytest.raises(openai.BadRequestError) as raised:
            await videos.create(prompt="A boat", model="sora-2")
        assert "Model mismatch" in raised.value.response.json()["detail"]


async def test_deleting_means_something_else_in_every_dialect(sandbox: Sandbox) -> None:
    sandbox.pace.latency = 60
    said: dict[str, Any] = {}
    for dialect in DIALECTS:
        async with talk(sandbox, dialect) as videos:
            video = await order(videos, dialect)
            try:
                told = await videos.delete(video.id)
                said[dialect] = told.deleted or told.status
            except openai.APIStatusError as error:
                said[dialect] = error.status_code
    assert said == {"openai": 400, "vllm": True, "sglang": "deleted", "litellm": 405}


async def test_sglang_counts_its_variants(sandbox: Sandbox) -> None:
    async with talk(sandbox, "sglang") as videos:
        done = await settled(videos, await order(videos, "sglang"))
        with pytest.raises(openai.NotFoundError):
            await videos.download_content(done.id, variant="video")
        keep_in_cloud(sandbox.desk(DIALECTS["sglang"]))
        stored = await videos.retrieve(done.id)
        with pytest.raises(openai.BadRequestError) as raised:
            await videos.download_content(done.id)
        assert stored.url.partition("?")[0] in raised.value.response.json()["detail"]
    async with httpx.AsyncClient() as http:
        assert frames((await http.get(stored.url)).content) == 48


async def test_litellms_ids_need_percent_encoding(sandbox: Sandbox) -> None:
    async with talk(sandbox, "litellm") as videos:
        video = await order(videos, "litellm")
    assert all(sign in video.id for sign in "+/=")
    vendor = DIALECTS["litellm"]
    headers = {"Authorization": f"Bearer {sandbox.key(vendor)}"}
    async with httpx.AsyncClient(headers=headers) as http:
        bare = await http.get(f"{sandbox.url(vendor)}/videos/{video.id}")
        encoded = await http.get(f"{sandbox.url(vendor)}/videos/{quote(video.id, safe='')}")
    assert (bare.status_code, encoded.status_code) == (404, 200)


async def test_openai_remixes_edits_extends_and_keeps_characters(sandbox: Sandbox) -> None:
    film = ("in.mp4", PIXEL, "video/mp4")
    async with talk(sandbox, "openai") as videos:
        first = await settled(videos, await order(videos, "openai"))
        again = await videos.remix(first.id, prompt="at night")
        assert again.remixed_from_video_id == first.id
        assert (await videos.edit(prompt="at night", video=film)).status == "queued"
        assert (await videos.extend(prompt="go on", seconds="8", video=film)).seconds == "8"
        mara = await videos.create_character(name="Mara", video=film)
        assert (await videos.get_character(mara.id)).name == "Mara"
        thumbnail = await videos.download_content(first.id, variant="thumbnail")
        assert thumbnail.content.startswith(b"RIFF")
        assert (await videos.delete(first.id)).deleted


async def test_vllm_makes_a_film_while_one_waits(sandbox: Sandbox) -> None:
    vendor = DIALECTS["vllm"]
    headers = {"Authorization": f"Bearer {sandbox.key(vendor)}"}
    async with httpx.AsyncClient(headers=headers) as http:
        answer = await http.post(f"{sandbox.url(vendor)}/v1/videos/sync", data={"prompt": "A boat"})
        as_json = await http.post(f"{sandbox.url(vendor)}/v1/videos", json={"prompt": "A boat"})
    assert frames(answer.content) == 48
    assert as_json.status_code == 422
