"""Whole jobs at Luma, against the vendor sandbox."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engines import (
    Busy,
    Engine,
    EngineError,
    FailKind,
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
from engines._clip_length import seconds_of
from tests.sandbox import Fault, Sandbox, Stage

from .job_stories import (
    a_busy_engine_is_left_alone,
    a_failure_names_who_acts_next,
    a_look_mints_an_expired_link_again,
    a_refusal_names_who_acts_next,
    an_unknown_state_is_looked_at_again,
    one_order_is_found_though_its_answer_was_lost,
)
from .jobs_of import hired_at, kept, made

LATENCY = 0.1
PROMPT = "A paper boat drifts in a gutter."


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(latency=LATENCY, jitter=0.0, only=("luma",)) as running:
        yield running


@pytest.fixture
async def luma(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Engine]:
    engine = hired_at(sandbox, "luma", path="/v1", work=tmp_path / "work")
    yield engine
    await engine.close()


def picture(folder: Path, *, noise: bool = False) -> Path:
    """Draw a picture: a small one, or one that is too large to travel in an order."""
    path = folder / f"picture-{noise}.png"
    plain = Image.new("RGB", (64, 36), "teal")
    (Image.effect_noise((2600, 2000), 90) if noise else plain).save(path)
    return path


def clip(**words: object) -> JobSpec:
    told: dict[str, Any] = {"prompt": PROMPT, "user_tag": "take-1", **words}
    return JobSpec(**told)


def still(**words: object) -> JobSpec:
    return clip(**{"model": "uni-1", "resolution": "2k", **words})


def test_the_frames_at_hand_are_of_both_sizes(tmp_path: Path) -> None:
    assert picture(tmp_path).stat().st_size < 4_000_000
    assert picture(tmp_path, noise=True).stat().st_size > 4_000_000


async def test_a_clip_from_words_is_ordered_awaited_and_kept(
    luma: Engine, sandbox: Sandbox, tmp_path: Path
) -> None:
    job = await made(luma, clip())
    stored = await kept(luma, job, tmp_path)
    assert seconds_of(stored.path) == pytest.approx(5, abs=0.2)
    (placed,) = sandbox.ledger.of("luma")
    assert placed.order.user_tag == "take-1"
    assert luma.estimate(clip()) == round(placed.order.cost * 100)


@pytest.mark.parametrize("noise", [False, True], ids=["in the order", "handed over first"])
async def test_a_clip_from_a_first_frame(
    luma: Engine, sandbox: Sandbox, tmp_path: Path, *, noise: bool
) -> None:
    first = Ref(role=RefRole.FIRST, path=picture(tmp_path, noise=noise))
    job = await made(luma, clip(mode=Mode.IMAGE_TO_VIDEO, refs=(first,)))
    assert job.status.state is JobState.SUCCEEDED
    (placed,) = sandbox.ledger.of("luma")
    assert ("file_id" in placed.order.request["video"]["start_frame"]) is noise


async def test_preparing_twice_hands_a_file_over_once(
    luma: Engine, sandbox: Sandbox, tmp_path: Path
) -> None:
    first = Ref(role=RefRole.FIRST, path=picture(tmp_path, noise=True))
    once = await luma.prepare(clip(mode=Mode.IMAGE_TO_VIDEO, refs=(first,)))
    assert await luma.prepare(once) == once
    assert len(sandbox.core.uploads.of("luma")) == 1


async def test_ten_seconds_through_keyframes(luma: Engine, tmp_path: Path) -> None:
    keys = tuple(Ref(role=RefRole.KEYFRAME, path=picture(tmp_path), at=at) for at in (0, 5, 10))
    job = await made(luma, clip(mode=Mode.IMAGE_TO_VIDEO, seconds=10, refs=keys))
    assert job.status.state is JobState.SUCCEEDED


async def test_a_take_is_extended_edited_and_reframed_by_its_id(luma: Engine) -> None:
    first = await made(luma, clip())
    source = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, job=first.handle.id)
    orders = (
        clip(mode=Mode.EXTEND, refs=(source,)),
        clip(mode=Mode.EXTEND, refs=(source,), native={"direction": "backward"}),
        clip(mode=Mode.EDIT, refs=(source,), native={"strength": "flex_2", "face": "true"}),
        clip(mode=Mode.EDIT, refs=(source,)),
        clip(mode=Mode.REFRAME, ratio="9:16", refs=(source,),
             native={"source_position": "0,0.2,1,0.6"}),
    )  # fmt: skip
    for order in orders:
        assert (await made(luma, order)).status.state is JobState.SUCCEEDED


async def test_stills_from_words_and_from_a_still(luma: Engine, tmp_path: Path) -> None:
    guide = Ref(role=RefRole.STYLE, path=picture(tmp_path))
    job = await made(luma, still(mode=Mode.TEXT_TO_IMAGE, refs=(guide,)))
    assert job.status.outputs[0].kind is RefKind.IMAGE
    assert job.status.outputs[0].mime == "image/png"
    assert (await kept(luma, job, tmp_path)).size > 100
    source = Ref(role=RefRole.SOURCE, job=job.handle.id)
    changed = await made(luma, still(mode=Mode.IMAGE_TO_IMAGE, refs=(source,)))
    assert changed.status.state is JobState.SUCCEEDED


async def test_a_lost_answer_leaves_one_order_and_is_unsure(luma: Engine, sandbox: Sandbox) -> None:
    sandbox.next("luma", Fault.ANSWER_LOST)
    await one_order_is_found_though_its_answer_was_lost(luma, clip(), sandbox.ledger)


@pytest.mark.parametrize(
    ("fault", "error", "kind"),
    [
        (Fault.RATE_LIMIT, Busy, FailKind.RATE_LIMIT),
        (Fault.CONCURRENCY, Busy, FailKind.CONCURRENCY),
        (Fault.UNAVAILABLE, Busy, FailKind.TRANSIENT),
        (Fault.BAD_INPUT, Refused, FailKind.BAD_INPUT),
        (Fault.AUTH, Misconfigured, FailKind.AUTH),
        (Fault.SUSPENDED, Misconfigured, FailKind.AUTH),
        (Fault.BAD_GATEWAY, Unsure, FailKind.AMBIGUOUS_SUBMIT),
        (Fault.HTML, Unsure, FailKind.AMBIGUOUS_SUBMIT),
        (Fault.ERROR_IN_200, Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ],
)
async def test_a_refused_order_is_named_by_who_acts_next(
    luma: Engine, sandbox: Sandbox, fault: Fault, *, error: type[EngineError], kind: FailKind
) -> None:
    sandbox.next("luma", fault)
    await a_refusal_names_who_acts_next(luma, clip(), error=error, kind=kind)


async def test_a_busy_luma_is_left_alone_for_as_long_as_it_asks(
    luma: Engine, sandbox: Sandbox
) -> None:
    sandbox.next("luma", Fault.CONCURRENCY)
    await a_busy_engine_is_left_alone(luma, clip(), sandbox.ledger)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.MODERATION, FailKind.MODERATION_INPUT),
        (Fault.BAD_ASSET, FailKind.BAD_INPUT),
        (Fault.TRANSIENT, FailKind.TRANSIENT),
        (Fault.NO_OUTPUT, FailKind.ENGINE),
    ],
)
async def test_a_job_that_fails_says_who_acts_next(
    luma: Engine, fault: Fault, kind: FailKind
) -> None:
    await a_failure_names_who_acts_next(luma, clip(prompt=f"{PROMPT} [[{fault.value}]]"), kind)


async def test_a_state_that_nobody_knows_is_looked_at_again(luma: Engine, sandbox: Sandbox) -> None:
    order = clip(prompt=f"{PROMPT} [[unknown-status]]")
    await an_unknown_state_is_looked_at_again(luma, order, sandbox)


async def test_a_link_that_has_expired_is_minted_again_by_a_look(
    luma: Engine, sandbox: Sandbox, tmp_path: Path
) -> None:
    order = clip(prompt=f"{PROMPT} [[link-expires]]")
    await a_look_mints_an_expired_link_again(luma, order, tmp_path, sandbox)


async def test_a_luma_that_takes_no_files_now_is_asked_again_later(
    luma: Engine, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.next("luma", Fault.UNAVAILABLE, on=Stage.UPLOAD)
    first = Ref(role=RefRole.FIRST, path=picture(tmp_path, noise=True))
    with pytest.raises(Busy):
        await luma.prepare(clip(mode=Mode.IMAGE_TO_VIDEO, refs=(first,)))


async def test_the_doctor_finds_a_good_key(luma: Engine) -> None:
    (finding,) = await luma.preflight()
    assert finding.is_ok
    assert "0 reference files" in finding.told
