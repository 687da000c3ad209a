"""Money is counted in whole cents: what people type, what fits a budget, when a line is crossed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.billing import told_bill
from bot.budget import MOST_CENTS, Purse, allow, cents_of, cost_of, dollars
from bot.errors import NotNow
from bot.spend import Account, Line
from engines import JobState, Status
from handlers.cards._parts import cost
from handlers.cards.spend import bar, spend_card
from storage.models import Production, Role, Take, TakeState
from tests.bot._digest_house import MONDAY

CENTS = st.integers(min_value=0, max_value=MOST_CENTS)
ORDERS = st.lists(st.one_of(st.none(), st.integers(0, 5_000)), max_size=30)


@given(CENTS)
def test_what_we_write_is_read_back_to_the_cent(cents: int) -> None:
    whole, part = divmod(cents, 100)
    for typed in (dollars(cents), f"{whole}.{part:02}", f" $ {whole:,}.{part:02} "):
        assert cents_of(typed) == cents


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("", None), ("  ", None), ("0", 0), ("1,500", 150_000), ("$250.50", 25_050), ("$ 7", 700),
     ("1500.5", 150_050), ("0.07", 7), ("20,000,000", MOST_CENTS)],
)  # fmt: skip
def test_dollars_are_read_as_people_type_them(typed: str, cents: int | None) -> None:
    assert cents_of(typed) == cents


@pytest.mark.parametrize(
    "typed",
    ["1.500", "250,50", "1,50", "15,00,000", "-5", "1e3", "five", "1 500", "€20", "$", ".5", "1.",
     "١٢", "1,500,00", "20,000,000.01", "9" * 5000],
)  # fmt: skip
def test_what_could_mean_two_things_is_asked_for_again(typed: str) -> None:
    with pytest.raises(ValueError, match=r"1,500 or 250\.50|at most \$20,000,000\.00"):
        cents_of(typed)


@given(ORDERS, CENTS, st.sampled_from(Role))
def test_no_sequence_of_orders_ever_goes_beyond_the_hard_line(
    orders: list[int | None], hard: int, role: Role
) -> None:
    committed = 0
    for cents in orders:
        purse = Purse(committed, None, hard)
        try:
            allow(purse, [cents], role=role)
        except NotNow:
            is_forbidden = cents is None and role not in {Role.OWNER, Role.PRODUCER}
            assert is_forbidden or (cents and committed + cents > hard)
            continue
        committed += cents or 0
        assert committed <= hard
        assert Purse(committed, None, hard).left == hard - committed


@given(st.lists(st.integers(0, 5_000), max_size=30), st.integers(0, 20_000))
def test_money_that_only_goes_out_crosses_the_soft_line_once_or_never(
    orders: list[int], soft: int
) -> None:
    committed, crossings = 0, 0
    for cents in orders:
        crossings += Purse(committed, soft, None).crosses(cents)
        committed += cents
    assert crossings == (committed > soft)


@given(st.lists(st.integers(-5_000, 5_000), max_size=30), st.integers(0, 20_000))
def test_a_line_is_told_again_only_after_money_came_back_below_it(
    changes: list[int], soft: int
) -> None:
    committed, is_above = 0, False
    for cents in changes:
        told = Purse(committed, soft, None).crosses(cents)
        committed += cents
        assert told == (committed > soft and not is_above)
        is_above = committed > soft


@given(CENTS, CENTS, st.none() | CENTS, st.none() | CENTS)
def test_the_bar_never_shows_money_left_that_is_not(
    spent: int, promised: int, soft: int | None, hard: int | None
) -> None:
    drawn = bar(spent, promised, Purse(spent + promised, soft, hard))
    cells = drawn.replace("│", "")
    whole = max(soft or 0, hard or 0, spent + promised)
    if (soft, hard) == (None, None) or not whole:
        assert drawn == ""
        return
    assert len(cells) == 20
    assert cells == "".join(sorted(cells, key="█▒░".index))
    assert ("░" in cells) == (spent + promised < whole)
    assert cells.count("█") == 20 * spent // whole


def a_take(**values: object) -> Take:
    known = {"production_id": "p", "scene_id": "s", "shot_id": "h", "setup_id": "u", "number": 1}
    return Take(workspace_id="T", engine="e", ordered_by="U", ordered_at=MONDAY, **known | values)  # pyright: ignore[reportArgumentType] - values by name


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "price unknown"),
        ({"estimate_cents": 0}, "free"),
        ({"estimate_cents": 250}, "about $2.50"),
        ({"estimate_cents": 250, "state": TakeState.AMBIGUOUS}, "about $2.50"),
        ({"spent_at": MONDAY}, "price unknown"),
        ({"spent_at": MONDAY, "estimate_cents": 0}, "free"),
        ({"spent_at": MONDAY, "cost_cents": 240}, "about $2.40"),
        ({"spent_at": MONDAY, "cost_cents": 240, "cost_told": True}, "$2.40"),
        ({"spent_at": MONDAY, "cost_told": True}, "free"),
        ({"estimate_cents": 250, "state": TakeState.FAILED}, "not charged"),
        ({"state": TakeState.CANCELLED, "placed_at": MONDAY}, "no charge told"),
        ({"state": TakeState.FAILED, "spent_at": MONDAY, "cost_cents": 9, "cost_told": True},
         "$0.09"),
    ],
)  # fmt: skip
def test_a_take_says_what_it_costs_as_surely_as_it_is_known(
    values: dict[str, object], told: str
) -> None:
    assert cost(a_take(**values)) == told


@pytest.mark.parametrize(("said", "cents"), [(0.0, 0), (0.4, 1), (59.999999999, 60), (60.2, 61)])
def test_a_part_of_a_cent_on_a_bill_is_a_cent(said: float, cents: int) -> None:
    bill = told_bill(Status(state=JobState.SUCCEEDED, cost_cents=said))
    assert bill
    assert (bill.cents, bill.is_told) == (cents, True)


def test_a_bill_of_nothing_known_is_no_bill() -> None:
    assert told_bill(Status(state=JobState.FAILED)) is None
    assert cost_of(a_take(state=TakeState.FAILED)) is None


def test_an_account_of_any_size_fits_into_slack() -> None:
    production = Production(
        workspace_id="T", name="&<>" * 50, channel_id="C", opened_by="U", opened_at=MONDAY
    )
    lines = [Line("&" * 200, told_cents=10**9, table_cents=1, open_unknown=9, takes=9)] * 8
    account = Account(production, Purse(10**9, 5, 10), lines[0], lines, lines, lines)
    for block in spend_card(account):
        texts = [block["text"]] if "text" in block else block["elements"]
        assert all(0 < len(each["text"]) <= 3000 for each in texts)
        assert all(not each["text"].endswith("…") for each in texts)
