"""The sandbox's ComfyUI behaves as one does, old and new."""

import json
import struct
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
import pytest

from tests.engines.captures import captures
from tests.sandbox import Fault, Sandbox
from tests.sandbox._comfy_drive import Client, graph
from tests.sandbox._comfy_nodes import Json
from tests.sandbox._replay import PIXEL
from tests.sandbox.comfyui import restart
from tests.sandbox.conftest import frames

VENDORS = ("comfyui", "comfyui_old")
RECORDED: list[dict[str, Any]] = captures("comfyui")["ws_progress"].response["server_messages"]


@pytest.fixture
async def comfy(sandbox: Sandbox) -> AsyncIterator[Client]:
    async with httpx.AsyncClient() as http:
        yield Client(sandbox, http)


@pytest.fixture
async def old(sandbox: Sandbox) -> AsyncIterator[Client]:
    async with httpx.AsyncClient() as http:
        yield Client(sandbox, http, "comfyui_old")


async def test_a_graph_becomes_a_film_that_decodes(comfy: Client) -> None:
    prompt_id = await comfy.submit(graph())
    past = await comfy.past(prompt_id)
    (file,) = past["outputs"]["9"]["images"]
    film = await comfy.http.get(f"{comfy.url}/view", params=file)
    assert frames(film.content) == 24
    assert (await comfy.get(f"/api/jobs/{prompt_id}"))["status"] == "completed"


@pytest.mark.parametrize(
    ("nodes", "kind", "where"),
    [
        (graph(sampler_name="nope"), "value_not_in_list", "3"),
        (graph(steps=0), "value_smaller_than_min", "3"),
        (graph(steps="many"), "invalid_input_type", "3"),
        (graph(model=["2", 0]), "return_type_mismatch", "3"),
        (graph(model=["99", 0]), "exception_during_validation", "3"),
        (graph(model="wan"), "bad_linked_input", "3"),
        ({key: node for key, node in graph().items() if key != "9"}, "prompt_no_outputs", None),
        ({"1": {"class_type": "Nope", "inputs": {}}}, "missing_node_type", None),
    ],
)
async def test_a_graph_is_checked_node_by_node(
    comfy: Client, sandbox: Sandbox, nodes: Any, kind: str, *, where: str | None
) -> None:
    answer = await comfy.post("/prompt", {"prompt": nodes})
    told = answer.json()
    assert answer.status_code == 400
    if where is None:
        assert told["error"]["type"] == kind
    else:
        assert told["error"]["type"] == "prompt_outputs_failed_validation"
        assert told["node_errors"][where]["errors"][0]["type"] == kind
        assert told["node_errors"][where]["dependent_outputs"] == ["9"]
    assert not len(sandbox.ledger)


SOME = uuid.UUID("0d6f3a1e-6d0c-4b1a-9a55-0f1f1f5f0001")


@pytest.mark.parametrize("given", ["shot-1", str(SOME).upper(), SOME.hex, 7])
async def test_an_id_of_ones_own_must_be_a_canonical_uuid(
    comfy: Client, old: Client, given: object
) -> None:
    body = {"prompt": graph(), "prompt_id": given}
    refused, taken = await comfy.post("/prompt", body), await old.post("/prompt", body)
    assert refused.status_code == 400
    assert refused.json()["error"]["type"] == "invalid_prompt_id"
    assert taken.json()["prompt_id"] == str(given)


async def test_the_old_server_has_no_jobs(old: Client) -> None:
    prompt_id = await old.submit(graph())
    looked = await old.http.get(f"{old.url}/api/jobs/{prompt_id}")
    stopped = await old.post(f"/api/jobs/{prompt_id}/cancel")
    assert {looked.status_code, stopped.status_code} <= {404, 405}
    assert (await old.past(prompt_id))["status"]["status_str"] == "success"


async def test_jobs_run_one_after_the_other(comfy: Client, sandbox: Sandbox) -> None:
    sandbox.pace.latency = 60
    running, waiting = await comfy.submit(graph("one")), await comfy.submit(graph("two boats"))
    queue = await comfy.get("/queue")
    assert [row[1] for row in queue["queue_running"]] == [running]
    assert [row[1] for row in queue["queue_pending"]] == [waiting]
    assert (await comfy.get(f"/api/jobs/{waiting}"))["status"] == "pending"
    await comfy.post("/interrupt", {"prompt_id": waiting})
    assert (await comfy.get("/queue"))["queue_running"], "it does not run, so nothing is stopped"
    await comfy.post("/interrupt", {"prompt_id": running})
    assert (await comfy.get(f"/api/jobs/{running}"))["status"] == "cancelled"
    assert [row[1] for row in (await comfy.get("/queue"))["queue_running"]] == [waiting]


async def test_canceling_drops_what_waits_and_stops_what_runs(
    comfy: Client, sandbox: Sandbox
) -> None:
    sandbox.pace.latency = 60
    running, waiting = await comfy.submit(graph("one")), await comfy.submit(graph("two boats"))
    for prompt_id in (waiting, running):
        told = await comfy.post(f"/api/jobs/{prompt_id}/cancel")
        assert told.json() == {"cancelled": True}
    again = await comfy.post(f"/api/jobs/{running}/cancel")
    assert again.json() == {"cancelled": False}
    past = await comfy.past(running)
    assert past["status"]["messages"][-1][0] == "execution_interrupted"
    assert (await comfy.http.get(f"{comfy.url}/api/jobs/{waiting}")).status_code == 404


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(Fault.ENGINE, "RuntimeError"), (Fault.TRANSIENT, "torch.OutOfMemoryError")],
)
async def test_a_failed_job_says_which_exception(
    comfy: Client, sandbox: Sandbox, fault: Fault, kind: str
) -> None:
    sandbox.next("comfyui", fault)
    prompt_id = await comfy.submit(graph())
    past = await comfy.past(prompt_id)
    assert past["status"]["messages"][-1][1]["exception_type"] == kind
    told = await comfy.get(f"/api/jobs/{prompt_id}")
    assert (told["status"], told["execution_error"]["exception_type"]) == ("failed", kind)


async def test_a_restart_loses_history_and_keeps_files(comfy: Client, sandbox: Sandbox) -> None:
    prompt_id = await comfy.submit(graph())
    (file,) = (await comfy.past(prompt_id))["outputs"]["9"]["images"]
    await sandbox.down("comfyui")
    restart(sandbox.desk("comfyui"))
    await sandbox.up("comfyui")
    assert await comfy.get(f"/history/{prompt_id}") == {}
    assert await comfy.get("/queue") == {"queue_running": [], "queue_pending": []}
    assert frames((await comfy.http.get(f"{comfy.url}/view", params=file)).content)


async def test_the_same_graph_again_is_over_at_once_with_the_same_file(
    comfy: Client, sandbox: Sandbox
) -> None:
    first = await comfy.past(await comfy.submit(graph()))
    sandbox.pace.latency = 60
    again = await comfy.past(await comfy.submit(graph()))
    assert again["outputs"] == first["outputs"]
    other = await comfy.submit(graph(seed=6))
    assert (await comfy.get(f"/api/jobs/{other}"))["status"] == "in_progress"


async def test_a_picture_is_uploaded_before_it_is_loaded(comfy: Client) -> None:
    nodes = graph()
    nodes["11"] = {"class_type": "LoadImage", "inputs": {"image": "refs/ref.png"}}
    nodes["5"]["inputs"]["start_image"] = ["11", 0]
    refused = await comfy.post("/prompt", {"prompt": nodes})
    assert refused.json()["node_errors"]["11"]["errors"][0]["type"] == "custom_validation_failed"
    names: list[str] = []
    for content in (PIXEL, PIXEL, b"another"):
        files = {"image": ("ref.png", content, "image/png")}
        answer = await comfy.http.post(
            f"{comfy.url}/upload/image", files=files, data={"subfolder": "refs"}
        )
        names.append(answer.json()["name"])
    assert names == ["ref.png", "ref.png", "ref (1).png"]
    assert await comfy.submit(nodes)


async def listened(session: aiohttp.ClientSession, url: str, comfy: Client, **flags: bool) -> Any:
    """Submit a graph while listening, and return all that was said until it was over."""
    heard: list[Any] = []
    async with session.ws_connect(f"{url}/ws?clientId=film-client") as socket:
        await socket.send_json({"type": "feature_flags", "data": flags})
        await comfy.submit(graph(seed=len(flags)))
        async for message in socket:
            heard.append(
                message.data
                if message.type is aiohttp.WSMsgType.BINARY
                else json.loads(message.data)
            )
            if isinstance(heard[-1], dict) and heard[-1]["type"] == "execution_success":
                return heard
    raise AssertionError("The socket closed before the job was over.")


async def test_the_socket_tells_what_was_recorded(comfy: Client) -> None:
    async with aiohttp.ClientSession() as session:
        heard = await listened(session, comfy.url, comfy)
    said: list[Json] = [one for one in heard if not isinstance(one, bytes)]
    kinds = [one["type"] for one in said]
    for recorded in (one for one in RECORDED if "type" in one):
        kind = recorded["type"]
        told = next(one for one in said if one["type"] == kind)
        assert recorded["data"].keys() <= told["data"].keys(), kind
    assert kinds.index("execution_start") < kinds.index("progress") < kinds.index("executed")
    assert said[kinds.index("status")]["data"]["sid"] == "film-client"
    previews = [one for one in heard if isinstance(one, bytes)]
    assert struct.unpack(">II", previews[0][:8]) == (1, 1)
    assert previews[0][8:].startswith(b"\xff\xd8")


async def test_who_asks_for_it_gets_previews_with_their_job(comfy: Client) -> None:
    async with aiohttp.ClientSession() as session:
        heard = await listened(session, comfy.url, comfy, supports_preview_metadata=True)
    preview = next(one for one in heard if isinstance(one, bytes))
    kind, size = struct.unpack(">II", preview[:8])
    assert kind == 4
    assert "prompt_id" in json.loads(preview[8 : 8 + size])


async def test_what_runs_is_known_for_its_node(comfy: Client) -> None:
    assert (await comfy.get("/object_info/SaveVideo"))["SaveVideo"]["output_node"] is True
    assert await comfy.get("/object_info/Nope") == {}
    assert (await comfy.get("/api/system_stats"))["system"]["comfyui_version"] == "0.38.1"
    outside = await comfy.http.get(f"{comfy.url}/view", params={"filename": "../secret"})
    assert outside.status_code == 400
