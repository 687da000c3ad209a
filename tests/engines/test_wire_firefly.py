"""Every call of Adobe's that was recorded, against what the adapter says and understands."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
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
    Unsure,
)
from engines._answers import fault_of
from engines._firefly_answers import Token
from engines.firefly import Firefly

from .captures import captures, differences

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECORDED = captures("firefly")
JOB = "urn:ff:jobs:eso851211:86ffe2ea-d765-4bd3-b2fd-568ca8fc36ac"
UPLOAD = "123e4567-e89b-12d3-a456-426614174000"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
LEFT_OUT = {
    "images_sync_removed": "Adobe removed the synchronous route on 2025-10-03; the adapter orders"
    " by the asynchronous one."
}


@dataclass(frozen=True)
class Said:
    """What an answer comes to: a state with the kind of its failure, or the kind of an error."""

    state: JobState
    fail: FailKind | None = None
    progress: float | None = None


CLIP = JobSpec(
    prompt="A paper boat",
    model="video1_standard",
    resolution="1080p",
    seed=7,
    native={
        "bitRateFactor": "18",
        "cameraMotion": "camera zoom in",
        "promptStyle": "cinematic",
        "shotAngle": "aerial shot",
        "shotSize": "long shot",
    },
)
STILL_4 = JobSpec(
    mode=Mode.IMAGE_TO_IMAGE,
    prompt="A paper boat",
    model="image4_standard",
    resolution="2K",
    seed=7,
    refs=(
        Ref(role=RefRole.STYLE, uri=UPLOAD),
        Ref(role=RefRole.STRUCTURE, uri="https://bucket.s3.amazonaws.com/s.png"),
    ),
    native={"contentClass": "photo", "styleStrength": "60", "structureStrength": 50},
)
STILL_5 = JobSpec(
    mode=Mode.IMAGE_TO_IMAGE,
    prompt="Add warm sunset lighting",
    model="image5",
    resolution="2.4MP",
    refs=(Ref(role=RefRole.SOURCE, uri=UPLOAD),),
)
ORDERS: dict[str, tuple[JobSpec, str | type[EngineError], FailKind | None]] = {
    "video_t2v": (CLIP, JOB, None),
    "image4_async": (STILL_4, JOB, None),
    "image5_edit": (STILL_5, "job-abc123", None),
    "err_422": (CLIP, Refused, FailKind.BAD_INPUT),
    "err_429": (CLIP, Busy, FailKind.RATE_LIMIT),
    "err_500": (CLIP, Unsure, FailKind.AMBIGUOUS_SUBMIT),
    "err_not_entitled": (CLIP, Misconfigured, FailKind.AUTH),
}
LOOKS = {
    "status_pending": Said(JobState.QUEUED),
    "status_running": Said(JobState.RUNNING, progress=0.42),
    "status_succeeded_video": Said(JobState.SUCCEEDED, progress=1.0),
    "status_succeeded_image": Said(JobState.SUCCEEDED, progress=1.0),
    "status_failed": Said(JobState.FAILED, FailKind.ENGINE),
    "status_cancelled": Said(JobState.CANCELED, FailKind.CANCELED),
}
OTHERS = ("cancel", "download_output", "ims_token", "status_404", "storage_upload")
SPOKEN = sorted([*ORDERS, *LOOKS, *OTHERS])


@pytest.fixture
def firefly() -> Firefly:
    told = {
        "FIREFLY_CLIENT_ID": "test-client",
        "FIREFLY_CLIENT_SECRET": "test-secret",
        "FIREFLY_BASE_URL": "http://recorder.local",
    }
    hired = Firefly(told, clock=lambda: NOON)
    hired.signed_in(RECORDED["ims_token"].answer.read(Token))
    return hired


def differing(firefly: Firefly, call: Call, case: str, *, base: str = "") -> dict[str, Any]:
    headers: Mapping[str, str] = firefly.key() if call.key else {}
    return differences(call, RECORDED[case], headers=headers, base=base)


def a_job() -> Handle:
    return Handle(engine="firefly", id=JOB, submitted_at=NOON)


def test_every_recording_is_spoken_or_left_out_with_a_reason() -> None:
    assert sorted([*SPOKEN, *LEFT_OUT]) == sorted(RECORDED)


@pytest.mark.parametrize("case", sorted(ORDERS))
def test_an_order_is_the_recorded_call_and_its_answer_is_understood(
    firefly: Firefly, case: str
) -> None:
    spec, outcome, kind = ORDERS[case]
    answer = RECORDED[case].answer

    assert firefly.validate(spec) == []
    assert differing(firefly, firefly.order(spec), case) == {}
    if isinstance(outcome, str):
        handle = firefly.ticket(spec, answer)
        assert (handle.id, handle.model) == (outcome, spec.model)
        assert handle.poll_url == f"http://recorder.local/v3/status/{outcome}"
        assert handle.cancel_url == f"http://recorder.local/v3/cancel/{outcome}"
    else:
        error = firefly.fault(answer, creating=True) or fault_of(
            answer, engine="Firefly", now=NOON, creating=True
        )
        assert isinstance(error, outcome)
        assert error.kind is kind


def test_a_refusal_for_its_pace_says_how_long_to_wait() -> None:
    error = fault_of(RECORDED["err_429"].answer, engine="Firefly", now=NOON, creating=True)
    assert isinstance(error, Busy)
    assert error.retry_after == 15


@pytest.mark.parametrize("case", sorted(LOOKS))
@pytest.mark.parametrize("told_where", [True, False])
def test_a_look_is_the_recorded_call_and_its_answer_is_understood(
    firefly: Firefly, case: str, *, told_where: bool
) -> None:
    handle = a_job()
    if told_where:
        handle = firefly.ticket(CLIP, RECORDED["video_t2v"].answer)

    assert differing(firefly, firefly.look(handle), case) == {}
    status = firefly.standing(handle, RECORDED[case].answer)
    fail = status.fail.kind if status.fail else None
    assert Said(status.state, fail, status.progress) == LOOKS[case]
    assert status.raw == RECORDED[case].response


@pytest.mark.parametrize(
    ("case", "kind", "mime", "path"),
    [
        ("status_succeeded_video", RefKind.VIDEO, "video/mp4", "/out/v.mp4"),
        ("status_succeeded_image", RefKind.IMAGE, "image/png", "/out/i.png"),
    ],
)
def test_a_success_names_its_file_and_how_long_the_link_works(
    firefly: Firefly, case: str, kind: RefKind, mime: str, path: str
) -> None:
    (output,) = firefly.standing(a_job(), RECORDED[case].answer).outputs

    assert (output.kind, output.mime) == (kind, mime)
    assert (output.url or "").startswith(f"http://recorder.local{path}?")
    assert output.expires_at == NOON.replace(hour=13)


def test_a_film_is_fetched_where_it_lies_without_the_key(firefly: Firefly) -> None:
    done = firefly.standing(a_job(), RECORDED["status_succeeded_video"].answer)
    (output,) = done.outputs

    assert not output.needs_auth
    fetch = Call(method="GET", path=output.url or "", key=output.needs_auth)
    assert differing(firefly, fetch, "download_output") == {}


def test_a_job_that_adobe_does_not_know_needs_a_person(firefly: Firefly) -> None:
    answer = RECORDED["status_404"].answer

    assert differing(firefly, firefly.look(a_job()), "status_404") == {}
    assert firefly.fault(answer, creating=False) is None
    error = fault_of(answer, engine="Firefly", now=NOON, creating=False)
    assert isinstance(error, Broken)
    assert error.kind is FailKind.NOT_FOUND


def test_cancelling_is_the_recorded_call(firefly: Firefly) -> None:
    call = firefly.cancelling(a_job())

    assert call is not None
    assert differing(firefly, call, "cancel") == {}
    assert firefly.cancelled(RECORDED["cancel"].answer) == "done"


def test_signing_in_is_the_recorded_call(firefly: Firefly) -> None:
    granted = RECORDED["ims_token"].answer.read(Token)

    assert differing(firefly, firefly.signing_in(), "ims_token", base="/__ims") == {}
    assert (granted.access_token, granted.expires_in) == ("test-token", 86399)


def test_an_upload_is_the_recorded_call_and_gives_the_reference_adobes_name(
    firefly: Firefly, tmp_path: Path
) -> None:
    (tmp_path / "frame").write_bytes(PIXEL)
    talk = firefly.upload(Ref(role=RefRole.FIRST, path=tmp_path / "frame"), CLIP)

    assert talk is not None
    call = next(talk)
    assert isinstance(call, Call)
    assert differing(firefly, call, "storage_upload") == {}
    with pytest.raises(StopIteration) as done:
        talk.send(RECORDED["storage_upload"].answer)
    assert done.value.value == Ref(role=RefRole.FIRST, uri=UPLOAD)
