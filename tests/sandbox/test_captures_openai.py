"""Every request that OpenAI's SDKs were recorded with gets the recorded kind of answer."""

import httpx
import pytest

from tests.engines.captures import captures
from tests.sandbox import Fault, Sandbox
from tests.sandbox._replay import Replay, check
from tests.sandbox._replay_jobs import Setting, Swaps, job_at, refused
from tests.sandbox.openai_videos import DIALECTS
from tests.sandbox.openai_videos_vllm import MODEL

VENDORS = ("openai_videos", "openai_videos_vllm")
RECORDED = captures("openai_videos")
VIDEO = "video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5"
IN_VLLM = {"create_extra_body", "err_422_fastapi"}
"""Recordings of fields and errors that OpenAI never had; vLLM-Omni answers them."""
PROMPT_MORE = (".prompt", ".quality", ".media_type")
MORE = {
    "create_extra_body": PROMPT_MORE,
    "edit_by_id_node": (".remixed_from_video_id",),
    "extend_by_id_node": (".remixed_from_video_id",),
    "life_success.03": (".completed_at", ".expires_at"),
}
"""What a real answer has and the recording's script left out."""


def video(share: float, fault: Fault | None = None) -> Setting:
    return job_at(share, create=RECORDED["create_t2v"], recorded_id=VIDEO, fault=fault)


async def source(replay: Replay) -> Swaps:
    swaps = await video(1.0)(replay)
    return {"video_1": swaps[VIDEO]}


async def malformed(replay: Replay) -> Swaps:
    """Name the model that the server runs, or that is what it complains about."""
    return {**await refused(Fault.BAD_INPUT)(replay), "sora-2": MODEL}


async def character(replay: Replay) -> Swaps:
    answer = await replay.send(RECORDED["create_character"], {})
    return {"char_1": answer.json()["id"]}


SETTINGS: dict[str, Setting] = {
    "delete": video(1.0),
    "download_content": video(1.0),
    "download_content_variant": video(1.0),
    "edit_by_id_node": source,
    "err_400_invalid": refused(Fault.BAD_INPUT),
    "err_400_moderation": refused(Fault.MODERATION),
    "err_401": refused(Fault.AUTH),
    "err_404_model": refused(Fault.RETIRED),
    "err_422_fastapi": malformed,
    "err_429_rate": refused(Fault.RATE_LIMIT),
    "err_503": refused(Fault.UNAVAILABLE),
    "extend_by_id_node": source,
    "get_character": character,
    "life_failure.02": video(1.0, Fault.MODERATION_OUTPUT),
    "life_success.02": video(0.2),
    "life_success.03": video(1.0),
    "retrieve_completed": video(1.0),
    "retrieve_failed_generic": video(1.0, Fault.ENGINE),
    "retrieve_in_progress": video(0.5),
    "retrieve_queued": video(0.05),
}
LEFT_OUT = {"list": "it names a video in its query, where a replay swaps nothing: see below"}


@pytest.mark.parametrize("case", sorted(RECORDED.keys() - LEFT_OUT.keys()))
async def test_a_recorded_request_gets_the_recorded_kind_of_answer(
    sandbox: Sandbox, http: httpx.AsyncClient, case: str
) -> None:
    vendor = DIALECTS["vllm" if case in IN_VLLM else "openai"]
    replay = Replay(sandbox, vendor, http)
    swaps = await SETTINGS[case](replay) if case in SETTINGS else {}
    answer = await replay.send(RECORDED[case], swaps)
    check(RECORDED[case], answer, more=MORE.get(case, ()))


async def test_the_list_goes_on_after_the_video_that_is_named(
    sandbox: Sandbox, http: httpx.AsyncClient
) -> None:
    replay = Replay(sandbox, "openai_videos", http)
    for _ in range(2):
        await video(0.05)(replay)
    older, newer = (job.id for job in sandbox.jobs("openai_videos"))
    url = f"{sandbox.url('openai_videos')}/v1/videos"
    query = {**RECORDED["list"].query, "after": newer}
    answer = await http.get(url, params=query, headers=replay.bearer)
    check(RECORDED["list"], answer)
    assert answer.json()["last_id"] == older


def test_every_setting_is_of_a_recording() -> None:
    assert SETTINGS.keys() | MORE.keys() | LEFT_OUT.keys() | IN_VLLM <= RECORDED.keys()
