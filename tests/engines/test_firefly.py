"""What Firefly's adapter knows beside the recorded calls."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engines import (
    Actor,
    Cancellation,
    EngineError,
    FailKind,
    JobSpec,
    JobState,
    Misconfigured,
    Mode,
    OutOfCredit,
    Ref,
    RefRole,
    Refused,
)
from engines._call import Answer
from engines.firefly import Firefly

from .conftest import HouseTerms

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEYS = {"FIREFLY_CLIENT_ID": "an-id", "FIREFLY_CLIENT_SECRET": "a-secret"}
STILL = JobSpec(
    mode=Mode.TEXT_TO_IMAGE, prompt="A paper boat", model="image4_standard", resolution="2K"
)


@pytest.fixture
def firefly() -> Firefly:
    return Firefly(KEYS, clock=lambda: NOON)


def answered(body: Any, status: int = 200, **headers: str) -> Answer:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=told, body=json.dumps(body).encode())


def texts(firefly: Firefly, spec: JobSpec) -> list[str]:
    return [problem.text for problem in firefly.validate(spec)]


def test_it_is_hired_with_both_halves_of_its_key_only(tmp_path: Path) -> None:
    half = HouseTerms(tmp_path, {"FIREFLY_CLIENT_ID": "an-id"})
    assert Firefly.hired(half) is None
    assert Firefly.hired(HouseTerms(tmp_path, KEYS)) is not None


def test_polls_count_towards_the_limit_unless_the_operator_knows_better() -> None:
    assert Firefly(KEYS).limits.counts_polls
    assert (Firefly(KEYS).limits.per_minute, Firefly(KEYS).limits.per_day) == (4, 9000)
    assert not Firefly({**KEYS, "FIREFLY_COUNTS_POLLS": "No"}).limits.counts_polls


def test_a_clip_is_five_seconds_long_silent_and_of_unknown_price(firefly: Firefly) -> None:
    offer = firefly.caps().modes[Mode.TEXT_TO_VIDEO]
    assert offer.lengths is not None
    assert str(offer.lengths) == "5 seconds"
    assert not offer.audio
    assert not offer.negative
    assert firefly.estimate(JobSpec(prompt="A paper boat")) is None
    assert texts(firefly, JobSpec(prompt="A boat", seconds=8, negative="text", audio=True)) == [
        "Clips here are 5 seconds long, not 8.",
        "This engine takes no negative prompt; say it in the prompt.",
        "This engine makes no sound.",
    ]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"mode": Mode.IMAGE_TO_VIDEO}, "This needs a first or a last frame."),
        ({"native": {"bitRateFactor": "64"}}, "bitRateFactor is a whole number from 0 to 63"),
        ({"native": {"bitRateFactor": 1.5}}, "bitRateFactor is a whole number from 0 to 63"),
        ({"native": {"shotSize": "tiny"}}, "shotSize is one of"),
        ({"native": {"speed": "fast"}}, "There is no option speed here."),
        ({"model": "image5"}, "image5 does not do t2v."),
        ({"model": "video2"}, "video2 is not a model of Firefly."),
    ],
)
def test_an_order_that_firefly_cannot_take_is_said_before_money(
    firefly: Firefly, changes: Mapping[str, Any], text: str
) -> None:
    (told,) = texts(firefly, replace(JobSpec(prompt="A paper boat"), **changes))
    assert told.startswith(text)


def test_stills_take_a_negative_prompt_and_bounded_words(firefly: Firefly) -> None:
    assert texts(firefly, STILL) == []
    (long,) = texts(firefly, replace(STILL, prompt="⛵" * 1025))
    assert long == "At most 1,024 characters fit here; this has 1,025."
    (negative,) = texts(firefly, replace(STILL, negative="x" * 1025))
    assert negative == "At most 1,024 characters fit here."


@pytest.mark.parametrize(
    ("reason", "error", "actor"),
    [
        ("quota_exhausted", OutOfCredit, Actor.PRODUCER),
        ("user_non_entitled", Misconfigured, Actor.OPERATOR),
        ("user_profile_denied", Misconfigured, Actor.OPERATOR),
        ("invalid_ims_scope", Misconfigured, Actor.OPERATOR),
    ],
)
def test_a_refused_access_goes_to_who_can_mend_it(
    firefly: Firefly, reason: str, error: type[EngineError], actor: Actor
) -> None:
    answer = answered({"error_code": "access_error"}, 403, x_access_error=reason)
    told = firefly.fault(answer, creating=True)
    assert isinstance(told, error)
    assert told.kind.next_actor is actor
    assert actor.value in str(told)


@pytest.mark.parametrize(
    "code",
    [
        "prompt_unsafe",
        "prompt_entity_denied",
        "image_unsafe",
        "video_unsafe",
        "reference_image_unsafe_error",
        "input_media_unsafe",
        "legal_error",
    ],
)
def test_what_is_not_allowed_goes_to_the_artist(firefly: Firefly, code: str) -> None:
    at_once = firefly.fault(answered({"error_code": code}, 451), creating=True)
    assert isinstance(at_once, Refused)
    assert at_once.kind is FailKind.MODERATION_INPUT

    handle = firefly.adopted("urn:ff:jobs:a:b", STILL)
    later = firefly.standing(handle, answered({"status": "failed", "error_code": code}))
    assert later.fail is not None
    assert later.fail.kind.next_actor is Actor.ARTIST


@pytest.mark.parametrize(
    ("body", "state", "kind"),
    [
        ({"status": "canceled"}, JobState.CANCELED, FailKind.CANCELED),
        ({"status": "cancel_pending"}, JobState.RUNNING, None),
        ({"status": "timeout"}, JobState.FAILED, FailKind.TRANSIENT),
        ({"status": "paused"}, JobState.UNKNOWN, None),
        ({"status": "succeeded"}, JobState.FAILED, FailKind.ENGINE),
        ({"status": "succeeded", "result": {"outputs": []}}, JobState.FAILED, FailKind.ENGINE),
    ],
)
def test_every_state_is_read(
    firefly: Firefly, body: Mapping[str, Any], state: JobState, kind: FailKind | None
) -> None:
    handle = firefly.adopted("urn:ff:jobs:a:b", STILL)
    status = firefly.standing(handle, answered(body))
    assert status.state is state
    assert (status.fail.kind if status.fail else None) is kind


def test_words_that_were_left_out_of_a_still_are_said(firefly: Firefly) -> None:
    handle = firefly.adopted("urn:ff:jobs:a:b", STILL)
    flags = {"promptHasDeniedWords": True, "promptHasBlockedArtists": True}
    made = {"outputs": [{"seed": 1, "image": {"url": "https://a.s3.amazonaws.com/i"}}], **flags}

    done = firefly.standing(handle, answered({"status": "succeeded", "result": made}))
    assert done.state is JobState.SUCCEEDED
    assert done.note == (
        "Firefly left words that are not allowed and artists who are not drawn after out of the"
        " prompt."
    )
    assert done.outputs[0].mime == "image/jpeg"
    nothing = firefly.standing(handle, answered({"status": "succeeded", "result": flags}))
    assert nothing.fail is not None
    assert nothing.fail.kind is FailKind.MODERATION_INPUT


def test_progress_is_never_above_one(firefly: Firefly) -> None:
    handle = firefly.adopted("urn:ff:jobs:a:b", STILL)
    shares = [
        firefly.standing(handle, answered({"status": "running", "progress": told})).progress
        for told in (-5, 50, 250)
    ]
    assert shares == [0, 0.5, 1]


def test_an_address_that_is_not_adobes_is_not_followed(firefly: Firefly) -> None:
    where = "https://evil.example/v3/status/urn:ff:jobs:a:b"
    accepted = {"jobId": "urn:ff:jobs:a:b", "statusUrl": where, "cancelUrl": where}
    handle = firefly.ticket(STILL, answered(accepted, 202))

    assert firefly.look(handle).path == "/v3/status/urn:ff:jobs:a:b"
    assert (handle.poll_url, handle.cancel_url) == (None, None)


def test_another_host_of_adobes_is_followed(firefly: Firefly) -> None:
    where = "https://firefly-epo852211.adobe.io/v3/status/urn:ff:jobs:a:b"
    accepted = {"jobId": "urn:ff:jobs:a:b", "statusUrl": where}
    assert firefly.look(firefly.ticket(STILL, answered(accepted, 202))).path == where


@pytest.mark.parametrize("job_id", ["", "short", "a job", "../v3/status/x", "urn:ff:jobs:ä"])
def test_what_cannot_be_a_jobs_id_is_refused(firefly: Firefly, job_id: str) -> None:
    with pytest.raises(Refused, match="urn:ff:jobs:"):
        firefly.adopted(job_id, STILL)


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (200, "", Cancellation.DONE),
        (409, "job_already_canceled", Cancellation.DONE),
        (409, "job_completed", Cancellation.TOO_LATE),
        (410, "job_timeout", Cancellation.TOO_LATE),
        (409, "job_cancel_failed", Cancellation.UNKNOWN),
        (404, "unknown_job_id", Cancellation.UNKNOWN),
    ],
)
def test_what_became_of_a_cancellation(
    firefly: Firefly, status: int, code: str, outcome: Cancellation
) -> None:
    assert firefly.cancelled(answered({"error_code": code}, status)) is outcome


def test_a_rehearsal_shows_the_order_before_there_is_a_token(
    firefly: Firefly, tmp_path: Path
) -> None:
    frame = Ref(role=RefRole.FIRST, path=tmp_path / "frame.png", sha256="0123456789abcdef")
    call = firefly.rehearse(JobSpec(mode=Mode.IMAGE_TO_VIDEO, refs=(frame,)))

    assert call.path == "https://firefly-api.adobe.io/v3/videos/generate"
    assert call.headers["x-model-version"] == "video1_standard"
    (condition,) = call.json["image"]["conditions"]
    assert condition["source"] == {"uploadId": "uploaded:0123456789ab"}


async def test_adobes_sign_in_that_is_down_is_waited_for() -> None:
    engine = Firefly({**KEYS, "FIREFLY_IMS_URL": "http://127.0.0.1:9"})
    with pytest.raises(EngineError, match="Adobe's sign-in cannot be reached") as down:
        await engine.submit(JobSpec(prompt="A paper boat"))
    await engine.close()
    assert down.value.kind is FailKind.TRANSIENT
