"""Gates refuse, ask and tell, each at its surface, in sentences that say what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.constraint_lines import Constraint, Effect, Surface, read
from bot.gates import Gate, Refusal, at_export, at_order, at_review, for_client
from bot.intent import Ground, Told
from bot.prohibited import ProhibitedRoute

NOTHING = frozenset[str]()
FACE = "[block at export, client] Rights: no face of Mira (source: release L3)"


def rules(*lines: str, level: str = "SQ010") -> tuple[Constraint, ...]:
    found, problems = read("\n".join(lines), level)
    assert problems == []
    return tuple(found)


def ground(
    *constraints: Constraint,
    prohibited: tuple[ProhibitedRoute, ...] = (),
    required: tuple[str, ...] = (),
    overridden: tuple[str, ...] = (),
    overrides: str = "",
) -> Ground:
    nobody = Told()
    return Ground(
        code="SC010",
        purpose=Told("One look.", "SC010"),
        change=nobody,
        feeling=nobody,
        must_carry=nobody,
        must_not_show=nobody,
        visual_rules=nobody,
        story_job=nobody,
        constraints=constraints,
        prohibited=prohibited,
        required=required,
        overridden=overridden,
        overrides=overrides,
    )


def ordered(stands: Ground, prompt: str = "", *, confirmed: frozenset[str] = NOTHING) -> Gate:
    return at_order(stands, prompt, confirmed=confirmed, waived=NOTHING)


def test_an_order_without_its_intent_is_refused_field_by_field() -> None:
    gate = ordered(ground(required=("purpose", "change", "must_carry")))
    end = "Write it with Edit on the scene's card."
    assert gate.refusals == (
        Refusal(f"SC010 does not say what changes. {end}", "change"),
        Refusal(f"SC010 does not say what it must carry. {end}", "must_carry"),
    )
    assert not gate.is_open


def test_a_scene_that_departs_without_saying_why_is_refused() -> None:
    [refusal] = ordered(ground(overridden=("feeling", "must_carry"))).refusals
    assert refusal == Refusal(
        "SC010 departs from what it inherits in feeling and what it must carry and does not say "
        "why. Write why with Edit on the scene's card.",
        "overrides",
    )
    assert ordered(ground(overridden=("feeling",), overrides="a dream")).is_open


def test_an_asking_rule_waits_for_a_person_and_then_informs() -> None:
    [rule] = rules("[ask] Safety: the stunt is cleared")
    gate = ordered(ground(rule))
    assert ([each.key for each in gate.asked], gate.refusals) == ([rule.key], ())
    assert not gate.is_open
    after = ordered(ground(rule), confirmed=frozenset({rule.key}))
    assert (after.is_open, [each.line for each in after.told]) == (
        True,
        ["Safety: the stunt is cleared"],
    )


def test_a_blocking_rule_refuses_until_it_is_waived_and_only_where_it_applies() -> None:
    [rule] = rules(FACE)
    stands = ground(rule)
    assert at_export(stands, NOTHING).refusals == (
        Refusal(
            "Blocked by a rights rule of SQ010: no face of Mira (source: release L3). "
            "A producer may override it with a reason.",
            key=rule.key,
        ),
    )
    assert at_review(stands, NOTHING) == ordered(stands) == Gate()
    after = at_export(stands, {rule.key})
    assert after.is_open
    assert [each.key for each in after.waived] == [rule.key]


def test_a_confirmation_lifts_no_block_and_a_rule_of_the_book_says_so() -> None:
    [rule] = rules("[block] Brand: the logo is whole.", level="production")
    [refusal] = ordered(ground(rule), confirmed=frozenset({rule.key})).refusals
    assert refusal.text.startswith("Blocked by a brand rule of the production: the logo is whole. ")


def test_whoever_confirmed_at_the_order_is_not_asked_again() -> None:
    stands = ground(*rules("[ask] Safety: the stunt is cleared"))
    for gate in (at_review(stands, NOTHING), at_export(stands, NOTHING)):
        assert (gate.is_open, len(gate.told)) == (True, 1)


@pytest.mark.parametrize("effect", list(Effect))
def test_a_prohibited_route_has_its_effect_and_shows_its_rule(effect: Effect) -> None:
    route = ProhibitedRoute("smoking", ("smoke",), ("cigar",), "Nobody smokes.", "page 12", effect)
    gate = ordered(ground(prohibited=(route,)), "Smoking a cigar")
    if effect is Effect.BLOCK:
        assert gate.refusals == (
            Refusal(
                'The prompt says "Smoking" and "cigar": Nobody smokes (source: page 12). '
                "Say it otherwise. A producer may override it with a reason.",
                key=route.key,
            ),
        )
        waived = at_order(
            ground(prohibited=(route,)), "smoke", confirmed=NOTHING, waived={route.key}
        )
        assert waived.is_open
        return
    [rule] = gate.asked if effect is Effect.ASK else gate.told
    assert (rule.key, rule.line) == (
        route.key,
        'Prohibited route ("Smoking" and "cigar" in the prompt): Nobody smokes. (source: page 12)',
    )


def test_a_prompt_that_takes_no_prohibited_route_is_told_of_none() -> None:
    route = ProhibitedRoute("smoking", ("smoke",), effect=Effect.BLOCK)
    assert ordered(ground(prohibited=(route,)), "She walks.") == Gate()


def test_the_client_sees_what_names_the_client_and_not_where_it_comes_from() -> None:
    [rule] = for_client(ground(*rules(FACE, "[block] Rights: pay Mira 900", "Brand: logo")))
    assert rule.line == "Rights: no face of Mira"
    assert rule.level == ""


def test_a_rule_of_two_levels_is_said_once_with_its_stronger_effect() -> None:
    book = rules("[block] Rights: no face", level="production")
    stands = ground(*book, *rules("rights: No  face", level="SC010"))
    assert [refusal.key for refusal in at_export(stands, NOTHING).refusals] == [book[0].key]
    assert at_export(stands, NOTHING).told == ()


effects = st.sampled_from(Effect)
places = st.frozensets(st.sampled_from(Surface), min_size=1)
kinds = st.sampled_from(["rights", "brand"])


@st.composite
def constraints(draw: st.DrawFn) -> Constraint:
    [plain] = rules(f"{draw(kinds)}: {draw(st.sampled_from('abc'))}")
    return Constraint(plain.kind, plain.text, "", draw(effects), draw(places), "SC010")


@given(st.lists(constraints()), st.data())
def test_every_rule_of_a_surface_is_on_one_side_of_its_gate(
    made: list[Constraint], data: st.DataObject
) -> None:
    keys = sorted({each.key for each in made})
    some = st.frozensets(st.sampled_from(keys)) if keys else st.just(NOTHING)
    confirmed, waived = data.draw(some), data.draw(some)
    gate = at_order(ground(*made), "", confirmed=confirmed, waived=waived)
    sides = [
        *(refusal.key for refusal in gate.refusals),
        *(rule.key for rule in (*gate.asked, *gate.told, *gate.waived)),
    ]
    assert sorted(sides) == sorted({each.key for each in made if Surface.ORDER in each.at})
    assert not waived & {refusal.key for refusal in gate.refusals}
    assert not confirmed & {rule.key for rule in gate.asked}


@given(st.lists(constraints()), st.lists(constraints()))
def test_what_is_added_never_opens_a_gate(some: list[Constraint], more: list[Constraint]) -> None:
    for judge in (at_review, at_export):
        before, after = judge(ground(*some), NOTHING), judge(ground(*some, *more), NOTHING)
        assert {each.key for each in before.refusals} <= {each.key for each in after.refusals}
