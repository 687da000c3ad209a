"""Every request that Runway's SDK was recorded with gets the recorded kind of answer."""

from typing import Any

import httpx
import pytest

from tests.engines.captures import captures
from tests.sandbox import Fault, Sandbox
from tests.sandbox._replay import Replay, check
from tests.sandbox._replay_jobs import Setting, Swaps, refused

VENDORS = ("runway",)
RECORDED = captures("runway")
TASK = "17f20503-6c24-4c16-946b-35dbbce2af2f"
LOOSE = {"organization": {".tier.models", ".usage.models"}}
"""Maps with a key for each model, of which the recordings have only one."""


def task(share: float, words: str = "", fault: Fault | None = None) -> Setting:
    """Let there be a task that is so far along."""

    async def begin(replay: Replay) -> Swaps:
        if fault is not None:
            replay.sandbox.next("runway", fault)
        body = {"model": "gen4.5", "promptText": f"x {words}", "ratio": "1280:720", "duration": 5}
        return {TASK: await replay.place("/v1/text_to_video", body, share=share)}

    return begin


async def uploading(replay: Replay) -> Swaps:
    first = await replay.send(RECORDED["upload_ephemeral.01"], {})
    told: dict[str, Any] = first.json()
    recorded = RECORDED["upload_ephemeral.01"].response["fields"]
    fields = {recorded[name]: value for name, value in told["fields"].items()}
    return {"/s3-upload": told["uploadUrl"], **fields}


async def finished(replay: Replay) -> Swaps:
    swaps = await task(1.0)(replay)
    link = replay.sandbox.desk("runway").link(replay.sandbox.jobs("runway")[0])
    return swaps | {"/out/video.mp4": link}


SETTINGS: dict[str, Setting] = {
    "err_400_validation": refused(Fault.BAD_INPUT),
    "err_401": refused(Fault.AUTH),
    "err_503": refused(Fault.UNAVAILABLE),
    "life_failure.02": task(0.5),
    "life_failure.03": task(1.0, "[[transient]]"),
    "life_success.02": task(0.05),
    "life_success.03": task(0.2, fault=Fault.CONCURRENCY),
    "life_success.04": task(0.5),
    "life_success.05": task(1.0),
    "task_cancel": task(0.5),
    "task_failed_asset": task(1.0, "[[bad-asset]]"),
    "task_failed_internal": task(1.0, "[[engine]]"),
    "task_failed_moderation_input": task(1.0, "[[moderation]]"),
    "task_pending": task(0.05),
    "task_running": task(0.5),
    "task_succeeded": task(1.0),
    "upload_ephemeral.02": uploading,
    "download_output": finished,
}


@pytest.fixture
def replay(sandbox: Sandbox, http: httpx.AsyncClient) -> Replay:
    return Replay(sandbox, "runway", http)


@pytest.mark.parametrize("case", sorted(RECORDED))
async def test_a_recorded_request_gets_the_recorded_kind_of_answer(
    replay: Replay, case: str
) -> None:
    swaps = await SETTINGS[case](replay) if case in SETTINGS else {}
    answer = await replay.send(RECORDED[case], swaps)
    check(RECORDED[case], answer, loose=LOOSE.get(case, ()))


def test_every_setting_is_of_a_recording() -> None:
    assert SETTINGS.keys() | LOOSE.keys() <= RECORDED.keys()
