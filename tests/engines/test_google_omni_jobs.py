"""Whole jobs at Omni with an API key, in the sandbox."""

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
    Ref,
    RefKind,
    RefRole,
    Refused,
    Unsure,
)
from engines.google_omni import GoogleOmni
from tests.sandbox import Fault, Sandbox, Stage

from .google_jobs import a_picture, a_shot, a_source, asked
from .job_stories import (
    a_failure_names_who_acts_next,
    a_look_mints_an_expired_link_again,
    a_look_that_fails_is_only_a_look,
    a_refusal_names_who_acts_next,
    an_unknown_state_is_looked_at_again,
    one_order_is_found_though_its_answer_was_lost,
)
from .jobs_of import over, placed

VENDOR = "google_omni"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(latency=0.15, only={VENDOR}) as sandbox:
        yield sandbox


@pytest.fixture
async def engine(sandbox: Sandbox) -> AsyncIterator[GoogleOmni]:
    engine = hired(sandbox)
    yield engine
    await engine.close()


def hired(sandbox: Sandbox, **settings: str) -> GoogleOmni:
    plain = {
        "GOOGLE_OMNI_BASE_URL": sandbox.url(VENDOR),
        "GOOGLE_OMNI_API_KEY": sandbox.key(VENDOR),
    }
    return GoogleOmni({**plain, **settings})


async def test_a_clip_is_ordered_waited_for_and_fetched(engine: GoogleOmni, tmp_path: Path) -> None:
    status = await over(engine, await placed(engine, a_shot()))
    assert (status.state, len(status.outputs)) == (JobState.SUCCEEDED, 1)
    stored = await engine.download(status.outputs[0], tmp_path / "take.mp4")
    assert stored.path.read_bytes()[4:8] == b"ftyp"


async def test_two_frames_travel_in_the_order(
    engine: GoogleOmni, sandbox: Sandbox, tmp_path: Path
) -> None:
    frames = (
        Ref(role=RefRole.LAST, path=a_picture(tmp_path, "last.png")),
        Ref(role=RefRole.FIRST, path=a_picture(tmp_path)),
    )
    prompt = "<FIRST_FRAME> <LAST_FRAME> the tide comes in"
    shot = a_shot(mode=Mode.IMAGE_TO_VIDEO, prompt=prompt, refs=frames)
    assert (await over(engine, await placed(engine, shot))).state is JobState.SUCCEEDED
    first, last, text = asked(sandbox, VENDOR)["input"][0]["content"]
    assert first["mime_type"] == last["mime_type"] == "image/png"
    assert text["text"] == prompt


async def test_a_large_picture_and_a_clip_are_handed_over_first(
    engine: GoogleOmni, sandbox: Sandbox, tmp_path: Path
) -> None:
    refs = (
        Ref(path=a_picture(tmp_path, padding=300_000)),
        Ref(kind=RefKind.VIDEO, path=a_source(tmp_path).path),
    )
    shot = a_shot(
        mode=Mode.REFERENCE_TO_VIDEO, prompt="<VIDEO_REF_0> meets <IMAGE_REF_0>", refs=refs
    )
    assert (await over(engine, await placed(engine, shot))).state is JobState.SUCCEEDED
    picture, clip, _ = asked(sandbox, VENDOR)["input"][0]["content"]
    assert picture["uri"].startswith(sandbox.url(VENDOR))
    assert (clip["type"], clip["mime_type"]) == ("video", "video/mp4")
    assert "data" not in picture | clip


async def test_preparing_again_hands_nothing_over_again(engine: GoogleOmni, tmp_path: Path) -> None:
    source = a_source(tmp_path)
    once = await engine.prepare(a_shot(mode=Mode.EXTEND, refs=(source,)))
    assert await engine.prepare(once) == once


async def test_a_take_of_omni_is_edited_from_its_own_job(
    engine: GoogleOmni, sandbox: Sandbox, tmp_path: Path
) -> None:
    first = await placed(engine, a_shot())
    await over(engine, first)
    source = a_source(tmp_path, job=first.id)
    edit = a_shot(mode=Mode.EDIT, prompt="Make it night", refs=(source,))
    assert (await over(engine, await placed(engine, edit))).state is JobState.SUCCEEDED
    assert asked(sandbox, VENDOR)["previous_interaction_id"] == first.id
    assert asked(sandbox, VENDOR)["input"] == "Make it night"


async def test_the_clip_itself_is_sent_where_that_is_wished(
    engine: GoogleOmni, sandbox: Sandbox, tmp_path: Path
) -> None:
    source = a_source(tmp_path, job="v1_gone")
    edit = a_shot(mode=Mode.EDIT, refs=(source,), native={"source": "file"})
    await placed(engine, edit)
    assert "previous_interaction_id" not in asked(sandbox, VENDOR)
    assert asked(sandbox, VENDOR)["input"][0]["content"][0]["type"] == "video"


async def test_a_job_that_google_forgot_cannot_be_gone_on_from(
    engine: GoogleOmni, tmp_path: Path
) -> None:
    source = a_source(tmp_path, job="v1_forgotten")
    with pytest.raises(Refused, match="source=file"):
        await placed(engine, a_shot(mode=Mode.EXTEND, refs=(source,)))


@pytest.mark.parametrize("mode", [Mode.EXTEND, Mode.UPSCALE])
async def test_a_clip_is_extended_and_upscaled(
    engine: GoogleOmni, sandbox: Sandbox, tmp_path: Path, mode: Mode
) -> None:
    source = a_source(tmp_path)
    shot = a_shot(mode=mode, prompt="", resolution="1080p", refs=(source,))
    shot = shot if mode is Mode.UPSCALE else a_shot(mode=mode, refs=(source,))
    assert (await over(engine, await placed(engine, shot))).state is JobState.SUCCEEDED
    assert asked(sandbox, VENDOR)["generation_config"]["video_config"]["task"] == mode.value
    assert "aspect_ratio" not in asked(sandbox, VENDOR)["response_format"]


async def test_an_order_whose_answer_is_lost_was_placed_once(
    engine: GoogleOmni, sandbox: Sandbox
) -> None:
    sandbox.next(VENDOR, Fault.ANSWER_LOST)
    await one_order_is_found_though_its_answer_was_lost(engine, a_shot(), sandbox.ledger)


REFUSALS = {
    Fault.RATE_LIMIT: (Busy, FailKind.RATE_LIMIT),
    Fault.RATE_LIMIT_DATE: (Busy, FailKind.RATE_LIMIT),
    Fault.RATE_LIMIT_BARE: (Busy, FailKind.RATE_LIMIT),
    Fault.CONCURRENCY: (Busy, FailKind.CONCURRENCY),
    Fault.UNAVAILABLE: (Busy, FailKind.TRANSIENT),
    Fault.BAD_INPUT: (Refused, FailKind.BAD_INPUT),
    Fault.AUTH: (Misconfigured, FailKind.AUTH),
    Fault.RETIRED: (Misconfigured, FailKind.RETIRED),
    Fault.HTML: (Unsure, FailKind.AMBIGUOUS_SUBMIT),
    Fault.ERROR_IN_200: (Unsure, FailKind.AMBIGUOUS_SUBMIT),
}


@pytest.mark.parametrize("fault", REFUSALS)
async def test_a_refused_order_is_named_by_who_acts_next(
    engine: GoogleOmni, sandbox: Sandbox, fault: Fault
) -> None:
    sandbox.next(VENDOR, fault)
    error, kind = REFUSALS[fault]
    await a_refusal_names_who_acts_next(engine, a_shot(), error=error, kind=kind)
    assert sandbox.ledger.of(VENDOR) == []


async def test_a_wrong_key_is_the_operators_and_is_not_shown(sandbox: Sandbox) -> None:
    engine = hired(sandbox, GOOGLE_OMNI_API_KEY="AIza-wrong")
    with pytest.raises(Misconfigured, match="checks the key") as refused:
        await placed(engine, a_shot())
    await engine.close()
    assert "AIza-wrong" not in str(refused.value)


FAILURES = {
    Fault.MODERATION: FailKind.MODERATION_INPUT,
    Fault.MODERATION_OUTPUT: FailKind.MODERATION_OUTPUT,
    Fault.OUT_OF_CREDIT: FailKind.OUT_OF_CREDIT,
    Fault.ENGINE: FailKind.ENGINE,
    Fault.TRANSIENT: FailKind.TRANSIENT,
    Fault.NO_OUTPUT: FailKind.ENGINE,
}


@pytest.mark.parametrize("fault", FAILURES)
async def test_a_failed_job_is_named_by_who_acts_next(
    engine: GoogleOmni, sandbox: Sandbox, fault: Fault
) -> None:
    sandbox.next(VENDOR, fault)
    job = await a_failure_names_who_acts_next(engine, a_shot(), FAILURES[fault])
    assert job.status.fail is not None
    assert job.status.fail.text.endswith(".")


async def test_a_done_job_without_a_clip_names_the_places_where_uploads_are_blocked(
    engine: GoogleOmni, sandbox: Sandbox
) -> None:
    sandbox.next(VENDOR, Fault.NO_OUTPUT)
    status = await over(engine, await placed(engine, a_shot()))
    assert status.fail is not None
    assert "the EEA, Switzerland, the United Kingdom" in status.fail.text


async def test_a_status_that_nobody_knows_is_polled_further(
    engine: GoogleOmni, sandbox: Sandbox
) -> None:
    sandbox.next(VENDOR, Fault.UNKNOWN_STATUS)
    await an_unknown_state_is_looked_at_again(engine, a_shot(), sandbox)


async def test_a_lost_job_is_looked_up_by_a_person(engine: GoogleOmni, sandbox: Sandbox) -> None:
    sandbox.next(VENDOR, Fault.LOST)
    handle = await placed(engine, a_shot())
    with pytest.raises(EngineError) as lost:
        await engine.poll(handle)
    assert lost.value.kind is FailKind.NOT_FOUND


@pytest.mark.parametrize("fault", [Fault.HTML, Fault.ERROR_IN_200, Fault.UNAVAILABLE])
async def test_a_look_that_goes_wrong_is_taken_again(
    engine: GoogleOmni, sandbox: Sandbox, fault: Fault
) -> None:
    handle = await placed(engine, a_shot())
    sandbox.next(VENDOR, fault, on=Stage.POLL)
    await a_look_that_fails_is_only_a_look(engine, handle)


async def test_a_link_that_is_no_longer_good_is_minted_again(
    engine: GoogleOmni, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.next(VENDOR, Fault.LINK_EXPIRES)
    await a_look_mints_an_expired_link_again(engine, a_shot(), tmp_path, sandbox)


async def test_a_job_is_cancelled_once(engine: GoogleOmni) -> None:
    handle = await placed(engine, a_shot())
    assert await engine.cancel(handle) is Cancellation.DONE
    assert (await engine.poll(handle)).state is JobState.CANCELED
    assert await engine.cancel(handle) is Cancellation.TOO_LATE


async def test_a_file_that_google_will_not_take_stops_before_the_order(
    engine: GoogleOmni, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.next(VENDOR, Fault.BAD_INPUT, on=Stage.UPLOAD)
    source = a_source(tmp_path)
    with pytest.raises(Refused):
        await engine.prepare(a_shot(mode=Mode.EXTEND, refs=(source,)))
    assert sandbox.ledger.of(VENDOR) == []


async def test_the_doctor_asks_for_every_model_and_spends_nothing(
    engine: GoogleOmni, sandbox: Sandbox
) -> None:
    found = await engine.preflight()
    assert [(each.what, each.is_ok) for each in found] == [(name, True) for name in engine.models()]
    assert sandbox.ledger.of(VENDOR) == []


async def test_the_doctor_is_told_of_a_key_that_is_wrong(sandbox: Sandbox) -> None:
    engine = hired(sandbox, GOOGLE_OMNI_API_KEY="AIza-wrong")
    found = await engine.preflight()
    await engine.close()
    assert not any(each.is_ok for each in found)
    assert "checks the key" in found[0].told
