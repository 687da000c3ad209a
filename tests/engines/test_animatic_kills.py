"""The animatic when things die, or are told to."""

import asyncio
import json
import sys
from pathlib import Path

from engines import (
    Cancellation,
    FailKind,
    Handle,
    JobState,
)
from engines._animatic_folder import Folder
from engines.animatic import Animatic

from .films import a_shot, child_of, film_of, gone, kill_child, sha256_of, until


async def test_a_child_that_is_killed_once_is_replaced(animatic: Animatic) -> None:
    handle = await animatic.submit(a_shot(seconds=3))
    await until(animatic, handle, lambda status: bool(status.progress))
    kill_child(animatic, handle)
    seen = await until(animatic, handle, lambda status: status.state.is_over)
    assert seen[-1].state is JobState.SUCCEEDED


async def test_a_child_that_dies_twice_is_a_failure_in_one_sentence(animatic: Animatic) -> None:
    handle = await animatic.submit(a_shot(seconds=30))
    for _ in range(2):
        await until(animatic, handle, lambda _: child_of(animatic, handle) is not None)
        kill_child(animatic, handle)
        assert await gone(animatic, handle)
    last = (await until(animatic, handle, lambda status: status.state.is_over))[-1]
    assert last.state is JobState.FAILED
    assert last.fail is not None
    assert last.fail.kind is FailKind.ENGINE
    assert last.fail.text.endswith(".")
    assert await animatic.poll(handle) == last


async def test_after_a_power_cut_the_film_is_rendered_again_to_the_same_bytes(
    animatic: Animatic, tmp_path: Path
) -> None:
    handle = await animatic.submit(a_shot(seconds=2))
    await until(animatic, handle, lambda status: bool(status.progress))
    await animatic.close()
    again = Animatic(animatic.work)
    seen = await until(again, handle, lambda status: status.state.is_over)
    elsewhere = Animatic(tmp_path / "elsewhere")
    expected = await film_of(elsewhere, a_shot(seconds=2))
    assert seen[-1].outputs[0].path is not None
    assert sha256_of(seen[-1].outputs[0].path) == sha256_of(expected)


async def test_an_order_whose_folder_is_gone_is_brought_back_by_its_handle(
    animatic: Animatic, tmp_path: Path
) -> None:
    handle = await animatic.submit(a_shot())
    other_machine = Animatic(tmp_path / "other")
    seen = await until(other_machine, handle, lambda status: status.state.is_over)
    assert seen[-1].state is JobState.SUCCEEDED


async def test_the_child_ends_when_the_app_is_killed(tmp_path: Path) -> None:
    app = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _APP, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert app.stdout is not None
    handle = Handle.from_json(json.loads(await app.stdout.readline()))
    engine = Animatic(tmp_path)
    report = Folder(tmp_path / handle.id)
    for _ in range(1000):
        if report.progress():
            break
        await asyncio.sleep(0.02)
    app.kill()
    await app.wait()
    assert await gone(engine, handle)
    assert 0 < report.progress() < 1
    assert not report.film.exists()


_APP = """
import asyncio, json, sys, time
from pathlib import Path
from engines import JobSpec
from engines.animatic import Animatic
async def main():
    engine = Animatic(Path(sys.argv[1]))
    handle = await engine.submit(JobSpec(seconds=60, user_tag="take-1", resolution="540p"))
    await engine.poll(handle)
    print(json.dumps(handle.to_json()), flush=True)
    time.sleep(60)
asyncio.run(main())
"""


async def test_a_canceled_order_stops_and_stays_canceled(animatic: Animatic) -> None:
    handle = await animatic.submit(a_shot(seconds=30))
    await until(animatic, handle, lambda status: bool(status.progress))
    assert await animatic.cancel(handle) is Cancellation.DONE
    assert child_of(animatic, handle) is None
    assert (await animatic.poll(handle)).state is JobState.CANCELED
    assert await animatic.cancel(handle) is Cancellation.DONE


async def test_a_finished_film_cannot_be_canceled(animatic: Animatic) -> None:
    handle = await animatic.submit(a_shot())
    await until(animatic, handle, lambda status: status.state.is_over)
    assert await animatic.cancel(handle) is Cancellation.TOO_LATE
