"""`make demo TOUR=1` is the first thing a newcomer may try: it must do what it says."""

import asyncio
import sys

import pytest

from tests.workspace.demo import ROOT


@pytest.mark.timeout(400)
async def test_the_tour_sees_every_step_in_slack_and_in_the_store() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.workspace.demo", "--tour",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()
    assert "tour: 21 of 21 steps" in told.decode()
