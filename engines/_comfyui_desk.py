"""What a workflow offers as tables, how its files are handed over, and whether a server has it."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from pydantic import BaseModel

from ._base import Finding
from ._call import Call, Part, Talk
from ._caps import Caps, Lengths, Native, Offer, Price, Slot
from ._comfyui_manifest import Span, Workflow
from ._errors import Broken
from ._facts import Statement
from ._job import JobSpec, Ref
from ._media_kind import mime_of
from ._problems import Problem
from ._words import Mode, RefKind, RefRole

_POLLED_EVERY = 2.0
_WRITTEN = date(2026, 11, 22)
_MOST_NAMED = 3


class _Uploaded(BaseModel):
    name: str
    subfolder: str = ""


def caps_of(workflow: Workflow) -> Caps:
    """Read a manifest as a table of what can be ordered."""
    manifest = workflow.manifest
    cents = manifest.cents_per_second
    text = f"{cents:g} cents a second, as the manifest says" if cents else "free: your own machine"
    price = Price(
        text=text,
        source=f"{workflow.name}.toml",
        dated=workflow.priced_on,
        cents_per_second=cents,
    )
    licence = Statement(f"{manifest.label}: {manifest.licence}", "unverified")
    return replace(
        caps_of_none(workflow.name),
        modes={mode: _offer(workflow, mode) for mode in manifest.modes},
        price=price,
        rights=(licence,),
    )


def caps_of_none(model: str) -> Caps:
    """Describe a workflow whose manifest is gone: its jobs are still asked for."""
    price = Price(text="unknown: its manifest is gone", source="COMFYUI_WORKFLOWS", dated=_WRITTEN)
    return Caps(
        modes={},
        price=price,
        model=model,
        cancel=True,
        progress=True,
        repeatable=True,
        poll_seconds=_POLLED_EVERY,
    )


def ref_problems(spec: JobSpec) -> Iterator[Problem]:
    """Find references that are no files of the kind they are said to be.

    One with a hash alone is kept here, and will be a file when the order is placed.
    """
    for ref in spec.refs:
        name = f"The {ref.role.value} {ref.kind.value}"
        if ref.path is None and ref.sha256 is None and "://" in (ref.uri or "://"):
            yield Problem("refs", f"{name} must be a file: ComfyUI reads no addresses.")
        elif ref.path is not None and not (mime_of(ref.path) or "").startswith(ref.kind.value):
            yield Problem("refs", f"{name} is no {ref.kind.value} file that can be read.")


def uploading(ref: Ref, path: Path) -> Talk[Ref]:
    """Hand a file over under the name of its contents, so that no other file is overwritten."""
    mime = mime_of(path) or "application/octet-stream"
    name = f"circletake-{ref.sha256 or _hash_of(path)}.{mime.partition('/')[2]}"
    image = Part(name="image", filename=name, content=path, mime=mime)
    parts = (Part(name="overwrite", text="true"), image)
    answer = yield Call(method="POST", path="/upload/image", parts=parts)
    told = answer.read(_Uploaded)
    return replace(ref, uri=f"{told.subfolder}/{told.name}" if told.subfolder else told.name)


def checked(workflows: list[Workflow]) -> Talk[list[Finding]]:
    """Ask whether the server is there, and has every node and every file of the workflows."""
    answer = yield Call(method="GET", path="/system_stats")
    found = [Finding("server", is_ok=True, told=_server(answer.json()))]
    known: dict[str, Any] = {}
    for name in sorted({name for workflow in workflows for name in workflow.classes}):
        answer = yield Call(method="GET", path=f"/object_info/{quote(name, safe='')}")
        known |= answer.json()
    found += [_finding(workflow, known) for workflow in workflows]
    return found


def _offer(workflow: Workflow, mode: Mode) -> Offer:
    manifest, slots = workflow.manifest, workflow.manifest.slots
    return Offer(
        lengths=None if mode.makes_still else _lengths(manifest.seconds),
        ratios=manifest.sizes,
        slots=tuple(_slots(workflow, mode)),
        prompt_needed=slots.prompt is not None,
        prompt_most=manifest.prompt_most,
        negative=slots.negative is not None,
        seed=slots.seed is not None,
        fps=manifest.rates,
        native={
            name: Native(about=option.about, only=option.only)
            for name, option in manifest.options.items()
        },
    )


def _lengths(told: tuple[float, ...] | Span) -> Lengths | None:
    if isinstance(told, Span):
        return Lengths(least=told.least, most=told.most)
    return Lengths(only=told) if told else None


def _slots(workflow: Workflow, mode: Mode) -> Iterator[Slot]:
    counts: dict[tuple[RefRole, RefKind], list[bool]] = {}
    for ref in workflow.refs_in(mode):
        counts.setdefault((ref.role, ref.kind), []).append(ref.needed)
    for (role, kind), needed in counts.items():
        yield Slot(role=role, kind=kind, least=sum(needed), most=len(needed))


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _server(told: Any) -> str:
    match told:
        case {"system": {"comfyui_version": str(version)}}:
            return f"ComfyUI {version} answers."
        case {"system": dict()}:
            return "A ComfyUI answers that does not tell its version."
        case _:
            raise Broken("COMFYUI_BASE_URL leads to something that is no ComfyUI.")


def _finding(workflow: Workflow, known: dict[str, Any]) -> Finding:
    lacking = [name for name in workflow.classes if name not in known]
    if lacking:
        told = f"The server has no {', '.join(lacking)}. Install what brings these nodes."
        return Finding(workflow.name, is_ok=False, told=told)
    wrong = list(_values_unknown(workflow, known))
    if wrong:
        more = f" And {len(wrong) - _MOST_NAMED} more." if len(wrong) > _MOST_NAMED else ""
        told = f"The server does not offer {'; '.join(wrong[:_MOST_NAMED])}.{more}"
        return Finding(workflow.name, is_ok=False, told=told)
    told = f"{workflow.manifest.label} can be ordered."
    return Finding(workflow.name, is_ok=True, told=told)


def _values_unknown(workflow: Workflow, known: dict[str, Any]) -> Iterator[str]:
    """Name the values, model files above all, that a server does not list for an input.

    What an order fills in, such as the name of an uploaded picture, is left out.
    """
    filled = {(place.node, place.input) for _, place in workflow.manifest.places()}
    for node_id, node in workflow.graph.items():
        for name, value in node["inputs"].items():
            choice = _choice(known[node["class_type"]], name)
            if choice is not None and (node_id, name) not in filled and value not in choice:
                yield f"{value} as {name} of {workflow.called(node_id)}"


def _choice(node: Any, name: str) -> list[Any] | None:
    """Give what an input may be, where it is a list: as older and as newer servers write it."""
    groups = _dict(_dict(node).get("input"))
    told = [_dict(groups.get(group)).get(name) for group in ("required", "optional")]
    return next((choice for each in told if (choice := _listed(each)) is not None), None)


def _dict(told: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", told) if isinstance(told, dict) else {}


def _listed(told: Any) -> list[Any] | None:
    match told:
        case [list(), *_]:
            return cast("list[Any]", told[0])
        case ["COMBO", {"options": list()}, *_]:
            return cast("list[Any]", told[1]["options"])
        case _:
            return None
