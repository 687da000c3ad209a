"""Turn Slack's markup into the plain text a person sees."""

import re
from collections.abc import Mapping

_ENTITY = re.compile(r"<([^<>\n]*)>")
_FENCE = re.compile(r"[ \t]*```[ \t]*")
_EMPHASIS = re.compile(
    r"(?P<url>https?://\S+)"
    r"|(?<![^\W_])(?P<mark>[*_`])(?=[^\s*_`])(?P<inside>[^*`\n]{1,150}?)(?<=\S)(?P=mark)(?![^\W_])"
)
_EVERYBODY = frozenset({"here", "channel", "everyone"})


def unmarked(text: str) -> str:
    """Take bold, italic and inline-code marks away; a strike-through stays, for it means something.

    >>> unmarked("*bold* and _slanted_, but not snake_case_name")
    'bold and slanted, but not snake_case_name'
    """
    for _ in range(2):  # bold may hold italic; nobody nests deeper
        text = _EMPHASIS.sub(lambda found: found["url"] or found["inside"], text)
    return text


def escaped(text: str) -> str:
    """Write what people wrote so that Slack cannot take it for a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def legible(text: str, names: Mapping[str, str] | None = None) -> str:
    """Spell out mentions, links and escapes, and keep bold and italic marks as they are."""
    known = names or {}
    text = _ENTITY.sub(lambda found: _entity(found[1], known), text)
    text = _FENCE.sub("\n", text) if "```" in text else text
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def plain(text: str, names: Mapping[str, str] | None = None) -> str:
    """Give the words alone, as in a letter; `names` maps member ids to what people call them."""
    return unmarked(legible(text, names))


def _entity(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@") and target[1:]:
        return "@" + (names.get(target[1:]) or label.lstrip("@") or target[1:])
    if target.startswith("#") and target[1:]:
        return "#" + (label or target[1:])
    if target.startswith("!"):
        return _announcement(target[1:], label)
    return _link(target, label)


def _announcement(target: str, label: str) -> str:
    if target in _EVERYBODY:
        return "@" + target
    if label and target.startswith(("subteam^", "date^")):
        return label
    return f"{label} ({target})" if label else target


def _link(url: str, label: str) -> str:
    """Name the address once only where Slack made the link by itself."""
    bare = url.removeprefix("mailto:")
    if label in {"", bare, re.sub(r"^\w+://|/$", "", bare)}:
        return bare
    return f"{label} ({bare})"
