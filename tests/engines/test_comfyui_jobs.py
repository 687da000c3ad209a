"""Whole jobs at a ComfyUI, one with the jobs API and one from before it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from engines import (
    Broken,
    Busy,
    Cancellation,
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
from engines.comfyui import ComfyUI
from tests.sandbox import Fault, Sandbox, Stage
from tests.sandbox.comfyui import restart

from .job_stories import a_failure_names_who_acts_next, an_unknown_state_is_looked_at_again
from .jobs_of import looks, over

EXAMPLE = str(Path(__file__).parents[2] / "docs" / "comfyui")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(latency=0.15) as sandbox:
        yield sandbox


@pytest.fixture(params=["comfyui", "comfyui_old"])
def vendor(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def engine(sandbox: Sandbox, vendor: str) -> AsyncIterator[ComfyUI]:
    engine = hired(sandbox, vendor)
    yield engine
    await engine.close()


def hired(sandbox: Sandbox, vendor: str) -> ComfyUI:
    return ComfyUI({"COMFYUI_BASE_URL": sandbox.url(vendor), "COMFYUI_WORKFLOWS": EXAMPLE})


def a_shot(tag: str = "take-1", **more: object) -> JobSpec:
    plain = {"prompt": "A paper boat in a gutter", "seconds": 1.0}
    words: dict[str, object] = {**plain, "user_tag": tag, **more}
    return JobSpec(**words)  # pyright: ignore[reportArgumentType]  words of the caller


async def test_a_clip_is_ordered_waited_for_and_fetched(engine: ComfyUI, tmp_path: Path) -> None:
    handle = await engine.submit(await engine.prepare(a_shot()))
    status = await over(engine, handle)
    assert (status.state, len(status.outputs)) == (JobState.SUCCEEDED, 1)
    assert status.outputs[0].kind is RefKind.VIDEO
    stored = await engine.download(status.outputs[0], tmp_path / "take.mp4")
    assert stored.path.read_bytes()[4:8] == b"ftyp"


async def test_a_first_frame_is_uploaded_and_wired_in(
    engine: ComfyUI, sandbox: Sandbox, vendor: str, tmp_path: Path
) -> None:
    Image.new("RGB", (64, 36), "teal").save(tmp_path / "frame.png")
    frame = Ref(role=RefRole.FIRST, path=tmp_path / "frame.png")
    spec = await engine.prepare(a_shot(mode=Mode.IMAGE_TO_VIDEO, refs=(frame,)))
    assert (await over(engine, await engine.submit(spec))).state is JobState.SUCCEEDED
    graph = sandbox.ledger.of(vendor)[0].order.request["prompt"]
    assert graph["56"]["inputs"]["image"] == spec.refs[0].uri
    assert graph["55"]["inputs"]["start_image"] == ["56", 0]
    assert (graph["55"]["inputs"]["length"], graph["55"]["inputs"]["width"]) == (25, 1280)


async def test_a_repeated_order_is_the_same_order_at_every_replica(
    engine: ComfyUI, sandbox: Sandbox, vendor: str
) -> None:
    first = await engine.submit(a_shot())
    other = hired(sandbox, vendor)
    again = await other.submit(a_shot())
    await other.close()
    await over(engine, first)
    late = await engine.submit(a_shot())
    assert first.id == again.id == late.id
    assert len(sandbox.ledger.of(vendor)) == 1


async def test_an_order_whose_answer_is_lost_settles_itself(
    engine: ComfyUI, sandbox: Sandbox, vendor: str
) -> None:
    sandbox.next(vendor, Fault.ANSWER_LOST)
    handle = await engine.submit(a_shot())
    assert (await over(engine, handle)).state is JobState.SUCCEEDED
    assert len(sandbox.ledger.of(vendor)) == 1


@pytest.mark.parametrize("fault", [Fault.DROPPED, Fault.HTML])
async def test_an_order_that_never_arrived_is_welcome_again(
    engine: ComfyUI, sandbox: Sandbox, vendor: str, fault: Fault
) -> None:
    sandbox.next(vendor, fault)
    with pytest.raises(Busy, match="looked up by its own id") as busy:
        await engine.submit(a_shot())
    assert busy.value.retry_after
    await engine.submit(a_shot())
    assert len(sandbox.ledger.of(vendor)) == 1


async def test_an_order_at_which_the_server_falls_over_is_not_sent_for_ever(
    engine: ComfyUI, sandbox: Sandbox, vendor: str
) -> None:
    sandbox.next(vendor, Fault.SERVER_ERROR)
    with pytest.raises(Broken, match="fell over at this order"):
        await engine.submit(a_shot())


async def test_a_server_that_is_down_takes_the_order_later(
    engine: ComfyUI, sandbox: Sandbox, vendor: str
) -> None:
    await sandbox.down(vendor)
    with pytest.raises(Busy, match="cannot be reached"):
        await engine.submit(a_shot())
    assert [finding.is_ok for finding in await engine.preflight()] == [False]
    await sandbox.up(vendor)
    assert (await over(engine, await engine.submit(a_shot()))).state is JobState.SUCCEEDED


async def test_two_takes_of_one_prompt_are_two_clips_in_two_files(
    engine: ComfyUI, sandbox: Sandbox, vendor: str
) -> None:
    handles = [await engine.submit(a_shot(tag=tag, seed=7)) for tag in ("take-1", "take-2")]
    links = {(await over(engine, handle)).outputs[0].url for handle in handles}
    assert len(links) == len(sandbox.ledger.of(vendor)) == 2


async def seen(engine: ComfyUI, handle: Handle) -> list[float]:
    """Give every percentage that was shown on the way."""
    told = [status async for status in looks(engine, handle)]
    return [status.progress for status in told[:-1] if status.progress is not None]


async def test_progress_comes_over_one_socket_for_all_jobs(
    engine: ComfyUI, sandbox: Sandbox
) -> None:
    sandbox.pace.latency = 4  # long enough for a busy machine to look three times
    handles = [await engine.submit(a_shot(tag)) for tag in ("take-1", "take-2")]
    for progress in await asyncio.gather(*(seen(engine, handle) for handle in handles)):
        assert len(set(progress)) > 2
        assert progress == sorted(progress)
        assert max(progress) < 1


async def test_the_socket_opens_again_after_a_restart_of_the_network(
    engine: ComfyUI, sandbox: Sandbox, vendor: str
) -> None:
    sandbox.pace.latency = 4.0
    handle = await engine.submit(a_shot())
    await sandbox.down(vendor)
    with pytest.raises(Busy):
        await engine.poll(handle)
    await sandbox.up(vendor)
    assert await seen(engine, handle)


async def test_a_job_is_polled_to_its_end_without_any_socket(sandbox: Sandbox, vendor: str) -> None:
    """Another process took the order: its client id hears of it, ours does not."""
    one, other = hired(sandbox, vendor), hired(sandbox, vendor)
    handle = await one.submit(a_shot())
    await one.close()
    assert (await over(other, Handle.from_json(handle.to_json()))).progress == 1
    await other.close()


async def test_a_running_job_is_stopped_and_the_next_one_runs_on(
    engine: ComfyUI, sandbox: Sandbox
) -> None:
    sandbox.pace.latency = 1
    running, waiting = [await engine.submit(a_shot(tag)) for tag in ("take-1", "take-2")]
    assert await engine.cancel(running) is Cancellation.DONE
    assert (await over(engine, running)).state is JobState.CANCELED
    assert (await over(engine, waiting)).state is JobState.SUCCEEDED
    assert await engine.cancel(waiting) is Cancellation.TOO_LATE


async def test_a_waiting_job_is_stopped_and_the_running_one_runs_on(
    engine: ComfyUI, sandbox: Sandbox
) -> None:
    sandbox.pace.latency = 1
    running, waiting = [await engine.submit(a_shot(tag)) for tag in ("take-1", "take-2")]
    assert (await engine.poll(waiting)).state is JobState.QUEUED
    assert await engine.cancel(waiting) is Cancellation.DONE
    assert (await over(engine, running)).state is JobState.SUCCEEDED


async def test_an_old_server_tells_the_place_in_the_queue(sandbox: Sandbox) -> None:
    sandbox.pace.latency = 1
    engine = hired(sandbox, "comfyui_old")
    handles = [await engine.submit(a_shot(f"take-{number}")) for number in range(4)]
    assert [(await engine.poll(handle)).queue_pos for handle in handles] == [None, 1, 2, 3]
    await engine.close()


async def test_a_job_that_a_restart_has_swept_away_is_said_to_be_lost(
    engine: ComfyUI, sandbox: Sandbox, vendor: str
) -> None:
    handle = await engine.submit(a_shot())
    restart(sandbox.desk(vendor))
    status = await engine.poll(handle)
    assert status.state is JobState.FAILED
    assert status.fail is not None
    assert status.fail.kind is FailKind.NOT_FOUND
    assert "restarted" in status.fail.text


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault.TRANSIENT, "ran out of graphics memory at Sampler (node 3)"),
        (Fault.ENGINE, "failed at Sampler (node 3): mat1 and mat2"),
        (Fault.BAD_ASSET, "cannot identify image file"),
        (Fault.NO_OUTPUT, "saved no clip"),
    ],
)
async def test_a_job_that_fails_says_where_and_why(
    engine: ComfyUI, sandbox: Sandbox, vendor: str, *, fault: Fault, text: str
) -> None:
    sandbox.next(vendor, fault)
    job = await a_failure_names_who_acts_next(engine, a_shot(), FailKind.ENGINE)
    assert job.status.fail is not None
    assert text in job.status.fail.text


async def test_a_model_file_that_is_gone_is_the_operators(
    engine: ComfyUI, sandbox: Sandbox, vendor: str
) -> None:
    sandbox.next(vendor, Fault.BAD_INPUT)
    with pytest.raises(Misconfigured, match="CheckpointLoaderSimple \\(node 4\\): Value not in"):
        await engine.submit(a_shot())
    assert not len(sandbox.ledger)


async def test_a_number_that_the_order_brought_is_the_artists(
    engine: ComfyUI, sandbox: Sandbox
) -> None:
    with pytest.raises(Refused, match="Sampler \\(node 3\\): Value 0 smaller than min of 1"):
        await engine.submit(a_shot(native={"steps": 0}))
    assert not len(sandbox.ledger)


async def test_a_status_that_nobody_has_heard_of_is_polled_further(sandbox: Sandbox) -> None:
    engine = hired(sandbox, "comfyui")
    sandbox.next("comfyui", Fault.UNKNOWN_STATUS)
    await an_unknown_state_is_looked_at_again(engine, a_shot(), sandbox)
    await engine.close()


async def test_a_look_that_meets_a_proxys_page_is_repeated_later(
    engine: ComfyUI, sandbox: Sandbox, vendor: str
) -> None:
    handle = await engine.submit(a_shot())
    await over(engine, handle)
    sandbox.next(vendor, Fault.HTML, on=Stage.DOOR)
    with pytest.raises(Busy):
        await engine.poll(handle)
    assert (await engine.poll(handle)).state is JobState.SUCCEEDED


async def test_the_doctor_finds_all_that_the_example_needs(engine: ComfyUI) -> None:
    findings = await engine.preflight()
    assert [(each.what, each.is_ok) for each in findings] == [("server", True), ("wan22_5b", True)]
