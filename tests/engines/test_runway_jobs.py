"""Whole jobs at a Runway that answers, charges, fails and deletes as the real one does."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from engines import (
    Broken,
    Busy,
    Cancellation,
    EngineError,
    FailKind,
    Handle,
    JobSpec,
    JobState,
    Misconfigured,
    Mode,
    OutOfCredit,
    Ref,
    RefKind,
    RefRole,
    Refused,
    Status,
    Stored,
    Unsure,
)
from engines.runway import Runway
from tests.sandbox import Fault, Sandbox, Stage

from .conftest import HouseTerms
from .job_stories import (
    a_busy_engine_is_left_alone,
    a_failure_names_who_acts_next,
    a_look_mints_an_expired_link_again,
    a_look_that_fails_is_only_a_look,
    a_refusal_names_who_acts_next,
    one_order_is_found_though_its_answer_was_lost,
)
from .jobs_of import over, placed

PICTURE = "https://example.com/ref.png"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(latency=0.05, only=("runway",)) as sandbox:
        yield sandbox


@pytest.fixture
async def runway(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Runway]:
    told = {
        "RUNWAY_API_KEY": sandbox.key("runway"),
        "RUNWAY_BASE_URL": sandbox.url("runway"),
        "RUNWAY_ROUTER_CONFIGS": "film",
    }
    engine = Runway.hired(HouseTerms(tmp_path, told))
    assert engine is not None
    yield engine
    await engine.close()


def order(mode: Mode = Mode.TEXT_TO_VIDEO, model: str = "gen4.5", **words: Any) -> JobSpec:
    told: dict[str, Any] = {"prompt": "A paper boat", "seconds": 2, **words}
    return JobSpec(mode=mode, model=model, **told)


def a_picture(folder: Path) -> Ref:
    path = folder / "frame.png"
    Image.new("RGB", (64, 36), "teal").save(path)
    return Ref(role=RefRole.FIRST, path=path)


async def made(engine: Runway, spec: JobSpec, sink: Path) -> tuple[Handle, Status, Stored]:
    handle = await placed(engine, spec)
    status = await over(engine, handle)
    assert status.state is JobState.SUCCEEDED, status
    return handle, status, await engine.download(status.outputs[0], sink)


def seconds_of(path: Path) -> float:
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        return sum(1 for _ in film.decode(stream)) / float(stream.average_rate or 1)


async def test_words_become_a_film_at_the_price_that_runway_named(
    runway: Runway, sandbox: Sandbox, tmp_path: Path
) -> None:
    before = await runway.balance()
    handle, status, stored = await made(runway, order(), tmp_path / "take.mp4")
    assert handle.extra["estimate_cents"] == status.cost_cents == runway.estimate(order()) == 24
    assert seconds_of(stored.path) == pytest.approx(2)
    after = await runway.balance()
    assert before is not None
    assert after is not None
    assert before.cents is not None
    assert after.cents == before.cents - 24
    assert len(sandbox.ledger) == 1


async def test_a_frame_and_a_clip_of_our_own_are_handed_over_and_used(
    runway: Runway, sandbox: Sandbox, tmp_path: Path
) -> None:
    frame = order(Mode.IMAGE_TO_VIDEO, refs=(a_picture(tmp_path),))
    _, _, film = await made(runway, frame, tmp_path / "first.mp4")
    source = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=film.path)
    ready = await runway.prepare(order(Mode.EDIT, "aleph2", refs=(source,)))
    assert (ready.refs[0].uri or "").startswith("runway://")
    assert await runway.prepare(ready) == ready
    handle = await runway.submit(ready)
    assert (await over(runway, handle)).state is JobState.SUCCEEDED
    sent = [row.order.request for row in sandbox.ledger.of("runway")]
    assert sent[0]["promptImage"].startswith("data:image/png;base64,")
    assert sent[1]["videoUri"] == ready.refs[0].uri


@pytest.mark.parametrize(
    ("spec", "mime"),
    [
        (order(native={"outputFormat": "prores"}), "video/quicktime"),
        (order(native={"outputFormat": "png_sequence"}), "application/zip"),
        (
            order(
                Mode.TEXT_TO_IMAGE,
                "gen4_image",
                refs=(Ref(uri=PICTURE, tag="hero"),),
                prompt="@hero waves",
            ),
            "image/png",
        ),
        (order(Mode.TEXT_TO_VIDEO, "veo3.1", seconds=4, audio=True), "video/mp4"),
        (order(Mode.TEXT_TO_VIDEO, "router:film", resolution="auto"), "video/mp4"),
    ],
)
async def test_what_comes_is_what_was_ordered(
    runway: Runway, spec: JobSpec, mime: str, tmp_path: Path
) -> None:
    _, status, stored = await made(runway, spec, tmp_path / "take")
    assert status.outputs[0].mime == mime
    assert stored.size > 0


async def test_a_lost_answer_is_one_order_that_a_person_decides_on(
    runway: Runway, sandbox: Sandbox
) -> None:
    sandbox.next("runway", Fault.ANSWER_LOST)
    await one_order_is_found_though_its_answer_was_lost(runway, order(), sandbox.ledger)


@pytest.mark.parametrize(
    ("fault", "error", "kind"),
    [
        (Fault.RATE_LIMIT, Busy, FailKind.RATE_LIMIT),
        (Fault.RATE_LIMIT_DATE, Busy, FailKind.RATE_LIMIT),
        (Fault.RATE_LIMIT_BARE, Busy, FailKind.RATE_LIMIT),
        (Fault.UNAVAILABLE, Busy, FailKind.TRANSIENT),
        (Fault.BAD_INPUT, Refused, FailKind.BAD_INPUT),
        (Fault.OUT_OF_CREDIT, OutOfCredit, FailKind.OUT_OF_CREDIT),
        (Fault.AUTH, Misconfigured, FailKind.AUTH),
        (Fault.RETIRED, Misconfigured, FailKind.RETIRED),
        (Fault.HTML, Unsure, FailKind.AMBIGUOUS_SUBMIT),
        (Fault.ERROR_IN_200, Unsure, FailKind.AMBIGUOUS_SUBMIT),
        (Fault.DROPPED, Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ],
)
async def test_a_refused_order_is_placed_nowhere_and_names_who_acts_next(
    runway: Runway, sandbox: Sandbox, fault: Fault, error: type[EngineError], kind: FailKind
) -> None:
    sandbox.next("runway", fault)
    await a_refusal_names_who_acts_next(runway, order(), error=error, kind=kind)
    assert len(sandbox.ledger) == 0


async def test_a_busy_runway_is_left_alone_for_as_long_as_it_asks(
    runway: Runway, sandbox: Sandbox
) -> None:
    sandbox.next("runway", Fault.RATE_LIMIT)
    told = await a_busy_engine_is_left_alone(runway, order(), sandbox.ledger)
    assert told.retry_after == 1


@pytest.mark.parametrize(
    ("word", "kind", "cents"),
    [
        ("moderation", FailKind.MODERATION_INPUT, 24),
        ("moderation-output", FailKind.MODERATION_OUTPUT, 24),
        ("bad-asset", FailKind.BAD_INPUT, 0),
        ("engine", FailKind.ENGINE, 0),
        ("transient", FailKind.TRANSIENT, 0),
        ("no-output", FailKind.ENGINE, 24),
    ],
)
async def test_a_failed_task_says_why_and_what_it_cost(
    runway: Runway, word: str, kind: FailKind, cents: float
) -> None:
    job = await a_failure_names_who_acts_next(runway, order(prompt=f"A boat [[{word}]]"), kind)
    assert job.status.cost_cents == cents


async def test_an_expired_link_is_minted_again_by_a_look(
    runway: Runway, sandbox: Sandbox, tmp_path: Path
) -> None:
    wish = order(prompt="A boat [[link-expires]]")
    await a_look_mints_an_expired_link_again(runway, wish, tmp_path, sandbox)


async def test_a_task_that_waits_for_a_free_place_is_queued_and_not_ordered_anew(
    runway: Runway, sandbox: Sandbox
) -> None:
    sandbox.pace.latency = 60
    sandbox.next("runway", Fault.CONCURRENCY)
    handle = await placed(runway, order())
    status = await runway.poll(handle)
    assert (status.state, status.raw["status"]) == (JobState.QUEUED, "THROTTLED")
    assert len(sandbox.ledger) == 1


async def test_a_running_task_is_cancelled_and_a_finished_one_is_not_deleted(
    runway: Runway, sandbox: Sandbox
) -> None:
    sandbox.pace.latency = 60
    running = await placed(runway, order())
    assert await runway.cancel(running) is Cancellation.DONE
    assert (await runway.poll(running)).state is JobState.CANCELED
    sandbox.pace.latency = 0.01
    finished = await placed(runway, order())
    await over(runway, finished)
    assert await runway.cancel(finished) is Cancellation.TOO_LATE
    assert (await runway.poll(finished)).outputs


async def test_a_task_that_runway_lost_is_a_persons_to_look_up(runway: Runway) -> None:
    handle = await placed(runway, order(prompt="A boat [[lost]]"))
    with pytest.raises(Broken, match="does not know this task") as told:
        await runway.poll(handle)
    assert told.value.kind is FailKind.NOT_FOUND


@pytest.mark.parametrize("fault", [Fault.HTML, Fault.ERROR_IN_200])
async def test_a_look_that_fails_is_only_a_look(
    runway: Runway, sandbox: Sandbox, fault: Fault
) -> None:
    handle = await placed(runway, order())
    sandbox.next("runway", fault, on=Stage.POLL)
    await a_look_that_fails_is_only_a_look(runway, handle)


async def test_the_doctor_asks_without_spending(runway: Runway, sandbox: Sandbox) -> None:
    assert [finding.is_ok for finding in await runway.preflight()] == [True, True, True]
    sandbox.next("runway", Fault.AUTH, on=Stage.DOOR)
    assert [finding.what for finding in await runway.preflight() if not finding.is_ok] == ["key"]
    assert len(sandbox.ledger) == 0


async def test_the_dry_run_shows_the_call_that_an_order_would_be(
    runway: Runway, sandbox: Sandbox, tmp_path: Path
) -> None:
    film = tmp_path / "in.mp4"
    film.write_bytes(b"\0\0\0\x18ftypisom")
    spec = order(
        Mode.EDIT, "aleph2", refs=(Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=film),)
    )
    call = runway.rehearse(spec)
    assert call.path == f"{sandbox.url('runway')}/v1/video_to_video"
    assert call.json["videoUri"] == "uploaded:file"
    assert call.headers["x-runway-version"] == "2024-11-06"
    assert len(sandbox.ledger) == 0
