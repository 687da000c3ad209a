"""Runway's own SDK, pointed at the sandbox, is satisfied."""

import io
import time
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
import runwayml
from PIL import Image
from runwayml import AsyncRunwayML
from runwayml.lib.polling import TaskFailedError

from tests.sandbox import Fault, Sandbox, Stage
from tests.sandbox.conftest import a_png, fetched, frames

VENDORS = ("runway",)
PICTURE = "https://example.com/ref.png"


@pytest.fixture
async def runway(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncRunwayML]:
    monkeypatch.setattr("runwayml.lib.polling.POLL_TIME", 0.05)  # its own is 6 s
    monkeypatch.setattr("runwayml.lib.polling.POLL_JITTER", 0.0)
    async with AsyncRunwayML(
        api_key=sandbox.key("runway"), base_url=sandbox.url("runway"), max_retries=0
    ) as client:
        yield client


async def test_a_text_becomes_a_film_that_decodes(runway: AsyncRunwayML) -> None:
    task = await runway.text_to_video.create(
        model="gen4.5", prompt_text="A paper boat", ratio="1280:720", duration=5
    )
    done = await task.wait_for_task_output()
    assert done.status == "SUCCEEDED"
    assert done.cost.credits == 60
    assert frames(await fetched(done.output[0])) == 60


async def test_an_uploaded_picture_becomes_a_film(runway: AsyncRunwayML, sandbox: Sandbox) -> None:
    upload = await runway.uploads.create_ephemeral(file=("ref.png", a_png()))
    task = await runway.image_to_video.create(
        model="gen4_turbo", prompt_image=upload.uri, ratio="720:1280", duration=2
    )
    done = await task.wait_for_task_output()
    assert done.status == "SUCCEEDED"
    assert frames(await fetched(done.output[0])) == 24
    assert sandbox.ledger.of("runway")[0].order.request["promptImage"] == upload.uri


@pytest.mark.parametrize("mode", ["edit", "performance", "upscale", "hdr", "frame rate"])
async def test_a_film_becomes_another_film(runway: AsyncRunwayML, mode: str) -> None:
    film, task = "https://example.com/in.mp4", None
    match mode:
        case "edit":
            task = await runway.video_to_video.create(
                model="aleph2", video_uri=film, prompt_text="night",
                keyframes=[{"seconds": 1, "uri": PICTURE}],
            )  # fmt: skip
        case "performance":
            task = await runway.character_performance.create(
                model="act_two", character={"type": "image", "uri": PICTURE},
                reference={"type": "video", "uri": film}, expression_intensity=5,
            )  # fmt: skip
        case "upscale":
            task = await runway.video_upscale.create(
                model="magnific_video_upscaler_creative", video_uri=film, resolution="4k"
            )
        case "hdr":
            task = await runway.video_to_hdr.create(model="ruby", video_uri=film)
        case _:
            task = await runway.video_upscale.create(
                model="enhance_frame_rate", video_uri=film, target_framerate="60"
            )
    done = await task.wait_for_task_output()
    assert done.status == "SUCCEEDED"
    assert frames(await fetched(done.output[0])) > 0


async def test_references_become_a_still(runway: AsyncRunwayML) -> None:
    task = await runway.text_to_image.create(
        model="gen4_image", prompt_text="@hero waves", ratio="1080:1080",
        reference_images=[{"uri": PICTURE, "tag": "hero"}],
    )  # fmt: skip
    done = await task.wait_for_task_output()
    assert done.status == "SUCCEEDED"
    with Image.open(io.BytesIO(await fetched(done.output[0]))) as still:
        assert still.size == (320, 320)


async def test_prores_comes_as_a_mov(runway: AsyncRunwayML) -> None:
    task = await runway.text_to_video.create(
        model="gen4.5", prompt_text="x", ratio="1280:720", duration=2, output_format="prores"
    )
    done = await task.wait_for_task_output()
    assert done.status == "SUCCEEDED"
    assert ".mov?" in done.output[0]
    assert frames(await fetched(done.output[0])) == 24


async def test_the_router_says_which_model_it_chose(runway: AsyncRunwayML) -> None:
    made = await runway.generate.video.create(
        config_id="draft",
        input={"prompt_text": "x", "reference_images": [{"role": "first", "uri": PICTURE}]},
    )
    routing = cast("Any", made).routing  # which the SDK's own type of a created task lacks
    assert routing.model == "gen4_turbo"
    assert routing.estimated_cost.credits == 25


async def test_credits_are_charged_and_given_back_where_the_engine_failed(
    runway: AsyncRunwayML, sandbox: Sandbox
) -> None:
    before = (await runway.organization.retrieve()).credit_balance
    for prompt in ("x", "x [[engine]]", "x [[moderation]]"):
        task = await runway.text_to_video.create(
            model="gen4.5", prompt_text=prompt, ratio="1280:720", duration=5
        )
        sandbox.desk("runway").jobs[task.id].finish()
        await runway.tasks.retrieve(task.id)
    assert (await runway.organization.retrieve()).credit_balance == before - 120
    usage = await runway.organization.retrieve_usage(start_date="2020-01-01")
    assert usage.results[0].used_credits[0].amount == 180


async def test_what_is_canceled_in_the_queue_costs_nothing_and_what_runs_costs_all(
    runway: AsyncRunwayML, sandbox: Sandbox
) -> None:
    sandbox.pace.latency = 1000
    charged: list[int] = []
    for share in (0.05, 0.5):
        task = await runway.text_to_video.create(
            model="gen4.5", prompt_text="x", ratio="1280:720", duration=5
        )
        job = sandbox.desk("runway").jobs[task.id]
        span, now = job.ends - job.started, time.monotonic()
        job.started, job.ends = now - share * span, now + (1 - share) * span
        await runway.tasks.delete(task.id)
        told = await runway.tasks.retrieve(task.id)
        assert told.status == "CANCELLED"
        charged.append(told.cost.credits)
    assert charged == [0, 60]
    assert sandbox.desk("runway").balance == 10_000_000 - 60


async def test_a_film_that_was_made_here_can_be_edited(runway: AsyncRunwayML) -> None:
    first = await runway.text_to_video.create(
        model="gen4.5", prompt_text="x", ratio="1280:720", duration=2
    )
    done = await first.wait_for_task_output()
    assert done.status == "SUCCEEDED"
    task = await runway.video_to_video.create(model="aleph2", video_uri=done.output[0])
    assert (await task.wait_for_task_output()).status == "SUCCEEDED"


async def test_delete_cancels_what_runs_and_deletes_what_is_over(
    runway: AsyncRunwayML, sandbox: Sandbox
) -> None:
    sandbox.pace.latency = 60
    task = await runway.text_to_video.create(
        model="gen4.5", prompt_text="x", ratio="1280:720", duration=5
    )
    await runway.tasks.delete(task.id)
    assert (await runway.tasks.retrieve(task.id)).status == "CANCELLED"
    await runway.tasks.delete(task.id)
    with pytest.raises(runwayml.NotFoundError):
        await runway.tasks.retrieve(task.id)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("moderation", "SAFETY.INPUT.TEXT"),
        ("moderation-output", "SAFETY.OUTPUT.VIDEO"),
        ("bad-asset", "ASSET.INVALID"),
        ("engine", "INTERNAL.BAD_OUTPUT.CODE01"),
        ("transient", "INTERNAL"),
        ("code:THIRD_PARTY.UNAVAILABLE", "THIRD_PARTY.UNAVAILABLE"),
    ],
)
async def test_a_failed_task_says_why(runway: AsyncRunwayML, word: str, code: str) -> None:
    task = await runway.text_to_video.create(
        model="gen4.5", prompt_text=f"x [[{word}]]", ratio="1280:720", duration=5
    )
    with pytest.raises(TaskFailedError) as told:
        await task.wait_for_task_output()
    assert cast("Any", told.value.task_details).failure_code == code


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.BAD_INPUT, runwayml.BadRequestError),
        (Fault.OUT_OF_CREDIT, runwayml.BadRequestError),
        (Fault.AUTH, runwayml.AuthenticationError),
        (Fault.RATE_LIMIT, runwayml.RateLimitError),
        (Fault.RETIRED, runwayml.NotFoundError),
        (Fault.UNAVAILABLE, runwayml.InternalServerError),
        (Fault.HTML, runwayml.InternalServerError),
        (Fault.DROPPED, runwayml.APIConnectionError),
        (Fault.ANSWER_LOST, runwayml.APIConnectionError),
    ],
)
async def test_errors_arrive_as_the_sdks_own(
    runway: AsyncRunwayML, sandbox: Sandbox, fault: Fault, error: type[Exception]
) -> None:
    sandbox.next("runway", fault)
    with pytest.raises(error):
        await runway.text_to_video.create(
            model="gen4.5", prompt_text="x", ratio="1280:720", duration=5
        )
    assert len(sandbox.ledger) == (fault is Fault.ANSWER_LOST)


async def test_the_sdk_that_repeats_a_lost_create_pays_twice_and_the_ledger_shows_it(
    runway: AsyncRunwayML, sandbox: Sandbox
) -> None:
    sandbox.next("runway", Fault.ANSWER_LOST)
    eager = runway.with_options(max_retries=2)
    await eager.text_to_video.create(
        model="gen4.5", prompt_text="A paper boat", ratio="1280:720", duration=5
    )
    assert sandbox.ledger.twice() == {("runway", "A paper boat"): 2}


async def test_a_task_over_the_limit_waits_as_throttled(
    runway: AsyncRunwayML, sandbox: Sandbox
) -> None:
    sandbox.pace.latency = 60
    sandbox.next("runway", Fault.CONCURRENCY)
    task = await runway.text_to_video.create(
        model="gen4.5", prompt_text="x", ratio="1280:720", duration=5
    )
    assert (await runway.tasks.retrieve(task.id)).status == "THROTTLED"
    sandbox.next("runway", Fault.UNAVAILABLE, on=Stage.POLL)
    with pytest.raises(runwayml.InternalServerError):
        await runway.tasks.retrieve(task.id)


BASE: dict[str, Any] = {"model": "gen4.5", "promptText": "x", "ratio": "1280:720", "duration": 5}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"ratio": "1:1"}, "ratio"),
        ({"duration": 11}, "duration"),
        ({"duration": 5.0}, "duration"),
        ({"duration": True}, "duration"),
        ({"promptText": ""}, "promptText"),
        ({"promptText": "\N{CLAPPER BOARD}" * 501}, "promptText"),
        ({"model": "gen4_aleph"}, "model"),
        ({"audio": True}, "audio"),
        ({"negativePrompt": "rain"}, "negativePrompt"),
        ({"seed": "7"}, "seed"),
        ({"contentModeration": {"publicFigureThreshold": "high"}}, "contentModeration"),
    ],
)
async def test_a_wrong_field_is_named(
    runway: AsyncRunwayML, change: dict[str, Any], path: str
) -> None:
    with pytest.raises(runwayml.BadRequestError) as told:
        await runway.post("/v1/text_to_video", body=BASE | change, cast_to=object)
    assert told.value.response.json()["issues"][0]["path"][0] == path


@pytest.mark.parametrize(
    "uri",
    [
        "http://example.com/ref.png",
        "https://127.0.0.1/ref.png",
        "runway://never-uploaded",
        "data:image/png;base64,???",
        "data:image/png;base64," + "A" * 5_300_000,
    ],
)
async def test_an_address_that_runway_cannot_read_is_refused(
    runway: AsyncRunwayML, uri: str
) -> None:
    with pytest.raises(runwayml.BadRequestError):
        await runway.image_to_video.create(
            model="gen4_turbo", prompt_image=uri, ratio="1280:720", duration=5
        )


async def test_a_call_without_the_right_key_or_version_is_turned_away(
    runway: AsyncRunwayML, sandbox: Sandbox
) -> None:
    with pytest.raises(runwayml.AuthenticationError):
        await runway.with_options(api_key="key_wrong").organization.retrieve()
    with pytest.raises(runwayml.BadRequestError):
        await runway.with_options(runway_version="2020-01-01").organization.retrieve()
    assert not sandbox.ledger.of("runway")
