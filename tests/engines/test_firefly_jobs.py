"""Whole jobs at Firefly, against the vendor sandbox."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
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
from engines._firefly_answers import Token
from engines.firefly import Firefly
from tests.sandbox import Fault, Sandbox
from tests.sandbox._firefly_token import CLIENT_SECRET

from .job_stories import (
    a_failure_names_who_acts_next,
    a_look_mints_an_expired_link_again,
    a_refusal_names_who_acts_next,
    an_unknown_state_is_looked_at_again,
    one_order_is_found_though_its_answer_was_lost,
)
from .jobs_of import kept, made

PROMPT = "A paper boat drifts in a gutter."


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(latency=0.1, jitter=0.0) as running:
        yield running


def settings(sandbox: Sandbox, **more: str) -> dict[str, str]:
    return {
        "FIREFLY_CLIENT_ID": sandbox.key("firefly"),
        "FIREFLY_CLIENT_SECRET": CLIENT_SECRET,
        "FIREFLY_BASE_URL": sandbox.url("firefly"),
        "FIREFLY_IMS_URL": sandbox.url("firefly"),
        "FIREFLY_COUNTS_POLLS": "no",
        "FIREFLY_PER_MINUTE": "1000",
        **more,
    }


@pytest.fixture
async def firefly(sandbox: Sandbox) -> AsyncIterator[Firefly]:
    engine = Firefly(settings(sandbox))
    yield engine
    await engine.close()


def clip(**words: object) -> JobSpec:
    return JobSpec(**{"prompt": PROMPT, "user_tag": "take-1", **words})  # pyright: ignore[reportArgumentType]  words of a table


def picture(folder: Path, colour: str = "teal") -> Path:
    path = folder / f"{colour}.png"
    Image.new("RGB", (640, 600), colour).save(path)
    return path


async def test_a_clip_from_words_is_ordered_followed_and_kept(
    firefly: Firefly, sandbox: Sandbox, tmp_path: Path
) -> None:
    job = await made(firefly, clip(native={"shotSize": "long shot", "bitRateFactor": "20"}))
    stored = await kept(firefly, job, tmp_path)

    assert stored.path.read_bytes()[4:8] == b"ftyp"
    assert "/epo852211/v3/status/" in (job.handle.poll_url or "")
    (placed,) = sandbox.ledger.of("firefly")
    assert placed.order.request["videoSettings"] == {"shotSize": "long shot"}
    assert (placed.order.picture.width, placed.order.picture.seconds) == (1280, 5)


async def test_a_clip_from_a_first_and_a_last_frame(
    firefly: Firefly, sandbox: Sandbox, tmp_path: Path
) -> None:
    refs = (
        Ref(role=RefRole.LAST, path=picture(tmp_path, "navy"), sha256="b"),
        Ref(role=RefRole.FIRST, path=picture(tmp_path), sha256="a"),
    )
    job = await made(firefly, clip(mode=Mode.IMAGE_TO_VIDEO, prompt="", refs=refs))

    assert job.status.state is JobState.SUCCEEDED
    (placed,) = sandbox.ledger.of("firefly")
    frames = placed.order.request["image"]["conditions"]
    assert [frame["placement"]["position"] for frame in frames] == [0, 1]


async def test_a_picture_that_adobe_still_has_is_not_sent_again(
    firefly: Firefly, sandbox: Sandbox, tmp_path: Path
) -> None:
    first = Ref(role=RefRole.FIRST, path=picture(tmp_path), sha256="a")
    wish = clip(mode=Mode.IMAGE_TO_VIDEO, refs=(first,))

    once = await firefly.prepare(wish)
    assert await firefly.prepare(wish) == once
    assert await firefly.prepare(once) == once
    assert len(sandbox.core.uploads.of("firefly")) == 1


@pytest.mark.parametrize(
    ("model", "resolution"),
    [("image5", "2.4MP"), ("image4_ultra", "2K"), ("image3", "1K")],
)
async def test_a_still_from_words(
    firefly: Firefly, tmp_path: Path, model: str, resolution: str
) -> None:
    wish = clip(mode=Mode.TEXT_TO_IMAGE, model=model, resolution=resolution, seed=3)
    job = await made(firefly, wish)

    assert [output.kind for output in job.status.outputs] == [RefKind.IMAGE]
    stored = await kept(firefly, job, tmp_path)
    with Image.open(stored.path) as still:
        assert still.width / still.height == pytest.approx(16 / 9, rel=0.03)


async def test_a_still_from_a_still(firefly: Firefly, tmp_path: Path) -> None:
    source = Ref(role=RefRole.SOURCE, path=picture(tmp_path))
    style = Ref(role=RefRole.STYLE, path=picture(tmp_path))
    five = clip(mode=Mode.IMAGE_TO_IMAGE, model="image5", resolution="4MP", refs=(source,))
    four = clip(
        mode=Mode.IMAGE_TO_IMAGE,
        model="image4_standard",
        resolution="2K",
        refs=(style,),
        negative="text",
        native={"contentClass": "art", "stylePresets": "bw, golden", "styleStrength": 40},
    )

    for wish in (five, four):
        assert (await made(firefly, wish)).status.state is JobState.SUCCEEDED


async def test_a_token_that_adobe_no_longer_takes_is_renewed_and_the_order_placed_once(
    firefly: Firefly, sandbox: Sandbox
) -> None:
    firefly.signed_in(Token(access_token="withdrawn", expires_in=86_400))
    assert (await made(firefly, clip())).status.state is JobState.SUCCEEDED
    assert len(sandbox.ledger) == 1


async def test_a_token_is_used_until_shortly_before_it_ends(sandbox: Sandbox) -> None:
    moment = [datetime(2026, 11, 22, 12, tzinfo=UTC)]
    engine = Firefly(settings(sandbox), clock=lambda: moment[0])
    shown: list[str] = []
    for hours in (0, 23, 0.95, 0):
        moment[0] += timedelta(hours=hours)
        await engine.submit(clip())
        shown.append(engine.key()["authorization"])
    await engine.close()

    assert shown[0] == shown[1]
    assert shown[1] != shown[2]
    assert shown[2] == shown[3]


async def test_many_who_find_the_token_gone_fetch_one(firefly: Firefly) -> None:
    signed_in = firefly.signed_in
    grants: list[Token] = []

    def counted(granted: Token) -> None:
        grants.append(granted)
        signed_in(granted)

    firefly.signed_in = counted
    await asyncio.gather(*(firefly.submit(clip()) for _ in range(5)))
    assert len(grants) == 1


async def test_a_lost_answer_leaves_one_order_and_is_unsure(
    firefly: Firefly, sandbox: Sandbox
) -> None:
    sandbox.next("firefly", Fault.ANSWER_LOST)
    await one_order_is_found_though_its_answer_was_lost(firefly, clip(), sandbox.ledger)


@pytest.mark.parametrize(
    ("fault", "error", "kind"),
    [
        (Fault.MODERATION, Refused, FailKind.MODERATION_INPUT),
        (Fault.BAD_INPUT, Refused, FailKind.BAD_INPUT),
        (Fault.OUT_OF_CREDIT, OutOfCredit, FailKind.OUT_OF_CREDIT),
        (Fault.AUTH, Misconfigured, FailKind.AUTH),
        (Fault.RATE_LIMIT, Busy, FailKind.RATE_LIMIT),
        (Fault.RATE_LIMIT_DATE, Busy, FailKind.RATE_LIMIT),
        (Fault.UNAVAILABLE, Busy, FailKind.TRANSIENT),
        (Fault.SERVER_ERROR, Unsure, FailKind.AMBIGUOUS_SUBMIT),
        (Fault.HTML, Unsure, FailKind.AMBIGUOUS_SUBMIT),
        (Fault.ERROR_IN_200, Unsure, FailKind.AMBIGUOUS_SUBMIT),
    ],
)
async def test_a_refused_order_is_named_by_who_acts_next(
    firefly: Firefly, sandbox: Sandbox, fault: Fault, *, error: type[EngineError], kind: FailKind
) -> None:
    sandbox.next("firefly", fault)
    await a_refusal_names_who_acts_next(firefly, clip(), error=error, kind=kind)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.MODERATION_OUTPUT, FailKind.MODERATION_OUTPUT),
        (Fault.ENGINE, FailKind.ENGINE),
        (Fault.TRANSIENT, FailKind.TRANSIENT),
        (Fault.NO_OUTPUT, FailKind.ENGINE),
    ],
)
async def test_a_job_that_fails_says_who_acts_next(
    firefly: Firefly, fault: Fault, kind: FailKind
) -> None:
    await a_failure_names_who_acts_next(firefly, clip(prompt=f"{PROMPT} [[{fault.value}]]"), kind)


async def test_a_job_is_cancelled_while_it_is_made_and_not_after(
    firefly: Firefly, sandbox: Sandbox
) -> None:
    sandbox.pace.latency = 60
    for model, mode, size in (
        ("video1_standard", Mode.TEXT_TO_VIDEO, "720p"),
        ("image5", Mode.TEXT_TO_IMAGE, "1MP"),
    ):
        handle = await firefly.submit(clip(model=model, mode=mode, resolution=size))
        assert await firefly.cancel(handle) is Cancellation.DONE
        assert (await firefly.poll(handle)).state is JobState.CANCELED
        assert await firefly.cancel(handle) is Cancellation.TOO_LATE


async def test_a_state_that_nobody_knows_is_looked_at_again(
    firefly: Firefly, sandbox: Sandbox
) -> None:
    order = clip(prompt=f"{PROMPT} [[unknown-status]]")
    await an_unknown_state_is_looked_at_again(firefly, order, sandbox)


async def test_a_link_that_has_expired_is_minted_again_by_a_look(
    firefly: Firefly, sandbox: Sandbox, tmp_path: Path
) -> None:
    order = clip(prompt=f"{PROMPT} [[link-expires]]")
    await a_look_mints_an_expired_link_again(firefly, order, tmp_path, sandbox)


async def test_all_calls_share_what_adobe_allows_a_minute_and_looks_leave_room_for_an_order(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    engine = Firefly(settings(sandbox, FIREFLY_COUNTS_POLLS="yes", FIREFLY_PER_MINUTE="4"))
    first = Ref(role=RefRole.FIRST, path=picture(tmp_path), sha256="a")
    handle = await engine.submit(
        await engine.prepare(clip(mode=Mode.IMAGE_TO_VIDEO, refs=(first,)))
    )
    await engine.poll(handle)
    with pytest.raises(Busy) as busy:
        await engine.poll(handle)
    await engine.submit(clip())
    with pytest.raises(Busy):
        await engine.submit(clip())
    await engine.close()

    assert 50 < (busy.value.retry_after or 0) <= 60
    assert len(sandbox.ledger) == 2


async def test_the_doctor_signs_in_and_says_what_is_wrong_if_it_cannot(sandbox: Sandbox) -> None:
    right, wrong = (
        Firefly(settings(sandbox)),
        Firefly(settings(sandbox, FIREFLY_CLIENT_SECRET="a-wrong-secret")),
    )
    (good,), (bad,) = await right.preflight(), await wrong.preflight()
    with pytest.raises(Misconfigured, match="FIREFLY_CLIENT_SECRET"):
        await wrong.submit(clip())
    await right.close()
    await wrong.close()

    assert good.is_ok
    assert not bad.is_ok
    assert "invalid client_secret parameter" in bad.told
    assert "a-wrong-secret" not in bad.told
    assert len(sandbox.ledger) == 0
