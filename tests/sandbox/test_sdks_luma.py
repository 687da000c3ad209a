"""Luma's own SDK for the Agents API, pointed at the sandbox, is satisfied."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import luma_agents
import pytest
from luma_agents import AsyncLuma
from luma_agents.types import Generation
from PIL import Image

from tests.sandbox import Fault, Sandbox, Stage
from tests.sandbox.conftest import a_png, fetched, frames

VENDORS = ("luma",)
PICTURE = "https://example.com/ref.png"
FILM = {"url": "https://example.com/in.mp4", "media_type": "video/mp4"}


@pytest.fixture
async def luma(sandbox: Sandbox) -> AsyncIterator[AsyncLuma]:
    async with AsyncLuma(
        auth_token=sandbox.key("luma"), base_url=f"{sandbox.url('luma')}/v1", max_retries=0
    ) as client:
        yield client


async def ended(luma: AsyncLuma, made: Generation) -> Generation:
    """Wait for a generation, as the guides tell to: the SDK has nothing for it."""
    while made.state not in {"completed", "failed"}:
        await asyncio.sleep(0.02)
        made = await luma.generations.get(made.id)
    return made


async def film_of(made: Generation) -> bytes:
    assert made.output, made
    return await fetched(made.output[0].url)


async def test_a_text_becomes_a_film_that_decodes(luma: AsyncLuma, sandbox: Sandbox) -> None:
    made = await luma.generations.create(
        prompt="A paper boat", model="ray-3.2", type="video", aspect_ratio="16:9", user_id="U123",
        video={"resolution": "720p", "duration": "5s"},
    )  # fmt: skip
    assert made.state == "queued"
    assert frames(await film_of(await ended(luma, made))) == 60
    placed = sandbox.ledger.of("luma")[0]
    assert placed.order.user_tag == "U123"


async def test_an_account_without_money_is_refused(luma: AsyncLuma, sandbox: Sandbox) -> None:
    sandbox.desk("luma").balance = 0.50
    await luma.generations.create(prompt="x", model="ray-3.2", type="video")
    with pytest.raises(luma_agents.APIStatusError, match="Insufficient balance"):
        await luma.generations.create(prompt="x", model="ray-3.2", type="video")
    assert sandbox.desk("luma").balance == pytest.approx(0.20)
    assert len(sandbox.ledger) == 1


async def test_an_uploaded_picture_starts_a_film(luma: AsyncLuma) -> None:
    picture = a_png()
    asked = await luma.files.create(
        mime_type="image/png", size_bytes=len(picture), filename="ref.png", purpose="input"
    )
    assert asked.upload is not None
    async with httpx.AsyncClient() as http:
        put = await http.put(asked.upload.url, content=picture, headers=asked.upload.headers)
    assert put.status_code == 200
    file = await luma.files.complete(asked.id)
    assert file.state == "pending"
    while file.state != "ready":
        await asyncio.sleep(0.01)
        file = await luma.files.get(asked.id)
    made = await luma.generations.create(
        prompt="push in", model="ray-3.2", type="video",
        video={"start_frame": {"file_id": file.id}},
    )  # fmt: skip
    assert frames(await film_of(await ended(luma, made))) == 60


async def test_a_small_file_comes_in_one_call(luma: AsyncLuma, sandbox: Sandbox) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.post(
            f"{sandbox.url('luma')}/v1/files", files={"file": ("a.png", a_png(), "image/png")},
            headers={"Authorization": f"Bearer {sandbox.key('luma')}"},
        )  # fmt: skip
    assert answer.status_code == 201
    assert answer.json()["upload"] is None
    listed = await luma.files.list(limit=1)
    assert [file.id for file in listed.data] == [answer.json()["id"]]
    await luma.files.delete(listed.data[0].id)
    with pytest.raises(luma_agents.NotFoundError):
        await luma.files.get(listed.data[0].id)


async def test_a_film_is_extended_edited_and_reframed(luma: AsyncLuma) -> None:
    first = await ended(
        luma, await luma.generations.create(prompt="x", model="ray-3.2", type="video")
    )
    orders: list[dict[str, Any]] = [
        {"type": "video", "video": {"start_frame": {"generation_id": first.id}}},
        {"type": "video_edit", "source": {"generation_id": first.id},
         "video": {"edit": {"strength": "flex_1", "controls": {"depth": {"blur": 0.2}}}}},
        {"type": "video_reframe", "source": FILM, "aspect_ratio": "9:16"},
    ]  # fmt: skip
    for order in orders:
        made = await luma.generations.create(prompt="x", model="ray-3.2", **order)
        assert frames(await film_of(await ended(luma, made))) == 60


async def test_references_become_a_still_and_a_still_becomes_layers(luma: AsyncLuma) -> None:
    still = await luma.generations.create(
        prompt="hero", model="uni-1", type="image", image_ref=[{"url": PICTURE}],
        output_format="jpeg", aspect_ratio="3:2",
    )  # fmt: skip
    with Image.open(io.BytesIO(await film_of(await ended(luma, still)))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (320, 214))
    layered = await luma.generations.create(
        prompt="split", model="uni-1", type="layering", source={"url": PICTURE}
    )
    layers = (await ended(luma, layered)).output or []
    assert [layer.layer.label for layer in layers if layer.layer] == ["boat", "background"]
    assert await fetched(layers[0].url) != await fetched(layers[1].url)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("moderation", "content_moderated"),
        ("transient", "generation_failed"),
        ("engine", "output_not_found"),
        ("bad-asset", "corrupt_input"),
        ("code:budget_exhausted", "budget_exhausted"),
    ],
)
async def test_a_failed_generation_says_why(luma: AsyncLuma, word: str, code: str) -> None:
    made = await luma.generations.create(prompt=f"x [[{word}]]", model="ray-3.2", type="video")
    assert (await ended(luma, made)).failure_code == code


@pytest.mark.parametrize(
    ("fault", "error", "status"),
    [
        (Fault.BAD_INPUT, luma_agents.UnprocessableEntityError, 422),
        (Fault.RETIRED, luma_agents.BadRequestError, 400),
        (Fault.AUTH, luma_agents.AuthenticationError, 401),
        (Fault.OUT_OF_CREDIT, luma_agents.APIStatusError, 402),
        (Fault.SUSPENDED, luma_agents.PermissionDeniedError, 403),
        (Fault.TOO_LARGE, luma_agents.APIStatusError, 413),
        (Fault.RATE_LIMIT, luma_agents.RateLimitError, 429),
        (Fault.RATE_LIMIT_DATE, luma_agents.RateLimitError, 429),
        (Fault.RATE_LIMIT_BARE, luma_agents.RateLimitError, 429),
        (Fault.CONCURRENCY, luma_agents.RateLimitError, 429),
        (Fault.BAD_GATEWAY, luma_agents.InternalServerError, 502),
        (Fault.HTML, luma_agents.InternalServerError, 502),
        (Fault.UNAVAILABLE, luma_agents.InternalServerError, 503),
    ],
)
async def test_errors_arrive_as_the_sdks_own(
    luma: AsyncLuma, sandbox: Sandbox, fault: Fault, error: type[Exception], *, status: int
) -> None:
    sandbox.next("luma", fault)
    with pytest.raises(error) as told:
        await luma.generations.create(prompt="x", model="ray-3.2", type="video")
    assert isinstance(told.value, luma_agents.APIStatusError)
    assert told.value.status_code == status
    waits = told.value.response.headers.get("Retry-After")
    match fault:
        case Fault.RATE_LIMIT | Fault.CONCURRENCY:
            assert (waits or "").isdecimal()
        case Fault.RATE_LIMIT_DATE:
            assert (waits or "").endswith("GMT")
        case _:
            assert waits is None
    assert not sandbox.ledger.of("luma")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"prompt": ""}, 400),
        ({"prompt": "x" * 6001}, 400),
        ({"seed": 7}, 400),
        ({"video": {"duration": "9s"}}, 400),
        ({"video": {"start_frame": {"url": PICTURE, "data": "aGk="}}}, 400),
        ({"video": {"start_frame": {"url": "http://127.0.0.1/a.png"}}}, 400),
        ({"model": "uni-1"}, 422),
        ({"aspect_ratio": "3:2"}, 422),
        ({"source": FILM}, 422),
        ({"image_ref": [{"url": PICTURE}]}, 422),
        ({"video": {"start_frame": {"url": PICTURE}, "duration": "10s"}}, 422),
        ({"video": {"hdr": True, "resolution": "540p"}}, 422),
        ({"video": {"exr_export": True}}, 422),
        ({"video": {"loop": True, "duration": "10s"}}, 422),
        ({"video": {"keyframes": [{"url": PICTURE}], "keyframe_indexes": [121]}}, 422),
        ({"video": {"keyframes": [{"url": PICTURE}]}}, 422),
        ({"video": {"edit": {"auto_controls": True}}}, 422),
        ({"video": {"start_frame": {"generation_id": "nobody's"}}}, 422),
        ({"video": {"start_frame": {"file_id": "nobody's"}}}, 422),
        ({"type": "video_edit", "source": {"url": "https://example.com/in.mp4"}}, 422),
        ({"video": {"start_frame": {"data": "A" * 21_000_000, "media_type": "image/png"}}}, 413),
    ],
)
async def test_what_does_not_go_together_is_refused(
    luma: AsyncLuma, sandbox: Sandbox, change: dict[str, Any], status: int
) -> None:
    body = {"prompt": "x", "model": "ray-3.2", "type": "video"} | change
    with pytest.raises(luma_agents.APIStatusError) as told:
        await luma.post("/generations", body=body, cast_to=object)
    assert told.value.status_code == status
    assert not sandbox.ledger.of("luma")


async def test_keyframes_go_with_ten_seconds_and_inline_pictures(luma: AsyncLuma) -> None:
    inline = base64.b64encode(a_png()).decode()
    made = await luma.generations.create(
        prompt="beats", model="ray-3.2", type="video",
        video={
            "duration": "10s",
            "keyframes": [{"data": inline, "media_type": "image/png"}, {"url": PICTURE}],
            "keyframe_indexes": [0, 240],
        },
    )  # fmt: skip
    assert frames(await film_of(await ended(luma, made))) == 120


async def test_the_request_id_is_echoed_and_the_key_is_checked(
    luma: AsyncLuma, sandbox: Sandbox
) -> None:
    answer = await luma.generations.with_raw_response.create(
        prompt="x", model="ray-3.2", type="video", extra_headers={"X-Request-Id": "take-7"}
    )
    assert answer.headers["X-Request-Id"] == "take-7"
    assert answer.headers["X-API-Version"] == "2026-04-01"
    with pytest.raises(luma_agents.AuthenticationError):
        await luma.with_options(auth_token="luma-api-wrong").files.list()
    sandbox.next("luma", Fault.HTML, on=Stage.POLL)
    with pytest.raises(luma_agents.InternalServerError):
        await luma.generations.get((await answer.parse()).id)
