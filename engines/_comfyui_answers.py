"""Read what ComfyUI says of a job: in the jobs API, in the history of older servers, in words."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, cast

from pydantic import BaseModel

from ._answer import Failure, Output, Status
from ._answers import said
from ._call import Answer
from ._comfyui_manifest import Place, Workflow
from ._errors import EngineError, Misconfigured, Refused
from ._words import FailKind, JobState, RefKind

Json = dict[str, Any]
Address = Callable[[Mapping[str, str]], str]
"""Makes the address that a file is read from."""

_LONGEST = 300
_STATES = {
    "pending": JobState.QUEUED,
    "in_progress": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
    "cancelled": JobState.CANCELED,
}
_KINDS = (
    (RefKind.VIDEO, "video/", ("mp4", "webm", "mov", "mkv", "m4v", "avi")),
    (RefKind.IMAGE, "image/", ("png", "jpeg", "jpg", "webp", "gif", "avif", "tiff", "bmp")),
    (RefKind.AUDIO, "audio/", ("flac", "wav", "mp3", "ogg", "opus", "m4a")),
)
_MIMES = {"mov": "video/quicktime", "mkv": "video/x-matroska", "jpg": "image/jpeg"}
_HIDDEN = frozenset({"current_inputs", "current_outputs", "extra_data"})
"""What a node was given, and what a client sent along: either may hold keys."""
_SECRET_NAME = re.compile(r"(?i)api_?key|_token$|^token$|secret|passw|authorization")
_SECRETS = (
    re.compile(r"(?i)\b((?:proxy-)?authorization\W{1,4})(?:bearer|basic)?\s*[^\s,;'\"}]+"),
    re.compile(r"(?i)(bearer\s+)[\w.~+/=-]{6,}"),
    re.compile(r"(?i)([\w-]*(?:api[_-]?key|token|secret|password|passwd)\w*['\"]?\s*[=:]\s*['\"]?)"
               r"[^\s,;&'\"}]+"),
    re.compile(r"(://)[^/\s@]+(?=@)"),
    re.compile(r"()\b(?:sk|hf|comfyui|r8|key|ghp|xoxb)[-_][\w-]{12,}"),
)  # fmt: skip


class _Job(BaseModel):
    status: str
    outputs: dict[str, Any] | None = None
    execution_error: dict[str, Any] | None = None


class _HistoryStatus(BaseModel):
    status_str: str = "success"
    messages: list[Any] | None = None


class _History(BaseModel):
    outputs: dict[str, Any] | None = None
    status: _HistoryStatus | None = None


class _NodeFault(BaseModel):
    message: str = ""
    details: str = ""
    type: str = ""
    extra_info: dict[str, Any] | None = None


class _NodeFaults(BaseModel):
    errors: list[_NodeFault] = []
    class_type: str = ""


class _Rejection(BaseModel):
    error: Any = None
    node_errors: dict[str, _NodeFaults] | list[Any] = []


class Reader:
    """Reads answers for one workflow, whose nodes it can name; `workflow` is None if it is gone."""

    def __init__(self, workflow: Workflow | None, address: Address, *, key: str = "") -> None:
        self._workflow = workflow
        self._address = address
        self._key = key

    def job(self, told: Json) -> Status:
        """Read an answer of the jobs API."""
        job = _Job.model_validate(told)
        state = _STATES.get(job.status, JobState.UNKNOWN)
        return self._status(state, job.outputs or {}, job.execution_error or {}, raw=told)

    def history(self, told: Json) -> Status:
        """Read what the history of an older server holds of a job, which is over then."""
        entry = _History.model_validate(told)
        status = entry.status or _HistoryStatus()
        messages = _messages(status.messages or [])
        state = JobState.SUCCEEDED if status.status_str == "success" else JobState.FAILED
        if "execution_interrupted" in messages:
            state = JobState.CANCELED
        error = messages.get("execution_error", {})
        return self._status(state, entry.outputs or {}, error, raw=told)

    def rejection(self, answer: Answer) -> EngineError | None:
        """Put into words why an order was not taken; None if it is no answer of ComfyUI's."""
        try:
            told = answer.read(_Rejection)
        except EngineError:
            return None
        if not isinstance(told.node_errors, dict) or not told.node_errors:
            text = f"ComfyUI does not take this workflow: {said(answer)} Correct its graph."
            return Misconfigured(self.clean(text), kind=FailKind.RETIRED)
        text = " ".join(self._node_fault(*each) for each in list(told.node_errors.items())[:3])
        if all(self._is_ours(*each) for each in told.node_errors.items()):
            return Refused(f"ComfyUI refused the order. {text}"[: 2 * _LONGEST])
        text = f"ComfyUI does not take this workflow. {text} The operator mends it."
        return Misconfigured(text, kind=FailKind.RETIRED)

    def clean(self, text: str) -> str:
        """Take whatever looks like a secret out of a text, and our own key."""
        if self._key:
            text = text.replace(self._key, "[hidden]")
        for pattern in _SECRETS:
            text = pattern.sub(r"\1[hidden]", text)
        return text

    def _status(self, state: JobState, outputs: Json, error: Json, *, raw: Json) -> Status:
        kept = self._scrubbed(raw)
        if state is JobState.FAILED:
            return Status(state=state, fail=self._failure(error), raw=kept)
        if state is JobState.CANCELED:
            text = "It was stopped at ComfyUI."
            return Status(state=state, fail=Failure(FailKind.CANCELED, text), raw=kept)
        if state is not JobState.SUCCEEDED:
            return Status(state=state, raw=kept)
        found = tuple(self._outputs(outputs))
        if not found:
            text = "ComfyUI finished and saved no clip, picture or sound. Look at the workflow."
            nothing = Failure(FailKind.ENGINE, text)
            return Status(state=JobState.FAILED, fail=nothing, raw=kept)
        return Status(state=state, progress=1.0, outputs=found, raw=kept)

    def _outputs(self, told: Json) -> Iterator[Output]:
        """Give what was saved, clips first; previews only where nothing was saved."""
        wanted = self._workflow.manifest.outputs if self._workflow else ()
        files = [file for node, each in told.items() if not wanted or node in wanted
                 for file in _files(each)]  # fmt: skip
        saved = [file for file in files if file.get("type", "output") == "output"]
        for kind, family, endings in _KINDS:
            for file in saved or files:
                ending = PurePosixPath(file["filename"]).suffix[1:].lower()
                if ending in endings:
                    mime = _MIMES.get(ending, family + ending)
                    yield Output(kind=kind, url=self._address(_query(file)), mime=mime,
                                 needs_auth=bool(self._key))  # fmt: skip

    def _failure(self, error: Json) -> Failure:
        what = str(error.get("exception_type", ""))
        at = self._at(str(error.get("node_id", "")), str(error.get("node_type", "")))
        if "OutOfMemory" in what:
            text = f"ComfyUI ran out of graphics memory {at}. Order it smaller or shorter."
            return Failure(FailKind.ENGINE, text)
        said = " ".join(self.clean(str(error.get("exception_message", ""))).split())
        told = said[:_LONGEST].rstrip(".") or what or "it does not say why"
        return Failure(FailKind.ENGINE, f"ComfyUI failed {at}: {told}.")

    def _at(self, node_id: str, kind: str) -> str:
        if self._workflow is not None and node_id in self._workflow.graph:
            return f"at {self._workflow.called(node_id)}"
        return f"at {kind} (node {node_id})" if kind else "on the way"

    def _node_fault(self, node_id: str, faults: _NodeFaults) -> str:
        told = "; ".join(
            f"{each.message}: {each.details}".strip(": ") for each in faults.errors[:3]
        )
        called = self._at(node_id, faults.class_type).removeprefix("at ")
        return self.clean(f"{called}: {told or 'it does not say why'}"[:_LONGEST]) + "."

    def _is_ours(self, node_id: str, faults: _NodeFaults) -> bool:
        """Whether all that is wrong with a node are values that came with the order."""
        places = self._workflow.manifest.places() if self._workflow else ()
        ours = {_named(place) for _, place in places}
        named = {(node_id, (each.extra_info or {}).get("input_name")) for each in faults.errors}
        return bool(named) and named <= ours

    def _scrubbed(self, told: Any) -> Any:
        match told:
            case dict():
                pairs = cast("Json", told).items()
                return {name: "[hidden]" if _is_hidden(name) else self._scrubbed(value)
                        for name, value in pairs}  # fmt: skip
            case list() | tuple():
                return [self._scrubbed(each) for each in cast("list[Any]", told)]
            case str():
                return self.clean(told)
            case _:
                return told


def _named(place: Place) -> tuple[str, str]:
    return place.node, place.input


def _is_hidden(name: str) -> bool:
    return name in _HIDDEN or _SECRET_NAME.search(name) is not None


def _messages(told: list[Any]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for each in told:
        match each:
            case [str(name), dict()]:
                found[name] = cast("Json", each[1])
            case _:
                continue
    return found


def _files(told: Any) -> Iterator[Json]:
    """Give every file of a node's outputs; core and custom nodes list them under many names."""
    lists = cast("Json", told).items() if isinstance(told, dict) else ()
    for name, files in lists:
        if name != "animated" and isinstance(files, list):
            found = [cast("Json", each) for each in cast("list[Any]", files) if _is_file(each)]
            yield from found


def _is_file(told: Any) -> bool:
    match told:
        case {"filename": str()}:
            return True
        case _:
            return False


def _query(file: Json) -> dict[str, str]:
    kind = str(file.get("type") or "output")
    return {"filename": file["filename"], "subfolder": str(file.get("subfolder") or ""),
            "type": kind}  # fmt: skip
