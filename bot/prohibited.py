"""Find in a prompt what a production's rules prohibit: whole words, however they are inflected."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, groupby

from bot.constraint_lines import Effect, key_of

LANGUAGES: tuple[str, ...] = (
    "arabic", "armenian", "basque", "catalan", "czech", "danish", "dutch", "dutch_porter",
    "english", "esperanto", "estonian", "finnish", "french", "german", "greek", "hindi",
    "hungarian", "indonesian", "irish", "italian", "lithuanian", "nepali", "norwegian", "persian",
    "polish", "porter", "portuguese", "romanian", "russian", "serbian", "sesotho", "spanish",
    "swedish", "tamil", "turkish", "yiddish",
)  # fmt: skip
"""The languages whose inflections are known: those of the stemmer, which takes long to load."""

_APOSTROPHES = frozenset("'\u2018\u2019\u02bc\uff07")
_HYPHENS = frozenset("-\u2010\u2011\u2012\ufe63\uff0d")


@dataclass(frozen=True)
class ProhibitedRoute:
    """A direction that no prompt may take; `text` is the rule as people read it."""

    name: str
    words: tuple[str, ...]
    synonyms: tuple[str, ...] = ()
    text: str = ""
    source: str = ""
    effect: Effect = Effect.INFORM

    @property
    def key(self) -> str:
        """What it is confirmed and waived by; other words for the same rule do not change it."""
        return key_of("prohibited", self.name, self.text)


@dataclass(frozen=True)
class Match:
    """A prohibited route, and the word or phrase as it stands in the prompt."""

    route: ProhibitedRoute
    word: str


@dataclass(frozen=True)
class _Word:
    """A word's stem and where it stands; `is_bound` if a hyphen ties it to the one before."""

    stem: str
    start: int
    end: int
    is_bound: bool = False


_Phrases = dict[str, list[tuple[tuple[str, ...], int]]]


def found_in(
    prompt: str, routes: Iterable[ProhibitedRoute], *, language: str = "english"
) -> list[Match]:
    """List what stands in a prompt, each word once, in the order of the routes.

    Hyphens are spaces or nothing, as people write them: `e-cigarette`, `e cigarette` and
    `ecigarette` are one. A possessive is its noun.
    """
    every = tuple(routes)
    phrases = _phrases(every, language)
    text = _composed(prompt)
    seen: dict[tuple[int, str], tuple[int, str]] = {}
    for words in _readings(text, language):
        for index, start, end in _hits(words, phrases):
            word = text[start:end]
            seen.setdefault((index, word.casefold()), (start, word))
    ordered = sorted((index, *place) for (index, _), place in seen.items())
    return [Match(every[index], word) for index, _, word in ordered]


def has_word(text: str) -> bool:
    """Say whether there is anything in it to look for."""
    return any(True for _ in _spans(_composed(text)))


def _hits(words: Sequence[_Word], phrases: _Phrases) -> Iterator[tuple[int, int, int]]:
    for place, word in enumerate(words):
        for stems, index in phrases.get(word.stem, ()):
            here = words[place : place + len(stems)]
            if tuple(each.stem for each in here) == stems:
                yield index, word.start, here[-1].end


@lru_cache(maxsize=64)
def _phrases(routes: tuple[ProhibitedRoute, ...], language: str) -> _Phrases:
    """Index what is looked for by its first stem; a book is read once and matched often."""
    found: _Phrases = {}
    for index, route in enumerate(routes):
        for phrase in (*route.words, *route.synonyms):
            for words in _readings(_composed(phrase), language):
                stems = tuple(word.stem for word in words)
                if stems:
                    found.setdefault(stems[0], []).append((stems, index))
    return found


def _readings(text: str, language: str) -> tuple[list[_Word], list[_Word]]:
    """Read a text twice: hyphened words apart, and as one word."""
    import snowballstemmer  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs] - it has none, and most starts of the app need none of its thirty languages

    stemmer = snowballstemmer.stemmer(language)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - the same
    spans = list(_spans(text))

    def stem(word: str) -> str:
        return str(stemmer.stemWord(word))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - the same

    apart = [_Word(stem(word.stem), word.start, word.end) for word in spans]
    joined = [_Word(stem(word.stem), word.start, word.end) for word in _joined(spans)]
    return apart, joined


def _joined(words: Iterable[_Word]) -> list[_Word]:
    joined: list[_Word] = []
    for word in words:
        if word.is_bound and joined:
            before = joined.pop()
            joined.append(_Word(before.stem + word.stem, before.start, word.end))
        else:
            joined.append(word)
    return joined


def _spans(text: str) -> Iterator[_Word]:
    """Give each word folded, not yet stemmed; a possessive s belongs to its noun."""
    held: _Word | None = None
    for start, end in _runs(text):
        folded = _folded(text[start:end])
        if not folded:
            continue
        between = text[held.end : start] if held else ""
        if held and folded == "s" and between in _APOSTROPHES:
            held = _Word(held.stem, held.start, end, held.is_bound)
            continue
        if held:
            yield held
        held = _Word(folded, start, end, between in _HYPHENS)
    if held:
        yield held


def _runs(text: str) -> Iterator[tuple[int, int]]:
    place = 0
    for is_word, letters in groupby(text, _is_letter):
        begin, place = place, place + sum(1 for _ in letters)
        if is_word:
            yield begin, place


def _is_letter(letter: str) -> bool:
    """Letters and digits, with the marks on them and the invisible signs between them."""
    return letter.isalnum() or unicodedata.category(letter) in {"Mn", "Mc", "Me", "Cf"}


def _folded(word: str) -> str:
    """Make alike what looks alike: case, width, ligatures, soft hyphens.

    What stands before its first letter belongs to a sign before the word.
    """
    visible = (letter for letter in word if unicodedata.category(letter) != "Cf")
    seen = "".join(dropwhile(lambda letter: not letter.isalnum(), visible))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
