"""What Runway takes inside a request: addresses of pictures and films, alone or in lists."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, cast
from urllib.parse import urlsplit

from tests.sandbox._jobs import Json

MAX_DATA_URI: Final = 5 * 1024**2
ONLY_FIRST: Final = frozenset({"gen4.5", "gen4_turbo"})
"""Models that take no picture but the first one."""
_AT_MOST: Final = re.compile(r"(?:[Uu]p to|one to|1 to) (\d+|one|three)\b")
_NUMBERS: Final = {"one": 1, "three": 3}
_USUALLY_AT_MOST: Final = 50
_TAG: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,15}")
_IP: Final = re.compile(r"[\d.]+|\[.*\]")

Issue = tuple[str, list[str | int], str]
"""(code, path, message), as in the `issues` of Runway's answer."""
Knows = Callable[[str], bool]
"""Tells whether an address is a file that was uploaded or made here before."""

_ROLE: Json = {"enum": ["first", "last"], "optional": True}
PARTS: Final[dict[str, dict[str, Json]]] = {
    "promptImage": {"uri": {}, "position": _ROLE},
    "references": {"uri": {}, "position": _ROLE},
    "referenceImages": {
        "uri": {},
        "tag": {"pattern": _TAG, "optional": True},
        "subject": {"enum": ["object", "human"], "optional": True},
    },
    "referenceVideos": {"uri": {}, "type": {"enum": ["video"], "optional": True}},
    "referenceAudio": {"uri": {}, "type": {"enum": ["audio"], "optional": True}},
    "keyframes": {
        "uri": {},
        "seconds": {"optional": True},
        "at": {"optional": True},
        "range": {"optional": True},
    },
    "character": {"type": {"enum": ["image", "video"]}, "uri": {}},
    "reference": {"type": {"enum": ["video"]}, "uri": {}},
    "contentModeration": {"publicFigureThreshold": {"enum": ["auto", "low"], "optional": True}},
}
_ALONE: Final = frozenset({"character", "reference", "contentModeration"})
_MAY_BE_ADDRESS: Final = frozenset({"promptImage", "references"})


def nested(model: str, name: str, rule: Json, *, value: Any, knows: Knows) -> Iterator[Issue]:
    """Find what is wrong with a field that holds parts."""
    if isinstance(value, str) and name in _MAY_BE_ADDRESS:
        yield from address([name], value, knows)
    elif name in _ALONE:
        yield from _part(name, [name], value, knows=knows)
    elif not isinstance(value, list):
        yield "invalid_type", [name], "Expected array"
    else:
        yield from _list(model, name, rule, parts=cast("list[Any]", value), knows=knows)


def address(path: list[str | int], uri: Any, knows: Knows) -> Iterator[Issue]:
    """Check an input's address: a public https host, a data URI up to 5 MB, or an upload."""
    if not isinstance(uri, str):
        yield "invalid_type", path, "Expected string"
    elif not _is_reachable(uri, knows):
        yield "invalid_string", path, "Must be an HTTPS URL, a Runway URI or a data URI"


def _list(model: str, name: str, rule: Json, *, parts: list[Any], knows: Knows) -> Iterator[Issue]:
    found = _AT_MOST.search(rule.get("doc", ""))
    most = int(_NUMBERS.get(found[1], found[1])) if found else _USUALLY_AT_MOST
    if len(parts) > most:
        yield "too_big", [name], f"Array must contain at most {most} element(s)"
    if rule["required"] and not parts:
        yield "too_small", [name], "Array must contain at least 1 element(s)"
    for number, part in enumerate(parts):
        wrong = list(_part(name, [name, number], part, knows=knows))
        yield from wrong
        only_first = name == "promptImage" and model in ONLY_FIRST
        if not wrong and only_first and part.get("position") != "first":
            yield "invalid_enum_value", [name, number, "position"], "Invalid enum value"


def _part(name: str, path: list[str | int], part: Any, *, knows: Knows) -> Iterator[Issue]:
    if not isinstance(part, dict):
        yield "invalid_type", path, "Expected object"
        return
    rules, told = PARTS[name], cast("Json", part)
    for key in sorted(told.keys() - rules.keys()):
        yield "unrecognized_keys", [*path, key], f"Unrecognized key: {key}"
    for key, rule in rules.items():
        if key in told:
            yield from _value([*path, key], rule, told[key], knows=knows)
        elif not rule.get("optional"):
            yield "invalid_type", [*path, key], "Required"
    if name == "keyframes" and ("seconds" in told) == ("at" in told):
        yield "invalid_union", path, "Expected either seconds or at"


def _value(path: list[str | int], rule: Json, value: Any, *, knows: Knows) -> Iterator[Issue]:
    if "enum" in rule and value not in rule["enum"]:
        yield "invalid_enum_value", path, "Invalid enum value"
    if "pattern" in rule and not rule["pattern"].fullmatch(str(value)):
        yield "invalid_string", path, "Invalid"
    if path[-1] == "uri":
        yield from address(path, value, knows)


def _is_reachable(uri: str, knows: Knows) -> bool:
    parts = urlsplit(uri)
    match parts.scheme:
        case "https":
            return bool(parts.hostname) and not _IP.fullmatch(parts.hostname or "")
        case "runway" | "http":
            return knows(uri)
        case "data":
            return len(uri) <= MAX_DATA_URI and _is_data(uri)
        case _:
            return False


def _is_data(uri: str) -> bool:
    head, _, payload = uri.partition(",")
    if not re.fullmatch(r"data:(image|video|audio)/[\w.+-]+;base64", head):
        return False
    try:
        return bool(base64.b64decode(payload, validate=True))
    except binascii.Error:
        return False
