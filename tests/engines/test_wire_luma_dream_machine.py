"""Luma's Dream Machine API, call by call, against what Luma's own SDK sent."""

from typing import Any

import pytest

from engines import (
    Call,
    Cancellation,
    EngineError,
    FailKind,
    JobSpec,
    JobState,
    Mode,
    Ref,
    RefKind,
    RefRole,
)
from engines._call import Answer, Pause, Talk
from engines.luma_dream_machine import LumaDreamMachine

from .captures import captures, differences

RECORDED = captures("luma_dream_machine")
BASE = "/dream-machine/v1"
PICTURE, OTHER = "https://example.com/ref.png", "https://example.com/ref2.png"
JOB = "123e4567-e89b-12d3-a456-426614174000"
BARE: dict[str, Any] = {"seconds": 0, "ratio": "", "resolution": ""}
"""What a caller of the SDK who names neither length nor format leaves to Luma."""


def dream_machine(**more: str) -> LumaDreamMachine:
    return LumaDreamMachine({"LUMA_DREAM_MACHINE_API_KEY": "test-key", **more})


def order(mode: Mode = Mode.TEXT_TO_VIDEO, **words: Any) -> JobSpec:
    told: dict[str, Any] = {**BARE, "mode": mode, **words}
    return JobSpec(**told)


def image(role: RefRole, uri: str = PICTURE, tag: str | None = None) -> Ref:
    return Ref(role=role, uri=uri, tag=tag)


OWN_CLIP = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, job=JOB)
CLIP = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, uri="https://example.com/in.mp4")
ORDERS: dict[str, JobSpec] = {
    "t2v": order(
        prompt="A paper boat",
        seconds=5,
        ratio="16:9",
        resolution="720p",
        native={"loop": False, "concepts": "dolly_zoom"},
    ),
    "i2v_frame0": order(
        Mode.IMAGE_TO_VIDEO, model="ray-flash-2", prompt="push in", refs=(image(RefRole.FIRST),)
    ),
    "modify": order(
        Mode.EDIT,
        prompt="night",
        refs=(CLIP, image(RefRole.FIRST)),
        native={"strength": "flex_1"},
    ),
    "reframe": order(Mode.REFRAME, ratio="9:16", refs=(CLIP,)),
    "upscale": order(Mode.UPSCALE, resolution="4k", refs=(OWN_CLIP,)),
    "audio": order(Mode.SOUND, prompt="rain", negative="music", refs=(OWN_CLIP,)),
    "image_refs": order(
        Mode.TEXT_TO_IMAGE,
        model="photon-1",
        prompt="hero",
        ratio="16:9",
        refs=(
            image(RefRole.REFERENCE),
            image(RefRole.STYLE, OTHER),
            image(RefRole.REFERENCE, tag="hero"),
        ),
        native={"format": "jpg", "character": "hero", "image_weight": 0.85, "style_weight": "0.8"},
    ),
}
CALLBACKS = {"t2v": {"LUMA_DREAM_MACHINE_CALLBACK_URL": "https://example.com/cb"}}
STANDINGS: dict[str, tuple[JobState, FailKind | None]] = {
    "get_dreaming": (JobState.RUNNING, None),
    "get_completed": (JobState.SUCCEEDED, None),
    "get_failed": (JobState.FAILED, FailKind.ENGINE),
}
DOCTOR = ("ping", "credits", "concepts")
SPOKEN = sorted([*ORDERS, *STANDINGS, *DOCTOR, "delete"])
LEFT_OUT = {"list": "A lost order is found by a person, who brings the id of the console."}


def assert_same(call: Call | Pause, case: str) -> None:
    assert isinstance(call, Call)
    key = dream_machine().key()
    assert differences(call, RECORDED[case], headers=key, base=BASE) == {}


def test_every_recording_is_spoken_or_left_out_with_a_reason() -> None:
    assert sorted([*SPOKEN, *LEFT_OUT]) == sorted(RECORDED)


@pytest.mark.parametrize("case", ORDERS)
def test_an_order_is_what_the_sdk_sends(case: str) -> None:
    engine = dream_machine(**CALLBACKS.get(case, {}))
    assert_same(engine.order(ORDERS[case]), case)
    handle = engine.ticket(ORDERS[case], RECORDED[case].answer)
    assert (handle.id, handle.engine) == (JOB, "luma_dream_machine")


def test_nobody_is_called_back_who_is_not_named_in_the_settings() -> None:
    assert "callback_url" not in dream_machine().order(ORDERS["t2v"]).json


@pytest.mark.parametrize("case", STANDINGS)
def test_a_look_is_what_the_sdk_sends_and_tells_how_the_job_stands(case: str) -> None:
    engine = dream_machine()
    handle = engine.ticket(ORDERS["t2v"], RECORDED["t2v"].answer)
    assert_same(engine.look(handle), case)
    status = engine.standing(handle, RECORDED[case].answer)
    assert (status.state, status.fail and status.fail.kind) == STANDINGS[case]
    assert status.raw == RECORDED[case].response


def test_a_clip_is_fetched_and_its_thumbnail_is_not() -> None:
    engine = dream_machine()
    handle = engine.ticket(ORDERS["t2v"], RECORDED["t2v"].answer)
    (output,) = engine.standing(handle, RECORDED["get_completed"].answer).outputs
    assert (output.kind, output.mime) == (RefKind.VIDEO, "video/mp4")
    assert not output.needs_auth


def test_the_doctor_asks_for_life_credit_and_camera_moves() -> None:
    findings = held(dream_machine().finding(), DOCTOR)
    assert [finding.is_ok for finding in findings] == [True, True, True]
    assert [finding.told for finding in findings][1:] == [
        "$12.34 left.",
        "Moves of the camera: dolly_zoom.",
    ]


def test_the_balance_is_in_whole_cents() -> None:
    balance = held(dream_machine().holding(), ("credits",))
    assert (balance.cents, balance.text) == (1234, "$12.34 left")


def test_cancelling_deletes_the_job() -> None:
    engine = dream_machine()
    assert_same(engine.cancelling(engine.adopted(JOB, ORDERS["t2v"])), "delete")
    assert engine.cancelled(RECORDED["delete"].answer) is Cancellation.DONE


def test_an_error_has_a_sentence() -> None:
    answer = Answer(status=401, headers={}, body=b'{"detail": "Not authenticated"}')
    told = dream_machine()._faulted(answer, creating=True)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  what HttpEngine makes of the adapter's word
    assert isinstance(told, EngineError)
    assert told.kind is FailKind.AUTH


def held(talk: Talk[Any], cases: tuple[str, ...]) -> Any:
    """Answer each call of a talk as it was recorded, and give what the talk was for."""
    try:
        wish = next(talk)
        for case in cases:
            assert_same(wish, case)
            wish = talk.send(RECORDED[case].answer)
    except StopIteration as done:
        return done.value
    raise AssertionError(wish)
