"""The labels people write before the fields of a scene, and where they stand in a line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

LABELS: Mapping[str, tuple[str, ...]] = {
    "title": ("Title", "Scene", "Scene title", "Scene name", "Working title"),
    "purpose": (
        "Purpose", "Scene purpose", "Story purpose", "Purpose of the scene",
        "Purpose of this scene", "Story job", "Intent", "Goal", "Objective", "Why",
    ),
    "change": (
        "What changes", "What changes for the character", "Change", "Character change",
        "The change",
    ),
    "feeling": (
        "Audience should feel", "The audience should feel", "What the audience should feel",
        "Audience feels", "The audience feels", "Should feel", "Feeling", "Feelings", "Feel",
        "Emotion",
    ),
    "must_carry": (
        "Must carry", "The shot must carry", "Shot must carry", "Must show", "Must have",
        "Must haves", "Must include", "Mandatory", "Mandatories",
    ),
    "must_not_show": (
        "Must not show", "Mustn't show", "Must never show", "Cannot show", "Can not show",
        "Can't show", "Never show", "Don't show", "Do not show", "Not to show", "Must not carry",
        "Must not include", "What cannot be shown", "Cannot be shown", "Avoid", "No go", "No gos",
    ),
    "action": ("Action", "What happens"),
    "framing": ("Framing", "Frame", "Composition"),
    "camera": ("Camera", "Camera move", "Camera moves", "Camera movement"),
    "seconds": ("Seconds", "Length", "Duration", "Running time", "Runtime", "Secs"),
    "ratio": ("Ratio", "Aspect", "Aspect ratio", "Frame ratio", "Format"),
    "rights": ("Rights", "Usage rights", "Rights and releases", "Licence", "License"),
    "disclosure": ("Disclosure", "Disclosures", "AI disclosure", "AI label"),
    "brand": ("Brand", "Brand rules", "Brand rule", "Branding"),
    "safety": ("Safety", "Brand safety", "Safety rules"),
}  # fmt: skip
"""What people write before each field, in the order of the form; spellings of one field only mean
the same, because a later line of a field replaces the earlier one."""

_COLON = ":\uff1a"
_CLOSE = r"[*_]{0,3}[ \t]{0,3}"


def _spelled(label: str) -> str:
    """Match a label however people space, hyphenate and apostrophise it."""
    return re.escape(label).replace(r"\ ", r"[ \t_-]{1,3}").replace("'", "['\u2019]?")


def _bare(label: str) -> str:
    return re.sub(r"[^a-z]", "", label.lower())


_FIELDS = {_bare(label): field for field, labels in LABELS.items() for label in labels}
_LONGEST_FIRST = sorted((label for labels in LABELS.values() for label in labels), key=len)[::-1]
_LABEL = (
    rf"(?P<label>{'|'.join(map(_spelled, _LONGEST_FIRST))})(?![^\W_])"
    rf"(?P<shut>{_CLOSE})(?:\([^()\n]{{1,60}}\){_CLOSE})?"
)
_LEAD = r"(?P<lead>(?:[^\w:\n~@#/]|_|:[\w+'-]+:|#{1,6}[ \t]|\d{1,2}[.)](?=[ \t]))*)"
_AT_START = re.compile(rf"{_LEAD}{_LABEL}(?:[{_COLON}=]|[-\u2013\u2014]+(?=\s|$))", re.IGNORECASE)
_ALONE = re.compile(rf"{_LEAD}{_LABEL}$", re.IGNORECASE)
_INLINE = re.compile(rf"(?<=[\s(|;])(?P<lead>[*_]{{0,3}}){_LABEL}[{_COLON}]", re.IGNORECASE)
_STRESS = frozenset("*_#")
_ENDS_A_THOUGHT = frozenset(".;,|/\u2022\u00b7!?)\u2013\u2014-")


@dataclass(frozen=True)
class Labelled:
    """A part of a line; without a field, it is what stood before the first label."""

    field: str | None
    label: str
    text: str


def labelled(line: str, *, is_last: bool = False) -> list[Labelled]:
    """Split a line at its labels; a lone word such as `Action` heads only what follows it."""
    alone = _ALONE.match(line)
    if alone and (set(alone["lead"]) & _STRESS or (line[0].isupper() and not is_last)):
        return [Labelled(_FIELDS[_bare(alone["label"])], alone["label"], "")]
    found = list(_labels_in(line))
    edges = [*found, None]
    parts = [_part(line, here, there) for here, there in pairwise(edges) if here]
    head = line[: found[0].start()] if found else line
    return [Labelled(None, "", head), *parts] if head.strip() or not parts else parts


def _labels_in(line: str) -> Iterator[re.Match[str]]:
    start = _AT_START.match(line)
    if start:
        yield start
    for found in _INLINE.finditer(line, start.end() if start else 0):
        before = line[: found.start()].rstrip()[-1:]
        if found["lead"] or found["label"][0].isupper() or before in _ENDS_A_THOUGHT:
            yield found


def _part(line: str, here: re.Match[str], there: re.Match[str] | None) -> Labelled:
    text = line[here.end() : there.start() if there else None].strip()
    if there:
        text = text.rstrip(",;|(").rstrip()
    for mark in here["lead"][len(here["lead"].rstrip("*_")) :]:
        if mark not in here["shut"]:
            text = text[1:].lstrip() if text.startswith(mark) else text.removesuffix(mark)
    return Labelled(_FIELDS[_bare(here["label"])], here["label"], text)
