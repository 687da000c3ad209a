"""What Slack makes of a canvas's Markdown: its sections, what each of them says, what it refuses.

Slack documents the elements; the depth of headings and the cells of a table come from its error
texts as others report them, and so do lists in quotes, addresses in angle brackets, and that every
item of a list is a section of its own.
"""

import re
from collections.abc import Iterator

MOST_BYTES = 1024 * 1024
MOST_CELLS = 300
DEEPEST = 3
_HEADING = re.compile(r"(#+) +(\S.*)")
_RULE = re.compile(r" {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d{1,9}[.)]) +(?:\[([ xX])\] +)?(.*)")
_ROW = re.compile(r"\s*\|(.*)\|\s*$")
_RULED = re.compile(r"[\s|:-]+$")
_CELL = re.compile(r"(?<!\\)\|")
_IMAGE = re.compile(r"!\[[^\[\]\n]*\]\([^()\s]*\)")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\([^()\s]*\)")
_MARK = re.compile(r"\*\*|__|~~|(?<!\\)[*_`]|:[a-z0-9_+'-]+:|\\(?=[^\w\s])")
_ANGLED = re.compile(r"<(?:https?://|mailto:)[^<>\s]+>")


def kind_of(section: str) -> str:
    """Tell what a section is: h1 to h3, rule, code, quote, table, item or paragraph."""
    line = section.split("\n", 1)[0]
    if found := _HEADING.match(line):
        return f"h{len(found.group(1))}"
    if line.startswith("```"):
        return "code"
    if _RULE.match(line):
        return "rule"
    kinds = (
        ("quote", line.startswith(">")),
        ("item", _ITEM.match(line)),
        ("table", _ROW.match(line)),
    )
    return next((name for name, is_it in kinds if is_it), "paragraph")


def sections_of(markdown: str, *, items_apart: bool) -> list[str]:
    """Cut Markdown into the sections that Slack would make of it."""
    found: list[str] = []
    lines = iter(markdown.replace("\r\n", "\n").split("\n"))
    open_kind = ""
    for line in lines:
        if not line.strip():
            open_kind = "item" if open_kind == "item" else ""  # an empty line parts no list
            continue
        kind = kind_of(line)
        if kind == "code":
            line = "\n".join([line, *_until_closed(lines)])  # noqa: PLW2901 - the rest of the fence
        if _goes_on(kind, open_kind, line, items_apart=items_apart):
            found[-1] += "\n" + line
        else:
            found.append(line)
            open_kind = kind
    return found


def _goes_on(kind: str, before: str, line: str, *, items_apart: bool) -> bool:
    """Tell whether a line belongs to the section before it."""
    if before == "item":
        is_loose = kind == "paragraph" and line.startswith(" ")
        return is_loose or (kind == "item" and not items_apart)
    return kind == before and kind in {"quote", "table", "paragraph"}


def _until_closed(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line
        if line.startswith("```"):
            return


def joined(sections: list[str]) -> str:
    """Write sections as one text again."""
    text = ""
    for index, section in enumerate(sections):
        both_items = index and kind_of(section) == kind_of(sections[index - 1]) == "item"
        text += ("\n" if both_items else "\n\n") * bool(index) + section
    return text


def said_in(section: str) -> str:
    """Return what a section says to a reader, without its marks."""
    return "\n".join(_said(line) for line in section.split("\n") if not _is_frame(line))


def _is_frame(line: str) -> bool:
    return line.startswith("```") or bool(_RULED.match(line))


def _said(line: str) -> str:
    if found := _HEADING.match(line):
        line = found.group(2)
    elif found := _ITEM.match(line):
        line = found.group(3)
    elif _ROW.match(line):
        line = " ".join(cells_of(line))
    line = _IMAGE.sub("", line.removeprefix(">"))
    return _MARK.sub("", _LINK.sub(r"\1", line)).strip()


def cells_of(line: str) -> list[str]:
    """Return the cells of a line of a table."""
    row = _ROW.match(line)
    return [one.strip().replace("\\|", "|") for one in _CELL.split(row.group(1))] if row else []


def rows_of(table: str) -> list[list[str]]:
    """Return the rows of a table, the first of which heads the others."""
    return [cells_of(line) for line in table.split("\n") if not _RULED.match(line)]


def item_of(section: str) -> tuple[int, str | None, str]:
    """Return an item's depth, its tick (None outside checklists), and its words."""
    found = _ITEM.match(section)
    if found is None:
        return 0, None, section
    rest = section[found.end() :]
    return len(found.group(1).expandtabs(4)) // 2, found.group(2), found.group(3) + rest


def complaint_about(markdown: str) -> str | None:
    """Return what Slack says of Markdown that a canvas cannot hold; None if it can."""
    if len(markdown.encode()) > MOST_BYTES:
        return "Markdown is too large"
    for section in sections_of(markdown, items_apart=False):
        kind = kind_of(section)
        if kind.startswith("h") and int(kind[1:]) > DEEPEST:
            return f"Unsupported heading depth ({kind[1:]})"
        if kind == "table" and sum(map(len, rows_of(section))) > MOST_CELLS:
            return f"Table exceeds {MOST_CELLS} cells"
        if kind == "quote" and any(_ITEM.match(line[1:]) for line in section.split("\n")):
            return "Unsupported input: list in quote"
        if kind != "code" and _ANGLED.search(section):
            return "Unsupported input: autolink"
    return None
