"""Every request that was recorded for ComfyUI gets the recorded kind of answer.

The recorded graph links to nodes that are not in it, which a server refuses: it is sent as it is
where the recording is a refusal, and completed (`comfy_graph.json`) where it is not.
"""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.engines.captures import Capture, captures
from tests.sandbox import Sandbox
from tests.sandbox._comfy_drive import GRAPH
from tests.sandbox._replay import Replay, along, check
from tests.sandbox._replay_jobs import Setting, Swaps
from tests.sandbox.conftest import frames

VENDORS = ("comfyui",)
PROMPT = "0d6f3a1e-6d0c-4b1a-9a55-0f1f1f5f0001"


def completed(capture: Capture) -> Capture:
    """Put the whole graph in the place of the recorded one."""
    if capture.case not in {"submit", "submit_with_prompt_id", "submit_official_example"}:
        return capture
    body = capture.body
    if "json_sent_as_form" in body:
        inner = {**body["json_sent_as_form"], "prompt": GRAPH}
        return replace(capture, body={"json_sent_as_form": inner})
    return replace(capture, body={**body, "prompt": GRAPH})


RECORDED = {case: completed(capture) for case, capture in captures("comfyui").items()}
LOOSE = {
    "history_success": {f".{PROMPT}.prompt[]", f".{PROMPT}.status.messages[][]"},
    "object_info_node": {".KSampler.input"},
    "queue_get": {".queue_running[][]"},
    "submit_invalid_400": {".node_errors"},
}
"""Graphs, which are completed here, and what hangs on them."""
MORE: dict[str, set[str]] = {
    "job_get_completed": {
        *(".priority", ".previewable_outputs_count", ".outputs.9.animated", ".execution_status"),
    },
    "system_stats": {
        *(".system.os", ".system.python_version", ".devices[].type", ".devices[].index"),
    },
}
LOOSE["job_get_completed"] = {".workflow", ".execution_status"}
LOOSE["job_get_running"] = {".workflow"}
MORE["job_get_completed"] |= {".create_time", ".workflow"}
MORE["job_get_running"] = {".create_time", ".workflow", ".previewable_outputs_count"}
MORE["object_info_node"] = {
    f".KSampler.{key}"
    for key in (
        *("input_order", "input_order.required", "output", "output_is_list", "output_name"),
        *("name", "description", "display_name", "python_module", "category", "output_node"),
    )
}


def job(share: float) -> Setting:
    """Let the recorded prompt be so far along; its id is the client's, so none is swapped."""

    async def begin(replay: Replay) -> Swaps:
        answer = await replay.send(RECORDED["submit_with_prompt_id"], {})
        assert answer.is_success, answer.text
        along(replay.sandbox.jobs("comfyui")[-1], share)
        return {}

    return begin


SETTINGS: dict[str, Setting] = {
    "history_delete": job(1.0),
    "history_not_yet": job(0.5),
    "history_success": job(1.0),
    "interrupt_targeted": job(0.5),
    "job_cancel": job(0.5),
    "job_get_completed": job(1.0),
    "job_get_running": job(0.5),
    "queue_delete": job(-1.0),
    "queue_get": job(0.5),
    "view_download": job(1.0),
}
LEFT_OUT = {"ws_progress": "a socket: replayed in test_comfyui.py"}


@pytest.fixture
def recorded(sandbox: Sandbox, http: httpx.AsyncClient) -> Replay:
    return Replay(sandbox, "comfyui", http)


@pytest.mark.parametrize("case", sorted(RECORDED.keys() - LEFT_OUT.keys()))
async def test_a_recorded_request_gets_the_recorded_kind_of_answer(
    recorded: Replay, case: str
) -> None:
    swaps = await SETTINGS[case](recorded) if case in SETTINGS else {}
    answer = await recorded.send(RECORDED[case], swaps)
    check(RECORDED[case], answer, loose=LOOSE.get(case, ()), more=MORE.get(case, ()))
    if case == "view_download":
        assert frames(answer.content)


def test_every_setting_is_of_a_recording() -> None:
    named: set[Any] = {*SETTINGS, *LOOSE, *MORE, *LEFT_OUT}
    assert named <= RECORDED.keys()
