"""The order form is one that Slack takes, for every engine, model and kind of work there is."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from itertools import groupby

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.budget import Purse
from bot.desks import Desk
from bot.fitting import Order
from bot.orders import MOST_AT_ONCE
from engines import Engine, Mode, hire, known
from handlers.cards._parts import Json
from handlers.views import order_form, settle_form
from tests.handlers._hired import WIDE, Terms, a_desk, a_take, a_view, everything
from tests.sandbox import Sandbox
from tests.sandbox._hiring import variables
from tests.workspace.blocks import checked_view


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engines(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Engine]]:
    folder = tmp_path_factory.mktemp("hired")
    async with Sandbox() as sandbox:
        hired = hire(Terms(folder, variables(sandbox, folder)))
        yield hired
        for engine in hired.values():
            await engine.close()


def accepted(view: Json) -> Json:
    """Give a form as Slack has it; raises where Slack would not take it."""
    for block in view["blocks"]:
        element = block.get("element", {})
        assert len(element.get("initial_options", [])) <= element.get("max_selected_items", 100)
    return checked_view(view, [])


def elements(view: Json) -> dict[str, Json]:
    return {each["block_id"]: each["element"] for each in view["blocks"] if "element" in each}


def small_print(view: Json) -> str:
    small = [each for each in view["blocks"] if each["type"] == "context"]
    return "\n".join(part["text"] for each in small for part in each["elements"])


def order_for(engines: Mapping[str, Engine], name: str, model: str, mode: Mode) -> Order:
    return Order(name, seconds=5, ratio="16:9", model=model or engines[name].models()[0], mode=mode)


def test_all_ten_engines_are_hired(engines: dict[str, Engine]) -> None:
    assert set(engines) == set(known())
    assert len(engines) == 10


def test_every_form_is_one_that_slack_takes(engines: dict[str, Engine]) -> None:
    drawn = 0
    for name, model, mode in everything(engines):
        order = order_for(engines, name, model, mode)
        desk = a_desk(engines[name], order, pictures=3, films=2)
        view = accepted(order_form.filled(desk, engines))
        assert elements(view)["engine"]["initial_option"]["value"] == f"{name}/{model}".rstrip("/")
        drawn += 1
    assert drawn > 100


WORDS = st.text("aé🌊&<>*_`~\n ", max_size=3500)
PURSES = st.builds(Purse, st.integers(0, 10**9), st.none(), st.none() | st.integers(0, 10**9))


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_words_and_no_crowd_of_pictures_makes_a_form_that_slack_refuses(
    engines: dict[str, Engine], data: st.DataObject
) -> None:
    name, model, mode = data.draw(st.sampled_from([*everything(engines)]))
    order = replace(
        order_for(engines, name, model, mode),
        seconds=data.draw(st.floats(0.1, 600)), ratio=data.draw(st.sampled_from(["16:9", "9:16"])),
        resolution=data.draw(st.sampled_from(["", "720p", "4k", "1080p"])),
        seed=data.draw(st.none() | st.integers(0, 2**32)), negative=data.draw(st.none() | WORDS),
        audio=data.draw(st.sampled_from([None, True, False])), prompt=data.draw(WORDS),
        family=data.draw(WORDS),
    )  # fmt: skip
    desk = a_desk(
        engines[name], order, pictures=data.draw(st.integers(0, 130)),
        films=data.draw(st.integers(0, 230)), title=data.draw(WORDS),
        cents=data.draw(st.none() | st.integers(0, 10**8)), purse=data.draw(PURSES),
    )  # fmt: skip
    also = data.draw(st.integers(0, MOST_AT_ONCE - 1))
    others = [_elsewhere(engines, desk, mode, number) for number in range(also)]
    problems = data.draw(st.lists(WORDS, max_size=3))
    accepted(order_form.filled(desk, engines, also=others, problems=problems))


def _elsewhere(engines: dict[str, Engine], desk: Desk, mode: Mode, number: int) -> Desk:
    able = [each for each in everything(engines) if each[2] is mode]
    name, model, _ = able[number % len(able)]
    order = replace(desk.plan.order, engine=name, model=model)
    return a_desk(engines[name], order, pictures=3)


def test_price_and_losses_stand_before_what_can_still_be_changed(
    engines: dict[str, Engine],
) -> None:
    order = Order("runway", seconds=1, ratio="16:9", model="gen4.5")
    view = accepted(order_form.filled(a_desk(engines["runway"], order), engines))
    places = [each.get("block_id", each["type"]) for each in view["blocks"]]
    kinds = [each["type"] for each in view["blocks"]]
    assert kinds.index("context") < places.index("prompt")
    assert "Runway: about *$0.36* for 2 s (prices of " in small_print(view)
    assert ":warning: 1 s become 2 s: Runway makes 2 to 10 whole seconds." in small_print(view)


def test_two_models_of_one_engine_are_told_apart_by_their_prices(
    engines: dict[str, Engine],
) -> None:
    order = Order("runway", seconds=5, ratio="16:9", model="gen4.5")
    models = [each for each in engines["runway"].models() if each != "gen4.5"]
    able = next(each for each in models if Mode.TEXT_TO_VIDEO in engines["runway"].caps(each).modes)
    desk = a_desk(engines["runway"], order)
    other = a_desk(engines["runway"], replace(order, model=able))
    said = small_print(order_form.filled(desk, engines, also=[other]))
    assert "Runway · gen4.5: about" in said
    assert f"Runway · {able}: about" in said
    assert "Together about *$0.72*." in said


def test_the_menu_of_engines_is_grouped_and_leaves_none_out(engines: dict[str, Engine]) -> None:
    order = Order("animatic", seconds=5, ratio="16:9")
    view = accepted(order_form.filled(a_desk(engines["animatic"], order), engines))
    for block_id in ("engine", "also"):
        groups = elements(view)[block_id]["option_groups"]
        labels = [each["label"]["text"] for each in groups]
        assert labels == [name for name, _ in groupby(labels)]
        told = {option["value"] for group in groups for option in group["options"]}
        able = {
            f"{name}/{model}".rstrip("/")
            for name, model, mode in everything(engines)
            if block_id == "engine" or (mode is Mode.TEXT_TO_VIDEO and name != "animatic")
        }
        assert told == able


def test_other_fields_are_other_inputs_so_that_slack_forgets_what_another_engine_had(
    engines: dict[str, Engine],
) -> None:
    def actions(name: str, ratio: str = "16:9") -> dict[str, str]:
        model = engines[name].models()[0]
        order = Order(name, seconds=5, ratio=ratio, model=model, prompt="By my own hand.")
        view = order_form.filled(a_desk(engines[name], order), engines)
        return {block: each["action_id"] for block, each in elements(view).items()}

    runway, veo = actions("runway"), actions("google_veo")
    shared = set(runway) & set(veo)
    assert {each for each in shared if runway[each] == veo[each]} == {"engine", "family"}
    tall = actions("runway", "9:16")
    assert {each for each in runway if runway[each] != tall[each]} == {"resolution"}


def test_the_form_for_a_found_job_is_one_that_slack_takes(engines: dict[str, Engine]) -> None:
    for name, engine in engines.items():
        view = settle_form.empty(a_view(a_take(engine=name), engine, engine.models()[0]))
        accepted(view)
        assert WIDE not in str(view)
