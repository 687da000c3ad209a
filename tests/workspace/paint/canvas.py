"""A canvas as safe HTML: its sections as Slack draws them, lists put together again."""

import re
from collections.abc import Callable
from itertools import groupby

from markupsafe import Markup

from tests.workspace.canvas_text import item_of, kind_of, rows_of
from tests.workspace.paint.inline import anchor, escaped
from tests.workspace.paint.markdown import inline, markdown
from tests.workspace.paint.mrkdwn import reference
from tests.workspace.paint.reader import Reader

Source = Callable[[str], str]
_SHOWN = re.compile(r"!\[([^\[\]\n]*)\]\(([^()\s]+)\)")
_NUMBERED = re.compile(r"\s*\d")
_DEEPEST = 3


def canvas(sections: list[str], reader: Reader, source: Source) -> Markup:
    """Paint sections; `source` turns a picture's address into one that the page can show."""
    grouped = groupby(sections, key=_family)
    painted = (_paint(family, list(group), reader, source) for family, group in grouped)
    return Markup().join(painted)


def _family(section: str) -> str:
    kind = kind_of(section)
    if kind != "item":
        return kind
    if item_of(section)[1] is not None:
        return "checklist"
    return "ol" if _NUMBERED.match(section) else "ul"


def _paint(family: str, group: list[str], reader: Reader, source: Source) -> Markup:
    if family in {"ul", "ol", "checklist"}:
        return _list(family, group, reader, source)
    return Markup().join(_section(family, one, reader, source) for one in group)


def _section(kind: str, section: str, reader: Reader, source: Source) -> Markup:
    if kind == "table":
        return _table(section, reader, source)
    if kind in {"code", "rule"}:
        return markdown(section, reader)
    if kind == "quote":
        words = "\n".join(line[1:].removeprefix(" ") for line in section.split("\n"))
        return Markup("<blockquote>{}</blockquote>").format(_words(words, reader, source))
    if kind.startswith("h"):
        shell = Markup('<h{0} class="canvas-{1}">{2}</h{0}>')
        words = _words(section.lstrip("#").strip(), reader, source)
        return shell.format(min(int(kind[1:]), _DEEPEST) + 1, kind, words)
    return _paragraph(section, reader, source)


def _paragraph(section: str, reader: Reader, source: Source) -> Markup:
    is_picture = _SHOWN.search(section) and not _SHOWN.sub("", section).strip()
    shell = Markup('<p class="pictures">{}</p>') if is_picture else Markup("<p>{}</p>")
    return shell.format(_words(section, reader, source))


def _list(family: str, items: list[str], reader: Reader, source: Source) -> Markup:
    drawn = Markup().join(_item(item, reader, source) for item in items)
    tag = "ol" if family == "ol" else "ul"
    return Markup('<{0} class="{1}">{2}</{0}>').format(tag, family, drawn)


def _item(item: str, reader: Reader, source: Source) -> Markup:
    depth, tick, words = item_of(item)
    inner = _words(words, reader, source)
    if tick is None:
        return Markup('<li class="indent-{}">{}</li>').format(min(depth, _DEEPEST), inner)
    is_done = tick != " "
    shell = Markup(
        '<li class="indent-{}{}"><span class="tick" role="checkbox" aria-checked="{}"'
        ' aria-readonly="true"></span><span>{}</span></li>'
    )
    done, checked = (" done", "true") if is_done else ("", "false")
    return shell.format(min(depth, _DEEPEST), done, checked, inner)


def _table(section: str, reader: Reader, source: Source) -> Markup:
    head, *rows = rows_of(section)
    heads = _cells(head, Markup('<th scope="col">{}</th>'), reader, source)
    body = Markup().join(
        Markup("<tr>{}</tr>").format(_cells(row, Markup("<td>{}</td>"), reader, source))
        for row in rows
    )
    shell = Markup(
        '<div class="table" tabindex="0" role="region" aria-label="Table"><table>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    )
    return shell.format(heads, body)


def _cells(row: list[str], shell: Markup, reader: Reader, source: Source) -> Markup:
    return Markup().join(shell.format(_words(cell, reader, source)) for cell in row)


def _words(text: str, reader: Reader, source: Source) -> Markup:
    return Markup("<br>").join(_line(line, reader, source) for line in text.split("\n"))


def _line(text: str, reader: Reader, source: Source) -> Markup:
    out, at = Markup(), 0
    for found in _SHOWN.finditer(text):
        out += inline(text[at : found.start()], reader)
        out += _embedded(found.group(1), found.group(2), reader, source)
        at = found.end()
    return out + inline(text[at:], reader)


def _embedded(alt: str, target: str, reader: Reader, source: Source) -> Markup:
    """Paint a person, a channel, or a picture."""
    if target[0] in "@#":
        return reference(target, reader) or escaped(target)
    address = source(target)
    if not address:
        return anchor(target, escaped(alt or target)) or escaped(alt)
    shell = Markup(
        '<a class="picture" href="{0}" data-zoom target="_blank" rel="noopener noreferrer">'
        '<img src="{0}" alt="{1}" loading="lazy"></a>'
    )
    return shell.format(address, alt)
