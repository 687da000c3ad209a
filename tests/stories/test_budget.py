"""A production's money through the real door: its two lines, and what is billed."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage import log
from storage.models import Take, TakeState
from tests.sandbox import Fault, State
from tests.sandbox import _runway_rules as rules
from tests.stage import TEAM, WORKSPACE
from tests.stories._engines import Engines, engines_opened, text_of
from tests.stories._money import (
    CENTS,
    RUNWAY,
    budgeted,
    committed,
    priced_opened,
    production_of,
    read,
    said_of_the_line,
    spend,
    until,
)
from tests.workspace.records import Json


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Engines]:
    """Open the app with Runway alone, on each kind of database."""
    async with engines_opened(database_url, tmp_path, only=["runway"]) as stage:
        yield stage


@pytest.fixture
async def quick_stage(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Engines]:
    async with priced_opened(sqlite_url, tmp_path) as stage:
        yield stage


async def test_the_lines_of_a_budget_are_read_to_the_cent_shown_again_and_logged(
    quick_stage: Engines,
) -> None:
    stage = quick_stage
    assert (await budgeted(stage, soft="1,500", hard="$2,250.50")).is_closed
    production = await production_of(stage)
    assert (production.budget_soft_cents, production.budget_hard_cents) == (150_000, 225_050)
    await stage.slack.command("/scene", "setup", user="maya", channel=TEAM)
    shown = {
        each["block_id"]: each["element"].get("initial_value")
        for each in stage.form("maya")["blocks"]
        if each["type"] == "input"
    }
    assert (shown["budget_soft"], shown["budget_hard"]) == ("$1,500.00", "$2,250.50")
    async with stage.studio.db.read() as session:
        entries = [entry async for page in log.whole(session, WORKSPACE) for entry in page]
    facts = [json.loads(e.body)["facts"] for e in entries if e.kind == "production.set_up"]
    lines = [(each["budget_soft_cents"], each["budget_hard_cents"]) for each in facts]
    assert lines == [(None, None), (150_000, 225_050)]
    assert (await stage.slack.submit({"budget_soft": "", "budget_hard": ""}, user="maya")).is_closed
    production = await production_of(stage)
    assert (production.budget_soft_cents, production.budget_hard_cents) == (None, None)


@pytest.mark.parametrize(
    ("soft", "hard", "errors"),
    [
        ("1.500", "250,50", {"budget_soft": "1,500 or 250.50", "budget_hard": "1,500 or 250.50"}),
        ("20", "19.99", {"budget_soft": "nothing is ordered beyond $19.99"}),
        ("", "20,000,001", {"budget_hard": "at most $20,000,000.00"}),
    ],
)
async def test_a_budget_that_cannot_be_is_refused_at_its_field(
    quick_stage: Engines, soft: str, hard: str, errors: dict[str, str]
) -> None:
    seen = await budgeted(quick_stage, soft=soft, hard=hard)
    assert set(seen.errors) == set(errors)
    assert all(text in seen.errors[field] for field, text in errors.items()), seen.errors
    production = await production_of(quick_stage)
    assert (production.budget_soft_cents, production.budget_hard_cents) == (None, None)


async def test_three_who_order_at_once_never_go_beyond_the_hard_line_together(
    stage: Engines,
) -> None:
    await budgeted(stage, hard="1.25")
    people = ("jonas", "lin", "maya")
    # In scenes of their own, which share nothing but the budget.
    scenes = [await stage.scene(seconds="5") for _ in people]
    for user, scene in zip(people, scenes, strict=True):
        await stage.ordering(scene, RUNWAY, user=user)
    sent = await asyncio.gather(*(stage.sent(user) for user in people))
    refused = [" ".join(seen.errors.values()) for seen in sent if seen.errors]
    assert len(refused) == 1
    assert "would bring the production to $1.80 of $1.25" in refused[0]
    await until(lambda: len(stage.placed("runway")) == 2)
    for take in await stage.takes():
        assert (await stage.ended(take)).state is TakeState.WAITING
    assert await committed(stage) == 2 * CENTS
    await stage.order(await stage.scene(), "animatic")  # what is free is never refused
    assert len(stage.placed("runway")) == 2


async def test_two_who_cross_the_soft_line_at_once_are_told_once(stage: Engines) -> None:
    await budgeted(stage, soft="0.50")
    scenes = [await stage.scene(seconds="5") for _ in range(2)]
    for user, scene in zip(("jonas", "lin"), scenes, strict=True):
        await stage.ordering(scene, RUNWAY, user=user)
    sent = await asyncio.gather(stage.sent("jonas"), stage.sent("lin"))
    assert all(seen.is_closed for seen in sent), sent
    for take in await stage.takes():
        await stage.ended(take)
    [said] = said_of_the_line(stage)
    assert "has now spent or promised $0.60, more than the $0.50 it" in said


async def test_a_bill_that_crosses_the_soft_line_is_told_too(stage: Engines) -> None:
    stage.sandbox.pace.latency = 1.5
    await budgeted(stage, soft="1.00", hard="1.25")
    scene = await stage.scene(seconds="5")
    take = await stage.order(scene, RUNWAY)
    await until(lambda: bool(stage.placed("runway")))
    [job] = stage.sandbox.jobs("runway")
    job.order = replace(job.order, cost=250)
    done = await stage.ended(take)
    assert (done.cost_cents, done.cost_told, done.estimate_cents) == (250, True, CENTS)
    [said] = said_of_the_line(stage)
    assert "has now spent or promised $2.50, more than the $1.00" in said
    assert "about" not in (await stage.card(take, "$2.50")).blocks[1]["elements"][1]["text"]
    await stage.ordering(scene, RUNWAY)
    refused = await stage.sent()
    assert "to $3.10 of $1.25" in " ".join(refused.errors.values())
    assert len(said_of_the_line(stage)) == 1


async def test_an_estimate_of_the_engines_own_that_crosses_the_soft_line_is_told_before_the_bill(
    stage: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dearer_than_our_table(endpoint: str, body: Json) -> int:
        del endpoint, body
        return 250

    monkeypatch.setattr(rules, "credits_for", dearer_than_our_table)
    stage.sandbox.pace.latency = 60
    await budgeted(stage, soft="1.00")
    take = await stage.order(await stage.scene(seconds="5"), RUNWAY)
    assert (await stage.became(take, TakeState.RENDERING)).estimate_cents == 250
    await until(lambda: bool(said_of_the_line(stage)))
    [said] = said_of_the_line(stage)
    assert "has now spent or promised $2.50, more than the $1.00" in said


async def test_what_is_not_settled_counts_as_promised_until_somebody_settles_it(
    stage: Engines,
) -> None:
    await budgeted(stage, hard="1.00")
    scene = await stage.scene(seconds="5")
    stage.sandbox.next("runway", Fault.ANSWER_LOST)
    take = await stage.order(scene, RUNWAY)
    assert (await stage.ended(take)).state is TakeState.AMBIGUOUS
    assert await committed(stage) == CENTS
    await stage.ordering(scene, RUNWAY)
    assert "to $1.20 of $1.00" in " ".join((await stage.sent()).errors.values())
    assert "about $0.60" in text_of(await stage.card(take, "Not settled"))


async def test_a_cancelled_take_costs_what_its_engine_charges_and_nothing_if_nothing(
    stage: Engines,
) -> None:
    stage.sandbox.pace.latency, stage.sandbox.pace.jitter = 100, 0
    scene = await stage.scene(seconds="5")
    early = await stage.order(scene, RUNWAY)
    await until(lambda: len(stage.placed("runway")) == 1)
    await cancelled(stage, early)
    assert await committed(stage) == 0
    stage.sandbox.pace.latency = 20
    late = await stage.order(scene, RUNWAY)
    # Runway charges for what has begun.
    await until(lambda: stage.sandbox.jobs("runway")[-1].state is State.RUNNING)
    assert await committed(stage) == CENTS
    await cancelled(stage, late)
    assert await committed(stage) == CENTS
    assert (await stage.take(late)).cost_told


async def cancelled(stage: Engines, take: Take) -> None:
    await stage.became(take, TakeState.RENDERING)
    card = await stage.card(take, "take_cancel")
    await stage.slack.press("take_cancel", channel=TEAM, ts=card.ts, user="jonas")
    assert (await stage.ended(take)).state is TakeState.CANCELLED


async def test_a_take_that_failed_costs_what_its_engine_charges(stage: Engines) -> None:
    scene = await stage.scene(seconds="5")
    stage.sandbox.next("runway", Fault.MODERATION_OUTPUT)
    take = await stage.ended(await stage.order(scene, RUNWAY))
    assert take.state is TakeState.FAILED
    charged = int(stage.sandbox.desk("runway").cost(stage.sandbox.jobs("runway")[0]))
    assert await committed(stage) == charged == take.cost_cents == CENTS
    assert "$0.60 spent" in read(await spend(stage))


async def test_a_success_that_cannot_be_fetched_is_paid_for_all_the_same(
    quick_stage: Engines,
) -> None:
    stage = quick_stage
    scene = await stage.scene(seconds="5")
    stage.sandbox.next("luma", Fault.NOT_A_FILM)
    engine = stage.studio.engines["luma"]
    take = await stage.ended(await stage.order(scene, f"luma/{engine.models()[0]}"))
    assert take.state is TakeState.FAILED
    assert take.estimate_cents
    assert (take.cost_cents, take.cost_told) == (take.estimate_cents, False)
    assert await committed(stage) == take.estimate_cents
