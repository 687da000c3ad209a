"""Standard Markdown, as Slack's `markdown` block takes it, as safe HTML."""

import re
from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

from tests.workspace.paint.inline import anchor, emoji, painted
from tests.workspace.paint.mrkdwn import reference
from tests.workspace.paint.reader import Reader

_MARKS = re.compile(
    r"`([^`\n]+)`"
    r"|\[([^\[\]\n]+)\]\(([^()\s]+)\)"
    r"|<([^<>\n]+)>"
    r"|\*\*(?!\s)((?:[^*\n]|\*(?!\*))+?)(?<!\s)\*\*"
    r"|(?<![\w*])\*(?![\s*])([^*\n]+)(?<!\s)\*(?![\w*])"
    r"|(?<![\w_])_(?![\s_])([^_\n]+)(?<!\s)_(?![\w_])"
    r"|~~(?!\s)([^~\n]+)(?<!\s)~~"
    r"|:([a-z0-9_+'-]+):"
    r"|(https?://[^\s<>\"]+[^\s<>\".,;:!?)\]])"
)
_BLOCKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("fence", re.compile(r"```")),
    ("heading", re.compile(r"(#{1,6}) +(.+)")),
    ("rule", re.compile(r"(?:-{3,}|\*{3,}|_{3,})\s*$")),
    ("quote", re.compile(r"> ?(.*)")),
    ("ul", re.compile(r"\s*[-*+] +(.+)")),
    ("ol", re.compile(r"\s*\d{1,9}[.)] +(.+)")),
    ("table", re.compile(r"\s*\|(.+)\|\s*$")),
)


def markdown(text: str, reader: Reader) -> Markup:
    """Paint headings, lists, quotes, fences, tables and paragraphs."""
    return Markup().join(_paint(kind, lines, reader) for kind, lines in _chunks(text))


def _chunks(text: str) -> Iterator[tuple[str, list[str]]]:
    kind, lines = "", list[str]()
    for line in text.split("\n"):
        if kind == "fence":
            if line.startswith("```"):
                yield kind, lines
                kind, lines = "", []
            else:
                lines.append(line)
            continue
        now = _kind(line)
        if now != kind or now in {"heading", "rule", "fence"}:
            yield kind, lines
            kind, lines = now, []
        if now != "fence":
            lines.append(line)
    yield kind, lines


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    return next((name for name, mark in _BLOCKS if mark.match(line)), "p")


def _paint(kind: str, lines: list[str], reader: Reader) -> Markup:
    paint = _PAINTS.get(kind)
    return paint(lines, reader) if paint else Markup()


def _fence(lines: list[str], _reader: Reader) -> Markup:
    return Markup("<pre>{}</pre>").format("\n".join(lines))


def _quote(lines: list[str], reader: Reader) -> Markup:
    inner = "\n".join(line[1:].removeprefix(" ") for line in lines)
    return Markup("<blockquote>{}</blockquote>").format(_paragraph(inner, reader))


def _heading(lines: list[str], reader: Reader) -> Markup:
    hashes, _, words = lines[0].partition(" ")
    shell = Markup('<div class="md-heading" role="heading" aria-level="{}">{}</div>')
    return shell.format(min(len(hashes) + 2, 6), inline(words.strip(), reader))


def _list(kind: str, lines: list[str], reader: Reader) -> Markup:
    mark = dict(_BLOCKS)[kind]
    items = Markup().join(
        Markup("<li>{}</li>").format(inline(mark.sub(r"\1", line), reader)) for line in lines
    )
    shell = Markup("<ul>{}</ul>") if kind == "ul" else Markup("<ol>{}</ol>")
    return shell.format(items)


def _table(lines: list[str], reader: Reader) -> Markup:
    rows = [
        line.strip().strip("|").split("|") for line in lines if not re.match(r"[\s|:-]+$", line)
    ]
    painted_rows = Markup().join(
        Markup("<tr>{}</tr>").format(
            Markup().join(
                (Markup("<td>{}</td>") if index else Markup('<th scope="col">{}</th>')).format(
                    inline(cell.strip(), reader)
                )
                for cell in row
            )
        )
        for index, row in enumerate(rows)
    )
    return Markup('<div class="table"><table>{}</table></div>').format(painted_rows)


def _paragraph(text: str, reader: Reader) -> Markup:
    return Markup("<br>").join(inline(line, reader) for line in text.split("\n"))


def inline(text: str, reader: Reader) -> Markup:
    """Paint one line: emphasis, code, links, mentions, emoji."""

    def wrapped(shell: str, group: int) -> Callable[[re.Match[str]], Markup]:
        return lambda found: Markup(shell).format(inline(found.group(group), reader))  # noqa: S704 -- our own tags

    return painted(
        text,
        _MARKS,
        {
            1: lambda found: Markup("<code>{}</code>").format(escape(found.group(1))),
            2: lambda found: anchor(found.group(3), inline(found.group(2), reader)),
            4: lambda found: reference(found.group(4), reader),
            5: wrapped("<strong>{}</strong>", 5),
            6: wrapped("<em>{}</em>", 6),
            7: wrapped("<em>{}</em>", 7),
            8: wrapped("<s>{}</s>", 8),
            9: lambda found: emoji(found.group(9)),
            10: lambda found: anchor(found.group(10), Markup(escape(found.group(10)))),  # noqa: S704 -- escaped
        },
    )


_PAINTS: dict[str, Callable[[list[str], Reader], Markup]] = {
    "fence": _fence,
    "rule": lambda _lines, _reader: Markup("<hr>"),
    "quote": _quote,
    "table": _table,
    "heading": _heading,
    "ul": lambda lines, reader: _list("ul", lines, reader),
    "ol": lambda lines, reader: _list("ol", lines, reader),
    "p": lambda lines, reader: Markup("<p>{}</p>").format(_paragraph("\n".join(lines), reader)),
}
