"""Cards of takes and of bake-offs are ones that Slack takes, however long the words in them."""

import pytest

from bot.orders import MOST_AT_ONCE
from bot.views import BakeOffView, TakeView
from engines import Engine, FailKind, hire, known
from handlers.cards._parts import Drawn
from handlers.cards.bake_off import bake_off_card
from handlers.cards.take import take_card
from storage.models import BakeOff, Decision, Reason, Role, Stage, TakeState, Verdict
from tests.handlers._hired import NOW, WIDE, Terms, a_scene, a_take, a_view
from tests.workspace.blocks import checked_message_blocks


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, str]:
    """Give the engine that has the longest name of a model, and that name."""
    told = {"RUNWAY_API_KEY": "key", "LUMA_API_KEY": "key", "GOOGLE_OMNI_API_KEY": "key"}
    hired = hire(Terms(tmp_path_factory.mktemp("hired"), told))
    assert set(hired) <= set(known())
    models = [(engine, model) for engine in hired.values() for model in engine.models()]
    return max(models, key=lambda each: len(each[0].label + each[1]))


def accepted(drawn: Drawn) -> Drawn:
    """Give a card back; raises where Slack would not take it."""
    checked_message_blocks(drawn.blocks, [])
    assert 0 < len(drawn.text) <= 3000
    return drawn


def said(drawn: Drawn) -> str:
    return str(drawn.blocks)


@pytest.mark.parametrize("state", TakeState)
@pytest.mark.parametrize("still", [True, False])
def test_a_take_in_any_state_has_a_card_that_slack_takes(
    wordy: tuple[Engine, str], state: TakeState, *, still: bool
) -> None:
    take = a_take(
        10_000, state=state, still=still, progress=33, problem=WIDE * 200, sha256="0" * 64,
        ready_at=NOW, placed_at=NOW, poster_file_id="F1", width=3840, height=2160,
        fail_kind=FailKind.AUTH,
    )  # fmt: skip
    told = [_decision(number) for number in range(40)]
    accepted(take_card(a_view(take, *wordy, decisions=told)))


def _decision(number: int) -> Decision:
    return Decision(
        id=f"{number}", workspace_id="T0STUDIO001", production_id="p", take_id="t",
        stage=Stage.TEAM, verdict=Verdict.REJECT, reason=Reason.OFF_BRIEF, note=WIDE * 100,
        by="U0MAYA00001", team_id="T", role=Role.PRODUCER, sha256="0" * 64, at=NOW,
    )  # fmt: skip


def test_who_acts_next_is_said_however_much_the_engine_said(wordy: tuple[Engine, str]) -> None:
    take = a_take(state=TakeState.FAILED, problem=WIDE * 200, fail_kind=FailKind.OUT_OF_CREDIT)
    assert "tops the account up" in said(accepted(take_card(a_view(take, *wordy))))


def test_who_settles_an_order_is_told_when_and_where_to_look(wordy: tuple[Engine, str]) -> None:
    take = a_take(state=TakeState.AMBIGUOUS, problem="Its answer was lost.")
    card = said(take_card(a_view(take, *wordy)))
    assert f"look for a job of <!date^{int(NOW.timestamp())}^" in card
    assert f"at {wordy[0].label}, then say below what you found." in card


def test_an_engine_is_credited_beside_its_work_and_nowhere_else(wordy: tuple[Engine, str]) -> None:
    made = a_take(state=TakeState.WAITING, sha256="0" * 64, ready_at=NOW)
    assert "Powered by A" in said(take_card(a_view(made, *wordy)))
    assert "Powered by A" not in said(take_card(a_view(a_take(state=TakeState.FAILED), *wordy)))


def test_the_largest_bake_off_has_a_card_that_slack_takes(wordy: tuple[Engine, str]) -> None:
    made = [a_take(10_000 + n, state=TakeState.RENDERING, progress=99) for n in range(MOST_AT_ONCE)]
    view = _bake_off([a_view(each, *wordy) for each in made], sheet="F0SHEET")
    drawn = accepted(bake_off_card(view))
    assert f"0 of {MOST_AT_ONCE} are in" in said(drawn)
    assert all(f"*{each.code}*" in said(drawn) for each in made)


def _bake_off(views: list[TakeView], *, sheet: str) -> BakeOffView:
    bake_off = BakeOff(
        workspace_id="T0STUDIO001", production_id="p", scene_id="s", ordered_by="U0MAYA00001",
        ordered_at=NOW, sheet_file_id=sheet,
    )  # fmt: skip
    return BakeOffView(a_scene(), bake_off, views)
