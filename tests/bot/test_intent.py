"""What applies to a scene comes from the scene, its sequences and the production."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotNow
from bot.intent import FIELDS, Ground, Told, ground_of, lineage_of, missing, unexplained
from bot.rulebook import EMPTY, Rules, read_rules
from storage.models import Scene, Sequence

RULES = read_rules(
    "intent:\n"
    "  required: [change]\n"
    "  feeling: calm\n"
    "  visual_rules: dusk\n"
    "constraints: [{kind: rights, text: no face}]\n"
    "prohibited: [{route: smoking, words: smoke, text: Nobody smokes.}]\n"
)


def a_sequence(number: int, inherits: int | None = None, **values: Any) -> Sequence:
    return Sequence(
        id=f"q{number}",
        workspace_id="T",
        production_id="p",
        number=number,
        inherits_id=f"q{inherits}" if inherits else None,
        **values,
    )


def a_scene(**values: Any) -> Scene:
    return Scene(
        workspace_id="T", production_id="p", sequence_id="q10", number=20, title="Roof", **values
    )


def lineage(*sequences: Sequence) -> list[Sequence]:
    return lineage_of(sequences[0], {each.id: each for each in sequences})


def ground(scene: Scene, *sequences: Sequence, rules: Rules = EMPTY) -> Ground:
    return ground_of(scene, lineage(*sequences), rules)


def test_the_nearest_text_of_a_field_stands_and_says_where_it_is_from() -> None:
    near = a_sequence(10, 20, must_carry="the jacket", visual_rules=" ")
    far = a_sequence(20, must_carry="the key", story_job="she leaves", feeling="fear")
    found = ground(a_scene(purpose="One look. "), near, far, rules=RULES)
    assert found.purpose == Told("One look.", "SC020")
    assert found.must_carry == Told("the jacket", "SQ010")
    assert found.feeling == Told("fear", "SQ020")
    assert found.story_job == Told("she leaves", "SQ020")
    assert found.visual_rules == Told("dusk", "production")
    assert found.must_not_show == Told()


def test_constraints_of_all_levels_add_up_and_name_their_level() -> None:
    near = a_sequence(10, 20, constraints="[block] Safety: no edge")
    far = a_sequence(20, constraints="Brand: the logo")
    found = ground(a_scene(constraints="No other brands on screen"), near, far, rules=RULES)
    assert [(each.level, each.text) for each in found.constraints] == [
        ("production", "no face"),
        ("SQ020", "the logo"),
        ("SQ010", "no edge"),
        ("SC020", "No other brands on screen"),
    ]


def test_the_rule_book_brings_its_routes_and_what_it_requires() -> None:
    found = ground(a_scene(), a_sequence(10), rules=RULES)
    assert [route.name for route in found.prohibited] == ["smoking"]
    assert missing(found) == ["purpose", "change"]
    assert missing(ground(a_scene(purpose="p", change="c"), a_sequence(10), rules=RULES)) == []


def test_a_required_field_may_be_filled_by_what_a_scene_inherits() -> None:
    rules = read_rules("intent: {required: [feeling]}")
    scene = a_scene(purpose="p")
    assert missing(ground(scene, a_sequence(10), rules=rules)) == ["feeling"]
    assert missing(ground(scene, a_sequence(10, feeling="fear"), rules=rules)) == []


def test_a_scene_that_departs_from_what_it_inherits_has_to_say_why() -> None:
    sequence = a_sequence(10, feeling="Fear,  at last", must_carry="the jacket")
    scene = a_scene(feeling="joy", must_carry="the  Jacket", must_not_show="rain")
    found = ground(scene, sequence)
    assert found.overridden == ("feeling",)
    assert unexplained(found) == ("feeling",)
    scene.overrides = "It is her dream."
    told = ground(scene, sequence)
    assert (told.overridden, unexplained(told)) == (("feeling",), ())


def test_a_lineage_goes_from_near_to_far_and_ends_where_a_sequence_is_gone() -> None:
    found = lineage(a_sequence(10, 30), a_sequence(20), a_sequence(30, 20))
    assert [each.code for each in found] == ["SQ010", "SQ030", "SQ020"]
    assert [each.code for each in lineage(a_sequence(10, 99))] == ["SQ010"]


@pytest.mark.parametrize(
    ("inherits", "told"),
    [
        ([(10, 10)], "SQ010 inherits from itself."),
        ([(10, 20), (20, 10)], "SQ010 inherits from SQ020, which inherits from SQ010."),
        ([(10, 20), (20, 30), (30, 20)], "SQ020 inherits from SQ030, which inherits from SQ020."),
    ],
)
def test_a_circle_is_refused_with_its_way_round(inherits: list[tuple[int, int]], told: str) -> None:
    with pytest.raises(NotNow, match="Choose another sequence") as error:
        lineage(*[a_sequence(number, above) for number, above in inherits])
    assert str(error.value).startswith(told)


@given(st.dictionaries(st.integers(1, 8), st.integers(1, 8), min_size=1))
def test_inheritance_ends_or_is_refused(above: dict[int, int]) -> None:
    by_id = {f"q{number}": a_sequence(number, above.get(number)) for number in range(1, 9)}
    seen, here = [next(iter(above))], next(iter(above))
    while (here := above.get(here, 0)) and here not in seen:
        seen.append(here)
    if here:
        with pytest.raises(NotNow):
            lineage_of(by_id[f"q{seen[0]}"], by_id)
    else:
        assert [each.number for each in lineage_of(by_id[f"q{seen[0]}"], by_id)] == seen


words = st.text(alphabet="ab ", max_size=3)


@given(words, words, words)
def test_a_scenes_own_text_always_wins(own: str, above: str, book: str) -> None:
    found = ground(a_scene(feeling=own), a_sequence(10, feeling=above), rules=Rules(feeling=book))
    said = [each.strip() for each in (own, above, book) if each.strip()]
    assert found.feeling.text == (said[0] if said else "")
    assert set(FIELDS) >= set(found.overridden)
