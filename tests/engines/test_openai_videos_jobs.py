"""Whole jobs at servers of OpenAI's shape, in four dialects, against the vendor sandbox."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PIL import Image

from engines import (
    Busy,
    Cancellation,
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
from engines.openai_videos import OpenAIVideos
from tests.sandbox import Fault, Sandbox
from tests.sandbox.openai_videos import DIALECTS
from tests.sandbox.openai_videos_sglang import keep_in_cloud

from .job_stories import (
    a_failure_names_who_acts_next,
    a_refusal_names_who_acts_next,
    an_unknown_state_is_looked_at_again,
    one_order_is_found_though_its_answer_was_lost,
)
from .jobs_of import kept, made

PROMPT = "A paper boat drifts in a gutter."
MODELS = {"openai": "sora-2", "vllm": "Wan2.2", "sglang": "wan", "litellm": "openai/sora-2"}
Server = Callable[..., OpenAIVideos]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(latency=0.1, jitter=0.0) as running:
        yield running


@pytest.fixture
async def server(sandbox: Sandbox) -> AsyncIterator[Server]:
    """Hire at a server of the sandbox, by dialect."""
    hired: list[OpenAIVideos] = []

    def hire(dialect: str, **more: str) -> OpenAIVideos:
        told = {
            "BASE_URL": sandbox.url(DIALECTS[dialect]),
            "MODEL": MODELS[dialect],
            "API_KEY": sandbox.key(DIALECTS[dialect]),
            "DIALECT": dialect,
            **more,
        }
        engine = OpenAIVideos({f"OPENAI_VIDEOS_{name}": value for name, value in told.items()})
        hired.append(engine)
        return engine

    yield hire
    for engine in hired:
        await engine.close()


def clip(**words: object) -> JobSpec:
    return JobSpec(**{"prompt": PROMPT, "seconds": 4, **words})  # pyright: ignore[reportArgumentType]  words of a table


def picture(folder: Path) -> Path:
    path = folder / "frame.png"
    Image.new("RGB", (64, 36), "teal").save(path)
    return path


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_clip_from_words_is_ordered_awaited_and_kept(
    server: Server, sandbox: Sandbox, tmp_path: Path, dialect: str
) -> None:
    engine = server(dialect)
    job = await made(engine, clip(ratio="9:16"))
    stored = await kept(engine, job, tmp_path)

    assert stored.path.read_bytes()[4:8] == b"ftyp"
    (placed,) = sandbox.ledger.of(DIALECTS[dialect])
    picture = placed.order.picture
    assert (picture.width, picture.height, picture.seconds) == (720, 1280, 4)
    assert placed.order.model == MODELS[dialect]


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_clip_from_a_first_frame(
    server: Server, sandbox: Sandbox, tmp_path: Path, dialect: str
) -> None:
    first = Ref(role=RefRole.FIRST, path=picture(tmp_path))
    job = await made(server(dialect), clip(mode=Mode.IMAGE_TO_VIDEO, refs=(first,)))

    assert job.status.state is JobState.SUCCEEDED
    (placed,) = sandbox.ledger.of(DIALECTS[dialect])
    assert placed.order.request["input_reference"].startswith("frame.png (")


@pytest.mark.parametrize(
    ("dialect", "field"),
    [
        ("openai", "input_reference[image_url]"),
        ("vllm", "image_reference"),
        ("sglang", "reference_url"),
    ],
)
async def test_a_first_frame_by_its_address(
    server: Server, sandbox: Sandbox, dialect: str, field: str
) -> None:
    first = Ref(role=RefRole.FIRST, uri="https://example.com/frame.png")
    await server(dialect).submit(clip(mode=Mode.IMAGE_TO_VIDEO, refs=(first,)))
    (placed,) = sandbox.ledger.of(DIALECTS[dialect])
    assert "https://example.com/frame.png" in placed.order.request[field]


async def test_several_pictures_travel_as_files_where_a_server_takes_them(
    server: Server, sandbox: Sandbox, tmp_path: Path
) -> None:
    one = Ref(path=picture(tmp_path))
    job = await made(server("vllm"), clip(mode=Mode.REFERENCE_TO_VIDEO, refs=(one, one)))
    assert job.status.state is JobState.SUCCEEDED
    (placed,) = sandbox.ledger.of(DIALECTS["vllm"])
    assert placed.order.request["input_references"].startswith("frame.png (")
    with pytest.raises(Refused, match="does not do r2v"):
        await server("openai").submit(clip(mode=Mode.REFERENCE_TO_VIDEO, refs=(one,)))


@pytest.mark.parametrize("dialect", ["openai", "litellm"])
async def test_a_take_is_edited_remixed_and_extended_by_its_id(
    server: Server, sandbox: Sandbox, dialect: str
) -> None:
    engine = server(dialect)
    first = await made(engine, clip())
    source = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, job=first.handle.id)
    for wish in (
        clip(mode=Mode.EDIT, refs=(source,)),
        clip(mode=Mode.EDIT, refs=(source,), native={"route": "remix"}),
        clip(mode=Mode.EXTEND, seconds=8, refs=(source,)),
    ):
        assert (await made(engine, wish)).status.state is JobState.SUCCEEDED
    assert len(sandbox.ledger) == 4


@pytest.mark.parametrize(
    ("dialect", "field"),
    [("openai", "video"), ("vllm", "input_reference"), ("sglang", "video_reference")],
)
async def test_a_clip_from_elsewhere_is_edited_as_a_file(
    server: Server, sandbox: Sandbox, tmp_path: Path, dialect: str, field: str
) -> None:
    engine = server(dialect)
    stored = await kept(engine, await made(engine, clip()), tmp_path)
    source = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=stored.path)
    job = await made(engine, clip(mode=Mode.EDIT, refs=(source,)))

    assert job.status.state is JobState.SUCCEEDED
    _, edited = sandbox.ledger.of(DIALECTS[dialect])
    assert edited.order.request[field].startswith("source.mp4 (")


async def test_a_lost_answer_leaves_one_order_and_is_unsure(
    server: Server, sandbox: Sandbox
) -> None:
    sandbox.next("openai_videos", Fault.ANSWER_LOST)
    await one_order_is_found_though_its_answer_was_lost(server("openai"), clip(), sandbox.ledger)


@pytest.mark.parametrize(
    ("dialect", "fault", "error", "kind"),
    [
        ("openai", Fault.MODERATION, Refused, FailKind.MODERATION_INPUT),
        ("openai", Fault.BAD_INPUT, Refused, FailKind.BAD_INPUT),
        ("openai", Fault.OUT_OF_CREDIT, OutOfCredit, FailKind.OUT_OF_CREDIT),
        ("openai", Fault.AUTH, Misconfigured, FailKind.AUTH),
        ("openai", Fault.RATE_LIMIT, Busy, FailKind.RATE_LIMIT),
        ("openai", Fault.RETIRED, Misconfigured, FailKind.RETIRED),
        ("openai", Fault.UNAVAILABLE, Busy, FailKind.TRANSIENT),
        ("openai", Fault.SERVER_ERROR, Unsure, FailKind.AMBIGUOUS_SUBMIT),
        ("openai", Fault.ERROR_IN_200, Unsure, FailKind.AMBIGUOUS_SUBMIT),
        ("openai", Fault.HTML, Unsure, FailKind.AMBIGUOUS_SUBMIT),
        ("vllm", Fault.BAD_INPUT, Refused, FailKind.BAD_INPUT),
        ("vllm", Fault.AUTH, Misconfigured, FailKind.AUTH),
        ("vllm", Fault.RETIRED, Misconfigured, FailKind.RETIRED),
        ("sglang", Fault.BAD_INPUT, Refused, FailKind.BAD_INPUT),
        ("litellm", Fault.OUT_OF_CREDIT, OutOfCredit, FailKind.OUT_OF_CREDIT),
    ],
)
async def test_a_refused_order_is_named_by_who_acts_next(
    server: Server,
    sandbox: Sandbox,
    dialect: str,
    fault: Fault,
    *,
    error: type[EngineError],
    kind: FailKind,
) -> None:
    sandbox.next(DIALECTS[dialect], fault)
    await a_refusal_names_who_acts_next(server(dialect), clip(), error=error, kind=kind)


@pytest.mark.parametrize(
    ("dialect", "fault", "kind"),
    [
        ("openai", Fault.MODERATION_OUTPUT, FailKind.MODERATION_OUTPUT),
        ("openai", Fault.ENGINE, FailKind.ENGINE),
        ("openai", Fault.TRANSIENT, FailKind.TRANSIENT),
        ("openai", Fault.BAD_ASSET, FailKind.BAD_INPUT),
        ("vllm", Fault.ENGINE, FailKind.ENGINE),
        ("vllm", Fault.TRANSIENT, FailKind.TRANSIENT),
        ("vllm", Fault.BAD_ASSET, FailKind.BAD_INPUT),
        ("sglang", Fault.ENGINE, FailKind.ENGINE),
        ("litellm", Fault.MODERATION_OUTPUT, FailKind.MODERATION_OUTPUT),
    ],
)
async def test_a_job_that_fails_says_who_acts_next_whatever_the_http_status(
    server: Server, dialect: str, fault: Fault, *, kind: FailKind
) -> None:
    order = clip(prompt=f"{PROMPT} [[{fault.value}]]")
    job = await a_failure_names_who_acts_next(server(dialect), order, kind)
    assert job.status.raw["id"] == job.handle.id


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_job_is_stopped_only_where_deleting_stops_it(
    server: Server, sandbox: Sandbox, dialect: str
) -> None:
    sandbox.pace.latency = 60
    engine = server(dialect)
    handle = await engine.submit(clip())
    (job,) = sandbox.jobs(DIALECTS[dialect])
    stops = dialect == "vllm"

    assert engine.caps().cancel is stops
    assert await engine.cancel(handle) is (Cancellation.DONE if stops else Cancellation.UNSUPPORTED)
    assert job.canceled is stops


async def test_a_film_that_the_server_keeps_in_a_cloud_is_fetched_there_without_the_key(
    server: Server, sandbox: Sandbox, tmp_path: Path
) -> None:
    keep_in_cloud(sandbox.desk(DIALECTS["sglang"]))
    engine = server("sglang")
    job = await made(engine, clip())

    assert not job.status.outputs[0].needs_auth
    assert "/files/" in job.url
    assert (await kept(engine, job, tmp_path)).size > 1000


async def test_a_state_that_nobody_knows_is_looked_at_again(
    server: Server, sandbox: Sandbox
) -> None:
    order = clip(prompt=f"{PROMPT} [[unknown-status]]")
    await an_unknown_state_is_looked_at_again(server("openai"), order, sandbox)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_the_doctor_lists_a_video_and_says_what_is_wrong_if_it_cannot(
    server: Server, dialect: str
) -> None:
    (good,) = await server(dialect).preflight()
    (bad,) = await server(dialect, API_KEY="a-wrong-key").preflight()
    assert good.is_ok
    assert not bad.is_ok
    assert bad.told.endswith("The operator checks the key.")
    assert "a-wrong-key" not in bad.told
