"""Engines that refuse, fail, lie, hang or go away: said on the card, with who acts next."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
from sqlmodel import select

from engines import Actor, FailKind
from handlers.cards.take import ACTS
from storage.models import Entry, Take, TakeState
from tests.databases import sqlite_copy
from tests.sandbox import Fault, Job, Stage
from tests.sandbox._firefly_token import CLIENT_SECRET
from tests.stage import TEAM
from tests.stories._engines import Engines, engines_opened, text_of
from tests.workspace.records import Message

pytestmark = pytest.mark.asyncio(loop_scope="module")
FIRST = {
    "runway": "runway/gen4.5",
    "luma": "luma/ray-3.2",
    "luma_dream_machine": "luma_dream_machine/ray-2",
    "firefly": "firefly/video1_standard",
    "google_omni": "google_omni/gemini-omni-1.2-flash",
    "google_veo": "google_veo/veo-3.1-generate-001",
    "openai_videos": "openai_videos/sora-2",
    "comfyui": "comfyui/wan22_5b",
}
SLOW = 2.5
"""Seconds after which a job is spoken of here."""


class Heard(logging.Handler):
    """Keeps every line of every logger, as it was before anybody hid anything in it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.told: list[structlog.typing.EventDict] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, with its traceback."""
        self.lines.append(self.format(record))

    def whole(self) -> str:
        """Give all of it."""
        return "\n".join([*self.lines, *(json.dumps(each, default=str) for each in self.told)])


@pytest.fixture(scope="module")
def heard() -> Iterator[Heard]:
    heard, root = Heard(), logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    root.addHandler(heard)
    with structlog.testing.capture_logs([structlog.processors.format_exc_info]) as heard.told:
        yield heard
    root.removeHandler(heard)
    root.setLevel(level)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(
    sqlite_ready: Path, tmp_path_factory: pytest.TempPathFactory, heard: Heard
) -> AsyncIterator[Engines]:
    folder = tmp_path_factory.mktemp("bad")
    url = sqlite_copy(sqlite_ready, folder)
    assert heard.told == []
    more: dict[str, Any] = {"slow_after_hours": SLOW / 3600, "file_limit_mb": 1}
    async with engines_opened(url, folder, latency=0.1, outage_after_seconds=0.3, **more) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def stage(shared: Engines) -> AsyncIterator[Engines]:
    yield shared
    shared.slack.state.modals.clear()
    shared.sandbox.pace.latency = 0.1
    for vendor in shared.sandbox.vendors:
        shared.sandbox.well(vendor)


async def ordered(stage: Engines, engine: str, *faults: Fault, words: str = "A boat.") -> Take:
    """Order a take with faults written into its prompt, as somebody who tries the demo does."""
    prompt = " ".join((words, *(f"[[{fault}]]" for fault in faults)))
    return await stage.order(await stage.scene(), FIRST[engine], prompt=prompt)


def lines(stage: Engines, words: str) -> list[Message]:
    return [each for each in stage.messages(TEAM) if words in each.text]


ENDS = (
    *((engine, Fault.MODERATION, Actor.ARTIST) for engine in FIRST if engine != "comfyui"),
    ("runway", Fault.MODERATION_OUTPUT, Actor.ARTIST),
    ("luma", Fault.MODERATION_OUTPUT, Actor.ARTIST),
    ("google_veo", Fault.MODERATION_OUTPUT, Actor.ARTIST),
    ("runway", Fault.BAD_INPUT, Actor.ARTIST),
    ("comfyui", Fault.BAD_INPUT, Actor.OPERATOR),  # a file that the workflow names is gone
    ("runway", Fault.OUT_OF_CREDIT, Actor.PRODUCER),
    ("luma", Fault.OUT_OF_CREDIT, Actor.PRODUCER),
    ("firefly", Fault.OUT_OF_CREDIT, Actor.PRODUCER),
    ("runway", Fault.AUTH, Actor.OPERATOR),
    ("google_omni", Fault.AUTH, Actor.OPERATOR),
    ("runway", Fault.RETIRED, Actor.OPERATOR),
    ("luma_dream_machine", Fault.RETIRED, Actor.OPERATOR),
    ("runway", Fault.TRANSIENT, Actor.NOBODY),
    ("runway", Fault.ENGINE, Actor.PERSON),
    ("comfyui", Fault.ENGINE, Actor.PERSON),
)


@pytest.mark.parametrize(("engine", "fault", "actor"), ENDS)
async def test_a_failure_is_on_the_card_with_who_acts_next(
    stage: Engines, engine: str, fault: Fault, actor: Actor
) -> None:
    take = await ordered(stage, engine, fault)
    done = await stage.ended(take)
    assert done.state is TakeState.FAILED, (done.state, done.problem)
    assert FailKind(done.fail_kind).next_actor is actor, (done.fail_kind, done.problem)
    card = await stage.card(take, "Failed", ACTS[actor])
    assert done.problem.endswith((".", ".)"))
    assert "take_elsewhere" in text_of(card)
    if done.handle:
        assert done.answer not in {"", "{}"}, "The engine's last word is kept."
    assert done.sha256 is None


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.NO_OUTPUT, "Runway says that the task is done and names no file: order again."),
        (Fault.EMPTY_FILE, "The engine handed over an empty file."),
        (Fault.ENDLESS_FILE, "The file is larger than the 1 MB we accept."),
        (Fault.NOT_A_FILM, "The engine sent a web page or a message where a film should be."),
        (Fault.REDIRECT_INSIDE, "The engine named an address that is not plain https."),
    ],
)
async def test_a_bad_file_is_named_for_what_it_is(stage: Engines, fault: Fault, said: str) -> None:
    done = await stage.ended(await ordered(stage, "runway", fault))
    assert (done.state, done.problem) == (TakeState.FAILED, said)
    assert done.sha256 is None
    await stage.card(done, "Failed", said, ACTS[Actor.PERSON])


@pytest.mark.parametrize(
    "fault",
    [Fault.RATE_LIMIT, Fault.RATE_LIMIT_DATE, Fault.RATE_LIMIT_BARE, Fault.UNAVAILABLE],
)
async def test_a_busy_engine_is_asked_again_and_paid_once(stage: Engines, fault: Fault) -> None:
    before = len(stage.placed("runway"))
    stage.sandbox.next("runway", fault, times=2)
    done = await stage.ended(await ordered(stage, "runway"))
    assert done.state is TakeState.WAITING, done.problem
    assert len(stage.placed("runway")) == before + 1


@pytest.mark.parametrize("fault", [Fault.HTML, Fault.UNAVAILABLE, Fault.RATE_LIMIT_BARE])
async def test_a_look_that_fails_says_nothing_of_the_job(stage: Engines, fault: Fault) -> None:
    stage.sandbox.next("runway", fault, times=3, on=Stage.POLL)
    done = await stage.ended(await ordered(stage, "runway"))
    assert done.state is TakeState.WAITING, done.problem


async def test_a_status_that_nobody_knows_is_waited_out(stage: Engines) -> None:
    stage.sandbox.pace.latency = 0.6
    done = await stage.ended(await ordered(stage, "runway", Fault.UNKNOWN_STATUS))
    assert done.state is TakeState.WAITING, done.problem


def _stands_at(job: Job, share: float) -> None:
    """Let a job be so far, and hardly move from there."""
    now = time.monotonic()
    job.started, job.ends = now - share * 1000, now + (1 - share) * 1000


async def test_progress_that_goes_backwards_is_never_shown_backwards(stage: Engines) -> None:
    stage.sandbox.pace.latency = 60
    take = await ordered(stage, "runway", Fault.BACKWARDS)
    await stage.became(take, TakeState.RENDERING)
    job = stage.sandbox.jobs("runway")[-1]
    _stands_at(job, 0.45)
    await stage.card(take, "45 %")
    _stands_at(job, 0.55)
    assert job.progress < 0.25  # so the sandbox says
    await asyncio.sleep(4)  # longer than it takes to draw progress anew
    await stage.card(take, "45 %")
    job.finish()
    assert (await stage.ended(take)).state is TakeState.WAITING


async def test_a_film_that_breaks_off_is_fetched_again_until_it_is_whole(stage: Engines) -> None:
    take = await ordered(stage, "runway", Fault.TRUNCATED_FILE)
    await stage.became(take, TakeState.RENDERING)
    job = stage.sandbox.jobs("runway")[-1]
    await asyncio.sleep(0.5)
    assert (await stage.take(take)).state is TakeState.RENDERING
    job.faults = frozenset()
    assert (await stage.ended(take)).state is TakeState.WAITING


class Forgetful:
    """The sandbox's pace, where the first few links have expired before anybody can use them."""

    def __init__(self, pace: Any, times: int) -> None:
        self._pace, self._left = pace, times

    def __getattr__(self, name: str) -> Any:
        if name != "expiring_link_seconds":
            return getattr(self._pace, name)
        self._left -= 1
        return -1.0 if self._left >= 0 else 60.0


@pytest.mark.parametrize(("times", "state"), [(3, TakeState.WAITING), (99, TakeState.FAILED)])
async def test_a_link_that_has_expired_is_minted_anew_a_few_times(
    stage: Engines, times: int, state: TakeState
) -> None:
    core, pace = stage.sandbox.core, stage.sandbox.pace
    core.pace = Forgetful(pace, times)  # pyright: ignore[reportAttributeAccessIssue] - as the sandbox reads it
    try:
        done = await stage.ended(await ordered(stage, "runway", Fault.LINK_EXPIRES))
    finally:
        core.pace = pace
    assert done.state is state, done.problem


async def test_a_job_that_never_ends_is_spoken_of_once_and_never_cancelled(stage: Engines) -> None:
    take = await ordered(stage, "runway", Fault.NEVER_ENDS)
    said = "It is still waited for."
    await stage.slack.until(lambda _: lines(stage, said), seconds=SLOW + 5)
    await asyncio.sleep(1)
    assert len(lines(stage, said)) == 1
    assert (await stage.take(take)).state is TakeState.RENDERING
    job = stage.sandbox.jobs("runway")[-1]
    assert not job.canceled
    job.faults = frozenset()
    assert (await stage.ended(take)).state is TakeState.WAITING


async def test_one_file_for_two_orders_is_said(stage: Engines) -> None:
    first = await stage.ended(await ordered(stage, "runway", Fault.SAME_OUTPUT))
    second = await ordered(stage, "runway", Fault.SAME_OUTPUT, words="Another boat.")
    done = await stage.ended(second)
    assert (first.state, done.state) == (TakeState.WAITING, TakeState.WAITING)
    assert done.sha256 == first.sha256
    await stage.card(done, "These are the very bytes of", "the engine sent one file for two orders")


async def test_an_engine_that_is_away_delays_its_own_takes_and_is_said_once(
    stage: Engines,
) -> None:
    stage.sandbox.pace.latency = 60
    waiting = [await ordered(stage, "luma"), await ordered(stage, "luma")]
    for take in waiting:
        await stage.became(take, TakeState.RENDERING)
    jobs = stage.sandbox.jobs("luma")[-2:]
    stage.sandbox.pace.latency = 0.1
    await stage.sandbox.down("luma")
    third = await ordered(stage, "luma")
    other = await stage.ended(await ordered(stage, "google_omni"))
    assert other.state is TakeState.WAITING
    await stage.slack.until(lambda _: lines(stage, "*Luma is away.*"), seconds=10)
    await asyncio.sleep(1)
    assert len(lines(stage, "*Luma is away.*")) == 1
    assert not lines(stage, "*Luma answers again*")
    for job in jobs:
        job.finish()
    await stage.sandbox.up("luma")
    for take in (*waiting, third):
        assert (await stage.ended(take)).state is TakeState.WAITING
    assert len(lines(stage, "*Luma answers again*")) == 1
    assert len(lines(stage, "*Luma is away.*")) == 1


def everything_said(stage: Engines) -> str:
    """Give all that Slack was ever told, whispers, forms and files' names included."""
    state = stage.slack.state
    said = [text_of(each) for room in state.messages.values() for each in room.values()]
    forms = [json.dumps(each.view) for each in state.views.values()]
    return "\n".join([*said, *forms])


async def test_no_key_token_or_signed_address_was_ever_said_or_logged(
    stage: Engines, heard: Heard
) -> None:
    assert (await stage.ended(await ordered(stage, "runway"))).sha256
    async with stage.studio.db.read() as session:
        entries = "\n".join(each.body for each in (await session.exec(select(Entry))).all())
    said = everything_said(stage)
    assert "Mira decides to leave." in said
    assert "app.open" in heard.whole()
    secrets = [stage.sandbox.key(vendor) for vendor in stage.sandbox.vendors]
    secrets += [CLIENT_SECRET, "PRIVATE KEY", stage.slack.state.app.bot_token, "token=", "expires="]
    for secret in secrets:
        for where in (said, entries, heard.whole()):
            assert secret not in where, secret
