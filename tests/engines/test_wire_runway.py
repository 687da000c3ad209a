"""Runway's API, call by call, against what Runway's own SDK sent."""

import base64
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from engines import (
    Busy,
    Call,
    EngineError,
    FailKind,
    Handle,
    JobSpec,
    JobState,
    Misconfigured,
    Mode,
    Output,
    Ref,
    RefKind,
    RefRole,
    Refused,
    Status,
)
from engines._answers import fault_of
from engines._call import Answer, Pause, Talk
from engines.runway import Runway

from .captures import Capture, captures, differences

RECORDED = captures("runway")
JOB = "17f20503-6c24-4c16-946b-35dbbce2af2f"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PICTURE, OTHER = "https://example.com/ref.png", "https://example.com/ref2.png"
CLIP = "https://example.com/in.mp4"
FRAME = "i2v_gen45_datauri"
NO_KEY: dict[str, str] = {}


def runway() -> Runway:
    told = {"RUNWAY_API_KEY": "test-key", "RUNWAY_ROUTER_CONFIGS": "film"}
    return Runway(told, clock=lambda: NOW)


def order(mode: Mode = Mode.TEXT_TO_VIDEO, model: str = "gen4.5", **words: Any) -> JobSpec:
    told: dict[str, Any] = {"prompt": "A paper boat", **words}
    return JobSpec(mode=mode, model=model, **told)


def image(role: RefRole, uri: str = PICTURE, **more: Any) -> Ref:
    return Ref(role=role, uri=uri, **more)


def clip() -> Ref:
    return Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, uri=CLIP)


PLAIN = order(prompt="x")
FIRST = (image(RefRole.FIRST),)
ORDERS: dict[str, JobSpec] = {
    "t2v_gen45": order(seed=7, native={"publicFigureThreshold": "low"}),
    "t2v_gen45_prores": order(native={"outputFormat": "prores", "proresProfile": "422 HQ"}),
    "t2v_seedance2_refs": order(
        Mode.REFERENCE_TO_VIDEO,
        "seedance2",
        refs=(image(RefRole.REFERENCE), image(RefRole.REFERENCE, OTHER)),
    ),
    "i2v_gen4_turbo": order(Mode.IMAGE_TO_VIDEO, "gen4_turbo", prompt="push in", refs=FIRST),
    "t2i_gen4_image_turbo": order(
        Mode.TEXT_TO_IMAGE,
        "gen4_image_turbo",
        prompt="@hero waves",
        refs=(image(RefRole.REFERENCE, tag="hero"),),
    ),
    "act_two": order(
        Mode.PERFORMANCE,
        "act_two",
        prompt="",
        refs=(clip(), image(RefRole.REFERENCE)),
        native={"bodyControl": True, "expressionIntensity": "3"},
    ),
    "video_upscale": order(
        Mode.UPSCALE, "magnific_video_upscaler_creative", resolution="4k", refs=(clip(),)
    ),
    "video_to_hdr": order(
        Mode.UPSCALE, "ruby", prompt="", refs=(clip(),), native={"outputFormat": "hdr10"}
    ),
    "router_video": order(Mode.IMAGE_TO_VIDEO, "router:film", resolution="auto", refs=FIRST),
    "life_success.01": PLAIN,
    "life_failure.01": PLAIN,
}
REFUSALS: dict[str, tuple[type[EngineError], FailKind]] = {
    "err_400_validation": (Refused, FailKind.BAD_INPUT),
    "err_401": (Misconfigured, FailKind.AUTH),
    "err_503": (Busy, FailKind.TRANSIENT),
}
LOOKS: dict[str, tuple[JobState, FailKind | None]] = {
    "life_success.02": (JobState.QUEUED, None),
    "life_success.03": (JobState.QUEUED, None),
    "life_success.04": (JobState.RUNNING, None),
    "life_success.05": (JobState.SUCCEEDED, None),
    "life_failure.02": (JobState.RUNNING, None),
    "life_failure.03": (JobState.FAILED, FailKind.TRANSIENT),
    "task_pending": (JobState.QUEUED, None),
    "task_running": (JobState.RUNNING, None),
    "task_succeeded": (JobState.SUCCEEDED, None),
    "task_failed_asset": (JobState.FAILED, FailKind.BAD_INPUT),
    "task_failed_internal": (JobState.FAILED, FailKind.ENGINE),
    "task_failed_moderation_input": (JobState.FAILED, FailKind.MODERATION_INPUT),
}
ALONE = (
    FRAME,
    "upload_ephemeral.01",
    "upload_ephemeral.02",
    "task_cancel",
    "organization",
    "download_output",
)
"""Cases with a test of their own."""
SPOKEN = sorted([*ORDERS, *REFUSALS, *LOOKS, *ALONE])
LEFT_OUT = {
    "i2v_gen45_first_array": "the SDK's second spelling of one first frame; ours is the first, and"
    " lists are for two frames (test_runway.py)",
    "organization_usage": "what was spent on what is kept with the takes and asked of no engine",
}


def test_every_recording_is_spoken_or_left_out_with_a_reason() -> None:
    assert sorted([*SPOKEN, *LEFT_OUT]) == sorted(RECORDED)


def unlike(call: Call, capture: Capture) -> dict[str, Any]:
    headers = runway().key() if call.key else NO_KEY
    return differences(call, capture, headers=headers, base="")


def handle() -> Handle:
    return Handle(engine="runway", id=JOB, model="gen4.5", submitted_at=NOW)


def seen(case: str) -> Status:
    return runway().standing(handle(), RECORDED[case].answer)


@pytest.mark.parametrize("case", ORDERS)
def test_an_order_is_the_recorded_one_and_its_handle_is_read(case: str) -> None:
    engine, capture = runway(), RECORDED[case]
    assert engine.validate(ORDERS[case]) == []
    assert unlike(engine.order(ORDERS[case]), capture) == {}
    ticket = engine.ticket(ORDERS[case], capture.answer)
    assert (ticket.id, ticket.extra["estimate_cents"]) == (JOB, 60)


def test_the_router_tells_whom_it_chose() -> None:
    ticket = runway().ticket(ORDERS["router_video"], RECORDED["router_video"].answer)
    assert (ticket.model, ticket.extra["routed_to"]) == ("router:film", "gen4.5")


def recorded_picture(path: Path) -> Ref:
    data = RECORDED[FRAME].body["promptImage"].partition(",")[2]
    path.write_bytes(base64.b64decode(data))
    return Ref(role=RefRole.FIRST, path=path)


def test_a_small_picture_travels_inside_the_order(tmp_path: Path) -> None:
    engine = runway()
    frame = recorded_picture(tmp_path / "its-name-says-nothing.bin")
    spec = order(Mode.IMAGE_TO_VIDEO, prompt="push in", refs=(frame,))
    assert engine.validate(spec) == []
    assert engine.upload(frame, spec) is None
    assert unlike(engine.order(spec), RECORDED[FRAME]) == {}
    assert engine.ticket(spec, RECORDED[FRAME].answer).id == JOB


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refused_order_names_who_acts_next(case: str) -> None:
    engine, capture = runway(), RECORDED[case]
    assert unlike(engine.order(PLAIN), capture) == {}
    told = engine.fault(capture.answer, creating=True) or fault_of(
        capture.answer, engine="Runway", now=NOW, creating=True
    )
    kind, why = REFUSALS[case]
    assert (type(told), told.kind) == (kind, why)
    assert str(told).endswith(".")


@pytest.mark.parametrize("case", LOOKS)
def test_a_look_is_the_recorded_one_and_its_answer_is_read(case: str) -> None:
    assert unlike(runway().look(handle()), RECORDED[case]) == {}
    status = seen(case)
    assert (status.state, status.fail and status.fail.kind) == LOOKS[case]
    assert status.raw == RECORDED[case].response


def test_progress_cost_and_link_are_read_where_runway_tells_them() -> None:
    assert seen("task_running").progress == pytest.approx(0.42)
    assert seen("task_failed_moderation_input").cost_cents == 60
    assert seen("task_failed_asset").cost_cents == 0
    done = seen("task_succeeded")
    assert (done.cost_cents, done.progress) == (60, 1.0)
    assert [output.url for output in done.outputs] == RECORDED["task_succeeded"].response["output"]


def test_cancelling_is_the_recorded_call() -> None:
    engine, capture = runway(), RECORDED["task_cancel"]
    call = engine.cancelling(handle())
    assert call is not None
    assert unlike(call, capture) == {}
    assert engine.cancelled(capture.answer).value == "done"


def said_in(talk: Talk[Any], answers: Iterator[Answer]) -> tuple[list[Call | Pause], Any]:
    """Hold a talk with these answers; give what it wished for and what came of it."""
    wishes: list[Call | Pause] = []
    try:
        wishes.append(next(talk))
        while True:
            wishes.append(talk.send(next(answers)))
    except StopIteration as done:
        return wishes, done.value


def test_a_file_is_handed_over_fields_first_and_without_our_key(tmp_path: Path) -> None:
    steps = [RECORDED["upload_ephemeral.01"], RECORDED["upload_ephemeral.02"]]
    ref = recorded_picture(tmp_path / "ref.png")
    crowd = [Ref(path=tmp_path / f"{number}.png") for number in range(3)]
    for each in crowd:  # together too many bytes for one order
        assert each.path is not None
        each.path.write_bytes(bytes(3_400_000))
    talk = runway().upload(ref, order(refs=(ref, *crowd)))
    assert talk is not None
    calls, found = said_in(talk, (step.answer for step in steps))
    assert [unlike(call, step) for call, step in zip(calls, steps, strict=True)
            if isinstance(call, Call)] == [{}, {}]  # fmt: skip
    assert (found.uri, found.path) == ("runway://abc", ref.path)


def test_the_account_is_the_recorded_call() -> None:
    calls, balance = said_in(runway().holding(), iter([RECORDED["organization"].answer]))
    assert isinstance(calls[0], Call)
    assert unlike(calls[0], RECORDED["organization"]) == {}
    assert (balance.cents, balance.text) == (1200, "1,200 credits")


@asynccontextmanager
async def a_host_of_files() -> AsyncGenerator[tuple[str, list[web.Request]]]:
    asked: list[web.Request] = []

    async def film(request: web.Request) -> web.Response:
        asked.append(request)
        return web.Response(body=b"\0\0\0\x18ftypisom" + bytes(20), content_type="video/mp4")

    app = web.Application()
    app.router.add_get("/out/video.mp4", film)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    await runner.cleanup()


async def test_a_file_is_fetched_as_recorded_without_our_key(tmp_path: Path) -> None:
    capture, linked = RECORDED["download_output"], seen("task_succeeded").outputs[0]
    assert linked.url is not None
    async with a_host_of_files() as (origin, asked):
        engine = Runway({"RUNWAY_API_KEY": "test-key", "RUNWAY_BASE_URL": origin})
        output = Output(url=linked.url.replace("http://recorder.local", origin))
        stored = await engine.download(output, tmp_path / "take.mp4")
        await engine.close()
    assert (asked[0].method, asked[0].path, dict(asked[0].query)) == (
        capture.method,
        capture.path,
        capture.query,
    )
    assert "authorization" not in asked[0].headers
    assert stored.size == capture.response["binary"]["size"]
