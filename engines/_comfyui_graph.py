"""Fill a workflow's graph with an order: each word goes where the manifest says."""

import uuid
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from ._comfyui_manifest import Graph, Place, RefPlace, Workflow
from ._errors import Refused
from ._job import JobSpec, Ref
from ._problems import Problem

_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "https://circletake/comfyui")
_SEEDS = 2**32
_YES_OR_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def job_id_of(spec: JobSpec) -> str:
    """Give the id that an order has at every server and after every restart: the take's, hashed.

    ComfyUI takes a UUID in lower case with hyphens and nothing else.
    """
    return str(uuid.uuid5(_OURS, spec.user_tag))


def filled(workflow: Workflow, spec: JobSpec) -> Graph:
    """Give the graph of an order. Raises Refused if a reference was not handed over."""
    graph = deepcopy(workflow.graph)
    for place, value in _values(workflow, spec):
        graph[place.node]["inputs"][place.input] = value
    gone: set[str] = set()
    for place, ref in _refs(workflow, spec):
        if ref is None:
            gone.update(place.drop or (place.node,))
        else:
            graph[place.node]["inputs"][place.input] = _name_of(ref)
    return _without(graph, gone)


def option_problems(workflow: Workflow, spec: JobSpec) -> Iterator[Problem]:
    """Find options whose value is of another kind than the graph's own."""
    for name, told in spec.native.items():
        option = workflow.manifest.options.get(name)
        if option is not None:
            own = workflow.graph[option.node]["inputs"][option.input]
            try:
                _like(own, told)
            except (ValueError, KeyError):
                yield Problem("native", f"{name} is {own!r} in this workflow; {told!r} is not so.")


def _values(workflow: Workflow, spec: JobSpec) -> Iterator[tuple[Place, Any]]:
    slots, manifest = workflow.manifest.slots, workflow.manifest
    width, height = manifest.sizes.get(spec.ratio, {}).get(spec.resolution, (None, None))
    fps = spec.fps or (manifest.rates[0] if manifest.rates else None)
    told = (
        (slots.prompt, spec.prompt),
        (slots.negative, spec.negative),
        (slots.seed, _seed_of(spec)),
        (slots.width, width),
        (slots.height, height),
        (slots.frames, _frames(workflow, spec, fps)),
        (slots.seconds, spec.seconds),
        (slots.fps, fps),
        (slots.filename_prefix, f"circletake/{job_id_of(spec)[:13]}"),
    )
    yield from ((place, value) for place, value in told if place is not None and value is not None)
    for name, value in spec.native.items():
        option = manifest.options[name]
        yield option, _like(workflow.graph[option.node]["inputs"][option.input], value)


def _seed_of(spec: JobSpec) -> int:
    """Give another seed to every take: ComfyUI makes nothing new from a graph it has seen."""
    return uuid.UUID(job_id_of(spec)).int % _SEEDS if spec.seed is None else spec.seed


def _frames(workflow: Workflow, spec: JobSpec, fps: int | None) -> int | None:
    slot = workflow.manifest.slots.frames
    if slot is None or fps is None:
        return None
    return round(spec.seconds * fps / slot.step) * slot.step + slot.plus


def _refs(workflow: Workflow, spec: JobSpec) -> Iterator[tuple[RefPlace, Ref | None]]:
    """Deal the order's references out; a place in another mode, or left over, gets none."""
    wanted = workflow.refs_in(spec.mode)
    left = list(spec.refs)
    for place in workflow.manifest.refs:
        fits = (ref for ref in left if (ref.role, ref.kind) == (place.role, place.kind))
        ref = next(fits, None) if place in wanted else None
        if ref is not None:
            left.remove(ref)
        yield place, ref


def _name_of(ref: Ref) -> str:
    if not ref.uri or "://" in ref.uri:
        raise Refused(f"The {ref.role.value} {ref.kind.value} was not handed over to ComfyUI.")
    return ref.uri


def _without(graph: Graph, gone: set[str]) -> Graph:
    """Take nodes out, and every wire that comes from them."""
    return {
        key: {**node, "inputs": {n: v for n, v in node["inputs"].items() if not _from(v, gone)}}
        for key, node in graph.items()
        if key not in gone
    }


def _from(value: Any, gone: set[str]) -> bool:
    match value:
        case [str(node), int()]:
            return node in gone
        case _:
            return False


def _like(own: Any, told: Any) -> Any:
    """Read an option, which may come as text, as the kind of value that the graph has there."""
    match own:
        case bool():
            return _YES_OR_NO[str(told).lower()]
        case int():
            return int(str(told))
        case float():
            return float(str(told))
        case _:
            return str(told)
