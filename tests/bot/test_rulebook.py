"""A rule book is read exactly, and what is wrong with it is said with its line."""

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.constraint_lines import INSIDE, Constraint, ConstraintKind, Effect, Surface
from bot.errors import BadForm
from bot.prohibited import ProhibitedRoute, found_in
from bot.rulebook import EMPTY, PRODUCTION, Brand, Colour, Rules, read_rules, templates

GUIDE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text()
EXAMPLE = GUIDE.partition("```yaml\n")[2].partition("```")[0]


def refused(text: str) -> str:
    with pytest.raises(BadForm) as error:
        read_rules(text)
    assert set(error.value.fields) == {"body"}
    return error.value.fields["body"]


def test_the_guides_example_reads_as_the_guide_says() -> None:
    assert read_rules(EXAMPLE) == Rules(
        name="Aurora launch",
        required=("purpose", "change", "feeling", "must_carry", "must_not_show"),
        feeling="relief, then a bit of fear",
        must_carry="the jacket, with its zip closed",
        must_not_show="other brands, alcohol",
        visual_rules="dusk, one light, no lens flare",
        constraints=(
            Constraint(
                ConstraintKind.RIGHTS,
                "No face of Mira after March 2027.",
                "release L3",
                Effect.BLOCK,
                frozenset({Surface.ORDER, Surface.EXPORT}),
                PRODUCTION,
            ),
            Constraint(
                ConstraintKind.DISCLOSURE,
                "The film says that it is generated.",
                at=frozenset({Surface.CLIENT, Surface.EXPORT}),
                level=PRODUCTION,
            ),
        ),
        brand=Brand(
            (Colour("night blue", "#1A2B3C", 6.0),),
            ("Titles are set by hand, never by an engine.",),
            ("The zip is closed.",),
            ("R12", "never smaller than a tenth of the frame's width"),
        ),
        prohibited=(
            ProhibitedRoute(
                "smoking",
                ("smoke", "cigarette"),
                ("e-cigarette", "lit pipe"),
                "Nobody smokes.",
                "the client's brand book, page 12",
                Effect.ASK,
            ),
        ),
    )


def test_the_guide_lists_every_key_of_its_example() -> None:
    keys = {line.strip(" -").partition(":")[0] for line in EXAMPLE.splitlines() if ":" in line}
    table = GUIDE.partition("## The keys")[2].partition("## How words")[0]
    assert all(f"`{key}`" in table or f".{key}`" in table for key in keys - {"intent", "brand"})


@pytest.mark.parametrize("text", ["", "\n# nothing yet\n", "---\n", "{}", "constraints:\nbrand: ~"])
def test_an_empty_book_is_what_holds_without_one(text: str) -> None:
    assert read_rules(text) == EMPTY
    assert EMPTY.required == ("purpose",)


@pytest.mark.parametrize(
    "name", ["commercial", "generative-ai-guidance", "product-film", "trailer"]
)
def test_every_template_is_a_rule_book_that_has_something_to_say(name: str) -> None:
    rules = read_rules(templates()[name])
    assert len(rules.required) > 1
    assert {each.kind for each in rules.constraints} >= {ConstraintKind.RIGHTS}
    for route in rules.prohibited:
        for word in (*route.words, *route.synonyms):
            assert found_in(f"We want {word}, now", [route]), word


def test_the_guidance_wants_written_approval_for_its_four_subjects() -> None:
    rules = read_rules(templates()["generative-ai-guidance"])
    approved = [each for each in rules.constraints if "written approval" in each.text]
    subjects = ("final deliverable", "likeness", "personal data", "third party")
    for subject in subjects:
        [one] = [each for each in approved if subject in each.text]
        assert one.effect in {Effect.ASK, Effect.BLOCK}


def test_words_stay_as_they_are_written() -> None:
    rules = read_rules(
        "name: 1.10\nprohibited:\n  - {route: off, words: [no, 12, Yes], text: 'x:  y'}"
    )
    assert rules.name == "1.10"
    assert rules.prohibited == (ProhibitedRoute("off", ("no", "12", "Yes"), (), "x: y"),)


def test_the_curly_quotes_of_a_phone_are_quotes() -> None:
    text = "brand: {colours: [{name: \u201enight\u201c, value: \u201c#1a2b3c\u201d}]}"
    assert read_rules(text).brand.colours == (Colour("night", "#1A2B3C"),)


def test_one_value_may_stand_for_a_list_and_a_text_may_run_over_lines() -> None:
    rules = read_rules(
        "intent: {required: feeling}\n"
        "constraints:\n  kind: Safety\n  text: >\n    No act\n    to copy.\n  at: export\n"
    )
    [rule] = rules.constraints
    assert rules.required == ("purpose", "feeling")
    assert (rule.kind, rule.text) == (ConstraintKind.SAFETY, "No act to copy.")
    assert (rule.at, rule.effect) == (frozenset({Surface.EXPORT}), Effect.INFORM)
    [plain] = read_rules("constraints: [{kind: brand, text: x}]").constraints
    assert plain.at == INSIDE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nam: x", 'Line 1: a rule book knows no "nam"; did you mean name?'),
        ("zzz: x", 'knows no "zzz"; it knows name, language, intent, constraints, brand and'),
        ("name: a\nname: b", "Line 2: a rule book has name twice"),
        ("- a", "Line 1: a rule book has keys and values, such as name: …"),
        ("intent: {change: x}", 'intent knows no "change"'),
        ("intent: {required: [vibe]}", '"vibe" cannot be required; purpose, change, feeling'),
        ("constraints:\n  - kind: brand", "Line 2: a constraint has no text; write text: …"),
        ("constraints: [x]", "a constraint has keys and values, such as kind: …"),
        ("constraints: [{kind: right, text: x}]", "none of rights, brand, safety and disclosure. "),
        ("constraints: [{kind: brand, text: }]", "text is empty"),
        ("constraints: [{kind: brand, text: x, at: shop}]", '"shop" is none of order, review,'),
        ("constraints: [{kind: brand, text: x, effect: stop}]", '"stop" is none of inform, ask'),
        ("constraints: [{kind: brand, text: x, effect: ask, at: export}]", "asked at the order"),
        ("brand: {colours: [{name: a, value: '#12'}]}", '"#12" is no colour; write it like "#1A'),
        ("brand:\n  colours:\n    - name: a\n      value: #112233", "Line 4: value is empty; a"),
        ("brand: {colours: [{name: a, value: '#112233', tolerance: -1}]}", "a number above 0"),
        ("brand: {colours: [{name: a, value: '#112233', tolerance: nan}]}", "a number above 0"),
        ("brand: {logos: [[a]]}", "logos is one text"),
        ("language: klingon", 'the inflections of "klingon" are not known; it is one of'),
        ("language: germn", "did you mean german?"),
        ("prohibited: [{route: a, words: [], text: x}]", 'the route "a" has no words to look for'),
        ("prohibited: [{route: a, words: ['!?'], text: x}]", '"!?" has no letter or digit'),
        (
            "prohibited: [{route: a, words: b, text: x}, {route: A, words: b, text: x}]",
            'the route "A" is there twice',
        ),
        (
            "name: a: b",
            "Line 1: this is not YAML: a text with a colon in it has to be in straight quotes.",
        ),
        ("intent:\n\tfeeling: x", "Line 2: this is not YAML: indent with spaces, not with tabs."),
        ("intent: [", "this is not YAML"),
        ("name: a\n---\nname: b", "this is not YAML: but found another document"),
        ("name: \x00", "It has signs that YAML does not allow; paste it as plain text."),
        ("a: &a [x]\nb: *a", "Line 1: anchors (&) are not read"),
        ("name: *bold*", "a text that begins with * or & has to be in straight quotes"),
        ("name: *bold", "aliases (*) are not read; write the value out, in quotes if it begins"),
        ("name: !!python/object/apply:os.system [ls]", "tags (!) are not read"),
        ("name: " + "[" * 5000, "stand too deep in one another"),
        ("# " + "\u00e9" * 40_000, "A rule book has at most 64 KB; make it shorter."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str, why: str) -> None:
    assert why in refused(text)


def test_the_first_three_problems_are_told_from_the_top_down() -> None:
    text = "e: 1\nbrand: {colors: []}\nconstraints: [{kind: x, text: y}]\na: 1\nb: 1\n"
    told = refused(text)
    assert [told.index(f"Line {line}:") for line in (1, 2, 3)] == sorted(
        told.index(f"Line {line}:") for line in (1, 2, 3)
    )
    assert "did you mean colours?" in told
    assert told.endswith("And 2 more.")


def test_the_largest_book_is_read_in_no_time() -> None:
    line = "  - {kind: brand, text: 'rule number %d'}\n"
    text = "constraints:\n" + "".join(line % n for n in range(1400))
    begun = time.process_time()
    assert len(read_rules(text).constraints) == 1400
    assert time.process_time() - begun < 5


@given(st.text() | st.text(alphabet="abc:-[]{}#&*!|>'\"%@`,? \n\t~01", max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    with suppress(BadForm):
        assert isinstance(read_rules(text), Rules)
