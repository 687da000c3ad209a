"""Every request that Luma's SDK was recorded with gets the recorded kind of answer."""

import asyncio

import httpx
import pytest

from tests.engines.captures import captures
from tests.sandbox import Fault, Sandbox
from tests.sandbox._replay import PIXEL, Replay, check
from tests.sandbox._replay_jobs import Setting, Swaps, refused

VENDORS = ("luma",)
RECORDED = captures("luma")
ID = "d290f1ee-6c54-4b01-90e6-d701748f0851"


def generation(share: float, words: str = "") -> Setting:
    """Let there be a film that is so far along."""

    async def begin(replay: Replay) -> Swaps:
        body = {"prompt": f"x {words}", "model": "ray-3.2", "type": "video"}
        return {ID: await replay.place("/v1/generations", body, share=share)}

    return begin


def file(*, put: bool, ready: bool) -> Setting:
    """Let there be a file that was asked for, put, or made ready."""

    async def begin(replay: Replay) -> Swaps:
        told = (await replay.send(RECORDED["file_create_presigned"], {})).json()
        swaps = {ID: told["id"], "/s3/put": told["upload"]["url"]}
        if put:
            headers = told["upload"]["headers"]
            await replay.http.put(told["upload"]["url"], content=PIXEL, headers=headers)
        if ready:
            await replay.send(RECORDED["file_complete"], swaps)
            await asyncio.sleep(replay.sandbox.pace.latency)
        return swaps

    return begin


async def finished(replay: Replay) -> Swaps:
    swaps = await generation(1.0)(replay)
    link = replay.sandbox.desk("luma").link(replay.sandbox.jobs("luma")[0])
    return swaps | {"/out/video.mp4": link}


SETTINGS: dict[str, Setting] = {
    "err_400": refused(Fault.RETIRED),
    "err_401": refused(Fault.AUTH),
    "err_403_suspended": refused(Fault.SUSPENDED),
    "err_413_media_too_large": refused(Fault.TOO_LARGE),
    "err_422": refused(Fault.BAD_INPUT),
    "err_429_rpm": refused(Fault.RATE_LIMIT),
    "err_502": refused(Fault.BAD_GATEWAY),
    "extend_forward": generation(1.0),
    "file_complete": file(put=True, ready=False),
    "file_delete": file(put=True, ready=True),
    "file_get": file(put=True, ready=True),
    "file_list": file(put=True, ready=True),
    "file_put": file(put=False, ready=False),
    "get_completed": generation(1.0),
    "get_failed_corrupt_input": generation(1.0, "[[bad-asset]]"),
    "get_failed_generation_failed": generation(1.0, "[[transient]]"),
    "get_failed_image_too_large": generation(1.0, "[[code:image_too_large]]"),
    "get_failed_invalid_request": generation(1.0, "[[code:invalid_request]]"),
    "get_failed_output_not_found": generation(1.0, "[[engine]]"),
    "get_failed_unsupported_format": generation(1.0, "[[code:unsupported_format]]"),
    "get_processing": generation(0.5),
    "get_queued": generation(0.05),
    "video_edit_auto": generation(1.0),
    "download_output": finished,
}
SENT_ALONG = {".filename", ".user_id", ".expires_at"}
"""What the caller had said of the file: the SDK's type has it, the script left it out."""
LOOSE = {
    "file_put": {""},
    "file_complete": SENT_ALONG,
    "file_get": SENT_ALONG,
    "file_list": {".data[]"},
    "file_create_presigned": {".file"},
}


@pytest.fixture
def replay(sandbox: Sandbox, http: httpx.AsyncClient) -> Replay:
    return Replay(sandbox, "luma", http)


@pytest.mark.parametrize("case", sorted(RECORDED))
async def test_a_recorded_request_gets_the_recorded_kind_of_answer(
    replay: Replay, case: str
) -> None:
    swaps = await SETTINGS[case](replay) if case in SETTINGS else {}
    answer = await replay.send(RECORDED[case], swaps)
    check(RECORDED[case], answer, loose=LOOSE.get(case, ()))


async def test_the_failure_is_the_recorded_one(replay: Replay) -> None:
    failures = [case for case in RECORDED if case.startswith("get_failed_")]
    for case in failures:
        swaps = await SETTINGS[case](replay)
        told = (await replay.send(RECORDED[case], swaps)).json()
        assert told["failure_code"] == RECORDED[case].response["failure_code"]
    assert len(failures) == 6


def test_every_setting_is_of_a_recording() -> None:
    assert SETTINGS.keys() | LOOSE.keys() <= RECORDED.keys()
