"""Omni with an API key, call by call, against what Google's own SDK sent."""

import base64
from datetime import UTC, datetime
from pathlib import Path
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
from engines._call import Answer
from engines.google_omni import GoogleOmni

from .captures import captures, differences

RECORDED = captures("google_omni")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
JOB = "v1_ChdpbnRlcmFjdGlvbg"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CLIP = Ref(
    role=RefRole.SOURCE,
    kind=RefKind.VIDEO,
    uri="https://generativelanguage.googleapis.com/v1beta/files/v",
)
PLAIN = JobSpec(prompt="x", seconds=8)
ORDERS = {
    "t2v_background_uri": JobSpec(prompt="A paper boat", seconds=8),
    "edit_video": JobSpec(mode=Mode.EDIT, prompt="make it night", seconds=8, refs=(CLIP,)),
}
STANDINGS = {
    "get_in_progress": (JobState.RUNNING, None),
    "get_completed_uri": (JobState.SUCCEEDED, None),
    "get_failed": (JobState.FAILED, FailKind.MODERATION_INPUT),
}
FAULTS = {
    "err_400": FailKind.BAD_INPUT,
    "err_403": FailKind.OUT_OF_CREDIT,
    "err_404_retired_model": FailKind.RETIRED,
}
"""What an answer to an order means."""
UPLOADS = ("files_upload.01", "files_upload.02", "files_get")
ALONE = ("cancel", "files_download", "i2v_inline")
SPOKEN = sorted([*ORDERS, *STANDINGS, *FAULTS, *UPLOADS, *ALONE])
LEFT_OUT = {
    "delete": "What was ordered stays readable at Google for as long as Google keeps it.",
    "t2v_sync_minimal": "It holds one connection for minutes, and a lost one would leave an order"
    " unsure; ours are in the background. Its inline film is read in test_google_omni.",
    "webhook": "The app looks at its jobs; it offers no address for Google to call.",
}


def omni() -> GoogleOmni:
    settings = {
        "GOOGLE_OMNI_API_KEY": "test-key",
        "GOOGLE_OMNI_BASE_URL": "http://recorder.local",
    }
    return GoogleOmni(settings, clock=lambda: NOW)


def differs(call: Call, case: str) -> dict[str, Any]:
    key = omni().key() if call.key else dict[str, str]()
    return differences(call, RECORDED[case], headers=key, base="")


def a_picture(folder: Path, *, padding: int = 0) -> Path:
    path = folder / "ref.png"
    path.write_bytes(PNG + bytes(padding))
    return path


def test_every_recording_is_spoken_or_left_out_with_a_reason() -> None:
    assert sorted([*SPOKEN, *LEFT_OUT]) == sorted(RECORDED)


@pytest.mark.parametrize("case", ORDERS)
def test_an_order_is_what_the_sdk_sends(case: str) -> None:
    engine = omni()
    assert engine.validate(ORDERS[case]) == []
    assert differs(engine.order(ORDERS[case]), case) == {}
    handle = engine.ticket(ORDERS[case], RECORDED[case].answer)
    assert (handle.id, handle.model) == (JOB, "gemini-omni-1.2-flash")


def test_a_small_picture_travels_in_the_order(tmp_path: Path) -> None:
    first = Ref(role=RefRole.FIRST, path=a_picture(tmp_path))
    spec = JobSpec(
        mode=Mode.IMAGE_TO_VIDEO, prompt="<FIRST_FRAME> push in", seconds=8, refs=(first,)
    )
    assert omni().validate(spec) == []
    assert omni().upload(first, spec) is None
    assert differs(omni().order(spec), "i2v_inline") == {}
    assert omni().ticket(spec, RECORDED["i2v_inline"].answer).id == JOB


@pytest.mark.parametrize("case", STANDINGS)
def test_a_look_is_what_the_sdk_sends_and_tells_how_the_job_stands(case: str) -> None:
    engine = omni()
    handle = engine.handle(JOB, PLAIN)
    assert differs(engine.look(handle), case) == {}
    status = engine.standing(handle, RECORDED[case].answer)
    assert (status.state, status.fail and status.fail.kind) == STANDINGS[case]


@pytest.mark.parametrize("case", FAULTS)
def test_a_refused_order_is_named_by_who_acts_next(case: str) -> None:
    """The recorded orders say only `x`, so that their bodies are nobody's."""
    engine = omni()
    assert set(differs(engine.order(PLAIN), case)) == {"body"}
    told = engine._faulted(RECORDED[case].answer, creating=True)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  what HttpEngine makes of it
    assert isinstance(told, EngineError)
    assert told.kind is FAULTS[case]


def test_cancelling_is_what_the_sdk_sends() -> None:
    engine = omni()
    assert differs(engine.cancelling(engine.handle(JOB, PLAIN)), "cancel") == {}
    assert engine.cancelled(RECORDED["cancel"].answer) is Cancellation.DONE


def test_a_film_is_fetched_from_the_store_with_the_key() -> None:
    engine = omni()
    status = engine.standing(engine.handle(JOB, PLAIN), RECORDED["get_completed_uri"].answer)
    (film,) = status.outputs
    assert film.needs_auth
    assert film.url is not None
    assert differs(Call(method="GET", path=film.url), "files_download") == {}


def test_a_larger_picture_is_announced_sent_and_looked_over(tmp_path: Path) -> None:
    ref = Ref(role=RefRole.REFERENCE, path=a_picture(tmp_path))
    talk = omni().handed(ref)
    start = next(talk)
    assert isinstance(start, Call)
    assert differs(start, "files_upload.01") == {}
    send = talk.send(RECORDED["files_upload.01"].answer)
    assert isinstance(send, Call)
    assert differs(send, "files_upload.02") == {}
    with pytest.raises(StopIteration) as done:
        talk.send(RECORDED["files_upload.02"].answer)
    assert done.value.value.uri == "http://recorder.local/v1beta/files/abc123"


def test_a_clip_that_google_looks_over_is_waited_for(tmp_path: Path) -> None:
    talk = omni().handed(Ref(role=RefRole.REFERENCE, path=a_picture(tmp_path)))
    next(talk)
    talk.send(RECORDED["files_upload.01"].answer)
    body = RECORDED["files_upload.02"].answer.body.replace(b"ACTIVE", b"PROCESSING")
    talk.send(Answer(status=200, headers={}, body=body))
    look = next(talk)
    assert isinstance(look, Call)
    assert differs(look, "files_get") == {}
    with pytest.raises(StopIteration) as done:
        talk.send(RECORDED["files_get"].answer)
    assert done.value.value.path == tmp_path / "ref.png"
