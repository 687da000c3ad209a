"""Prohibited routes are found as whole words, however people inflect and spell them."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from snowballstemmer import algorithms  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] - it has none

from bot.prohibited import LANGUAGES, ProhibitedRoute, found_in, has_word

SMOKING = ProhibitedRoute("smoking", ("smoke",), ("e-cigarette", "lit pipe"), "Nobody smokes.")
RUDE = ProhibitedRoute("rude", ("ass", "arm", "cat"))
NAME = ProhibitedRoute("name", ("Mira Blum", "caf\u00e9"))


def words(prompt: str, *routes: ProhibitedRoute, language: str = "english") -> list[str]:
    return [match.word for match in found_in(prompt, routes, language=language)]


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("She is SMOKING on the roof", "SMOKING"),
        ("two men smoked", "smoked"),
        ("an E-Cigarette", "E-Cigarette"),
        ("two e cigarettes lie there", "e cigarettes"),
        ("ecigarettes, many", "ecigarettes"),
        ("a chain-smoking man", "smoking"),
        ("the smoke's shape", "smoke's"),
        ("his lit\npipe glows", "lit\npipe"),
        ("lit\u2010pipe", "lit\u2010pipe"),
        ("smo\u00adking", "smo\u00adking"),
        ("\uff53\uff4d\uff4f\uff4b\uff45 rises", "\uff53\uff4d\uff4f\uff4b\uff45"),
        ("(smoke)", "smoke"),
        ("_smoke_", "smoke"),
    ],
)
def test_a_word_is_found_however_it_is_written(prompt: str, found: str) -> None:
    assert words(prompt, SMOKING) == [found]


@pytest.mark.parametrize(
    "prompt",
    [
        "grass",
        "smokestacks",
        "a smoker",
        "a class in assam",
        "the army is alarmed",
        "concatenate",
        "a lit, long pipe",
        "",
    ],
)
def test_a_word_inside_another_word_is_no_match(prompt: str) -> None:
    assert words(prompt, RUDE, SMOKING) == []


def test_names_possessives_and_accents_are_understood() -> None:
    assert words("Mira Blum\u2019s jacket", NAME) == ["Mira Blum\u2019s"]
    assert words("MIRA\n BLUM", NAME) == ["MIRA\n BLUM"]
    assert words(unicodedata.normalize("NFD", "two caf\u00e9s"), NAME) == ["caf\u00e9s"]
    assert words("Mira, then Blum's", ProhibitedRoute("b", ("blum's",))) == ["Blum's"]


def test_the_rule_books_language_decides_what_an_inflection_is() -> None:
    weapons = ProhibitedRoute("Waffen", ("Waffe", "gro\u00dfe H\u00e4user"))
    assert words("mit WAFFEN, vor GROSSEN H\u00e4usern", weapons, language="german") == [
        "WAFFEN",
        "GROSSEN H\u00e4usern",
    ]
    assert words("mit Waffen", weapons) == []


def test_each_route_is_named_with_every_word_that_it_prohibits_once() -> None:
    other = ProhibitedRoute("fire", ("smoke", "fire"))
    found = found_in("Smoke, fire, smoke and smoking", [SMOKING, other])
    assert [(match.route.name, match.word) for match in found] == [
        ("smoking", "Smoke"),
        ("smoking", "smoking"),
        ("fire", "Smoke"),
        ("fire", "fire"),
        ("fire", "smoking"),
    ]


def test_a_key_is_the_rules_and_not_its_words() -> None:
    more = ProhibitedRoute("smoking", ("cigar",), (), "Nobody  smokes.")
    assert more.key == SMOKING.key != ProhibitedRoute("smoking", ("smoke",)).key


def test_a_whole_book_is_matched_against_a_long_prompt_in_no_time() -> None:
    book = [ProhibitedRoute(f"r{n}", (f"word{n}", f"other thing{n}")) for n in range(300)]
    prompt = " ".join(f"filler{n}" for n in range(800)) + " word7s"
    assert words("", *book) == []
    begun = time.process_time()
    found_in(prompt, book)
    assert time.process_time() - begun < 0.5


letters = st.characters(categories=["Lu", "Ll", "Lo"], max_codepoint=0x24F)
plain = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=12)


@given(st.text(alphabet=letters, min_size=1), st.text(alphabet=' .,;:!?\n\u2014"()', min_size=1))
def test_every_word_of_a_rule_is_found_between_any_signs(word: str, sign: str) -> None:
    route = ProhibitedRoute("r", (word,))
    assert found_in(f"one{sign}{word}{sign}two", [route])


@given(plain, plain, plain)
def test_no_word_is_found_within_a_longer_one(before: str, word: str, after: str) -> None:
    route = ProhibitedRoute("r", (f"{word}q",))
    assert not found_in(f"{before}{word}qz{after}z", [route])


@given(st.text(), st.lists(st.text(), max_size=3), st.sampled_from(LANGUAGES))
def test_what_is_found_stands_in_the_prompt(prompt: str, said: list[str], language: str) -> None:
    route = ProhibitedRoute("r", tuple(said))
    text = unicodedata.normalize("NFC", prompt)
    assert all(match.word in text for match in found_in(prompt, [route], language=language))


@given(st.text(alphabet=st.characters(categories=["P", "S", "Z", "Cf"])))
def test_what_has_no_word_matches_nothing(text: str) -> None:
    assert not has_word(text)
    assert found_in(f"any {text} prompt", [ProhibitedRoute("r", (text,))]) == []


def test_the_languages_that_are_offered_are_those_of_the_stemmer() -> None:
    assert set(LANGUAGES) == set(algorithms())  # pyright: ignore[reportUnknownArgumentType] - the same
