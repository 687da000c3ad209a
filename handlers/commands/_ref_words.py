"""What can be said behind `ref`: a code and what is to happen to it, or a word of its own."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from bot.errors import NotNow
from handlers.cards._parts import safe
from handlers.commands._words import split
from storage.models import ReferenceStatus

STATUSES: dict[str, ReferenceStatus] = {
    "approve": ReferenceStatus.APPROVED,
    "restrict": ReferenceStatus.RESTRICTED,
    "retire": ReferenceStatus.RETIRED,
    "propose": ReferenceStatus.PROPOSED,
}
ALONE = ("new", "sheet")
OF_ONE = (*STATUSES, "version", "edit", "cast", "uncast", "where", "withdraw")
_CODE = re.compile(r"[Rr]?(\d{1,9})$")


@dataclass(frozen=True)
class Wish:
    """What somebody typed: `number` is 0 for what is about no single reference."""

    number: int = 0
    verb: str = ""
    rest: str = ""


def number_in(text: str) -> int:
    """Read `R12`, `r12` or `12`; 0 if it is no code."""
    found = _CODE.match(text)
    return int(found[1]) if found else 0


def read(text: str) -> Wish:
    """Read what follows `ref`. Raises NotNow with the nearest word for one that is not known."""
    first, rest = split(text)
    if not first:
        return Wish()
    number = number_in(first)
    if not number:
        return Wish(0, _known(first, ALONE), rest)
    verb, rest = split(rest)
    return Wish(number, _known(verb, OF_ONE) if verb else "", rest)


def _known(word: str, words: tuple[str, ...]) -> str:
    if word in words:
        return word
    near = get_close_matches(word, words, n=1)
    meant = f" Did you mean `{near[0]}`?" if near else ""
    offered = ", ".join(f"`{each}`" for each in words)
    after = "`ref`" if words is ALONE else "a code"
    what = " or a code such as `R12`" if words is ALONE else ""
    raise NotNow(f"There is no `{safe(word[:40])}` behind {after}.{meant} Say {offered}{what}.")
