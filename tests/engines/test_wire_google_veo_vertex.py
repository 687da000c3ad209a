"""Veo, and Omni, in a Google Cloud project, call by call, against what Google's own SDK sent."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engines import Call, EngineError, FailKind, JobSpec, JobState, Mode, Ref, RefKind, RefRole
from engines.google_omni_cloud import GoogleOmniCloud
from engines.google_veo import GoogleVeo

from .captures import Capture, captures, differences

RECORDED = captures("google_veo_vertex")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEY = {"authorization": "Bearer test-token"}
MODEL = "projects/my-project/locations/us-central1/publishers/google/models/veo-3.1-generate-001"
JOB = f"{MODEL}/operations/11111111-2222-3333-4444-555555555555"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
BARE: dict[str, Any] = {"seconds": 0, "ratio": "", "resolution": ""}
"""What a caller of the SDK who names neither length nor format leaves to Google."""
IN_A_BUCKET = {"GOOGLE_VEO_BUCKET": "gs://b/out/"}
PLAIN = JobSpec(prompt="x", **BARE)
CLIP = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, uri="gs://b/in.mp4")
ORDERS: dict[str, tuple[dict[str, str], JobSpec]] = {
    "t2v": (
        {**IN_A_BUCKET, "GOOGLE_VEO_LABELS": "show=x"},
        JobSpec(
            prompt="A paper boat",
            negative="text",
            seconds=8,
            resolution="1080p",
            seed=7,
            audio=True,
            native={
                "personGeneration": "allow_adult",
                "enhancePrompt": "true",
                "compressionQuality": "OPTIMIZED",
            },
        ),
    ),
    "t2v_inline_minimal": ({}, JobSpec(prompt="A paper boat", **BARE)),
    "extend": (IN_A_BUCKET, JobSpec(mode=Mode.EXTEND, prompt="continue", refs=(CLIP,), **BARE)),
}
STANDINGS = {
    "poll_running": JobState.RUNNING,
    "poll_done_gcs": JobState.SUCCEEDED,
    "poll_done_inline": JobState.SUCCEEDED,
}
FAULTS = {
    "err_400": FailKind.BAD_INPUT,
    "err_403": FailKind.AUTH,
    "err_404": FailKind.RETIRED,
    "err_503": FailKind.TRANSIENT,
}
"""What an answer to an order means."""
ALONE = ("i2v", "omni_on_agent_platform")
SPOKEN = sorted([*ORDERS, *STANDINGS, *FAULTS, *ALONE])
LEFT_OUT: dict[str, str] = {}


def veo(**settings: str) -> GoogleVeo:
    return GoogleVeo({"GOOGLE_VEO_PROJECT": "my-project", **settings}, clock=lambda: NOW)


def omni() -> GoogleOmniCloud:
    settings = {
        "GOOGLE_OMNI_CLOUD_PROJECT": "my-project",
        "GOOGLE_OMNI_CLOUD_BUCKET": "gs://b/out/",
    }
    return GoogleOmniCloud(settings, clock=lambda: NOW)


def one_clip(capture: Capture) -> Capture:
    """Say how many clips are wanted, where the SDK's caller did not.

    We always do: each costs money, and Google's default is Google's to change.
    """
    asked = {"sampleCount": 1, **capture.body.get("parameters", {})}
    return replace(capture, body={**capture.body, "parameters": asked})


def differs(call: Call, capture: Capture) -> dict[str, Any]:
    return differences(call, capture, headers=KEY, base="")


def test_every_recording_is_spoken_or_left_out_with_a_reason() -> None:
    assert sorted([*SPOKEN, *LEFT_OUT]) == sorted(RECORDED)


@pytest.mark.parametrize("case", ORDERS)
def test_an_order_is_what_the_sdk_sends(case: str) -> None:
    settings, spec = ORDERS[case]
    engine = veo(**settings)
    assert differs(engine.order(spec), one_clip(RECORDED[case])) == {}
    assert engine.ticket(spec, RECORDED[case].answer).id == JOB


def test_a_first_frame_travels_in_the_order(tmp_path: Path) -> None:
    (tmp_path / "frame.png").write_bytes(PNG)
    spec = JobSpec(
        mode=Mode.IMAGE_TO_VIDEO,
        prompt="push in",
        seconds=8,
        ratio="",
        resolution="",
        refs=(Ref(role=RefRole.FIRST, path=tmp_path / "frame.png"),),
        native={"resizeMode": "PAD"},
    )
    assert differs(veo().order(spec), one_clip(RECORDED["i2v"])) == {}
    assert veo().ticket(spec, RECORDED["i2v"].answer).id == JOB


@pytest.mark.parametrize("case", STANDINGS)
def test_a_look_is_what_the_sdk_sends_and_tells_how_the_job_stands(case: str) -> None:
    engine = veo()
    handle = engine.handle(JOB, PLAIN)
    assert differs(engine.look(handle), RECORDED[case]) == {}
    status = engine.standing(handle, RECORDED[case].answer)
    assert (status.state, status.fail) == (STANDINGS[case], None)


def test_a_film_in_the_bucket_is_fetched_with_the_token() -> None:
    (film,) = veo().standing(veo().handle(JOB, PLAIN), RECORDED["poll_done_gcs"].answer).outputs
    assert film.needs_auth
    assert film.url == (
        "https://storage.googleapis.com/storage/v1/b/b/o/out%2Fsample_0.mp4?alt=media"
    )


def test_a_film_in_the_answer_is_taken_out_of_what_is_kept() -> None:
    status = veo().standing(veo().handle(JOB, PLAIN), RECORDED["poll_done_inline"].answer)
    (film,) = status.outputs
    assert film.data is not None
    assert film.data[4:8] == b"ftyp"
    assert status.raw["response"]["videos"][0]["bytesBase64Encoded"] == "left out: 44 characters"


@pytest.mark.parametrize("case", FAULTS)
def test_a_refused_order_is_named_by_who_acts_next(case: str) -> None:
    engine = veo()
    assert differs(engine.order(PLAIN), one_clip(RECORDED[case])) == {}
    told = engine._faulted(RECORDED[case].answer, creating=True)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  what HttpEngine makes of it
    assert isinstance(told, EngineError)
    assert told.kind is FAULTS[case]


def test_omni_is_ordered_in_a_project_as_the_sdk_does() -> None:
    spec = JobSpec(
        prompt="A paper boat", seconds=8, ratio="", resolution="", native={"task": "auto"}
    )
    assert differs(omni().order(spec), RECORDED["omni_on_agent_platform"]) == {}
    handle = omni().ticket(spec, RECORDED["omni_on_agent_platform"].answer)
    assert (handle.engine, handle.id) == ("google_omni_cloud", "v1_x")
