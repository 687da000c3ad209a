"""Every request that Dream Machine's SDK was recorded with gets the recorded kind of answer."""

import httpx
import pytest

from tests.engines.captures import captures
from tests.sandbox import Sandbox
from tests.sandbox._replay import Replay, check
from tests.sandbox._replay_jobs import Setting, Swaps

VENDORS = ("luma_dream_machine",)
RECORDED = captures("luma_dream_machine")
ID = "123e4567-e89b-12d3-a456-426614174000"
LOOSE = {".request"}
"""The recordings' script shortens the echo of the request."""


def generation(share: float, words: str = "") -> Setting:
    """Let there be a film that is so far along."""

    async def begin(replay: Replay) -> Swaps:
        body = {"model": "ray-2", "prompt": f"x {words}"}
        path = "/dream-machine/v1/generations/video"
        return {ID: await replay.place(path, body, share=share)}

    return begin


SETTINGS: dict[str, Setting] = {
    "audio": generation(1.0),
    "upscale": generation(1.0),
    "delete": generation(0.5),
    "get_completed": generation(1.0),
    "get_dreaming": generation(0.5),
    "get_failed": generation(1.0, "[[engine]]"),
}


@pytest.fixture
def replay(sandbox: Sandbox, http: httpx.AsyncClient) -> Replay:
    return Replay(sandbox, "luma_dream_machine", http)


@pytest.mark.parametrize("case", sorted(RECORDED))
async def test_a_recorded_request_gets_the_recorded_kind_of_answer(
    replay: Replay, case: str
) -> None:
    swaps = await SETTINGS[case](replay) if case in SETTINGS else {}
    answer = await replay.send(RECORDED[case], swaps)
    check(RECORDED[case], answer, loose=LOOSE)


def test_every_setting_is_of_a_recording() -> None:
    assert SETTINGS.keys() <= RECORDED.keys()
