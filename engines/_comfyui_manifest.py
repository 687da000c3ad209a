"""Workflows that the operator keeps: a manifest that says what a graph offers, and the graph.

`NAME.toml` is a manifest, written by hand and so in TOML, which Python reads by itself and which
has comments; `docs/comfyui/wan22_5b.toml` shows every field. The graph beside it is ComfyUI's own
JSON, exported for the API. Each manifest is one model, called NAME.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ._errors import Misconfigured
from ._words import Mode, RefKind, RefRole

Graph = dict[str, dict[str, Any]]
"""ComfyUI's API format: for each node id its `class_type` and `inputs`."""

_NEEDS_LENGTH = frozenset({Mode.TEXT_TO_VIDEO, Mode.IMAGE_TO_VIDEO, Mode.REFERENCE_TO_VIDEO})
_RATIO = re.compile(r"[1-9]\d*(\.\d+)?:[1-9]\d*(\.\d+)?")
_Side = Annotated[int, Field(ge=16, le=16384, multiple_of=2)]
_Seconds = Annotated[float, Field(gt=0, le=3600)]
_Fps = Annotated[int, Field(ge=1, le=240)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Place(_Strict):
    """One input of one node."""

    node: str
    input: str


class Frames(Place):
    """An input that counts frames: a multiple of `step`, and `plus`, as video models want it."""

    step: int = Field(default=1, ge=1)
    plus: int = Field(default=0, ge=0)


class RefPlace(Place):
    """An input that names an uploaded file; without one, the nodes of `drop` leave the graph."""

    role: RefRole
    kind: RefKind = RefKind.IMAGE
    needed: bool = True
    modes: tuple[Mode, ...] = ()
    drop: tuple[str, ...] = ()


class Option(Place):
    """An input that only this workflow has."""

    about: str
    only: tuple[str, ...] = ()


class Span(_Strict):
    """Any length between two, in seconds."""

    least: _Seconds
    most: _Seconds


class Slots(_Strict):
    """Where the common words of an order go; a word without a place is not offered."""

    prompt: Place | None = None
    negative: Place | None = None
    seed: Place | None = None
    width: Place | None = None
    height: Place | None = None
    frames: Frames | None = None
    seconds: Place | None = None
    fps: Place | None = None
    filename_prefix: Place | None = None

    def places(self) -> Iterator[tuple[str, Place]]:
        """Name every place that is given."""
        for name in type(self).model_fields:
            if (place := getattr(self, name)) is not None:
                yield f"slots.{name}", place


class Manifest(_Strict):
    """A manifest as it is written."""

    label: str = Field(min_length=1)
    graph: str = Field(min_length=1)
    modes: tuple[Mode, ...] = Field(min_length=1)
    licence: str = Field(min_length=1)
    seconds: tuple[_Seconds, ...] | Span = ()
    fps: _Fps | tuple[_Fps, ...] = ()
    sizes: dict[str, dict[str, tuple[_Side, _Side]]] = {}
    prompt_most: int | None = Field(default=None, ge=1)
    cents_per_second: float = Field(default=0, ge=0)
    priced_on: date | None = None
    outputs: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    slots: Slots = Slots()
    refs: tuple[RefPlace, ...] = ()
    options: dict[str, Option] = {}

    def places(self) -> Iterator[tuple[str, Place]]:
        """Name every place in the graph that an order may fill."""
        yield from self.slots.places()
        yield from ((f"refs.{number}", ref) for number, ref in enumerate(self.refs, start=1))
        yield from ((f"options.{name}", option) for name, option in self.options.items())

    @property
    def rates(self) -> tuple[int, ...]:
        """The frames a second that it can make, the usual one first."""
        return (self.fps,) if isinstance(self.fps, int) else self.fps


@dataclass(frozen=True, slots=True)
class Workflow:
    """A manifest and its graph, which fit each other."""

    name: str
    manifest: Manifest
    graph: Graph
    priced_on: date

    @property
    def work(self) -> frozenset[str]:
        """The nodes that take the time: those named, else the samplers, else all."""
        samplers = {key for key, node in self.graph.items() if "Sampler" in node["class_type"]}
        return frozenset(self.manifest.work or samplers or self.graph)

    @property
    def classes(self) -> list[str]:
        """The kinds of nodes that a server must know, each once."""
        return sorted({node["class_type"] for node in self.graph.values()})

    def called(self, node_id: str) -> str:
        """Name a node as its author sees it: its title or its class, and its number."""
        node = self.graph.get(node_id, {})
        title = node.get("_meta", {}).get("title") or node.get("class_type")
        return f"{title} (node {node_id})" if title else f"node {node_id}"

    def refs_in(self, mode: Mode) -> list[RefPlace]:
        """Give the places for references that a mode has."""
        return [ref for ref in self.manifest.refs if not ref.modes or mode in ref.modes]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The workflows of a folder by name, and what is wrong with the others."""

    workflows: dict[str, Workflow]
    faults: dict[str, str]


def shelf_at(folder: Path) -> Shelf:
    """Read every manifest of a folder. Raises Misconfigured if none of them can be used."""
    if not folder.is_dir():
        raise Misconfigured(f"COMFYUI_WORKFLOWS is {folder}, which is not a folder.")
    shelf = Shelf({}, {})
    for path in sorted(folder.glob("*.toml")):
        try:
            shelf.workflows[path.stem] = workflow_at(path)
        except Misconfigured as why:
            shelf.faults[path.stem] = str(why)
    if not shelf.workflows:
        told = " ".join(shelf.faults.values()) or "It holds no manifest, which ends in .toml."
        raise Misconfigured(f"COMFYUI_WORKFLOWS offers no workflow. {told}")
    return shelf


def workflow_at(path: Path) -> Workflow:
    """Read a manifest and its graph. Raises Misconfigured with the file, the field and the fault.

    Only the first fault is named: the next one shows when it is mended.
    """
    try:
        manifest = Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as why:
        raise Misconfigured(f"{path.name}: {_first(why)}.") from None
    graph = _graph_at(path, manifest.graph)
    if fault := next(_misfits(manifest, graph), None):
        raise Misconfigured(f"{path.name}: {fault}.")
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    return Workflow(path.stem, manifest, graph, manifest.priced_on or changed)


def _first(why: Exception) -> str:
    if not isinstance(why, ValidationError):
        return f"it cannot be read: {str(why).splitlines()[0].rstrip('.')}"
    error = why.errors()[0]
    field = ".".join(str(part) for part in error["loc"] if part not in _UNION_TAGS)
    match error["type"]:
        case "missing":
            return f"{field} is missing"
        case "extra_forbidden":
            return f"{field} is no field of a manifest"
        case _:
            return f"{field}: {error['msg'].rstrip('.')}"


_UNION_TAGS = frozenset({"Span", "int", "constrained-int"})


def _graph_at(path: Path, name: str) -> Graph:
    if Path(name).name != name:
        raise Misconfigured(f"{path.name}: graph is {name}; name a file in the same folder.")
    try:
        told: object = json.loads((path.parent / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Misconfigured(f"{path.name}: graph is {name}, and there is no such file.") from None
    except (OSError, ValueError):
        raise Misconfigured(f"{path.name}: graph is {name}, which is no JSON.") from None
    nodes = cast("dict[str, Any]", told) if isinstance(told, dict) else {}
    if not nodes or not all(_is_node(node) for node in nodes.values()):
        text = f"{path.name}: graph is {name}, which is not in API format. Use File, Export (API)."
        raise Misconfigured(text)
    return nodes


def _is_node(node: object) -> bool:
    match node:
        case {"class_type": str(), "inputs": dict()}:
            return True
        case _:
            return False


def _misfits(manifest: Manifest, graph: Graph) -> Iterator[str]:
    """Find what a manifest says that its graph, or the rest of it, does not bear out."""
    for field, place in manifest.places():
        if place.node not in graph:
            yield f"{field}.node is {place.node}, which is no node of {manifest.graph}"
        elif place.input not in graph[place.node]["inputs"]:
            kind = graph[place.node]["class_type"]
            yield f"{field}.input is {place.input}, which {kind} (node {place.node}) does not have"
    named = {"outputs": manifest.outputs, "work": manifest.work}
    named |= {f"refs.{number}.drop": ref.drop for number, ref in enumerate(manifest.refs, start=1)}
    for field, nodes in named.items():
        for node in set(nodes) - set(graph):
            yield f"{field} names {node}, which is no node of {manifest.graph}"
    yield from _gaps(manifest)


def _gaps(manifest: Manifest) -> Iterator[str]:
    slots, lengths = manifest.slots, _choices(manifest)
    makes_clips = bool(_NEEDS_LENGTH.intersection(manifest.modes))
    makes_pictures = makes_clips or Mode.TEXT_TO_IMAGE in manifest.modes
    sizes = [size for sizes in manifest.sizes.values() for size in sizes]
    is_sized = slots.width is not None and slots.height is not None
    is_timed = slots.frames is not None or slots.seconds is not None
    rules = (
        (makes_clips and not lengths, "seconds is missing: say how long its clips may be"),
        (lengths != sorted(lengths), "seconds is not in order: write the shortest first"),
        (makes_pictures and not sizes, "sizes is missing: say which ratios and resolutions fit"),
        (slots.frames and not manifest.rates, "fps is missing: slots.frames counts frames"),
        (len(manifest.rates) > 1 and not slots.fps, "slots.fps is missing: fps leaves a choice"),
        (len(lengths) > 1 and not is_timed, "slots.frames is missing: seconds leaves a choice"),
        (len(sizes) > 1 and not is_sized, "slots.width or height is missing: sizes has a choice"),
    )
    yield from (f"sizes names {each}; write a ratio like 16:9" for each in _odd(manifest.sizes))
    yield from (text for is_wrong, text in rules if is_wrong)


def _odd(ratios: Iterable[str]) -> list[str]:
    return [each for each in ratios if not _RATIO.fullmatch(each)]


def _choices(manifest: Manifest) -> list[float]:
    told = manifest.seconds
    return [told.least, told.most] if isinstance(told, Span) else list(told)
