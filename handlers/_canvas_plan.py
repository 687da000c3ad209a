"""What has to change on a canvas, and by which words Slack finds each block of it.

Slack tells apps the ids of blocks only for words that they contain, so a block is located by words
of its own. Whether a list is one block there or one for each item is not documented: every line of
a block is looked for, and what stands for the block is whatever is found.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_HEADING = re.compile(r"#{1,6} ")
_TABLE = re.compile(r"\s*\|")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)]) ")
_FRAME = re.compile(r"```|[\s|:*_-]+$")
_LEAD = re.compile(r"(?:#{1,6} |[>\s]|[-*+] |\d{1,9}[.)] |\[[ xX]\] )*")
_HIDDEN = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|https?://\S+|:[a-z0-9_+'-]+:")
_PICTURE = re.compile(r"!\[[^\]]*\]\((?![@#])")
_MARKS = re.compile(r"[*_`~|\\\[\]<>\n]+")
_SHORTEST = 2
_LONGEST = 120
_MOST_LOOKUPS = 30
"""Slack takes fifty a minute; beyond this a page is written anew in one call."""
_MOST_CHARACTERS = 4000
"""An edit that is longer has been reported to fail; a new canvas may be of any length."""


@dataclass(frozen=True)
class Probe:
    """Words to look for: of the `count` blocks that Slack then names, the one at `index`."""

    words: str
    index: int
    count: int
    in_headings: bool


@dataclass(frozen=True)
class Step:
    """Blocks that give way to `markdown`; without any, it goes beside the block of `anchor`."""

    markdown: tuple[str, ...]
    """In pieces that Slack takes in one edit; none takes the blocks away."""
    probes: tuple[Probe, ...]
    is_one: bool = False
    """Whether all probes must find the same block, as those of one table do."""
    beside: str = ""
    """`insert_after` or `insert_before`: then the only probe is the anchor's."""


def planned(before: str, after: str) -> list[Step] | None:
    """Give the steps from one page to the other; None if it has to be written anew."""
    old, new = blocks_of(before), blocks_of(after)
    found: list[Step | None] = []
    for kind, low, high, first, last in SequenceMatcher(None, old, new, False).get_opcodes():
        if kind == "insert":
            found.append(_inserted(old, low, pieces_of(new[first:last])))
        elif kind != "equal":
            found += _replaced(old, range(low, high), pieces_of(new[first:last]))
    steps = [step for step in found if step is not None]
    lookups = sum(len(step.probes) for step in steps)
    return None if len(steps) < len(found) or lookups > _MOST_LOOKUPS else steps


def blocks_of(page: str) -> list[str]:
    """Cut a page where it has empty lines, and around its headings."""
    blocks: list[list[str]] = [[]]
    is_code = False
    for line in page.split("\n"):
        is_heading = not is_code and _HEADING.match(line)
        if is_heading or not (line.strip() or is_code):
            blocks.append([])
        if line.strip() or is_code:
            blocks[-1].append(line)
        if is_heading:
            blocks.append([])
        is_code ^= line.startswith("```")
    return _lists_whole("\n".join(block) for block in blocks if block)


def _lists_whole(blocks: Iterable[str]) -> list[str]:
    """Join lists that only an empty line parts: they are one."""
    whole: list[str] = []
    for block in blocks:
        if whole and _ITEM.match(block) and _ITEM.match(whole[-1]):
            whole[-1] += f"\n{block}"
        else:
            whole.append(block)
    return whole


def pieces_of(blocks: list[str]) -> tuple[str, ...]:
    """Put blocks together again in pieces that Slack takes in one edit."""
    pieces: list[str] = []
    for block in blocks:
        if pieces and len(pieces[-1]) + len(block) + 2 <= _MOST_CHARACTERS:
            pieces[-1] += f"\n\n{block}"
        else:
            pieces.append(block)
    return tuple(pieces)


def _replaced(old: list[str], span: range, pieces: tuple[str, ...]) -> Iterator[Step | None]:
    """Let the first block become the new ones, and take the others away."""
    for at in span:
        probes = [_probe(old, at, line) for line in _sought(old[at])]
        known = tuple(probe for probe in probes if probe)
        if not known or len(known) < len(probes):
            yield None
        else:
            shown = pieces if at == span[0] else ()
            yield Step(shown, known, is_one=bool(_TABLE.match(old[at])))


def _inserted(old: list[str], at: int, pieces: tuple[str, ...]) -> Step | None:
    """Put something below the block before it, or else above the one behind it."""
    if at and (above := _probe(old, at - 1, _sought(old[at - 1])[-1])):
        return Step(pieces, (above,), beside="insert_after")
    if at < len(old) and (below := _probe(old, at, _sought(old[at])[0])):
        return Step(pieces, (below,), beside="insert_before")
    return None


def _sought(block: str) -> list[str]:
    """Give the lines by which a block is found: all of them, but of a table the outermost."""
    lines = [line for line in block.split("\n") if not _FRAME.match(line)] or [""]
    return [lines[0], lines[-1]] if _TABLE.match(block) and len(lines) > 1 else lines


def _probe(old: list[str], at: int, line: str) -> Probe | None:
    """Find the words of a line that as few other blocks as possible have, longest first."""
    if _PICTURE.search(old[at]):
        return None  # Slack may keep a picture apart from the words beside it.
    in_headings = bool(_HEADING.match(old[at]))
    among = [index for index, block in enumerate(old) if not in_headings or _HEADING.match(block)]
    texts = {index: "\n".join(_words(old[index])) for index in among}
    best: Probe | None = None
    for words in sorted(_words(line), key=len, reverse=True):
        holders = [index for index, text in texts.items() if words.casefold() in text.casefold()]
        is_plain = all(texts[index].count(words) == 1 for index in holders)
        if is_plain and (best is None or len(holders) < best.count):
            best = Probe(words, holders.index(at), len(holders), in_headings)
    return best


def _words(block: str) -> list[str]:
    """Give the runs of a block's text that no mark interrupts, as a reader sees them."""
    shown = "\n".join(_LEAD.sub("", line, count=1) for line in block.split("\n"))
    runs = (run.strip()[:_LONGEST].strip() for run in _MARKS.split(_HIDDEN.sub("\n", shown)))
    return [run for run in runs if len(run) >= _SHORTEST]
