"""Luma's own SDK for Dream Machine, pointed at the sandbox, is satisfied."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import lumaai
import pytest
from aiohttp import web
from lumaai import AsyncLumaAI
from lumaai.types import Generation
from PIL import Image

from tests.sandbox import Fault, Sandbox
from tests.sandbox.conftest import fetched, frames

VENDORS = ("luma_dream_machine",)
PICTURE = "https://example.com/ref.png"
FILM = "https://example.com/in.mp4"


@pytest.fixture
async def dream(sandbox: Sandbox) -> AsyncIterator[AsyncLumaAI]:
    async with AsyncLumaAI(
        auth_token=sandbox.key("luma_dream_machine"),
        base_url=f"{sandbox.url('luma_dream_machine')}/dream-machine/v1",
        max_retries=0,
    ) as client:
        yield client


async def ended(dream: AsyncLumaAI, made: Generation) -> Generation:
    while made.state not in {"completed", "failed"}:
        await asyncio.sleep(0.02)
        made = await dream.generations.get(made.id or "")
    return made


async def film_of(dream: AsyncLumaAI, made: Generation) -> bytes:
    made = await ended(dream, made)
    assert made.assets, made
    assert made.assets.video, made
    return await fetched(made.assets.video)


async def test_a_text_becomes_a_film_with_a_poster(dream: AsyncLumaAI, sandbox: Sandbox) -> None:
    sandbox.desk("luma_dream_machine").balance = 100
    made = await dream.generations.video.create(
        model="ray-2", prompt="A paper boat", aspect_ratio="16:9", duration="5s",
        resolution="720p", concepts=[{"key": "dolly_zoom"}],
    )  # fmt: skip
    assert frames(await film_of(dream, made)) == 60
    done = await ended(dream, made)
    assert done.assets
    with Image.open(io.BytesIO(await fetched(done.assets.image or ""))) as poster:
        assert (poster.format, poster.size) == ("JPEG", (320, 180))
    assert (await dream.credits.get()).credit_balance == 100 - 70
    assert "dolly_zoom" in await dream.generations.concepts.list()
    assert (await dream.ping.check()).message == "pong"


async def test_a_film_is_extended_changed_reframed_enlarged_and_given_sound(
    dream: AsyncLumaAI,
) -> None:
    first = await ended(dream, await dream.generations.video.create(model="ray-2", prompt="x"))
    assert first.id
    follow_ups = [
        await dream.generations.video.create(
            model="ray-2", prompt="on", keyframes={"frame0": {"type": "generation", "id": first.id}}
        ),
        await dream.generations.video.modify(
            model="ray-2", generation_type="modify_video", mode="flex_1", media={"url": FILM}
        ),
        await dream.generations.video.reframe(
            model="ray-2", generation_type="reframe_video", aspect_ratio="9:16", media={"url": FILM}
        ),
        await dream.generations.upscale(first.id, resolution="4k"),
        await dream.generations.audio(first.id, prompt="rain", negative_prompt="music"),
    ]
    for made in follow_ups:
        assert frames(await film_of(dream, made)) == 60
    listed = await dream.generations.list(limit=2, offset=0)
    assert (listed.count, listed.has_more) == (2, True)


async def test_references_become_a_still_at_once_if_asked(dream: AsyncLumaAI) -> None:
    made = await dream.generations.image.create(
        model="photon-1", prompt="hero", format="png", sync=True,
        image_ref=[{"url": PICTURE, "weight": 0.85}],
        character_ref={"identity0": {"images": [PICTURE]}},
    )  # fmt: skip
    assert made.state == "completed"
    assert made.assets
    with Image.open(io.BytesIO(await fetched(made.assets.image or ""))) as still:
        assert still.size == (320, 180)


async def test_the_callback_hears_when_it_dreams_and_when_it_is_over(
    dream: AsyncLumaAI, sandbox: Sandbox
) -> None:
    sandbox.pace.latency = 0.4
    heard: asyncio.Queue[str] = asyncio.Queue()
    seen = 0

    async def listen(request: web.Request) -> web.Response:
        nonlocal seen
        seen += 1
        if seen == 1:
            return web.Response(status=500)
        told = await request.json()
        await heard.put(told["state"])
        return web.Response()

    app = web.Application()
    app.router.add_post("/heard", listen)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/heard"
    await dream.generations.video.create(model="ray-2", prompt="x", callback_url=url)
    assert [await asyncio.wait_for(heard.get(), 5) for _ in range(2)] == ["dreaming", "completed"]
    assert seen == 3
    await runner.cleanup()


async def test_delete_stops_and_forgets(dream: AsyncLumaAI, sandbox: Sandbox) -> None:
    sandbox.pace.latency = 60
    made = await dream.generations.video.create(model="ray-2", prompt="x")
    await dream.generations.delete(made.id or "")
    with pytest.raises(lumaai.NotFoundError):
        await dream.generations.get(made.id or "")
    assert len(sandbox.ledger) == 1


@pytest.mark.parametrize(
    ("word", "says"),
    [("moderation", "moderation"), ("moderation-output", "moderation"), ("engine", "failed")],
)
async def test_a_failed_generation_says_why(dream: AsyncLumaAI, word: str, says: str) -> None:
    made = await dream.generations.video.create(model="ray-2", prompt=f"x [[{word}]]")
    assert says in ((await ended(dream, made)).failure_reason or "")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.BAD_INPUT, lumaai.BadRequestError),
        (Fault.OUT_OF_CREDIT, lumaai.BadRequestError),
        (Fault.AUTH, lumaai.AuthenticationError),
        (Fault.SUSPENDED, lumaai.PermissionDeniedError),
        (Fault.RATE_LIMIT, lumaai.RateLimitError),
        (Fault.CONCURRENCY, lumaai.RateLimitError),
        (Fault.UNAVAILABLE, lumaai.InternalServerError),
        (Fault.HTML, lumaai.InternalServerError),
        (Fault.DROPPED, lumaai.APIConnectionError),
    ],
)
async def test_errors_arrive_as_the_sdks_own(
    dream: AsyncLumaAI, sandbox: Sandbox, fault: Fault, error: type[Exception]
) -> None:
    sandbox.next("luma_dream_machine", fault)
    with pytest.raises(error):
        await dream.generations.video.create(model="ray-2", prompt="x")
    assert not list(sandbox.ledger)


@pytest.mark.parametrize(
    "change",
    [
        {"model": "ray-3"},
        {"duration": "10s"},
        {"resolution": "360p"},
        {"aspect_ratio": "2:1"},
        {"seed": 7},
        {"prompt": ""},
        {"concepts": [{"key": "teleport"}]},
        {"keyframes": {"frame0": {"type": "image", "url": "http://10.0.0.7/a.png"}}},
        {"keyframes": {"frame0": {"type": "image", "url": "data:image/png;base64,aGk="}}},
        {"keyframes": {"frame2": {"type": "image", "url": PICTURE}}},
    ],
)
async def test_what_dream_machine_does_not_take_is_refused(
    dream: AsyncLumaAI, change: dict[str, Any]
) -> None:
    body = {"model": "ray-2", "prompt": "x"} | change
    with pytest.raises(lumaai.BadRequestError):
        await dream.post("/generations/video", body=body, cast_to=object)


async def test_a_wrong_key_is_turned_away(dream: AsyncLumaAI) -> None:
    with pytest.raises(lumaai.AuthenticationError):
        await dream.with_options(auth_token="luma-wrong").ping.check()
