"""ComfyUI, call by call, against what its own command line sent and what its server reads."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from engines import (
    Call,
    Cancellation,
    Handle,
    JobSpec,
    JobState,
    Misconfigured,
    Ref,
    RefRole,
    Status,
)
from engines import _comfyui_calls as calls
from engines._call import Answer
from engines._comfyui_answers import Reader
from engines._comfyui_calls import view
from engines._comfyui_live import Live
from engines.comfyui import ComfyUI

from .captures import Capture, captures, differences

RECORDED = captures("comfyui")
JOB = "0d6f3a1e-6d0c-4b1a-9a55-0f1f1f5f0001"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
HANDLE = Handle(engine="comfyui", id=JOB, model="boat", submitted_at=NOW)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MANIFEST = """
label = "Boat"
graph = "boat.json"
modes = ["t2v"]
licence = "none"
seconds = [5]
sizes = { "16:9" = { 720p = [1280, 720] } }
slots.prompt = { node = "6", input = "text" }
slots.seed = { node = "3", input = "seed" }
"""
SPEC = JobSpec(prompt="A paper boat", seed=5, user_tag="take-1", model="boat")


@pytest.fixture
def engine(tmp_path: Path) -> ComfyUI:
    """One with the recorded graph as its workflow, its own words taken out."""
    (tmp_path / "boat.toml").write_text(MANIFEST)
    graph = json.loads(json.dumps(RECORDED["submit"].body["prompt"]))
    graph["3"]["inputs"]["seed"], graph["6"]["inputs"]["text"] = 0, ""
    (tmp_path / "boat.json").write_text(json.dumps(graph))
    told = {"COMFYUI_BASE_URL": "http://127.0.0.1:8188", "COMFYUI_WORKFLOWS": str(tmp_path)}
    engine = ComfyUI(told, clock=lambda: NOW)
    engine.client_id = "film-client"
    return engine


def ordered(engine: ComfyUI, case: str) -> tuple[Call, Capture]:
    """Give our order and the recorded one, without what every client chooses for itself.

    That is the order's id, which comfy-cli leaves to the server, and `extra_data`, where a client
    says who it is; the official example's content type is that of no JSON, and is not looked at.
    """
    recorded, call = RECORDED[case], engine.order(SPEC)
    body = recorded.body.get("json_sent_as_form", recorded.body)
    theirs = {key: value for key, value in body.items() if key != "extra_data"}
    ours = {**call.json, "prompt_id": theirs.get("prompt_id")}
    ours = {key: value for key, value in ours.items() if value is not None}
    headers = {**recorded.headers, "content-type": "application/json"}
    return replace(call, json=ours), replace(recorded, body=theirs, headers=headers)


@pytest.mark.parametrize("case", ["submit", "submit_with_prompt_id", "submit_official_example"])
def test_an_order_is_what_comfyui_is_used_to_and_its_answer_is_the_job(
    engine: ComfyUI, case: str
) -> None:
    call, recorded = ordered(engine, case)
    assert differences(call, recorded, headers={}, base="") == {}
    assert engine.ticket(SPEC, RECORDED[case].answer) == HANDLE


def reader(engine: ComfyUI) -> Reader:
    return Reader(engine.shelf.workflows["boat"], lambda file: engine.wire.address_of(view(file)))


def test_a_graph_that_the_server_does_not_take_is_put_into_words(engine: ComfyUI) -> None:
    call, recorded = ordered(engine, "submit_invalid_400")
    assert differences(call, recorded, headers={}, base="") == {}
    told = reader(engine).rejection(RECORDED["submit_invalid_400"].answer)
    assert isinstance(told, Misconfigured)
    assert "KSampler (node 3): Value not in list: ckpt_name." in str(told)


Told = Callable[[ComfyUI, Answer], Any]


def stands(engine: ComfyUI, told: Answer) -> Any:
    status = engine.standing(HANDLE, told)
    return status.state, [output.url for output in status.outputs]


def of_history(engine: ComfyUI, told: Answer) -> Any:
    status = reader(engine).history(told.json()[JOB])
    return status.state, [output.url for output in status.outputs]


def of_queue(engine: ComfyUI, told: Answer) -> Status | None:
    del engine
    return calls.in_queue(told.json(), JOB)


def is_well(engine: ComfyUI, told: Answer) -> bool:
    del engine
    return told.is_ok


FILM = "http://127.0.0.1:8188/view?filename=shot_00001_.mp4&subfolder=film&type=output"
ABOUT_A_JOB: dict[str, tuple[Call, Told, Any]] = {
    "job_get_running": (calls.job(JOB), stands, (JobState.RUNNING, [])),
    "job_get_completed": (calls.job(JOB), stands, (JobState.SUCCEEDED, [FILM])),
    "job_cancel": (calls.cancel(JOB), ComfyUI.cancelled, Cancellation.DONE),
    "history_not_yet": (calls.history(JOB), lambda _, told: told.json(), {}),
    "history_success": (calls.history(JOB), of_history, (JobState.SUCCEEDED, [FILM])),
    "queue_get": (calls.queue(), of_queue, Status(state=JobState.RUNNING)),
    "queue_delete": (calls.unqueue(JOB), is_well, True),
    "interrupt_targeted": (calls.interrupt(JOB), is_well, True),
}


@pytest.mark.parametrize("case", ABOUT_A_JOB)
def test_a_job_is_asked_for_and_stopped_as_recorded(engine: ComfyUI, case: str) -> None:
    call, read, expected = ABOUT_A_JOB[case]
    assert differences(call, RECORDED[case], headers=engine.key(), base="") == {}
    assert read(engine, RECORDED[case].answer) == expected


def test_the_doctor_asks_for_the_server_and_then_for_every_node(engine: ComfyUI) -> None:
    talk = engine.finding()
    asked = next(talk)
    assert isinstance(asked, Call)
    assert differences(asked, RECORDED["system_stats"], headers={}, base="") == {}
    talk.send(RECORDED["system_stats"].answer)
    asked = talk.send(RECORDED["object_info_node"].answer)
    assert isinstance(asked, Call)
    assert differences(asked, RECORDED["object_info_node"], headers={}, base="") == {}
    talk.send(RECORDED["object_info_node"].answer)
    with pytest.raises(StopIteration) as done:
        talk.send(RECORDED["object_info_node"].answer)
    server, workflow = done.value.value
    assert server.told == "ComfyUI 0.38.1 answers."
    assert workflow.told.startswith("The server has no CLIPTextEncode, SaveVideo.")


def test_a_picture_is_handed_over_under_the_name_of_its_contents(
    engine: ComfyUI, tmp_path: Path
) -> None:
    (tmp_path / "ref.png").write_bytes(PIXEL)
    ref = Ref(role=RefRole.FIRST, path=tmp_path / "ref.png")
    talk = engine.upload(ref, SPEC)
    assert talk is not None
    call = next(talk)
    assert isinstance(call, Call)
    recorded = RECORDED["upload_image_comfy_cli"]
    theirs = recorded.body["multipart"][1]
    assert call.parts is not None
    overwrite, image = call.parts
    assert image.filename == f"circletake-{theirs['sha256']}.png"
    named = replace(call, parts=(overwrite, replace(image, filename=theirs["filename"])))
    assert differences(named, recorded, headers={}, base="") == {}
    with pytest.raises(StopIteration) as done:
        talk.send(RECORDED["upload_image_comfy_cli"].answer)
    assert done.value.value == replace(ref, uri="ref.png")


def test_a_film_is_fetched_as_recorded(engine: ComfyUI) -> None:
    output = engine.standing(HANDLE, RECORDED["job_get_completed"].answer).outputs[0]
    parts, recorded = urlsplit(output.url or ""), RECORDED["view_download"]
    assert (parts.path, dict(parse_qsl(parts.query, keep_blank_values=True))) == (
        recorded.path,
        recorded.query,
    )
    assert (output.needs_auth, output.mime) == (False, "video/mp4")


async def test_the_recorded_messages_are_read_as_progress() -> None:
    recorded = RECORDED["ws_progress"]
    call = calls.listen("film-client")
    assert differences(call, recorded, headers={}, base="") == {}
    heard = asyncio.Event()
    live = Live(lambda: _messages(recorded.response["server_messages"], heard), pause=0)
    live.watch(JOB)
    assert live.progress(JOB, ["3"]) is None
    await heard.wait()
    assert live.progress(JOB, ["3"]) == 0.25
    assert live.progress(JOB, ["3", "4"]) == 0.625
    assert live.progress(JOB, ["9"]) == 0.99
    await live.close()


async def _messages(told: list[Any], heard: asyncio.Event) -> AsyncGenerator[str]:
    for each in told:
        yield json.dumps(each)
    heard.set()


SPOKEN = sorted(
    {
        *ABOUT_A_JOB,
        "submit",
        "submit_with_prompt_id",
        "submit_official_example",
        "submit_invalid_400",
        "system_stats",
        "object_info_node",
        "upload_image_comfy_cli",
        "view_download",
        "ws_progress",
    }
)
LEFT_OUT = {"history_delete": "A job that is over stays in ComfyUI's history; that is its owner's."}


def test_every_recording_is_spoken_or_left_out_with_a_reason() -> None:
    assert sorted({*SPOKEN, *LEFT_OUT}) == sorted(RECORDED)
    assert not {*SPOKEN} & {*LEFT_OUT}
