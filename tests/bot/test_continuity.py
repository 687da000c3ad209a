"""What is different between two setups is named once each, and nothing else is."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.continuity import Difference, differences

WORDS = st.text("abé &<", max_size=12)
PLANNED = ("action", "framing", "camera", "purpose", "feeling")
ABOUT = st.fixed_dictionaries(dict.fromkeys(PLANNED, WORDS))
REFERENCE = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["mira", "roof", "lamp"]),
        "role": st.sampled_from(["first", "last", "reference"]),
        "version": st.integers(1, 9),
        "sha256": st.sampled_from(["a" * 64, "b" * 64]),
        "name": WORDS,
    },
    optional={"part": st.integers(1, 3)},
)
SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "engine": st.sampled_from(["runway", "luma"]),
    "model": WORDS,
    "mode": st.sampled_from(["t2v", "r2v"]),
    "seconds": st.integers(1, 60) | st.floats(1, 60),
    "ratio": st.sampled_from(["16:9", "9:16"]),
    "resolution": st.sampled_from(["", "720p"]),
    "seed": st.none() | st.integers(0, 9),
    "audio": st.none() | st.booleans(),
    "negative": WORDS,
    "prompt": WORDS,
}


def _key(each: dict[str, Any]) -> tuple[str, str, int]:
    return each["role"], each["id"], each.get("part", 0)


BODIES = st.fixed_dictionaries(
    {
        "v": st.just(2),
        "about": ABOUT,
        "native": st.dictionaries(st.sampled_from(["motion_bucket", "cfg"]), st.integers(0, 9)),
        "references": st.lists(REFERENCE, max_size=4, unique_by=_key),
        **SETTINGS,
    }
)


@given(BODIES, st.booleans())
def test_nothing_is_different_from_itself(body: dict[str, Any], own_words: bool) -> None:  # noqa: FBT001 - drawn
    assert differences(body, deepcopy(body), own_words=own_words) == []


def _other(name: str, value: object) -> object:
    match value:
        case None:
            return 1 if name == "seed" else True
        case bool():
            return not value
        case int() | float():
            return value + 1
        case _:
            return f"{value}x"


@given(BODIES, st.sampled_from([*SETTINGS, *PLANNED, "native"]))
def test_a_change_of_one_field_is_named_once(body: dict[str, Any], name: str) -> None:
    now = deepcopy(body)
    if name == "native":
        now["native"]["cfg"] = _other("cfg", now["native"].get("cfg", 0))
    else:
        part = now["about"] if name in PLANNED else now
        part[name] = _other(name, part[name])
    assert len(differences(body, now)) == 1


@given(BODIES, BODIES)
def test_what_was_different_is_so_the_other_way_round(
    was: dict[str, Any], now: dict[str, Any]
) -> None:
    there, back = differences(was, now), differences(now, was)
    assert sorted((each.was, each.now) for each in there) == sorted(
        (each.now, each.was) for each in back
    )
    assert all(each.was != each.now for each in there)


@given(BODIES, st.data())
def test_a_reference_is_named_when_it_comes_goes_or_is_another_version(
    body: dict[str, Any], data: st.DataObject
) -> None:
    without = {**body, "references": body["references"][:-1]}
    if body["references"]:
        last = body["references"][-1]
        [gone] = differences(body, without)
        assert gone.was == f"v{last['version']} {last['sha256'][:8]}"
        assert gone.now == ""
        more: list[dict[str, Any]] = [{"version": 10}, {"sha256": "c" * 64}]
        newer = {**last, **data.draw(st.sampled_from(more))}
        [changed] = differences(body, {**body, "references": [*without["references"], newer]})
        assert changed.was == gone.was
        assert changed.now == f"v{newer['version']} {newer['sha256'][:8]}"


def test_words_that_follow_from_the_plan_are_not_told_besides_it() -> None:
    was = {"about": {"action": "She waits."}, "prompt": "She waits."}
    now = {"about": {"action": "She goes."}, "prompt": "She goes."}
    plan = Difference("action", "She waits.", "She goes.")
    assert differences(was, now) == [plan]
    own = Difference("prompt", "She waits.", "She goes.")
    assert differences(was, now, own_words=True) == [plan, own]


def test_a_first_setup_kept_its_plan_among_the_options_of_its_engine() -> None:
    was = {"v": 1, "native": {"action": "She waits."}}
    now = {"v": 2, "about": {"action": "She goes."}, "native": {"cfg": 3}}
    told = [(each.what, each.was, each.now) for each in differences(was, now)]
    assert told == [("action", "She waits.", "She goes."), ("cfg", "", "3")]
