"""What Runway's API takes, by its own table of models: `runway_models.json`, from runwayml 5.24.0.

The table says of each model's fields whether they are required, their enums and types, and in the
SDK's own words their limits, which are read out of those words here.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.sandbox._jobs import Json, Picture
from tests.sandbox._runway_parts import ONLY_FIRST, PARTS, Issue, Knows, address, nested

MODELS: Final[dict[str, dict[str, dict[str, Json]]]] = json.loads(
    Path(__file__).with_name("runway_models.json").read_text()
)
_PROMPT_LIMIT = re.compile(r"up to ([\d,]+) characters")
_SECONDS = re.compile(r"(?:from|between) (\d+) (?:to|and) (\d+)")
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "bool": (bool,), "float": (int, float),
}  # fmt: skip
_ADDRESSES = frozenset({"videoUri", "promptVideo", "maskUri"})


def issues(endpoint: str, body: Json, *, knows: Knows) -> Iterator[Issue]:
    """Find what Runway would not take, as (code, path, message). `knows` tells its own uploads."""
    models = MODELS[f"POST {endpoint}"]
    model = body.get("model")
    if not isinstance(model, str) or model not in models:
        yield "invalid_union_discriminator", ["model"], "Invalid discriminator value."
        return
    fields = models[model]
    for name in sorted(body.keys() - fields.keys() - {"model"}):
        yield "unrecognized_keys", [name], f"Unrecognized key: {name}"
    for name, rule in fields.items():
        if name in body:
            yield from _field(model, name, rule, value=body[name], knows=knows)
        elif rule["required"]:
            yield "invalid_type", [name], "Required"


def _field(model: str, name: str, rule: Json, *, value: Any, knows: Knows) -> Iterator[Issue]:
    if name in PARTS:
        yield from nested(model, name, rule, value=value, knows=knows)
    elif name == "duration":
        yield from _duration(model, rule, value)
    elif "enum" in rule:
        if value not in rule["enum"]:
            yield "invalid_enum_value", [name], "Invalid enum value"
    elif not _is(value, rule["type"]):
        yield "invalid_type", [name], f"Expected {rule['type']}"
    else:
        yield from _plain(name, rule, value, knows=knows)


def _plain(name: str, rule: Json, value: Any, *, knows: Knows) -> Iterator[Issue]:
    if name == "promptText":
        yield from _prompt(rule, value)
    elif name == "expressionIntensity" and not 1 <= value <= 5:
        yield "too_big", [name], "Must be between 1 and 5"
    elif name in _ADDRESSES:
        yield from address([name], value, knows)


def _prompt(rule: Json, text: str) -> Iterator[Issue]:
    units = len(text.encode("utf-16-le")) // 2
    limit = _PROMPT_LIMIT.search(rule.get("doc", ""))
    if not units:
        yield "too_small", ["promptText"], "String must contain at least 1 character(s)"
    elif limit and units > int(limit[1].replace(",", "")):
        yield "too_big", ["promptText"], f"String must contain at most {limit[1]} character(s)"


def _duration(model: str, rule: Json, value: Any) -> Iterator[Issue]:
    """Check a length; a table entry of `["auto"]` stands for a whole number or `auto`."""
    allowed = rule.get("enum", [])
    if value in allowed and not isinstance(value, bool):
        return
    if not _is(value, "int") or allowed not in ([], ["auto"]):
        yield "invalid_type", ["duration"], "Invalid duration"
        return
    stated = _SECONDS.search(rule.get("doc", ""))
    low, high = (int(stated[1]), int(stated[2])) if stated else (1, 60)
    if model in ONLY_FIRST:
        low, high = 2, 10
    if not low <= value <= high:
        yield "too_big", ["duration"], f"Must be from {low} to {high}"


def _is(value: Any, kind: str) -> bool:
    wanted = _TYPES.get(kind, (object,))
    return isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool))


_RATE = {
    "gen4.5": 12, "gen4_turbo": 5, "aleph2": 28, "act_two": 5, "veo3.1": 40, "veo3.1_fast": 15,
    "gen4_image": 8, "gen4_image_turbo": 2,
}  # fmt: skip
_FORMS = {"prores": "mov", "hdr_prores": "mov"}
_ASPECTS = {"16:9": (1280, 720), "9:16": (720, 1280), "1:1": (960, 960), "4:3": (1104, 832),
            "3:4": (832, 1104), "21:9": (1584, 672)}  # fmt: skip


@cache
def size_of(ratio: str) -> tuple[int, int]:
    """Give the pixels that a ratio stands for; what names none is wide."""
    if ratio in _ASPECTS:
        return _ASPECTS[ratio]
    found = re.fullmatch(r"(\d+):(\d+)", ratio)
    return (int(found[1]), int(found[2])) if found and int(found[1]) > 99 else (1280, 720)


def picture(endpoint: str, body: Json) -> Picture:
    """Say what the output of a request is."""
    width, height = size_of(str(body.get("ratio") or body.get("targetAspectRatio") or "16:9"))
    if endpoint == "/v1/text_to_image":
        return Picture(width, height, 0.0, "png")
    asked = body.get("duration")
    seconds = float(asked) if isinstance(asked, int) else 5.0
    form = str(body.get("outputFormat", "mp4"))
    ending = "zip" if form.endswith(("sequence", "_0", "_3")) else _FORMS.get(form, "mp4")
    return Picture(width, height, seconds, ending)


def credits_for(endpoint: str, body: Json) -> int:
    """Price a request in credits, at the rates of engines.md §4 (12 a second where it has none)."""
    made, rate = picture(endpoint, body), _RATE.get(body["model"], 12)
    if endpoint == "/v1/text_to_image":
        return rate * int(body.get("outputCount", 1))
    extra = 0 if made.form == "mp4" and body.get("outputFormat", "mp4") == "mp4" else 20
    extra = 5 if body.get("outputFormat") in {"prores", "png_sequence"} else extra
    return max(56 if body["model"] == "aleph2" else 0, round((rate + extra) * made.seconds))
