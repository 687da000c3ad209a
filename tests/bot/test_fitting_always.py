"""Whatever is ordered of whatever table, the fitted order can be placed, and no loss is silent."""

import re
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.fitting import Fit, Order, Pick, fitted
from bot.settings import Settings
from bot.setups import refs_of
from engines import (
    Caps,
    JobSpec,
    Lengths,
    Mode,
    Native,
    Offer,
    RefKind,
    RefRole,
    Slot,
    hire,
    problems_with,
)

_KEYS = {
    "RUNWAY_API_KEY": "key",
    "LUMA_API_KEY": "key",
    "LUMA_DREAM_MACHINE_API_KEY": "key",
    "GOOGLE_OMNI_API_KEY": "key",
    "FIREFLY_CLIENT_ID": "id",
    "FIREFLY_CLIENT_SECRET": "secret",
    "OPENAI_VIDEOS_BASE_URL": "https://films.example/v1",
    "OPENAI_VIDEOS_MODEL": "sora-2",
}
_HIRED = hire(Settings(engine_variables=_KEYS)).values()
REAL = [engine.caps(model) for engine in _HIRED for model in engine.models()]
_RATIOS = ("16:9", "9:16", "1:1", "21:9", "7:4")
_SIZES = ("480p", "720p", "1080p", "2k", "4k", "2.4MP")
_NAMES = st.sampled_from(["Mira", "mira", "7", "Ä", "The Ridge, at dawn, from far away", "x" * 40])

slots = st.builds(
    Slot,
    role=st.sampled_from(RefRole),
    kind=st.sampled_from(RefKind),
    least=st.integers(0, 2),
    most=st.integers(2, 4),
    by_address=st.booleans(),
    bytes_most=st.none() | st.integers(1, 100),
)
lengths = st.builds(
    Lengths,
    least=st.integers(1, 5),
    most=st.integers(5, 20),
    only=st.sampled_from([(), (5, 10), (4, 6, 8)]),
    step=st.sampled_from([0, 1]),
)
sizes = st.dictionaries(st.sampled_from(_SIZES), st.just((320, 180)), min_size=1)
_NO_FORMAT: dict[str, Any] = {}
formats = st.one_of(
    st.just(_NO_FORMAT),
    st.just(_NO_FORMAT | {"scales": ("2k", "4k")}),
    st.dictionaries(st.sampled_from(_RATIOS), sizes).map(lambda ratios: {"ratios": ratios}),
)


@st.composite
def offered(draw: st.DrawFn) -> Offer:
    return replace(draw(plain_offers), **draw(formats))


plain_offers = st.builds(
    Offer,
    lengths=st.none() | lengths,
    slots=st.lists(slots, max_size=4, unique_by=lambda slot: (slot.role, slot.kind)).map(tuple),
    refs_most=st.none() | st.integers(8, 12),
    negative=st.booleans(),
    seed=st.booleans(),
    audio=st.booleans(),
    native=st.sampled_from([{}, {"style": Native(about="How it looks.", only=("warm", "true"))}]),
)
tables = st.dictionaries(st.sampled_from(Mode), offered(), min_size=1).map(
    lambda modes: Caps(modes=modes, price=REAL[0].price)
)
picks = st.lists(
    st.builds(
        Pick,
        role=st.sampled_from(RefRole),
        id=st.uuids().map(str),
        name=_NAMES,
        sha256=st.just("ab" * 32),
        kind=st.sampled_from(RefKind),
        size=st.none() | st.integers(0, 200),
        is_reachable=st.booleans(),
        job=st.sampled_from(["", "job-1"]),
    ),
    max_size=14,
).map(tuple)
orders = st.builds(
    Order,
    engine=st.just("any"),
    seconds=st.floats(0.1, 60) | st.integers(1, 60),
    ratio=st.sampled_from(_RATIOS),
    mode=st.none() | st.sampled_from(Mode),
    resolution=st.sampled_from(["", *_SIZES]),
    seed=st.none() | st.integers(0, 9),
    negative=st.none() | st.just("rain"),
    audio=st.none() | st.booleans(),
    native=st.sampled_from([{}, {"style": "warm"}, {"style": True}, {"style": 1}, {"gone": 1}]),
)
caps_of_any = st.sampled_from(REAL) | tables


def asked(fit: Fit, caps: Caps) -> JobSpec:
    order = fit.order
    return JobSpec(
        mode=fit.mode, prompt="A boat", negative=order.negative, model=caps.model,
        seconds=order.seconds, ratio=order.ratio, resolution=order.resolution, seed=order.seed,
        audio=order.audio, refs=refs_of(fit.picks), native=order.native,
    )  # fmt: skip


def missing(fit: Fit, caps: Caps) -> list[str]:
    """Name what somebody has yet to choose."""
    held = [(pick.role, pick.kind) for pick in fit.picks]
    wanted = caps.modes[fit.mode].slots
    return [slot.role for slot in wanted if held.count((slot.role, slot.kind)) < slot.least]


@given(orders, caps_of_any, picks)
def test_a_fitted_order_is_within_the_table_or_lacks_only_what_it_is_to_work_from(
    order: Order, caps: Caps, picks: tuple[Pick, ...]
) -> None:
    fit = fitted(order, caps, picks, label="Engine")
    if fit is None:
        return
    problems = problems_with(asked(fit, caps), caps)
    told = [each.text for each in problems if not each.text.startswith("This needs ")]
    assert told == []
    assert bool(problems) == bool(missing(fit, caps))


@given(orders, caps_of_any, picks)
def test_fitting_what_was_fitted_changes_nothing(
    order: Order, caps: Caps, picks: tuple[Pick, ...]
) -> None:
    fit = fitted(order, caps, picks, label="Engine")
    if fit is not None:
        again = fitted(fit.order, caps, fit.picks, label="Engine")
        assert again is not None
        assert (again.order, again.mode, again.picks) == (fit.order, fit.mode, fit.picks)


@given(orders, caps_of_any, picks)
def test_a_sentence_names_everything_that_was_dropped(
    order: Order, caps: Caps, picks: tuple[Pick, ...]
) -> None:
    fit = fitted(order, caps, picks, label="Engine")
    if fit is None:
        return
    said = " ".join(fit.losses)
    kept = {pick.id for pick in fit.picks}
    assert all(f"{pick.name} does not go along: " in said for pick in picks if pick.id not in kept)
    for wanted, given_, name in _differences(order, fit.order):
        if wanted != given_:
            assert name in said, (wanted, given_, said)
    if fit.mode is not (order.mode or fit.mode) and order.mode is not Mode.TEXT_TO_VIDEO:
        assert fit.losses


def _differences(order: Order, given_: Order) -> list[tuple[Any, Any, str]]:
    lost = [(1, 0, f"option {key} is lost") for key in order.native if key not in given_.native]
    return [
        (order.seconds, given_.seconds, f"{order.seconds:g} s become"),
        (order.ratio, given_.ratio, f"{order.ratio} becomes"),
        (order.resolution or given_.resolution, given_.resolution, order.resolution),
        (order.seed, given_.seed, "seed"),
        (order.audio, given_.audio, "sound"),
        (order.negative, given_.negative, "negative prompt"),
        *lost,
    ]


@given(picks)
def test_every_tag_is_plain_and_nobody_elses(picks: tuple[Pick, ...]) -> None:
    room = tuple(Slot(role=role, kind=kind, most=14) for role in RefRole for kind in RefKind)
    caps = Caps(modes=dict.fromkeys(Mode, Offer(slots=room)), price=REAL[0].price)
    fit = fitted(Order("any", 5, "16:9"), caps, picks, label="Engine")
    assert fit is not None
    assert len(fit.picks) == len(picks)
    tags = [pick.tag for pick in fit.picks]
    assert len(set(tags)) == len(tags)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{2,15}", tag) for tag in tags), tags
