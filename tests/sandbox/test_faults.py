"""The sandbox fails as it is told to, and remembers what it accepted."""

import asyncio
import time
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime

import httpx
import pytest
from aiohttp import ClientSession

from tests.sandbox import Fault, Sandbox, Stage
from tests.sandbox._caller import Caller
from tests.sandbox.conftest import fetched, frames

VENDORS = ("luma", "runway")


@pytest.fixture
async def runway(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with Caller(sandbox) as caller:
        yield caller


async def test_a_lost_answer_is_of_an_order_that_was_placed(runway: Caller) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await runway.create("[[answer-lost]]")
    placed = runway.sandbox.ledger.of("runway")
    assert [row.order.prompt for row in placed] == ["[[answer-lost]]"]
    assert placed[0].job_id in runway.sandbox.desk("runway").jobs


async def test_a_dropped_connection_looks_the_same_but_nothing_was_placed(runway: Caller) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await runway.create("[[dropped]]")
    assert not list(runway.sandbox.ledger)


async def test_an_answer_that_never_comes_is_of_an_order_that_was_placed(runway: Caller) -> None:
    with pytest.raises(httpx.ReadTimeout):
        await runway.create("[[hangs]]", timeout=0.2)
    assert len(runway.sandbox.ledger) == 1


async def test_polls_can_hang_or_lose_their_answer_and_answers_can_be_slow(runway: Caller) -> None:
    job = await runway.order()
    runway.sandbox.next("runway", Fault.HANGS, on=Stage.POLL)
    with pytest.raises(httpx.ReadTimeout):
        await runway.http.get(f"/v1/tasks/{job.id}", timeout=0.1)
    runway.sandbox.next("runway", Fault.ANSWER_LOST, on=Stage.POLL)
    with pytest.raises(httpx.RemoteProtocolError):
        await runway.http.get(f"/v1/tasks/{job.id}")
    runway.sandbox.pace.answers_after = 0.3
    with pytest.raises(httpx.ReadTimeout):
        await runway.create("too slow", timeout=0.1)
    assert [row.order.prompt for row in runway.sandbox.ledger][-1] == "too slow"


async def test_a_vendor_that_is_down_refuses_connections_and_the_others_do_not(
    runway: Caller,
) -> None:
    luma = f"{runway.sandbox.url('luma')}/v1/generations/nobody"
    await runway.create()
    await runway.sandbox.down("runway")
    with pytest.raises(httpx.RemoteProtocolError):
        await runway.create()  # on the connection that was open
    with pytest.raises(httpx.ConnectError):
        await runway.create()
    async with httpx.AsyncClient() as http:
        assert (await http.get(luma)).status_code == 401
    await runway.sandbox.up("runway")
    assert (await runway.create()).status_code == 200
    assert len(runway.sandbox.ledger) == 2


async def test_a_planned_fault_is_met_once_and_a_lasting_one_until_all_is_well(
    runway: Caller,
) -> None:
    runway.sandbox.next("runway", Fault.UNAVAILABLE, times=2)
    assert [(await runway.create()).status_code for _ in range(3)] == [503, 503, 200]
    runway.sandbox.always("runway", Fault.HTML)
    answer = await runway.create()
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    runway.sandbox.well("runway")
    assert (await runway.create()).status_code == 200


async def test_a_success_may_be_an_error(runway: Caller) -> None:
    answer = await runway.create("[[error-in-200]]")
    assert (answer.status_code, list(answer.json())) == (200, ["error"])
    assert not list(runway.sandbox.ledger)


async def test_a_vendor_does_not_say_what_it_has_no_words_for(runway: Caller) -> None:
    with pytest.raises(ValueError, match="no way to say suspended"):
        runway.sandbox.next("runway", Fault.SUSPENDED)


async def test_every_call_can_fail_at_the_door_and_polls_alone_at_polls(runway: Caller) -> None:
    job = await runway.order()
    runway.sandbox.next("runway", Fault.RATE_LIMIT, on=Stage.POLL)
    assert (await runway.create()).status_code == 200
    assert (await runway.http.get(f"/v1/tasks/{job.id}")).status_code == 429
    runway.sandbox.next("runway", Fault.AUTH, on=Stage.DOOR)
    assert (await runway.http.get("/v1/organization")).status_code == 401


async def test_a_rate_limit_says_when_to_come_back_by_a_clock_that_may_be_wrong(
    runway: Caller,
) -> None:
    runway.sandbox.pace.retry_after = 7
    runway.sandbox.next("runway", Fault.RATE_LIMIT)
    assert (await runway.create()).headers["Retry-After"] == "7"
    runway.sandbox.next("runway", Fault.RATE_LIMIT_BARE)
    assert "Retry-After" not in (await runway.create()).headers
    runway.sandbox.always("runway", Fault.CLOCK_SKEW)
    runway.sandbox.next("runway", Fault.RATE_LIMIT_DATE)
    told = (await runway.create()).headers
    later, now = (parsedate_to_datetime(told[name]) for name in ("Retry-After", "Date"))
    assert 6 <= (later - now).total_seconds() <= 8
    assert now.timestamp() - time.time() > 86_000


async def test_limits_are_kept_as_each_vendor_keeps_them(runway: Caller) -> None:
    runway.sandbox.pace.latency = 60
    runway.sandbox.limit("runway", calls=2, seconds=30, jobs=1)
    first = await runway.order(over=False)
    second = await runway.order(over=False)
    assert (await runway.poll(first))["status"] == "PENDING"
    assert (await runway.poll(second))["status"] == "THROTTLED"
    refused = await runway.create()
    assert refused.status_code == 429
    assert 28 <= int(refused.headers["Retry-After"]) <= 30


async def test_progress_never_falls_but_where_it_was_asked_to(runway: Caller) -> None:
    runway.sandbox.pace.latency = 10
    steady = await runway.order(over=False)
    falling = await runway.order("[[backwards]]", over=False)
    seen: list[tuple[float, float]] = []
    for share in (0.2, 0.49, 0.55, 0.8):
        for job in (steady, falling):
            job.started, job.ends = time.monotonic() - share * 1e6, time.monotonic() + 1e6
            job.ends = job.started + 1e6
        told = [await runway.poll(steady), await runway.poll(falling)]
        seen.append((told[0]["progress"], told[1]["progress"]))
    assert seen == [(0.2, 0.2), (0.49, 0.49), (0.55, 0.2), (0.8, 0.45)]


@pytest.mark.parametrize(
    ("word", "status"),
    [("never-ends", "RUNNING"), ("no-output", "SUCCEEDED"), ("same-output", "SUCCEEDED")],
)
async def test_odd_jobs_end_oddly(runway: Caller, word: str, status: str) -> None:
    told = [await runway.poll(await runway.order(f"{n} [[{word}]]")) for n in range(2)]
    assert [one["status"] for one in told] == [status, status]
    if word == "no-output":
        assert told[0]["output"] == []
    if word == "same-output":
        assert told[0]["output"] == told[1]["output"]
        assert frames(await fetched(told[0]["output"][0])) > 0


async def test_a_job_may_be_lost_and_a_status_unheard_of(runway: Caller) -> None:
    lost = await runway.order("[[lost]]")
    assert (await runway.http.get(f"/v1/tasks/{lost.id}")).status_code == 404
    odd = await runway.order("[[unknown-status]]", over=False)
    odd.started, odd.ends = time.monotonic() - 5e5, time.monotonic() + 5e5
    assert (await runway.poll(odd))["status"] == "DEFERRED"
    odd.finish()
    assert (await runway.poll(odd))["status"] == "SUCCEEDED"


async def test_people_see_the_jobs_and_scripts_plan_faults(runway: Caller) -> None:
    job = await runway.order("A <paper> boat")
    async with httpx.AsyncClient(base_url=runway.sandbox.origin) as http:
        page = (await http.get("/console/runway")).text
        assert job.id in page
        assert "A &lt;paper&gt; boat" in page
        assert "[[answer-lost]]" in (await http.get("/")).text
        planned = await http.post(
            "/control", json={"vendor": "runway", "fault": "html", "times": 1}
        )
        assert planned.status_code == 200
        assert (await runway.create()).status_code == 502
        wrong = await http.post("/control", json={"vendor": "runway", "fault": "fire"})
        assert wrong.status_code == 400
        told = (await http.get("/control")).json()
        assert told["vendors"]["runway"]["jobs"] == told["placed"] == 1


async def test_five_thousand_jobs_in_flight_cost_nothing_until_they_are_looked_at(
    sandbox: Sandbox,
) -> None:
    sandbox.pace.latency = 600
    headers = {"Authorization": f"Bearer {sandbox.key('luma')}"}
    url = f"{sandbox.url('luma')}/v1/generations"
    before = len(asyncio.all_tasks())
    body = {"prompt": "x", "model": "ray-3.2", "type": "video"}
    async with ClientSession(headers=headers) as http:

        async def order() -> None:
            async with http.post(url, json=body) as answer:
                assert answer.status == 201

        for _ in range(50):
            await asyncio.gather(*(order() for _ in range(100)))
        job = sandbox.jobs("luma")[-1]
        started = time.process_time()
        for _ in range(200):
            async with http.get(f"{url}/{job.id}") as answer:
                assert answer.status == 200
        spent = (time.process_time() - started) / 200
    assert len(sandbox.ledger) == 5000
    assert len(asyncio.all_tasks()) <= before + 110  # the connections that were kept
    assert spent < 0.01  # client and server together; 0.5 ms where this was written
