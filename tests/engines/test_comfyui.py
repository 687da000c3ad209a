"""ComfyUI: manifests and their faults, graphs as they are filled, secrets, and odd answers."""

import json
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engines import (
    Call,
    Handle,
    JobSpec,
    JobState,
    Mode,
    Ref,
    RefKind,
    RefRole,
    Refused,
)
from engines._call import Answer
from engines._comfyui_answers import Reader
from engines._comfyui_graph import job_id_of
from engines.comfyui import ComfyUI

from .workflows import NOW, SPEC, at, spoil


def graph_of(engine: ComfyUI, spec: JobSpec) -> dict[str, Any]:
    return engine.order(spec).json["prompt"]


def test_an_order_fills_the_graph_and_leaves_the_rest_alone(workflows: Path) -> None:
    engine = at(workflows)
    graph = graph_of(engine, replace(SPEC, ratio="9:16", seed=9, negative="rain", seconds=1.5))
    size = graph["55"]["inputs"]
    assert (size["width"], size["height"], size["length"]) == (704, 1280, 37)
    assert graph["3"]["inputs"]["seed"] == 9
    assert (graph["6"]["inputs"]["text"], graph["7"]["inputs"]["text"]) == ("A paper boat", "rain")
    assert graph["37"] == engine.shelf.workflows["wan22_5b"].graph["37"]


def test_a_picture_that_is_not_ordered_leaves_the_graph_with_its_wires(workflows: Path) -> None:
    graph = graph_of(at(workflows), SPEC)
    assert "56" not in graph
    assert "start_image" not in graph["55"]["inputs"]


def test_an_optional_picture_takes_its_whole_branch_along(workflows: Path) -> None:
    spoil(workflows, 'drop = ["56"]', 'drop = ["56", "7"]\nneeded = false')
    graph = graph_of(at(workflows), replace(SPEC, mode=Mode.IMAGE_TO_VIDEO))
    assert not {"56", "7"} & set(graph)
    assert "negative" not in graph["3"]["inputs"]


def test_every_take_has_a_seed_and_a_file_of_its_own(workflows: Path) -> None:
    engine = at(workflows)
    graphs = [graph_of(engine, replace(SPEC, user_tag=tag)) for tag in ("take-1", "take-2")]
    assert len({graph["3"]["inputs"]["seed"] for graph in graphs}) == 2
    assert len({graph["58"]["inputs"]["filename_prefix"] for graph in graphs}) == 2
    assert graphs[0] == graph_of(engine, SPEC)


@pytest.mark.parametrize("tag", ["take-1", "", "Ünïcödé ⛵", "x" * 5000])
def test_an_orders_id_is_a_plain_uuid(tag: str) -> None:
    told = job_id_of(replace(SPEC, user_tag=tag))
    assert str(uuid.UUID(told)) == told == job_id_of(replace(SPEC, user_tag=tag, prompt="other"))


async def test_an_order_for_no_take_is_refused(workflows: Path) -> None:
    with pytest.raises(Refused, match="the id of the take"):
        await at(workflows).submit(replace(SPEC, user_tag=""))


def test_an_option_is_read_as_the_kind_of_value_that_the_graph_has(workflows: Path) -> None:
    engine = at(workflows)
    order = replace(SPEC, native={"steps": "30", "sampler": "euler"})
    assert engine.validate(order) == []
    told = graph_of(engine, order)["3"]["inputs"]
    assert (told["steps"], told["sampler_name"]) == (30, "euler")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"native": {"steps": "many"}}, "native"),
        ({"native": {"sampler": "mine"}}, "native"),
        ({"model": "gone"}, "model"),
        ({"fps": 30}, "fps"),
        ({"audio": True}, "audio"),
        ({"mode": Mode.IMAGE_TO_VIDEO}, "refs"),
        ({"refs": (Ref(role=RefRole.FIRST, uri="input.png"),)}, "refs"),
    ],
)
def test_what_the_workflow_lacks_is_a_problem_before_the_order(
    workflows: Path, changes: dict[str, Any], field: str
) -> None:
    problems = at(workflows).validate(replace(SPEC, **changes))
    assert [problem.field for problem in problems] == [field]


def first(**more: Any) -> JobSpec:
    return replace(SPEC, mode=Mode.IMAGE_TO_VIDEO, refs=(Ref(role=RefRole.FIRST, **more),))


def test_an_address_is_no_file_for_comfyui(workflows: Path) -> None:
    problems = at(workflows).validate(first(uri="https://example.com/a.png"))
    assert [each.text for each in problems] == [
        "The first image must be a file: ComfyUI reads no addresses."
    ]


def test_a_file_that_is_not_what_it_says_is_found_before_the_order(workflows: Path) -> None:
    (workflows / "frame.png").write_bytes(b"\0\0\0\x18ftypisom")
    problems = at(workflows).validate(first(path=workflows / "frame.png"))
    assert [each.text for each in problems] == [
        "The first image is no image file that can be read."
    ]


def test_two_pictures_of_one_name_do_not_overwrite_each_other(workflows: Path) -> None:
    names: set[str | None] = set()
    for colour in ("teal", "navy"):
        path = workflows / colour / "frame.png"
        path.parent.mkdir()
        Image.new("RGB", (8, 8), colour).save(path)
        talk = at(workflows).upload(Ref(path=path), SPEC)
        assert talk is not None
        call = next(talk)
        assert isinstance(call, Call)
        names.update(part.filename for part in call.parts or () if part.filename)
    assert len(names) == 2


@pytest.mark.parametrize("job_id", ["", "7", "0D6F3A1E-6D0C-4B1A-9A55-0F1F1F5F0001", "../queue"])
def test_an_id_that_comfyui_would_not_give_is_refused(workflows: Path, job_id: str) -> None:
    with pytest.raises(Refused, match="An id of ComfyUI is like"):
        at(workflows).adopted(job_id, SPEC)


def test_a_job_found_by_a_person_is_taken_over(workflows: Path) -> None:
    told = "0d6f3a1e-6d0c-4b1a-9a55-0f1f1f5f0001"
    assert at(workflows).adopted(told, SPEC).id == told


HANDLE = Handle(engine="comfyui", id="a-job", model="wan22_5b", submitted_at=NOW)


def standing(engine: ComfyUI, **told: Any) -> Any:
    body = json.dumps({"id": "a-job", **told}).encode()
    return engine.standing(HANDLE, Answer(status=200, headers={}, body=body))


def test_secrets_in_an_error_reach_neither_the_text_nor_the_record(workflows: Path) -> None:
    secrets = ["sk-live-0123456789abcdef", "hunter2", "our-own-proxy-key", "hf_ABCDEFGHIJKLMNOP"]
    message = (
        f"401 from https://u:{secrets[1]}@host/ with Authorization: Bearer {secrets[0]},"
        f" api_key='{secrets[3]}', token={secrets[3]}; {secrets[2]}"
    )
    error = {
        "exception_type": "RuntimeError",
        "exception_message": message,
        "node_id": "3",
        "current_inputs": {"api_key": [secrets[0]]},
        "traceback": [message],
    }
    told = standing(
        at(workflows, COMFYUI_API_KEY=secrets[2]),
        status="failed",
        execution_error=error,
        workflow={
            "prompt": {"1": {"inputs": {"api_key": "plain"}}},
            "extra_data": {"k": secrets[0]},
        },
    )
    everything = f"{told.fail} {told.raw}"
    assert not [secret for secret in [*secrets, "plain"] if secret in everything]
    assert "failed at Sampler (node 3): 401 from https" in told.fail.text


@pytest.mark.parametrize("kind", ["torch.OutOfMemoryError", "torch.cuda.OutOfMemoryError"])
def test_memory_that_runs_out_is_said_with_what_helps(workflows: Path, kind: str) -> None:
    error = {"exception_type": kind, "node_id": "77", "node_type": "WanUpscale"}
    told = standing(at(workflows), status="failed", execution_error=error)
    assert told.fail.text == (
        "ComfyUI ran out of graphics memory at WanUpscale (node 77). Order it smaller or shorter."
    )


FILES = {
    "12": {"images": [{"filename": "look.png", "type": "temp"}]},
    "58": {
        "text": ["a note"],
        "images": [{"filename": "still.png", "subfolder": "", "type": "output"}, None, "x.glb"],
        "gifs": [{"filename": "ö &#?.mp4", "subfolder": "a/b", "type": "output"}],
        "animated": [{"filename": "never.mp4"}],
        "latents": [{"filename": "x.latent", "type": "output"}],
    },
}


def test_clips_come_first_and_previews_not_at_all(workflows: Path) -> None:
    told = standing(at(workflows), status="completed", outputs=FILES)
    view = "http://127.0.0.1:8188/view?filename="
    assert [(each.kind, each.url) for each in told.outputs] == [
        (RefKind.VIDEO, f"{view}%C3%B6%20%26%23%3F.mp4&subfolder=a%2Fb&type=output"),
        (RefKind.IMAGE, f"{view}still.png&subfolder=&type=output"),
    ]


def test_previews_are_better_than_nothing(workflows: Path) -> None:
    spoil(workflows, 'outputs = ["58"]', "")
    told = standing(at(workflows), status="completed", outputs={"12": FILES["12"]})
    assert [each.url.partition("?")[2] for each in told.outputs] == [
        "filename=look.png&subfolder=&type=temp"
    ]


def test_a_workflow_that_is_gone_still_gives_its_clips(workflows: Path) -> None:
    body = json.dumps({"id": "x", "status": "completed", "outputs": FILES}).encode()
    engine, gone = at(workflows), replace(HANDLE, model="gone")
    told = engine.standing(gone, Answer(status=200, headers={}, body=body))
    assert told.state is JobState.SUCCEEDED
    assert engine.caps("gone").poll_seconds == engine.caps().poll_seconds


ODD: list[Any] = [
    {"outputs": {"9": None, "8": [1], "7": {"images": "x"}}, "status": "completed"},
    {"status": "failed"},
    {"status": "failed", "execution_error": {"exception_message": None, "node_id": 3}},
]


@pytest.mark.parametrize("told", ODD, ids=str)
def test_an_odd_answer_is_a_failure_in_a_sentence(workflows: Path, told: dict[str, Any]) -> None:
    status = standing(at(workflows), **told)
    assert status.state is JobState.FAILED
    assert status.fail.text.endswith(".")


STOPPED = [["execution_interrupted", {"node_id": "3"}], 7]
HISTORY: list[tuple[dict[str, Any], JobState]] = [
    ({"outputs": FILES}, JobState.SUCCEEDED),
    ({"outputs": FILES, "status": None}, JobState.SUCCEEDED),
    ({"outputs": None, "status": {"status_str": "success"}}, JobState.FAILED),
    ({"outputs": FILES, "status": {"status_str": "error", "messages": None}}, JobState.FAILED),
    ({"status": {"status_str": "error", "messages": STOPPED}}, JobState.CANCELED),
]


@pytest.mark.parametrize(("told", "state"), HISTORY)
def test_the_history_of_an_old_server_is_read(
    workflows: Path, told: dict[str, Any], state: JobState
) -> None:
    engine = at(workflows)
    reader = Reader(engine.shelf.workflows["wan22_5b"], lambda file: file["filename"])
    assert reader.history(told).state is state
