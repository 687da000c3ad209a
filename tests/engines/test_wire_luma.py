"""Luma's Agents API, call by call, against what Luma's own SDK sent."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engines import Call, EngineError, FailKind, JobSpec, JobState, Mode, Ref, RefKind, RefRole
from engines._call import Answer, Pause, Talk
from engines.luma import Luma

from .captures import captures, differences

RECORDED = captures("luma")
BASE = "/v1"
PICTURE, OTHER = "https://example.com/ref.png", "https://example.com/ref2.png"
CLIP = "https://example.com/in.mp4"
JOB = "d290f1ee-6c54-4b01-90e6-d701748f0851"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
BARE: dict[str, Any] = {"seconds": 0, "ratio": "", "resolution": ""}
"""What a caller of the SDK who names neither length nor format leaves to Luma."""


NO_KEY: dict[str, str] = {}
SILENCE = Answer(status=0, headers={}, body=b"")


def luma() -> Luma:
    return Luma({"LUMA_API_KEY": "test-key"}, clock=lambda: NOW)


def order(mode: Mode = Mode.TEXT_TO_VIDEO, **words: Any) -> JobSpec:
    told: dict[str, Any] = {**BARE, "mode": mode, **words}
    return JobSpec(**told)


def image(role: RefRole, uri: str = PICTURE, **more: Any) -> Ref:
    return Ref(role=role, uri=uri, **more)


def clip(**more: Any) -> Ref:
    return Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, **more)


PLAIN = order(prompt="x")
ORDERS: dict[str, JobSpec] = {
    "t2v_minimal": order(prompt="A paper boat"),
    "t2v": order(
        prompt="A paper boat", seconds=5, ratio="16:9", resolution="720p", user_tag="U123"
    ),
    "t2v_hdr_exr": order(
        prompt="A paper boat",
        seconds=5,
        resolution="1080p",
        native={"hdr": True, "exr_export": "true"},
    ),
    "i2v_start_url": order(
        Mode.IMAGE_TO_VIDEO,
        prompt="push in",
        seconds=5,
        ratio="16:9",
        resolution="720p",
        refs=(image(RefRole.FIRST),),
    ),
    "i2v_keyframes": order(
        Mode.IMAGE_TO_VIDEO,
        prompt="beats",
        seconds=10,
        resolution="720p",
        refs=(image(RefRole.KEYFRAME, at=0), image(RefRole.KEYFRAME, OTHER, at=5)),
    ),
    "extend_forward": order(Mode.EXTEND, prompt="continue", seconds=5, refs=(clip(job=JOB),)),
    "video_edit": order(
        Mode.EDIT,
        prompt="make it night",
        resolution="720p",
        refs=(clip(uri=CLIP), image(RefRole.KEYFRAME, at=0)),
        native={"strength": "flex_1", "pose": "precise", "depth": "0.2"},
    ),
    "video_edit_auto": order(Mode.EDIT, prompt="make it night", refs=(clip(job=JOB),)),
    "image_refs": order(
        Mode.TEXT_TO_IMAGE,
        model="uni-1",
        prompt="hero at dusk",
        ratio="16:9",
        refs=(image(RefRole.REFERENCE), image(RefRole.REFERENCE, OTHER)),
        native={"output_format": "png", "style": "auto"},
    ),
    "image_edit": order(
        Mode.IMAGE_TO_IMAGE, model="uni-1-max", prompt="add rain", refs=(image(RefRole.SOURCE),)
    ),
}
FAULTS: dict[str, tuple[FailKind, FailKind]] = {
    "err_400": (FailKind.BAD_INPUT, FailKind.BAD_INPUT),
    "err_401": (FailKind.AUTH, FailKind.AUTH),
    "err_403_suspended": (FailKind.AUTH, FailKind.AUTH),
    "err_413_media_too_large": (FailKind.BAD_INPUT, FailKind.BAD_INPUT),
    "err_422": (FailKind.BAD_INPUT, FailKind.BAD_INPUT),
    "err_429_rpm": (FailKind.RATE_LIMIT, FailKind.RATE_LIMIT),
    "err_502": (FailKind.AMBIGUOUS_SUBMIT, FailKind.TRANSIENT),
}
"""What an answer means for an order, and for a look."""
STANDINGS: dict[str, tuple[JobState, FailKind | None]] = {
    "get_queued": (JobState.QUEUED, None),
    "get_processing": (JobState.RUNNING, None),
    "get_completed": (JobState.SUCCEEDED, None),
    "get_failed_corrupt_input": (JobState.FAILED, FailKind.BAD_INPUT),
    "get_failed_generation_failed": (JobState.FAILED, FailKind.TRANSIENT),
    "get_failed_image_too_large": (JobState.FAILED, FailKind.BAD_INPUT),
    "get_failed_invalid_request": (JobState.FAILED, FailKind.BAD_INPUT),
    "get_failed_output_not_found": (JobState.FAILED, FailKind.TRANSIENT),
    "get_failed_unsupported_format": (JobState.FAILED, FailKind.BAD_INPUT),
}
FILES = ("file_create_presigned", "file_put", "file_complete", "file_get")
ALONE = ("download_output", "file_list", "i2v_start_base64")
SPOKEN = sorted([*ORDERS, *FAULTS, *STANDINGS, *FILES, *ALONE])
LEFT_OUT = {"file_delete": "A file is handed over with the day on which Luma deletes it."}


def assert_same(call: Call, case: str) -> None:
    key = luma().key() if call.key else NO_KEY
    assert differences(call, RECORDED[case], headers=key, base=BASE) == {}


def test_every_recording_is_spoken_or_left_out_with_a_reason() -> None:
    assert sorted([*SPOKEN, *LEFT_OUT]) == sorted(RECORDED)


@pytest.mark.parametrize("case", ORDERS)
def test_an_order_is_what_the_sdk_sends(case: str) -> None:
    engine = luma()
    assert_same(engine.order(ORDERS[case]), case)
    handle = engine.ticket(ORDERS[case], RECORDED[case].answer)
    assert (handle.id, handle.engine) == (JOB, "luma")


def test_a_small_picture_travels_in_the_order_as_base64(tmp_path: Path) -> None:
    first = Ref(role=RefRole.FIRST, path=tiny_picture(tmp_path))
    spec = order(Mode.IMAGE_TO_VIDEO, prompt="push in", refs=(first,))
    assert luma().upload(first, spec) is None
    assert_same(luma().order(spec), "i2v_start_base64")


@pytest.mark.parametrize("case", FAULTS)
def test_a_refusal_is_named_by_who_acts_next(case: str) -> None:
    engine, capture = luma(), RECORDED[case]
    assert_same(engine.order(PLAIN), case)
    for creating, kind in zip((True, False), FAULTS[case], strict=True):
        told = engine._faulted(capture.answer, creating=creating)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  what HttpEngine makes of the adapter's word
        assert isinstance(told, EngineError)
        assert told.kind is kind


@pytest.mark.parametrize("case", STANDINGS)
def test_a_look_is_what_the_sdk_sends_and_tells_how_the_job_stands(case: str) -> None:
    engine = luma()
    handle = engine.handle(JOB, PLAIN)
    assert_same(engine.look(handle), case)
    status = engine.standing(handle, RECORDED[case].answer)
    assert (status.state, status.fail and status.fail.kind) == STANDINGS[case]
    assert status.raw == RECORDED[case].response


def test_the_output_is_fetched_without_the_key() -> None:
    engine = luma()
    status = engine.standing(engine.handle(JOB, PLAIN), RECORDED["get_completed"].answer)
    (output,) = status.outputs
    assert not output.needs_auth
    assert output.url is not None
    assert_same(Call(method="GET", path=output.url, key=False), "download_output")


def test_a_file_is_announced_put_completed_and_awaited(tmp_path: Path) -> None:
    talk = handing_over(tmp_path)
    wish = next(talk)
    for case in FILES[:3]:
        assert_said(wish, case)
        wish = talk.send(RECORDED[case].answer)
    assert isinstance(wish, Pause)
    assert_said(talk.send(SILENCE), "file_get")
    with pytest.raises(StopIteration) as done:
        talk.send(RECORDED["file_get"].answer)
    assert done.value.value.uri == JOB


def test_the_doctor_lists_files_and_spends_nothing() -> None:
    talk = luma().finding()
    assert_said(next(talk), "file_list")
    with pytest.raises(StopIteration) as done:
        talk.send(RECORDED["file_list"].answer)
    (finding,) = done.value.value
    assert finding.is_ok


def assert_said(wish: Call | Pause, case: str) -> None:
    assert isinstance(wish, Call)
    assert_same(wish, case)


def tiny_picture(folder: Path) -> Path:
    """Write the one-pixel picture that the recordings hold."""
    path = folder / "ref.png"
    told = RECORDED["i2v_start_base64"].body["video"]["start_frame"]["data"]
    path.write_bytes(base64.b64decode(told))
    return path


def handing_over(folder: Path) -> Talk[Ref]:
    ref = Ref(role=RefRole.REFERENCE, path=tiny_picture(folder))
    heavy = folder / "heavy.png"
    heavy.write_bytes(ref.path.read_bytes() + bytes(5_000_000) if ref.path else b"")
    spec = order(prompt="x", user_tag="U123", refs=(ref, replace(ref, path=heavy)))
    talk = luma().upload(ref, spec)
    assert talk is not None
    return talk
