"""Every call of the Videos API that was recorded, against what the adapter says and understands."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engines import (
    Broken,
    Busy,
    Call,
    EngineError,
    FailKind,
    Handle,
    JobSpec,
    JobState,
    Misconfigured,
    Mode,
    Ref,
    RefKind,
    RefRole,
    Refused,
)
from engines._answers import fault_of
from engines._call import Answer
from engines.openai_videos import OpenAIVideos

from .captures import captures, differences

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECORDED = captures("openai_videos")
VIDEO = "video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5"
CLIP = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(8)
LEFT_OUT = {
    "create_minimal": "Servers of this shape share no model, so that ours is always named.",
    "create_json_body": "vLLM-Omni reads forms only, and every server reads a form.",
    "create_character": "A character lives at one server; ours live with the production.",
    "get_character": "A character lives at one server; ours live with the production.",
    "download_content_variant": "SGLang reads a variant as a number; posters are made here.",
    "list": "Nobody pages through a server's videos; the doctor lists one, without a cursor.",
}
UNSAID = {"OPENAI_VIDEOS_SECONDS": "server", "OPENAI_VIDEOS_SIZES": "server"}
PLAIN = JobSpec(prompt="A paper boat")
LONG = JobSpec(prompt="A paper boat", seconds=8)
WRONG = JobSpec(prompt="x")
NUMBERED = JobSpec(
    prompt="A paper boat",
    seconds=4,
    resolution="480p",
    seed=42,
    fps=24,
    negative="text",
    native={"num_inference_steps": 30},
)
WAN = {
    "OPENAI_VIDEOS_DIALECT": "vllm",
    "OPENAI_VIDEOS_MODEL": "Wan2.2",
    "OPENAI_VIDEOS_SIZES": "832x480",
}


def from_picture(uri: str) -> JobSpec:
    refs = (Ref(role=RefRole.FIRST, uri=uri),)
    return JobSpec(mode=Mode.IMAGE_TO_VIDEO, prompt="push in", refs=refs)


def from_clip(mode: Mode, prompt: str, **where: Any) -> JobSpec:
    refs = (Ref(kind=RefKind.VIDEO, role=RefRole.SOURCE, **where),)
    return JobSpec(mode=mode, prompt=prompt, seconds=8, refs=refs)


ACCEPTED: dict[str, tuple[JobSpec, Mapping[str, str]]] = {
    "create_t2v": (LONG, {}),
    "create_t2v_node": (LONG, {}),
    "create_extra_body": (NUMBERED, WAN),
    "create_i2v_file_id_node": (from_picture("file-123"), UNSAID),
    "create_i2v_image_url_node": (from_picture("https://example.com/ref.png"), UNSAID),
    "edit_by_id_node": (from_clip(Mode.EDIT, "make it night", job="video_1"), {}),
    "edit_upload": (from_clip(Mode.EDIT, "make it night", path=Path("in.mp4")), {}),
    "extend_by_id_node": (from_clip(Mode.EXTEND, "continue", job="video_1"), {}),
    "life_success.01": (PLAIN, UNSAID),
    "life_failure.01": (PLAIN, UNSAID),
}
REFUSED: dict[str, tuple[type[EngineError], FailKind, str]] = {
    "err_400_invalid": (Refused, FailKind.BAD_INPUT, "Invalid value: '5'."),
    "err_400_moderation": (Refused, FailKind.MODERATION_INPUT, "Change the prompt"),
    "err_401": (Misconfigured, FailKind.AUTH, "The operator checks the key."),
    "err_404_model": (Misconfigured, FailKind.RETIRED, "The operator checks OPENAI_VIDEOS_MODEL."),
    "err_422_fastapi": (Refused, FailKind.BAD_INPUT, "body.size String should match pattern"),
    "err_429_rate": (Busy, FailKind.RATE_LIMIT, "asks us to wait"),
    "err_503": (Busy, FailKind.TRANSIENT, "overloaded"),
}
LOOKS: dict[str, tuple[JobState, float | None, FailKind | None]] = {
    "retrieve_queued": (JobState.QUEUED, 0, None),
    "retrieve_in_progress": (JobState.RUNNING, 0.42, None),
    "retrieve_completed": (JobState.SUCCEEDED, 1, None),
    "retrieve_failed_generic": (JobState.FAILED, None, FailKind.ENGINE),
    "life_success.02": (JobState.RUNNING, 0.1, None),
    "life_success.03": (JobState.SUCCEEDED, 1, None),
    "life_failure.02": (JobState.FAILED, None, FailKind.MODERATION_OUTPUT),
}
OTHERS = ("delete", "download_content")
SPOKEN = sorted([*ACCEPTED, *REFUSED, *LOOKS, *OTHERS])


def a_server(**told: str) -> OpenAIVideos:
    settings = {
        "OPENAI_VIDEOS_BASE_URL": "http://recorder.local",
        "OPENAI_VIDEOS_MODEL": "sora-2",
        "OPENAI_VIDEOS_API_KEY": "test-key",
        **told,
    }
    return OpenAIVideos(settings, clock=lambda: NOON)


def differing(server: OpenAIVideos, call: Call, case: str) -> dict[str, Any]:
    return differences(call, RECORDED[case], headers=server.key(), base="/v1")


def a_job() -> Handle:
    return Handle(engine="openai_videos", id=VIDEO, submitted_at=NOON)


def test_every_recording_is_spoken_or_left_out_with_a_reason() -> None:
    assert sorted([*SPOKEN, *LEFT_OUT]) == sorted(RECORDED)


@pytest.mark.parametrize("case", sorted(ACCEPTED))
def test_an_order_is_the_recorded_call_and_gives_a_handle(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.mp4").write_bytes(CLIP)
    spec, told = ACCEPTED[case]
    server = a_server(**told)

    assert server.validate(spec) == []
    assert differing(server, server.order(spec), case) == {}
    assert server.ticket(spec, RECORDED[case].answer).id == VIDEO


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_a_refusal_is_named_by_who_must_act_next(case: str) -> None:
    server = a_server(**UNSAID)
    answer = RECORDED[case].answer
    kind_of_error, kind, text = REFUSED[case]

    assert differing(server, server.order(WRONG), case) == {}
    error = server.fault(answer, creating=True) or fault_of(
        answer, engine=server.label, now=NOON, creating=True
    )
    assert isinstance(error, kind_of_error)
    assert error.kind is kind
    assert text in str(error)


def test_a_refusal_for_its_pace_says_how_long_to_wait() -> None:
    answer = RECORDED["err_429_rate"].answer

    error = fault_of(answer, engine="It", now=NOON, creating=True)
    assert isinstance(error, Busy)
    assert error.retry_after == 12


@pytest.mark.parametrize("case", sorted(LOOKS))
def test_a_look_is_the_recorded_call_and_its_answer_is_understood(case: str) -> None:
    server = a_server()

    assert differing(server, server.look(a_job()), case) == {}
    status = server.standing(a_job(), RECORDED[case].answer)
    fail = status.fail.kind if status.fail else None
    assert (status.state, status.progress, fail) == LOOKS[case]
    assert status.raw == RECORDED[case].response


def test_the_film_is_fetched_by_the_recorded_call() -> None:
    server = a_server()
    (output,) = server.standing(a_job(), RECORDED["retrieve_completed"].answer).outputs

    assert output.needs_auth
    fetch = Call(method="GET", path=output.url or "")
    assert differing(server, fetch, "download_content") == {}


def test_stopping_is_the_recorded_call_where_it_stops_anything() -> None:
    server = a_server(OPENAI_VIDEOS_DIALECT="vllm")
    call = server.cancelling(a_job())

    assert call is not None
    assert differing(server, call, "delete") == {}
    assert server.cancelled(RECORDED["delete"].answer) == "done"


def test_a_job_that_the_server_forgot_needs_a_person() -> None:
    answer = Answer(status=404, headers={}, body=json.dumps({"detail": "Video not found"}).encode())

    error = a_server().fault(answer, creating=False)
    assert isinstance(error, Broken)
    assert error.kind is FailKind.NOT_FOUND
