"""Whole jobs in a Google Cloud project, at Veo and at Omni, in the sandbox."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engines import (
    Busy,
    Cancellation,
    EngineError,
    FailKind,
    JobState,
    Misconfigured,
    Mode,
    OutOfCredit,
    Ref,
    RefRole,
    Refused,
    Unsure,
)
from engines.google_veo import GoogleVeo
from tests.sandbox import Fault, Sandbox, Stage

from .google_jobs import CLIP, CLOUD, a_picture, a_shot, a_source, asked, in_a_project
from .job_stories import (
    a_failure_names_who_acts_next,
    a_look_that_fails_is_only_a_look,
    a_refusal_names_who_acts_next,
    one_order_is_found_though_its_answer_was_lost,
)
from .jobs_of import over, placed


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(latency=0.15, only={CLOUD}) as sandbox:
        yield sandbox


@pytest.fixture
async def engine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[GoogleVeo]:
    engine = GoogleVeo(in_a_project("GOOGLE_VEO", sandbox, tmp_path))
    yield engine
    await engine.close()


async def test_a_clip_is_ordered_and_fetched_from_the_bucket(
    engine: GoogleVeo, sandbox: Sandbox, tmp_path: Path
) -> None:
    status = await over(engine, await placed(engine, a_shot(negative="text", seed=7)))
    assert (status.state, len(status.outputs)) == (JobState.SUCCEEDED, 1)
    stored = await engine.download(status.outputs[0], tmp_path / "take.mp4")
    assert stored.path.read_bytes()[4:8] == b"ftyp"
    assert asked(sandbox)["parameters"]["storageUri"] == "gs://takes/circletake/"


async def test_without_a_bucket_the_film_is_in_the_answer(sandbox: Sandbox, tmp_path: Path) -> None:
    engine = GoogleVeo(in_a_project("GOOGLE_VEO", sandbox, tmp_path, BUCKET=""))
    status = await over(engine, await placed(engine, a_shot()))
    stored = await engine.download(status.outputs[0], tmp_path / "take.mp4")
    await engine.close()
    assert stored.path.read_bytes()[4:8] == b"ftyp"
    assert len(str(status.raw)) < 1_000


async def test_a_first_and_a_last_frame_travel_in_the_order(
    engine: GoogleVeo, sandbox: Sandbox, tmp_path: Path
) -> None:
    frames = tuple(
        Ref(role=role, path=a_picture(tmp_path)) for role in (RefRole.FIRST, RefRole.LAST)
    )
    shot = a_shot(mode=Mode.IMAGE_TO_VIDEO, prompt="", refs=frames, native={"resizeMode": "CROP"})
    assert (await over(engine, await placed(engine, shot))).state is JobState.SUCCEEDED
    assert set(asked(sandbox)["instances"][0]) == {"image", "lastFrame"}


async def test_references_are_assets(engine: GoogleVeo, sandbox: Sandbox, tmp_path: Path) -> None:
    refs = (Ref(path=a_picture(tmp_path)),) * 3
    shot = a_shot(mode=Mode.REFERENCE_TO_VIDEO, seconds=8, refs=refs)
    assert (await over(engine, await placed(engine, shot))).state is JobState.SUCCEEDED
    sent = asked(sandbox)["instances"][0]["referenceImages"]
    assert [each["referenceType"] for each in sent] == ["ASSET"] * 3


async def test_a_large_clip_goes_through_the_bucket(
    engine: GoogleVeo, sandbox: Sandbox, tmp_path: Path
) -> None:
    source = a_source(tmp_path, padding=20_000_000, sha256="c0ffee")
    shot = a_shot(mode=Mode.EXTEND, refs=(source,))
    assert (await over(engine, await placed(engine, shot))).state is JobState.SUCCEEDED
    video = asked(sandbox)["instances"][0]["video"]
    assert video == {"gcsUri": "gs://takes/circletake/circletake/c0ffee", "mimeType": "video/mp4"}
    kept = sandbox.core.uploads.get(CLOUD, video["gcsUri"])
    assert kept is not None
    assert kept.data == CLIP + bytes(20_000_000)


async def test_a_small_clip_goes_along_with_the_order(
    engine: GoogleVeo, sandbox: Sandbox, tmp_path: Path
) -> None:
    await placed(engine, a_shot(mode=Mode.EXTEND, refs=(a_source(tmp_path),)))
    assert "bytesBase64Encoded" in asked(sandbox)["instances"][0]["video"]


async def test_an_order_whose_answer_is_lost_was_placed_once(
    engine: GoogleVeo, sandbox: Sandbox
) -> None:
    sandbox.next(CLOUD, Fault.ANSWER_LOST)
    found = await one_order_is_found_though_its_answer_was_lost(engine, a_shot(), sandbox.ledger)
    (row,) = sandbox.ledger.of(CLOUD)
    assert engine.adopted(row.job_id.rpartition("/")[2], a_shot()).id == found.id


REFUSALS = {
    Fault.RATE_LIMIT: (Busy, FailKind.RATE_LIMIT),
    Fault.CONCURRENCY: (Busy, FailKind.CONCURRENCY),
    Fault.UNAVAILABLE: (Busy, FailKind.TRANSIENT),
    Fault.BAD_INPUT: (Refused, FailKind.BAD_INPUT),
    Fault.AUTH: (Misconfigured, FailKind.AUTH),
    Fault.OUT_OF_CREDIT: (OutOfCredit, FailKind.OUT_OF_CREDIT),
    Fault.RETIRED: (Misconfigured, FailKind.RETIRED),
    Fault.HTML: (Unsure, FailKind.AMBIGUOUS_SUBMIT),
    Fault.ERROR_IN_200: (Unsure, FailKind.AMBIGUOUS_SUBMIT),
}


@pytest.mark.parametrize("fault", REFUSALS)
async def test_a_refused_order_is_named_by_who_acts_next(
    engine: GoogleVeo, sandbox: Sandbox, fault: Fault
) -> None:
    sandbox.next(CLOUD, fault)
    error, kind = REFUSALS[fault]
    await a_refusal_names_who_acts_next(engine, a_shot(), error=error, kind=kind)


FAILURES = {
    Fault.MODERATION: FailKind.MODERATION_INPUT,
    Fault.MODERATION_OUTPUT: FailKind.MODERATION_OUTPUT,
    Fault.ENGINE: FailKind.ENGINE,
    Fault.TRANSIENT: FailKind.TRANSIENT,
    Fault.NO_OUTPUT: FailKind.ENGINE,
}


@pytest.mark.parametrize("fault", FAILURES)
async def test_a_failed_job_is_named_by_who_acts_next(
    engine: GoogleVeo, sandbox: Sandbox, fault: Fault
) -> None:
    sandbox.next(CLOUD, fault)
    await a_failure_names_who_acts_next(engine, a_shot(), FAILURES[fault])


async def test_what_a_filter_saw_is_said(engine: GoogleVeo, sandbox: Sandbox) -> None:
    sandbox.next(CLOUD, Fault.MODERATION)
    status = await over(engine, await placed(engine, a_shot()))
    assert status.fail is not None
    assert "turned the prompt or a picture down because of a child" in status.fail.text


@pytest.mark.parametrize("fault", [Fault.HTML, Fault.ERROR_IN_200, Fault.UNAVAILABLE])
async def test_a_look_that_goes_wrong_is_taken_again(
    engine: GoogleVeo, sandbox: Sandbox, fault: Fault
) -> None:
    handle = await placed(engine, a_shot())
    sandbox.next(CLOUD, fault, on=Stage.POLL)
    await a_look_that_fails_is_only_a_look(engine, handle)


async def test_a_lost_job_is_looked_up_by_a_person(engine: GoogleVeo, sandbox: Sandbox) -> None:
    sandbox.next(CLOUD, Fault.LOST)
    handle = await placed(engine, a_shot())
    with pytest.raises(EngineError) as lost:
        await engine.poll(handle)
    assert lost.value.kind is FailKind.NOT_FOUND


async def test_veo_cannot_be_cancelled(engine: GoogleVeo) -> None:
    handle = await placed(engine, a_shot())
    assert await engine.cancel(handle) is Cancellation.UNSUPPORTED


async def test_the_doctor_asks_for_every_model_and_spends_nothing(
    engine: GoogleVeo, sandbox: Sandbox
) -> None:
    found = await engine.preflight()
    assert [(each.what, each.is_ok) for each in found] == [(name, True) for name in engine.models()]
    assert sandbox.ledger.of(CLOUD) == []
