"""What Block Kit refuses, in Slack's words."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace.blocks import checked_message_blocks, checked_view
from tests.workspace.errors import SlackError
from tests.workspace.records import Json
from tests.workspace.seed import AURORA_TEAM


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


def select(count: int, kind: str = "static_select") -> Json:
    options = [option(f"o{number}") for number in range(count)]
    told: Json = {"type": kind, "action_id": "pick", "options": options}
    return told | {"placeholder": plain("Pick")} if kind == "static_select" else told


def chart(**more: Any) -> Json:
    series = [{"name": "A", "data": [{"label": "0", "value": 100}]}]
    drawing = {"type": "line", "series": series}
    return {"type": "data_visualization", "title": "Still watching", "chart": drawing} | more


REFUSED: dict[str, tuple[list[Json], str]] = {
    "51 blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed"),
    "a long section": ([section("x" * 3001)], "must be less than 3001 characters"),
    "an empty section": ([section("")], "must be more than 0 characters"),
    "an unknown block": ([{"type": "hologram"}], "unsupported type: hologram"),
    "an unknown element": ([actions({"type": "lever"})], "unsupported type: lever"),
    "an alert": ([{"type": "alert", "text": plain("Mind")}], "alert is not allowed in a message"),
    "a long header": (
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters",
    ),
    "a long button": (
        [actions(button("a") | {"text": plain("x" * 76)})],
        "must be less than 76 characters",
    ),
    "a long button value": ([actions(button("a", value="x" * 2001))], "less than 2001"),
    "26 buttons": ([actions(*[button(f"a{n}") for n in range(26)])], "no more than 25 items"),
    "one action id twice": ([actions(button("a"), button("a"))], "`action_id` must be unique: a"),
    "one block id twice": (
        [section("a", block_id="b"), section("c", block_id="b")],
        "`block_id` must be unique: b",
    ),
    "101 options": ([actions(select(101))], "no more than 100 items"),
    "an overflow of one": ([actions(select(1, "overflow"))], "no less than 2 items"),
    "11 checkboxes": ([actions(select(11, "checkboxes"))], "no more than 10 items"),
    "a long option": (
        [actions(select(2) | {"options": [option("x" * 76)]})],
        "must be less than 76 characters",
    ),
    "11 fields": (
        [{"type": "section", "fields": [plain("f")] * 11}],
        "no more than 10 items",
    ),
    "a picture without words": (
        [{"type": "image", "image_url": "https://example.com/a.png"}],
        "missing required field: alt_text",
    ),
    "a picture without an address": (
        [{"type": "image", "alt_text": "a"}],
        "missing required field: image_url or slack_file",
    ),
    "a section with nothing": ([{"type": "section"}], "missing required field: text or fields"),
    "a golden button": ([actions(button("a", style="gold"))], "must be one of: primary, danger"),
    "a card with four buttons": (
        [{"type": "card", "title": plain("A"), "actions": [button(f"a{n}") for n in range(4)]}],
        "no more than 3 items",
    ),
    "an empty carousel": (
        [{"type": "carousel", "elements": []}],
        "no less than 1 items",
    ),
    "a plan without a title": ([{"type": "plan"}], "title"),
    "two tables": ([{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}] * 2, "table"),
    "three charts": ([chart(), chart(), chart()], "no more than 2 data_visualization"),
    "a long chart title": ([chart(title="x" * 51)], "must be less than 51 characters"),
    "a data table without a caption": (
        [{"type": "data_table", "rows": [[], []]}],
        "missing required field: caption",
    ),
    "a video without the scope": (
        [
            {
                "type": "video",
                "alt_text": "a",
                "title": plain("t"),
                "thumbnail_url": "https://example.com/t.png",
                "video_url": "https://example.com/v",
            }
        ],
        "missing scope links.embed:write",
    ),
}


@pytest.mark.parametrize(("blocks", "complaint"), REFUSED.values(), ids=REFUSED.keys())
def test_a_message_is_refused_for(blocks: list[Json], complaint: str) -> None:
    with pytest.raises(SlackError, match="invalid_blocks") as caught:
        checked_message_blocks(blocks, [])
    assert any(complaint in said for said in caught.value.extra["response_metadata"]["messages"])


def test_what_is_within_the_limits_is_taken_and_named() -> None:
    blocks = [
        section("x" * 3000, accessory=button("more", value="x" * 2000)),
        actions(*[button(f"a{number}") for number in range(25)]),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "ok"}]},
        chart(),
        chart(),
    ]
    taken = checked_message_blocks(blocks, [])
    assert all(block["block_id"] for block in taken)
    assert "block_id" not in blocks[0]


def test_a_wall_of_text_is_too_long_even_in_fifty_blocks() -> None:
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        checked_message_blocks([section("x" * 2800) for _ in range(5)], [])


def a_modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain("Scene"), "blocks": [section("hello")], **more}


INPUT: Json = {
    "type": "input",
    "label": plain("Purpose"),
    "element": {"type": "plain_text_input", "action_id": "a"},
}
BAD_VIEWS: dict[str, tuple[Json, str]] = {
    "a long title": (a_modal(title=plain("x" * 25)), "must be less than 25 characters"),
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title"),
    "no submit": (a_modal(blocks=[INPUT]), "missing required field: submit"),
    "101 blocks": (a_modal(blocks=[{"type": "divider"}] * 101), "no more than 100 items"),
    "long metadata": (a_modal(private_metadata="x" * 3001), "must be less than 3001"),
    "a chart": (a_modal(blocks=[chart()]), "data_visualization is not allowed in a modal"),
    "a strange kind": ({"type": "poster", "blocks": []}, "must be one of: modal, home"),
}


@pytest.mark.parametrize(("view", "complaint"), BAD_VIEWS.values(), ids=BAD_VIEWS.keys())
def test_a_view_is_refused_for(view: Json, complaint: str) -> None:
    with pytest.raises(SlackError, match="invalid_arguments") as caught:
        checked_view(view, [])
    assert any(complaint in said for said in caught.value.extra["response_metadata"]["messages"])


def test_a_view_can_be_too_large_as_a_whole() -> None:
    with pytest.raises(SlackError, match="view_too_large"):
        checked_view(a_modal(blocks=[section("x" * 2900) for _ in range(90)]), [])


def test_a_modal_may_warn_and_a_home_may_chart() -> None:
    alert: Json = {"type": "alert", "text": plain("Rights run out on Friday.")}
    assert checked_view(a_modal(blocks=[alert]), [])["blocks"][0]["block_id"]
    assert checked_view({"type": "home", "blocks": [chart()]}, [])


@pytest.mark.parametrize("send", ["chat_postMessage", "chat_update"])
async def test_the_sdk_hears_what_is_wrong_and_where(client: AsyncWebClient, send: str) -> None:
    posted = await client.chat_postMessage(channel=AURORA_TEAM, text="first")
    method: Callable[..., Any] = getattr(client, send)
    where = {"ts": posted["ts"]} if send == "chat_update" else {}
    with pytest.raises(SlackApiError) as caught:
        await method(channel=AURORA_TEAM, text="t", blocks=[section("x" * 3001)], **where)
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text]"
    ]
