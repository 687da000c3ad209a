"""A lease keeps a replica's orders its own, and a folder is for one process."""

import asyncio
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import checkup
from bot.replicas import Lease, Leased, Occupied, Seat
from bot.settings import Settings
from engines import JobSpec
from storage import Database
from tests.bot.test_command_line import circletake
from tests.conftest import IN_CI
from tests.databases import postgres_copy
from tests.factories import posted_take
from tests.stage import Stage
from tests.stories._paid import Paid
from tests.workspace.server import SmallSlack

_SIT = """
import sys, time
from pathlib import Path
from bot import checkup
from bot.replicas import Seat
from bot.settings import Settings
seat = Seat(Settings(data=Path(sys.argv[1])))
seat.take()
seat.sign("whoever-sat-here-last")
print("taken", flush=True)
time.sleep(60)
"""


@pytest.fixture
async def shared(postgres_ready: tuple[str, str] | None) -> AsyncIterator[Database]:
    if postgres_ready is None:
        assert not IN_CI, "In CI the PostgreSQL tests may not be skipped."
        pytest.skip("no PostgreSQL server answers on 127.0.0.1")
    with postgres_copy(*postgres_ready) as url:
        db = Database(url)
        yield db
        await db.close()


async def _joined(db: Database, *, seconds: float = 30) -> Lease:
    lease = Lease(db, seconds=seconds)
    await lease.begin()
    return lease


async def _names(lease: Lease) -> set[str]:
    return {each.id for each in await lease.living()}


@pytest.mark.postgres
async def test_a_late_replica_is_replaced_by_one_of_those_who_notice(shared: Database) -> None:
    late, one, other = [await _joined(shared, seconds=each) for each in (0.2, 30, 30)]
    assert await one.replace_late() == []
    await asyncio.sleep(0.3)

    found = await asyncio.gather(one.replace_late(), other.replace_late())

    assert sorted(found) == [[], [late.id]]
    assert await _names(one) == {one.id, other.id}


@pytest.mark.postgres
async def test_a_replica_that_gives_its_lease_up_is_replaced_at_once(shared: Database) -> None:
    leaver, other = await _joined(shared), await _joined(shared)
    await leaver.end()

    assert not leaver.is_held
    assert await other.replace_late() == [leaver.id]


@pytest.mark.postgres
async def test_a_lease_that_ran_out_is_good_again_if_nobody_has_taken_over(
    shared: Database,
) -> None:
    lease = await _joined(shared, seconds=0.2)
    await asyncio.sleep(0.3)
    assert not lease.is_held

    assert await lease.renew()
    assert lease.is_held


@pytest.mark.postgres
async def test_no_order_is_placed_while_the_lease_may_be_lost(
    shared: Database, tmp_path: Path
) -> None:
    lease = await _joined(shared, seconds=0.4)
    paid = Paid(tmp_path)
    engine = Leased(paid, lease)
    await asyncio.sleep(0.5)

    order = asyncio.create_task(engine.submit(JobSpec(user_tag="one")))
    await asyncio.sleep(0.1)
    assert not paid.ledger.exists()
    assert await lease.renew()
    await order

    assert paid.ledger.read_text() == "one\n"


@pytest.mark.postgres
async def test_no_order_is_placed_by_a_replica_that_others_have_replaced(
    shared: Database, tmp_path: Path
) -> None:
    lease, other = await _joined(shared, seconds=0.2), await _joined(shared)
    paid = Paid(tmp_path)
    await asyncio.sleep(0.3)
    order = asyncio.create_task(Leased(paid, lease).submit(JobSpec(user_tag="one")))
    assert await other.replace_late() == [lease.id]

    assert not await lease.renew()
    with pytest.raises(asyncio.CancelledError):
        await order

    assert not paid.ledger.exists()


@pytest.mark.postgres
async def test_the_doctor_counts_who_is_at_work_and_wants_one_file_store_for_them(
    shared: Database, tmp_path: Path
) -> None:
    url = shared.url.set(drivername="postgresql").render_as_string(hide_password=False)
    settings = Settings(data=tmp_path, database_url=url)
    before = await checkup.replicas(settings)
    await _joined(shared)
    alone = await checkup.replicas(settings)
    await _joined(shared)
    both = await checkup.replicas(settings)
    fed = await checkup.replicas(settings.model_copy(update={"files_url": "s3://films"}))

    assert (before.is_ok, before.told) == (True, "0 at work")
    assert alone.is_ok
    assert alone.told.startswith("1 at work: ")
    assert not both.is_ok
    assert both.told.endswith("Set CIRCLETAKE_FILES_URL to one file store for all of them.")
    assert fed.is_ok


@pytest.mark.postgres
async def test_who_sits_in_a_dead_replicas_place_ends_its_lease(shared: Database) -> None:
    dead, heir, other = await _joined(shared), Lease(shared, seconds=30), await _joined(shared)
    await heir.begin(instead_of=dead.id)

    assert await _names(other) == {heir.id, other.id}
    assert await other.replace_late() == [dead.id]


def test_a_folder_is_for_one_process(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "var")
    first, second = Seat(settings), Seat(settings)
    first.take()

    with pytest.raises(Occupied, match=r"Another Circletake works in .*/var already: stop it"):
        second.take()
    first.leave()
    second.take()
    second.leave()


def test_a_sqlite_file_is_for_one_process_wherever_its_folder_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/records.db"
    first, second = [Seat(Settings(data=tmp_path / each, database_url=url)) for each in ("a", "b")]
    first.take()

    with pytest.raises(Occupied, match="SQLite is for one"):
        second.take()
    first.leave()


async def test_a_killed_process_leaves_its_place_and_its_name(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SIT, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"taken\n"
    seat = Seat(Settings(data=tmp_path))
    with pytest.raises(Occupied):
        seat.take()

    process.send_signal(signal.SIGKILL)
    await process.wait()
    seat.take()

    assert seat.before == "whoever-sat-here-last"
    seat.leave()


async def test_a_second_process_says_in_one_sentence_why_it_does_not_start(
    tmp_path: Path,
) -> None:
    seat = Seat(Settings(data=tmp_path))
    seat.take()
    async with SmallSlack(rate_limits=False) as slack:
        secret = {"SLACK_SIGNING_SECRET": slack.state.app.signing_secret}
        done = await circletake("run", folder=tmp_path, slack=slack, **secret)
    seat.leave()

    assert done.status == 1
    assert done.err.splitlines()[-1].startswith(f"Another Circletake works in {tmp_path} already:")
    assert "Traceback" not in done.err


async def test_another_attempt_at_a_take_is_other_work_and_is_begun_once(
    quick_stage: Stage, tmp_path: Path
) -> None:
    await quick_stage.set_up(client=False)
    take, _ = await posted_take(quick_stage, await quick_stage.open_scene())
    for attempt in (0, 1, 1):
        await quick_stage.studio.work.start(
            take.id, take.workspace_id, engine=take.engine, attempt=attempt
        )
    with sqlite3.connect(tmp_path / "data" / "work.db") as store:
        begun = store.execute("SELECT workflow_uuid FROM workflow_status ORDER BY 1").fetchall()

    assert begun == [(take.id,), (f"{take.id}:1",)]
