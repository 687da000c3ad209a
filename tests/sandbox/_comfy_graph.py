"""Checking a graph before it is queued, in the words of ComfyUI's `validate_prompt`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

from tests.sandbox._comfy_nodes import NODES, Json, Node, Slot

_LINK: Final = 2
_READS: Final[dict[str, Callable[[Any], Any]]] = {
    "INT": int,
    "FLOAT": float,
    "STRING": str,
    "BOOLEAN": bool,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it: `error` if nothing can be run, and what is wrong node by node."""

    outputs: list[str]
    node_errors: Json
    error: Json | None = None


def problem(kind: str, message: str, details: str = "", **extra: object) -> Json:
    """Word an error as ComfyUI does."""
    return {"type": kind, "message": message, "details": details, "extra_info": extra}


class Graph:
    """A prompt in API format: nodes by id, inputs as values or as `[node, output]`."""

    def __init__(self, nodes: Json, *, has_file: Callable[[str], bool]) -> None:
        self.nodes = nodes
        self._has_file = has_file

    def judge(self) -> Verdict:
        """Check everything that a node with an output hangs on."""
        for node_id, node in self.nodes.items():
            if broken := _node_fault(node_id, node):
                return Verdict([], {}, broken)
        outputs = [key for key, node in self.nodes.items() if _kind(node).saves]
        if not outputs:
            return Verdict([], {}, problem("prompt_no_outputs", "Prompt has no outputs"))
        errors: Json = {}
        good = [output for output in outputs if not self._check(output, errors)]
        if good:
            return Verdict(good, errors)
        text = "Prompt outputs failed validation"
        return Verdict([], errors, problem("prompt_outputs_failed_validation", text))

    def _check(self, output: str, errors: Json) -> bool:
        """Write what is wrong below an output; True if anything is."""
        wrong = False
        for node_id in self._below(output):
            found = self._faults(node_id)
            if not found:
                continue
            wrong = True
            kept = errors.setdefault(
                node_id,
                {
                    "errors": found,
                    "dependent_outputs": [],
                    "class_type": self.nodes[node_id]["class_type"],
                },
            )
            kept["dependent_outputs"].append(output)
        return wrong

    def _below(self, output: str) -> list[str]:
        seen: dict[str, None] = {}
        waiting = [output]
        while waiting:
            node_id = waiting.pop()
            if node_id in seen:
                continue
            seen[node_id] = None
            links = [source for value in self._inputs(node_id).values() if (source := _link(value))]
            waiting.extend(source for source, _ in links if source in self.nodes)
        return list(seen)

    def _faults(self, node_id: str) -> list[Json]:
        kind, given = _kind(self.nodes[node_id]), self._inputs(node_id)
        found = [self._fault(name, slot, given) for name, slot in kind.inputs.items()]
        return [one for one in found if one is not None]

    def _fault(self, name: str, slot: Slot, given: Json) -> Json | None:
        config = [slot.kind, slot.config]
        if name not in given:
            if not slot.required:
                return None
            text = "Required input is missing"
            return problem("required_input_missing", text, name, input_name=name)
        link = _link(given[name])
        if link is None:
            return self._value_fault(name, slot, given[name])
        source, number = link
        if source not in self.nodes:
            text = "Exception when validating node"
            return problem("exception_during_validation", text, f"'{source}'", input_name=name)
        gives = _kind(self.nodes[source]).gives
        received = gives[number] if number < len(gives) else "nothing"
        if received != slot.kind and not (slot.kind == "FLOAT" and received == "INT"):
            details = f"{name}, received_type({received}) mismatch input_type({slot.kind})"
            text = "Return type mismatch between linked nodes"
            return problem(
                "return_type_mismatch", text, details, input_name=name, input_config=config
            )
        return None

    def _value_fault(self, name: str, slot: Slot, value: object) -> Json | None:
        extra: Json = {"input_name": name, "input_config": [slot.kind, slot.config]}
        extra["received_value"] = value
        if isinstance(slot.kind, list):
            details = f"{name}: '{value}' not in {slot.kind}"
            wrong = problem("value_not_in_list", "Value not in list", details, **extra)
            return None if value in slot.kind else wrong
        if slot.kind == "INPUT_FILE":
            details = f"{name} - Invalid image file: {value}"
            text = "Custom validation failed for node"
            wrong = problem("custom_validation_failed", text, details, **extra)
            return None if self._has_file(str(value)) else wrong
        if slot.kind not in _READS:
            details = f"{name}, expected a link to {slot.kind}"
            return problem("bad_linked_input", "Bad linked input", details, **extra)
        return _plain_fault(name, slot, value, extra=extra)

    def _inputs(self, node_id: str) -> Json:
        return cast("Json", self.nodes[node_id].get("inputs", {}))


def _plain_fault(name: str, slot: Slot, value: object, *, extra: Json) -> Json | None:
    """Read a value as its type, as ComfyUI does, and hold it to its range."""
    try:
        read = _READS[str(slot.kind)](value)
    except (TypeError, ValueError) as error:
        text = f"Failed to convert an input value to a {slot.kind} value"
        return problem("invalid_input_type", text, f"{name}, {value}, {error}", **extra)
    if read < slot.config.get("min", read):
        text = f"Value {read} smaller than min of {slot.config['min']}"
        return problem("value_smaller_than_min", text, name, **extra)
    if read > slot.config.get("max", read):
        text = f"Value {read} bigger than max of {slot.config['max']}"
        return problem("value_bigger_than_max", text, name, **extra)
    return None


def _node_fault(node_id: str, node: Any) -> Json | None:
    name = cast("Json", node).get("class_type") if isinstance(node, dict) else None
    if name in NODES:
        return None
    if name is None:
        text = "Cannot execute because a node is missing the class_type property."
        return problem("invalid_prompt", text, f"Node ID '#{node_id}'")
    text = f"Node '{name}' not found. The custom node may not be installed."
    return problem("missing_node_type", text, f"Node ID '#{node_id}'", node_id=node_id)


def _kind(node: Json) -> Node:
    return NODES[node["class_type"]]


def _link(value: object) -> tuple[str, int] | None:
    if isinstance(value, list) and len(cast("list[Any]", value)) == _LINK:
        source, number = cast("list[Any]", value)
        return str(source), int(number)
    return None
