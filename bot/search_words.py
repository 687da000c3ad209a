"""What somebody typed to find something, read; and what was found, cut to where the words are."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import NoReturn

from bot.errors import NotNow
from bot.mrkdwn import legible, unmarked
from storage.models import ReferenceStatus, TakeState
from storage.search import DocumentKind

LONGEST = 300
FILTERS = ("kind", "status", "engine", "family", "by", "since", "until")
UNDER_WAY = "under_way"
"""What every take is that is still being worked on."""
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_PART = re.compile(r'(?:(?P<name>[^\W\d_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))')
_LOOSE = re.compile(rf"\b({'|'.join(FILTERS)}):\s+", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WORD = re.compile(r"[^\W_]+")
_QUOTES = str.maketrans("“”„«»", '"""""')
_ENDINGS = ("ings", "ing", "ied", "ed", "ies", "es", "s", "ly", "e", "y")
_SHORTEST = 3
_KINDS = {kind.value: kind for kind in DocumentKind} | {"ref": DocumentKind.REFERENCE}
_STATES = {
    **{state.value.replace("_", " "): state.value for state in TakeState},
    **{status.value: status.value for status in ReferenceStatus},
    **dict.fromkeys(("ordered", "placing", "rendering", "presenting"), UNDER_WAY),
    "under way": UNDER_WAY,
    "circle": TakeState.APPROVED.value,
}
_SHOWN_STATES = (
    "approved, waiting, with-client, retake, rejected, superseded, failed, cancelled, ambiguous or "
    "under-way for takes, proposed, approved, restricted or retired for references"
)


@dataclass(frozen=True)
class Asked:
    """A search as somebody typed it. `by` holds user ids, or names as they were typed."""

    terms: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    """The last day that counts."""

    @property
    def filtered(self) -> bool:
        """Whether it is narrowed down by more than words."""
        every = (self.kinds, self.states, self.engines, self.families, self.by)
        return any(every) or bool(self.since or self.until)


@dataclass
class _Read:
    terms: list[str] = field(default_factory=list[str])
    values: dict[str, list[str]] = field(default_factory=dict[str, list[str]])


def asked_in(text: str) -> Asked:
    """Read a search: words, "phrases" and filters. Raises NotNow for what nobody can look up."""
    if len(text) > LONGEST:
        raise NotNow(f"That is too long to look for: a search has up to {LONGEST} characters.")
    read = _parts(text)
    if not read.terms and not read.values:
        raise NotNow(
            "Say what to find: `find rain neon`, a phrase in quotes, or a filter such as "
            "`status:approved`, `engine:runway`, `family:hero`, `by:@name`, `kind:note` or "
            "`since:2026-11-01`."
        )
    given = read.values
    return Asked(
        terms=tuple(read.terms),
        kinds=tuple(_kind(each) for each in given.get("kind", [])),
        states=tuple(_state(each) for each in given.get("status", [])),
        engines=tuple(_same(each) for each in given.get("engine", [])),
        families=tuple(given.get("family", [])),
        by=tuple(given.get("by", [])),
        since=_day("since", given.get("since", [])),
        until=_day("until", given.get("until", [])),
    )


def _parts(text: str) -> _Read:
    text = _LOOSE.sub(r"\1:", _MENTION.sub(r"@\1", text.translate(_QUOTES)))
    read = _Read()
    for found in _PART.finditer(legible(text)):
        value = (found["plain"] if found["quoted"] is None else found["quoted"]).strip()
        name = (found["name"] or "").lower()
        if name and value and not value.startswith("//"):
            read.values.setdefault(_filter(name, value), []).append(value)
        elif _WORD.search(f"{name} {value}"):
            read.terms.append(f"{name} {value}".strip())
    return read


def _filter(name: str, value: str) -> str:
    if name in FILTERS:
        return name
    near = get_close_matches(name, FILTERS, n=1)
    meant = f" Did you mean `{near[0]}:`?" if near else ""
    raise NotNow(
        f"There is no filter `{name[:20]}:`.{meant} There are {', '.join(FILTERS[:-1])} and "
        f'{FILTERS[-1]}; to look for the words themselves, write "{name[:20]} {value[:20]}".'
    )


def _same(value: str) -> str:
    return value.casefold().replace(" ", "_").replace("-", "_")


def _kind(value: str) -> str:
    typed = value.casefold()
    found = _KINDS.get(typed) or _KINDS.get(typed.removesuffix("s"))
    if found is None:
        kinds = ", ".join(DocumentKind)
        raise NotNow(f"`kind:{value[:20]}` is not kept here; there are {kinds}.")
    return found.value


def _state(value: str) -> str:
    found = _STATES.get(_same(value).replace("_", " "))
    if found is None:
        raise NotNow(f"`status:{value[:20]}` is no status: {_SHOWN_STATES}.")
    return found


def _day(name: str, values: list[str]) -> date | None:
    if not values:
        return None
    written = _DAY.fullmatch(values[-1])
    try:
        return date(*map(int, written.groups())) if written else _no_day(name, values[-1])
    except ValueError:
        return _no_day(name, values[-1])


def _no_day(name: str, value: str) -> NoReturn:
    raise NotNow(
        f"`{name}:{value[:20]}` is no date; write it as year, month and day: `{name}:2026-11-01`."
    ) from None


@dataclass(frozen=True)
class Piece:
    """A part of a text that was found, and whether it is one of the words looked for."""

    text: str
    is_sought: bool = False


def excerpt(text: str, terms: tuple[str, ...], *, most: int = 220) -> list[Piece]:
    """Cut a text to where the first of the words stands, and part it at the words."""
    flat = " ".join(unmarked(text).replace("*", " ").replace("`", "'").split())
    sought = {_stem(word) for term in terms for word in _WORD.findall(term)}
    first = next((each for each in _WORD.finditer(flat) if _stem(each[0]) in sought), None)
    start = _beginning(flat, first.start() - most // 4 if first else 0)
    end = start + most
    cut = flat[start:end]
    if end < len(flat):
        cut = f"{cut.rpartition(' ')[0] or cut}…"
    return list(_parted(f"…{cut}" if start else cut, sought))


def _beginning(text: str, near: int) -> int:
    """Begin with a whole word."""
    return 0 if near <= 0 else text.find(" ", near) + 1


def _parted(text: str, sought: set[str]) -> list[Piece]:
    pieces: list[Piece] = []
    done = 0
    for word in _WORD.finditer(text):
        if _stem(word[0]) in sought:
            pieces += [Piece(text[done : word.start()]), Piece(word[0], is_sought=True)]
            done = word.end()
    return [each for each in (*pieces, Piece(text[done:])) if each.text]


def _stem(word: str) -> str:
    """Take accents and an ending off, roughly as the databases do; it only chooses what is bold."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for ending in _ENDINGS:
        root = plain.removesuffix(ending)
        if root != plain and len(root) >= _SHORTEST:
            plain = root
            break
    is_doubled = len(plain) > _SHORTEST and plain[-1] == plain[-2] and plain[-1] not in "lsz"
    return plain[:-1] if is_doubled else plain
