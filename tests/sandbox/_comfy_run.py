"""What a queued graph does, by the clock: its events in order, its files, its place in history."""

import time
from collections.abc import Iterator
from typing import Any, Final, cast

from tests.sandbox._comfy_nodes import NODES, Json
from tests.sandbox._faults import Fault
from tests.sandbox._jobs import Job, Picture, State
from tests.sandbox._uploads import Upload, Uploads

_STEPS: Final = 10
_FPS: Final = 24.0
_DEFAULT: Final = Picture(832, 480, 2.0)
Event = tuple[float, str, Json]
"""At which share of the time, what, and with which data."""


def picture_of(graph: Json, outputs: list[str]) -> Picture:
    """Find out what a graph makes from the numbers in it."""
    found: Json = {}
    for node in graph.values():
        numbers = {key: v for key, v in node["inputs"].items() if isinstance(v, int | float)}
        found = {**numbers, **found}
    is_still = graph[outputs[0]]["class_type"] in {"SaveImage", "PreviewImage"}
    fps = float(found.get("fps") or found.get("frame_rate") or _FPS)
    return Picture(
        int(found.get("width", _DEFAULT.width)),
        int(found.get("height", _DEFAULT.height)),
        max(0.5, float(found.get("length", fps * _DEFAULT.seconds)) / fps),
        form="png" if is_still else "mp4",
    )


def prompt_of(graph: Json) -> str:
    """Give all that is written in a graph."""
    inputs = [value for node in graph.values() for value in node.get("inputs", {}).values()]
    return "\n".join(
        value for value in inputs if isinstance(value, str) and (" " in value or "[[" in value)
    )


def name_files(job: Job, uploads: Uploads, *, number: int) -> None:
    """Settle what each saving node's file will be called, and let /view find it."""
    files: Json = {}
    for node_id in job.facts["outputs"]:
        node = job.order.request["prompt"][node_id]
        prefix = str(node["inputs"].get("filename_prefix", "ComfyUI"))
        folder, _, stem = prefix.rpartition("/")
        stem = "shared" if Fault.SAME_OUTPUT in job.faults else stem
        form = job.order.picture.form
        kind = "temp" if node["class_type"] == "PreviewImage" else "output"
        shown = {"filename": f"{stem}_{number:05}_.{form}", "subfolder": folder, "type": kind}
        files[node_id] = shown
        kept = Upload(
            vendor=job.vendor, id=file_id(**shown), name=stem, mime="", facts={"job": job}
        )
        uploads.add(kept)
    job.facts["files"] = files


def file_id(*, filename: str, subfolder: str, type: str) -> str:  # noqa: A002 - ComfyUI's word
    """Give the name under which a file is kept."""
    return f"{type}:{subfolder}/{filename}"


def outputs_of(job: Job) -> Json:
    """Show the files as each node does: SaveVideo under `images`, VHS under `gifs`."""
    return {node_id: _shown(job, node_id, file) for node_id, file in job.facts["files"].items()}


def _shown(job: Job, node_id: str, file: Json) -> Json:
    name = job.order.request["prompt"][node_id]["class_type"]
    if name == "VHS_VideoCombine":
        more = {"format": "video/h264-mp4", "frame_rate": _FPS}
        return {"gifs": [{**file, **more}]}
    shown: Json = {str(NODES[name].saves): [file]}
    return {**shown, "animated": [True]} if name == "SaveVideo" else shown


def events_of(job: Job, words: Json | None) -> Iterator[Event]:
    """Tell everything that happens to a job; `words` says how it fails, if it does."""
    graph, said = job.order.request["prompt"], {"prompt_id": job.id}
    nodes: list[str] = [] if job.facts["cached"] else list(graph)
    yield 0.0, "execution_start", {**said, "timestamp": _moment(job.started)}
    cached = list(graph) if job.facts["cached"] else []
    yield 0.0, "execution_cached", {"nodes": cached, **said, "timestamp": _moment(job.started)}
    for number, node_id in enumerate(nodes):
        yield from _node_events(job, node_id, number=number, count=len(nodes))
    if words is not None:
        yield 1.0, "execution_error", {**said, **words, "timestamp": _moment(job.ends)}
        return
    if Fault.NO_OUTPUT not in job.faults and not job.facts["cached"]:
        for node_id, output in outputs_of(job).items():
            shown = {"node": node_id, "display_node": node_id, "output": output}
            yield 1.0, "executed", {**shown, **said}
    yield 1.0, "executing", {"node": None, **said}
    yield 1.0, "execution_success", {**said, "timestamp": _moment(job.ends)}


def _node_events(job: Job, node_id: str, *, number: int, count: int) -> Iterator[Event]:
    said, at = {"prompt_id": job.id}, number / count
    yield at, "executing", {"node": node_id, "display_node": node_id, **said}
    if "Sampler" not in job.order.request["prompt"][node_id]["class_type"]:
        return
    for step in range(1, _STEPS + 1):
        share = at + step / _STEPS / count
        value = step
        if Fault.BACKWARDS in job.faults and step > _STEPS // 2:
            value = max(1, step - 3)
        state = {"value": value, "max": _STEPS, "state": "running", "node_id": node_id, **said}
        yield share, "progress_state", {**said, "nodes": {node_id: state}}
        yield share, "progress", {"value": value, "max": _STEPS, **said, "node": node_id}
        if step == _STEPS // 2:
            yield share, "preview", said


def history_of(job: Job, words: Json | None) -> Json:
    """Write a job that is over as `/history` does."""
    order = job.order.request
    kept = {"execution_start", "execution_cached", "execution_error", "execution_success"}
    told = [[what, data] for _, what, data in events_of(job, words) if what in kept]
    if job.state is State.CANCELED:
        stopped = interrupted(job)
        told = [*told[:1], [stopped["type"], stopped["data"]]]
    fine = job.state is State.SUCCEEDED
    return {
        "prompt": [job.facts["number"], job.id, order["prompt"], extra_of(job), outputs_ids(job)],
        "outputs": outputs_of(job) if job.has_output else {},
        "status": {
            "status_str": "success" if fine else "error",
            "completed": fine,
            "messages": told,
        },
        "meta": {},
    }


def interrupted(job: Job) -> Json:
    """Tell that a job was stopped while it ran."""
    data: Json = {"prompt_id": job.id, "node_id": None, "node_type": None, "executed": []}
    data["timestamp"] = job.facts.get("stopped_at", _moment(job.ends))
    return {"type": "execution_interrupted", "data": data}


def extra_of(job: Job) -> Json:
    """Give what was sent beside the graph."""
    order = job.order.request
    extra: Json = {**cast("Json", order.get("extra_data") or {})}
    if "client_id" in order:
        extra["client_id"] = order["client_id"]
    return {**extra, "create_time": int(job.created_at * 1000)}


def outputs_ids(job: Job) -> list[str]:
    """Give the nodes that save something."""
    return cast("list[str]", job.facts["outputs"])


def row_of(job: Job) -> list[Any]:
    """Write a job that is not over as `/queue` does."""
    graph = job.order.request["prompt"]
    return [job.facts["number"], job.id, graph, extra_of(job), outputs_ids(job)]


def job_of(job: Job, words: Json | None) -> Json:
    """Write a job as `/api/jobs/{id}` does."""
    shown: Json = {"id": job.id, "priority": job.facts["number"]}
    shown["create_time"] = int(job.created_at * 1000)
    shown["workflow"] = {"prompt": job.order.request["prompt"], "extra_data": extra_of(job)}
    if not job.is_over:
        waits = is_waiting(job)
        status = "pending" if waits else "rehearsing" if job.is_odd else "in_progress"
        return {**shown, "status": status, "outputs_count": 0, "previewable_outputs_count": 0}
    past = history_of(job, words)
    count = len(past["outputs"])
    shown |= {"outputs": past["outputs"], "execution_status": past["status"]}
    shown |= {"outputs_count": count, "previewable_outputs_count": count}
    shown |= {"execution_start_time": _moment(job.started), "execution_end_time": _moment(job.ends)}
    if job.state is State.FAILED:
        shown["execution_error"] = {"prompt_id": job.id, **(words or {})}
    return {**shown, "status": _OVER[job.state]}


def is_waiting(job: Job) -> bool:
    """Say whether a job's turn has not come: this server runs one after the other."""
    return time.monotonic() < job.started


_OVER: Final = {
    State.SUCCEEDED: "completed",
    State.FAILED: "failed",
    State.CANCELED: "cancelled",
}


def _moment(monotonic: float) -> int:
    """Give a moment of the monotonic clock in milliseconds since 1970."""
    return int((time.time() - time.monotonic() + monotonic) * 1000)
