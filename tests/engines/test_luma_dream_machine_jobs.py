"""Whole jobs at Luma's Dream Machine, against the vendor sandbox."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from engines import (
    Broken,
    Busy,
    Cancellation,
    Engine,
    EngineError,
    FailKind,
    JobSpec,
    JobState,
    Misconfigured,
    Mode,
    OutOfCredit,
    Ref,
    RefKind,
    RefRole,
    Refused,
    Unsure,
)
from tests.sandbox import Fault, Sandbox

from .job_stories import (
    a_failure_names_who_acts_next,
    a_look_mints_an_expired_link_again,
    a_refusal_names_who_acts_next,
    an_unknown_state_is_looked_at_again,
    one_order_is_found_though_its_answer_was_lost,
)
from .jobs_of import hired_at, kept, made, over

NAME = "luma_dream_machine"
PROMPT = "A paper boat drifts in a gutter."
PICTURE = "https://example.com/ref.png"
CLIP = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, uri="https://example.com/in.mp4")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(latency=0.1, jitter=0.0, only=(NAME,)) as running:
        yield running


@pytest.fixture
async def dream_machine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Engine]:
    engine = hired_at(sandbox, NAME, path="/dream-machine/v1", work=tmp_path / "work")
    yield engine
    await engine.close()


def clip(**words: Any) -> JobSpec:
    told: dict[str, Any] = {"prompt": PROMPT, "user_tag": "take-1", **words}
    return JobSpec(**told)


def still(**words: Any) -> JobSpec:
    told: dict[str, Any] = {"model": "photon-1", "resolution": "1080p", **words}
    return clip(**told)


async def test_a_clip_from_words_is_ordered_awaited_and_kept(
    dream_machine: Engine, sandbox: Sandbox, tmp_path: Path
) -> None:
    job = await made(dream_machine, clip(native={"loop": "true", "concepts": "push_in, handheld"}))
    assert (await kept(dream_machine, job, tmp_path)).size > 1000
    (placed,) = sandbox.ledger.of(NAME)
    assert placed.order.request["concepts"] == [{"key": "push_in"}, {"key": "handheld"}]


async def test_a_clip_between_two_frames(dream_machine: Engine) -> None:
    frames = tuple(Ref(role=role, uri=PICTURE) for role in (RefRole.FIRST, RefRole.LAST))
    job = await made(dream_machine, clip(mode=Mode.IMAGE_TO_VIDEO, seconds=9.0, refs=frames))
    assert job.status.state is JobState.SUCCEEDED


async def test_a_take_is_extended_enlarged_and_given_sound_by_its_id(
    dream_machine: Engine, sandbox: Sandbox
) -> None:
    first = await made(dream_machine, clip())
    own = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, job=first.handle.id)
    orders = (
        clip(mode=Mode.EXTEND, refs=(own, Ref(role=RefRole.LAST, uri=PICTURE))),
        clip(mode=Mode.EXTEND, refs=(own,), native={"direction": "backward"}),
        clip(mode=Mode.UPSCALE, refs=(own,), resolution="1080p", prompt="not for an upscale"),
        clip(mode=Mode.SOUND, refs=(own,), prompt="rain", negative="music", audio=True),
    )
    for order in orders:
        assert (await made(dream_machine, order)).status.state is JobState.SUCCEEDED
    frames = [row.order.request.get("keyframes") for row in sandbox.ledger.of(NAME)][1:3]
    assert [sorted(frame or ()) for frame in frames] == [["frame0", "frame1"], ["frame1"]]


async def test_a_take_of_its_own_is_edited_by_the_address_that_luma_tells(
    dream_machine: Engine, sandbox: Sandbox
) -> None:
    first = await made(dream_machine, clip())
    own = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, job=first.handle.id)
    ready = await dream_machine.prepare(clip(mode=Mode.EDIT, refs=(own,)))
    address = (await over(dream_machine, first.handle)).outputs[0].url or ""
    assert (ready.refs[0].uri or "").partition("?")[0] == address.partition("?")[0]
    assert len(sandbox.ledger) == 1


async def test_a_clip_is_edited_and_reframed_by_its_address(dream_machine: Engine) -> None:
    orders = (
        clip(mode=Mode.EDIT, refs=(CLIP, Ref(role=RefRole.FIRST, uri=PICTURE))),
        clip(mode=Mode.REFRAME, ratio="9:16", refs=(CLIP,), native={"x_start": "0", "x_end": 720}),
    )
    for order in orders:
        assert (await made(dream_machine, order)).status.state is JobState.SUCCEEDED


async def test_stills_from_words_from_a_still_and_reframed(
    dream_machine: Engine, tmp_path: Path
) -> None:
    source = Ref(role=RefRole.SOURCE, uri=PICTURE)
    orders = (
        still(mode=Mode.TEXT_TO_IMAGE, refs=(Ref(uri=PICTURE, tag="hero"),),
              native={"character": "hero", "format": "jpg"}),
        still(mode=Mode.IMAGE_TO_IMAGE, refs=(source,), native={"source_weight": 0.5}),
        still(mode=Mode.REFRAME, ratio="9:16", refs=(source,)),
    )  # fmt: skip
    for order in orders:
        job = await made(dream_machine, order)
        assert job.status.outputs[0].kind is RefKind.IMAGE
        assert (await kept(dream_machine, job, tmp_path)).size > 100


async def test_a_lost_answer_leaves_one_order_and_is_unsure(
    dream_machine: Engine, sandbox: Sandbox
) -> None:
    sandbox.next(NAME, Fault.ANSWER_LOST)
    await one_order_is_found_though_its_answer_was_lost(dream_machine, clip(), sandbox.ledger)


@pytest.mark.parametrize(
    ("fault", "error", "kind"),
    [
        (Fault.RATE_LIMIT, Busy, FailKind.RATE_LIMIT),
        (Fault.RATE_LIMIT_BARE, Busy, FailKind.RATE_LIMIT),
        (Fault.CONCURRENCY, Busy, FailKind.CONCURRENCY),
        (Fault.OUT_OF_CREDIT, OutOfCredit, FailKind.OUT_OF_CREDIT),
        (Fault.BAD_INPUT, Refused, FailKind.BAD_INPUT),
        (Fault.RETIRED, Misconfigured, FailKind.RETIRED),
        (Fault.AUTH, Misconfigured, FailKind.AUTH),
        (Fault.SUSPENDED, Misconfigured, FailKind.AUTH),
        (Fault.BAD_GATEWAY, Unsure, FailKind.AMBIGUOUS_SUBMIT),
        (Fault.HTML, Unsure, FailKind.AMBIGUOUS_SUBMIT),
        (Fault.ERROR_IN_200, Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ],
)
async def test_a_refused_order_is_named_by_who_acts_next(
    dream_machine: Engine,
    sandbox: Sandbox,
    fault: Fault,
    *,
    error: type[EngineError],
    kind: FailKind,
) -> None:
    sandbox.next(NAME, fault)
    await a_refusal_names_who_acts_next(dream_machine, clip(), error=error, kind=kind)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.MODERATION, FailKind.MODERATION_INPUT),
        (Fault.MODERATION_OUTPUT, FailKind.MODERATION_INPUT),
        (Fault.ENGINE, FailKind.ENGINE),
        (Fault.NO_OUTPUT, FailKind.ENGINE),
    ],
)
async def test_a_job_that_fails_says_who_acts_next(
    dream_machine: Engine, fault: Fault, kind: FailKind
) -> None:
    await a_failure_names_who_acts_next(
        dream_machine, clip(prompt=f"{PROMPT} [[{fault.value}]]"), kind
    )


async def test_a_state_that_nobody_knows_is_looked_at_again(
    dream_machine: Engine, sandbox: Sandbox
) -> None:
    order = clip(prompt=f"{PROMPT} [[unknown-status]]")
    await an_unknown_state_is_looked_at_again(dream_machine, order, sandbox)


async def test_a_link_that_has_expired_is_minted_again_by_a_look(
    dream_machine: Engine, sandbox: Sandbox, tmp_path: Path
) -> None:
    order = clip(prompt=f"{PROMPT} [[link-expires]]")
    await a_look_mints_an_expired_link_again(dream_machine, order, tmp_path, sandbox)


async def test_a_cancelled_job_is_gone(dream_machine: Engine) -> None:
    handle = await dream_machine.submit(clip())
    assert await dream_machine.cancel(handle) is Cancellation.DONE
    with pytest.raises(Broken) as gone:
        await dream_machine.poll(handle)
    assert gone.value.kind is FailKind.NOT_FOUND
    assert await dream_machine.cancel(handle) is Cancellation.UNKNOWN


async def test_balance_and_doctor_tell_what_is_left(
    dream_machine: Engine, sandbox: Sandbox
) -> None:
    sandbox.desk(NAME).balance = 250.0
    balance = await dream_machine.balance()
    assert balance is not None
    assert balance.cents == 250
    sandbox.desk(NAME).balance = 0.0
    findings = {finding.what: finding for finding in await dream_machine.preflight()}
    assert findings["key"].is_ok
    assert not findings["credit"].is_ok
    assert "tops the account up" in findings["credit"].told
    assert "dolly_zoom" in findings["concepts"].told
