"""Whether Slack would take these blocks: limits of every part, and what may stand where."""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any, Literal, cast

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.workspace.block_rules import (
    COUNTS,
    EITHER,
    ELEMENTS,
    FEATURES,
    MESSAGE_BLOCKS,
    ONE_OF,
    PLAIN,
    REQUIRED,
    SURFACES,
    TEXTS,
)
from tests.workspace.chart_rules import chart_complaints
from tests.workspace.errors import SlackError
from tests.workspace.records import Json

Surface = Literal["message", "modal", "home"]
MAX_BLOCKS = {"message": MESSAGE_BLOCKS, "modal": 100, "home": 100}
MAX_MESSAGE_CHARACTERS = 13_200
MAX_MARKDOWN = 12_000
MAX_VIEW_BYTES = 250_000
MAX_CHARTS = 2


def checked_message_blocks(blocks: object, scopes: list[str]) -> list[Json]:
    """Return the blocks with the ids that Slack adds, or raise `invalid_blocks`."""
    if blocks is None or blocks == "":
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    listed = cast("list[Json]", blocks)
    complaints = list(_complaints(listed, "message", scopes, at="/blocks"))
    if complaints:
        raise _refusal("invalid_blocks", complaints)
    if _characters(listed) > MAX_MESSAGE_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return with_ids(listed)


def checked_view(view: object, scopes: list[str]) -> Json:
    """Return the view with the ids that Slack adds, or raise `invalid_arguments`."""
    if not isinstance(view, dict):
        raise _refusal("invalid_arguments", ["must provide an object [json-pointer:/view]"])
    sent = cast("Json", view)
    if len(json.dumps(sent)) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large")
    complaints = list(_view_complaints(sent, scopes))
    if complaints:
        raise _refusal("invalid_arguments", complaints)
    return sent | {"blocks": with_ids(sent["blocks"])}


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return a copy in which every block has its id and every element its action id."""
    copied: list[Json] = json.loads(json.dumps(blocks))
    for block in copied:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return copied


def elements_of(block: Json) -> Iterator[Json]:
    """Yield every part of a block that a person can use, however deep."""
    for value in cast("list[object]", list(block.values())):
        parts = cast("list[object]", value) if isinstance(value, list) else [value]
        for part in parts:
            if isinstance(part, dict):
                node = cast("Json", part)
                if node.get("type") in ELEMENTS:
                    yield node
                yield from elements_of(node)


def _refusal(code: str, complaints: list[str]) -> SlackError:
    messages = [f"[ERROR] {complaint}" for complaint in complaints]
    return SlackError(code, response_metadata={"messages": messages})


def _view_complaints(view: Json, scopes: list[str]) -> Iterator[str]:
    kind = view.get("type")
    if kind not in {"modal", "home"}:
        yield "must be one of: modal, home [json-pointer:/view/type]"
        return
    if not isinstance(view.get("blocks"), list):
        yield "missing required field: blocks [json-pointer:/view]"
        return
    blocks = cast("list[Json]", view["blocks"])
    yield from _node_complaints(view, "/view", _refuse_deeper)
    if kind == "modal" and not view.get("title"):
        yield "missing required field: title [json-pointer:/view]"
    if kind == "modal" and not view.get("submit") and _has_input(blocks):
        yield "missing required field: submit, which input blocks need [json-pointer:/view]"
    yield from _complaints(blocks, kind, scopes, at="/view/blocks")


def _has_input(blocks: list[Json]) -> bool:
    return any(block.get("type") == "input" for block in blocks)


def _complaints(
    blocks: list[Json], surface: Surface, scopes: list[str], *, at: str
) -> Iterator[str]:
    if not all(isinstance(cast("object", block), dict) for block in blocks):
        yield f"must provide an object [json-pointer:{at}]"
        return
    if len(blocks) > MAX_BLOCKS[surface]:
        yield f"no more than {MAX_BLOCKS[surface]} items allowed [json-pointer:{at}]"
    yield from _duplicates([block.get("block_id") for block in blocks], "block_id", at)
    for index, block in enumerate(blocks):
        here = f"{at}/{index}"
        yield from _block_complaints(block, surface, here)
        if block.get("type") == "video" and "links.embed:write" not in scopes:
            yield f"missing scope links.embed:write [json-pointer:{here}]"
    yield from _sum_complaints(blocks, at)


def _sum_complaints(blocks: list[Json], at: str) -> Iterator[str]:
    """Complain about what only counts over all blocks together."""
    kinds = [block.get("type") for block in blocks]
    if kinds.count("table") > 1:
        yield f"only_one_table_allowed [json-pointer:{at}]"
    if kinds.count("data_visualization") > MAX_CHARTS:
        yield f"no more than {MAX_CHARTS} data_visualization blocks allowed [json-pointer:{at}]"
    markdown = sum(len(str(b.get("text", ""))) for b in blocks if b.get("type") == "markdown")
    if markdown > MAX_MARKDOWN:
        yield f"must be less than {MAX_MARKDOWN + 1} characters in all [json-pointer:{at}]"


def _block_complaints(block: Json, surface: Surface, at: str) -> Iterator[str]:
    kind = block.get("type")
    if kind not in SURFACES:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    if surface not in SURFACES[kind]:
        yield f"{kind} is not allowed in a {surface} [json-pointer:{at}/type]"
        return
    before = list(_node_complaints(block, at, _deep_complaints))
    yield from before
    actions = [element.get("action_id") for element in elements_of(block)]
    yield from _duplicates(actions, "action_id", at)
    if kind == "data_visualization":
        yield from chart_complaints(block, at)
    if not before and kind not in PLAIN:
        yield from _sdk_complaints(block, at)


def _sdk_complaints(block: Json, at: str) -> Iterator[str]:
    """Ask Slack's own SDK about the rarer blocks: it is thorough, but takes a millisecond each."""
    try:
        parsed = cast("Any", Block).parse(block)
        if parsed is not None:
            parsed.to_dict()
    except (SlackObjectFormationError, TypeError, AttributeError, KeyError, ValueError) as error:
        yield f"{error} [json-pointer:{at}]"


Deeper = Callable[[Json, str], Iterator[str]]


def _refuse_deeper(_node: Json, _at: str) -> Iterator[str]:
    return iter(())


def _node_complaints(node: Json, at: str, deeper: Deeper) -> Iterator[str]:
    """Check one object against the tables, then what is inside it."""
    kind = str(node.get("type", ""))
    for field in REQUIRED.get(kind, ()):
        if not node.get(field):
            yield f"missing required field: {field} [json-pointer:{at}]"
    for field, most in TEXTS.get(kind, {}).items():
        yield from _text_complaints(node.get(field), f"{at}/{field}", most)
    for field, (least, most) in COUNTS.get(kind, {}).items():
        yield from _count_complaints(node.get(field), f"{at}/{field}", least, most)
    if kind in EITHER and not any(node.get(field) for field in EITHER[kind]):
        yield f"missing required field: {' or '.join(EITHER[kind])} [json-pointer:{at}]"
    for field, allowed in ONE_OF.get(kind, {}).items():
        if node.get(field) not in {None, *allowed}:
            yield f"must be one of: {', '.join(allowed)} [json-pointer:{at}/{field}]"
    yield from deeper(node, at)


def _deep_complaints(node: Json, at: str) -> Iterator[str]:
    if node.get("type") == "rich_text":
        return
    for name, value in list(node.items()):
        if isinstance(value, dict):
            yield from _child_complaints(cast("Json", value), name, f"{at}/{name}")
        elif isinstance(value, list):
            for index, child in enumerate(cast("list[object]", value)):
                if isinstance(child, dict):
                    here = f"{at}/{name}/{index}"
                    yield from _child_complaints(cast("Json", child), name, here)


def _child_complaints(child: Json, name: str, at: str) -> Iterator[str]:
    """Options and confirmations carry no type; their place tells what they are."""
    kind = child.get("type") or FEATURES.get(name, "")
    if name in {"elements", "accessory", "element"} and kind not in ELEMENTS | _WORDS:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    if kind in {"plain_text", "mrkdwn"} and not isinstance(child.get("text"), str):
        yield f"must provide a string [json-pointer:{at}/text]"
        return
    yield from _node_complaints(child | {"type": kind}, at, _deep_complaints)


_WORDS = {"plain_text", "mrkdwn", "image", "card", "raw_text", "rich_text"}


def _text_complaints(value: object, at: str, most: int) -> Iterator[str]:
    if value is None:
        return
    text = cast("Json", value).get("text") if isinstance(value, dict) else value
    if not isinstance(text, str):
        yield f"must provide a string [json-pointer:{at}]"
    elif len(text) > most:
        yield f"must be less than {most + 1} characters [json-pointer:{at}]"
    elif not text and isinstance(value, dict):
        yield f"must be more than 0 characters [json-pointer:{at}/text]"


def _count_complaints(value: object, at: str, least: int, most: int) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, list):
        yield f"must provide an array [json-pointer:{at}]"
        return
    count = len(cast("list[object]", value))
    if count > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"
    if count < least:
        yield f"no less than {least} items allowed [json-pointer:{at}]"


def _duplicates(names: list[Any], what: str, at: str) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"`{what}` must be unique: {name} [json-pointer:{at}]"
        elif name is not None:
            seen.add(name)


def _characters(blocks: list[Json]) -> int:
    """Count as Slack seems to: all JSON of the blocks but of those with limits of their own."""
    counted = [block for block in blocks if not str(block.get("type")).startswith("data_")]
    return len(json.dumps(counted, separators=(",", ":"), ensure_ascii=False))
