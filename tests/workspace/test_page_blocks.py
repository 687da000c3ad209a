import re
from typing import Any

import pytest

from tests.workspace.records import Json, View
from tests.workspace.render import Painter
from tests.workspace.seat import reader_for
from tests.workspace.seed import MAYA, T_STUDIO, seeded_state


@pytest.fixture
def painter() -> Painter:
    state = seeded_state()
    return Painter(state, reader_for(state, state.members[MAYA]))


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def painted(painter: Painter, *blocks: Json, view: View | None = None) -> str:
    return painter.blocks(list(blocks), place="here", view=view)


def modal(block: Json, **fields: Any) -> View:
    return View("V1", "h", "modal", {"blocks": [block]}, MAYA, T_STUDIO, **fields)


ELEMENTS: list[Json] = [
    {"type": "button", "text": plain("Approve"), "value": "take-4", "style": "primary"},
    {"type": "overflow", "options": [option("log"), option("copy")]},
    {"type": "static_select", "options": [option("ray")]},
    {
        "type": "static_select",
        "option_groups": [{"label": plain("Ours"), "options": [option("a")]}],
    },
    {"type": "external_select", "min_query_length": 2},
    {"type": "users_select"},
    {"type": "channels_select"},
    {"type": "conversations_select"},
    {"type": "multi_static_select", "options": [option("a"), option("b")]},
    {"type": "multi_users_select"},
    {"type": "multi_external_select"},
    {"type": "datepicker", "initial_date": "2026-12-01"},
    {"type": "timepicker", "initial_time": "09:30"},
    {"type": "datetimepicker", "initial_date_time": 1790000000},
    {"type": "checkboxes", "options": [option("a")]},
    {"type": "radio_buttons", "options": [option("a")]},
    {"type": "plain_text_input", "multiline": True, "max_length": 300},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
    {"type": "email_text_input"},
    {"type": "url_text_input"},
    {"type": "file_input", "filetypes": ["png"]},
]


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda one: str(one["type"]))
def test_every_element_can_be_found_by_its_ids(painter: Painter, element: Json) -> None:
    block = {"type": "actions", "block_id": "b1", "elements": [element | {"action_id": "a1"}]}
    page = painted(painter, block)
    assert 'data-block-id="b1"' in page
    assert page.count('data-action-id="a1"') == 1


@pytest.mark.parametrize("element", ELEMENTS[2:], ids=lambda one: str(one["type"]))
def test_every_field_of_a_modal_has_its_label(painter: Painter, element: Json) -> None:
    block = {"type": "input", "block_id": "b1", "label": plain("Purpose"), "element": element}
    block["element"] = element | {"action_id": "a1"}
    page = painted(painter, block, view=modal(block))
    [field_id] = re.findall(r'for="(f-here-b1-a1)"', page) or re.findall(r'id="(.*)-label"', page)
    assert f'id="{field_id}' in page


def test_what_was_typed_stays_when_a_field_is_refused(painter: Painter) -> None:
    element = {"type": "plain_text_input", "action_id": "a1", "initial_value": "proposed"}
    block = {"type": "input", "block_id": "b1", "label": plain("Purpose"), "element": element}
    view = modal(
        block,
        values={"b1": {"a1": {"type": "plain_text_input", "value": "typed"}}},
        errors={"b1": "Say more."},
    )
    page = painted(painter, block, view=view)
    assert 'value="typed"' in page
    assert "proposed" not in page
    assert re.search(r'class="error" role="alert">Say more\.<', page)


def test_a_button_asks_before_it_acts_where_the_app_wants_it(painter: Painter) -> None:
    confirm = {"title": plain("Reject?"), "text": plain("It stays in the log."), "style": "danger"}
    button = {"type": "button", "action_id": "no", "text": plain("Reject"), "confirm": confirm}
    page = painted(painter, {"type": "actions", "block_id": "b", "elements": [button]})
    assert "Reject?" in page
    assert "It stays in the log." in page


def test_a_link_button_leads_nowhere_that_is_not_the_web(painter: Painter) -> None:
    button = {"type": "button", "action_id": "x", "text": plain("Go"), "url": "javascript:alert(1)"}
    page = painted(painter, {"type": "actions", "block_id": "b", "elements": [button]})
    assert "javascript:" not in page


def test_no_words_of_a_block_become_markup(painter: Painter) -> None:
    evil = "<img src=x onerror=alert(1)>"
    blocks: list[Json] = [
        {"type": "header", "text": plain(evil)},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": evil}]},
        {
            "type": "image",
            "image_url": "https://x.y/z.png",
            "alt_text": f'"{evil}',
            "title": plain(evil),
        },
        {"type": "context", "elements": [plain(evil)]},
        {"type": "markdown", "text": evil},
        {"type": "table", "rows": [[{"type": "raw_text", "text": evil}]]},
        {"type": "card", "title": plain(evil), "body": plain(evil)},
        {
            "type": "data_visualization",
            "title": evil,
            "chart": {"type": "pie", "segments": [{"label": evil, "value": 1}]},
        },
        {"type": evil},
    ]
    page = painted(painter, *blocks)
    assert "<img src=x" not in page
    assert page.count("&lt;img src=x") >= len(blocks)


def test_a_block_that_nobody_taught_us_is_named_and_not_dropped(painter: Painter) -> None:
    assert "A hologram block" in painted(painter, {"type": "hologram"})


@pytest.mark.parametrize("kind", ["line", "area", "bar"])
def test_a_chart_shows_every_figure(painter: Painter, kind: str) -> None:
    data = [{"label": day, "value": value} for day, value in (("Mon", 3), ("Tue", -1), ("Wed", 12))]
    chart = {
        "type": kind,
        "series": [{"name": "Made", "data": data}],
        "axis_config": {"categories": ["Mon", "Tue", "Wed"]},
    }
    page = painted(painter, {"type": "data_visualization", "title": "Takes", "chart": chart})
    assert [f"Made, {one['label']}: {one['value']}" in page for one in data] == [True] * 3


def test_a_chart_of_nothing_is_still_drawn(painter: Painter) -> None:
    chart = {"type": "bar", "series": [{"name": "Made", "data": [{"label": "Mon", "value": 0}]}]}
    assert "<svg" in painted(
        painter, {"type": "data_visualization", "title": "Takes", "chart": chart}
    )


def test_a_pie_tells_its_shares(painter: Painter) -> None:
    segments = [{"label": "Approved", "value": 3}, {"label": "Off brief", "value": 1}]
    page = painted(
        painter,
        {
            "type": "data_visualization",
            "title": "Why",
            "chart": {"type": "pie", "segments": segments},
        },
    )
    assert "Approved 75%" in page
    assert "Off brief 25%" in page


def test_cards_stand_side_by_side_and_a_container_folds(painter: Painter) -> None:
    card = {
        "type": "card",
        "title": plain("Route A"),
        "actions": [{"type": "button", "action_id": "pick", "text": plain("Choose")}],
    }
    page = painted(
        painter,
        {"type": "carousel", "block_id": "c", "elements": [card, card]},
        {
            "type": "container",
            "title": plain("Cost"),
            "is_collapsible": True,
            "default_collapsed": True,
            "child_blocks": [{"type": "section", "text": plain("$1.24")}],
        },
    )
    assert page.count('class="card"') == 2
    assert re.search(r'<details class="container standard">', page)
