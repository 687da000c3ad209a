"""Slack's mrkdwn as safe HTML: only marks that Slack knows become tags, the rest is escaped."""

import re
from collections.abc import Callable
from itertools import groupby

from markupsafe import Markup

from tests.workspace.paint.dates import full, told
from tests.workspace.paint.inline import anchor, emoji, escaped, painted
from tests.workspace.paint.reader import Reader

_ATOM = r"<[^<>\n]*>|`[^`\n]*`"
_MARKS = re.compile(
    r"`([^`\n]+)`"
    r"|<([^<>\n]+)>"
    rf"|(?<![\w*])\*(?![\s*])((?:{_ATOM}|[^*\n<`])+)(?<!\s)\*(?![\w*])"
    rf"|(?<![\w_])_(?![\s_])((?:{_ATOM}|[^_\n<`])+)(?<!\s)_(?![\w_])"
    rf"|(?<![\w~])~(?![\s~])((?:{_ATOM}|[^~\n<`])+)(?<!\s)~(?![\w~])"
    r"|:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):"
    r"|(https?://[^\s<>\"|]+[^\s<>\"|.,;:!?)\]*_~'])"
)
_PRE = re.compile(r"```(.+?)```", re.DOTALL)
_QUOTE = re.compile(r"(?:>|&gt;) ?")
_BULLET = re.compile(r"\s*(?:•|-|◦) +(?=\S)")
_NUMBER = re.compile(r"\s*(\d{1,3})\. +(?=\S)")


def mrkdwn(text: str, reader: Reader, *, emoji_only_large: bool = False) -> Markup:
    """Paint a whole mrkdwn text: fences first, then quotes and lists, then marks in each line."""
    pieces = _PRE.split(text)
    out = Markup()
    for index, piece in enumerate(pieces):
        if index % 2:
            out += Markup("<pre>{}</pre>").format(escaped(piece.strip("\n")))
        else:
            inner = piece.removeprefix("\n") if index else piece
            out += _lines(inner.removesuffix("\n") if index < len(pieces) - 1 else inner, reader)
    if emoji_only_large and _is_only_emoji(text):
        return Markup('<span class="jumbo">{}</span>').format(out)
    return out


def inline(text: str, reader: Reader) -> Markup:
    """Paint marks inside one line, without quotes, lists or fences."""

    def wrapped(tag: str, group: int) -> Callable[[re.Match[str]], Markup]:
        opening, closing = Markup(f"<{tag}>"), Markup(f"</{tag}>")  # noqa: S704 -- our own tags
        return lambda found: opening + inline(found.group(group), reader) + closing

    return painted(
        text,
        _MARKS,
        {
            1: lambda found: Markup("<code>{}</code>").format(escaped(found.group(1))),
            2: lambda found: reference(found.group(2), reader),
            3: wrapped("strong", 3),
            4: wrapped("em", 4),
            5: wrapped("s", 5),
            6: lambda found: emoji(found.group(6)),
            7: lambda found: anchor(found.group(7), escaped(found.group(7))),
        },
    )


def reference(inside: str, reader: Reader) -> Markup | None:
    """Paint what stands between `<` and `>`: a person, a channel, a date, a link."""
    target, _, label = inside.partition("|")
    kind, name = target[:1], target[1:]
    if kind == "@":
        return mention(name, reader, label)
    if kind == "#":
        return _chip("#" + (reader.channels.get(name) or label or name), "channel", name)
    if kind == "!":
        return _special(name, label, reader)
    return anchor(target, inline_label(label or target.removeprefix("mailto:")))


def inline_label(text: str) -> Markup:
    """Paint the words of a link: escaped, with emoji."""
    return painted(text, re.compile(r":([a-z0-9_+'-]+):"), {1: lambda found: emoji(found.group(1))})


def mention(user_id: str, reader: Reader, label: str = "") -> Markup:
    """Name a person; the reader's own name stands out."""
    name = reader.names.get(user_id) or label or user_id
    return _chip("@" + name.removeprefix("@"), "me" if user_id == reader.user_id else "", user_id)


def _special(name: str, label: str, reader: Reader) -> Markup | None:
    if name.startswith("date^"):
        return _date(name, label, reader)
    if name in {"here", "channel", "everyone"}:
        return _chip(f"@{name}", "me")
    if name.startswith("subteam^"):
        return _chip(label or "@group", "")
    return None


def _date(name: str, label: str, reader: Reader) -> Markup | None:
    _, seconds, form, *link = [*name.split("^"), ""][:4]
    if not seconds.isdecimal() or len(seconds) > 11:
        return escaped(label) if label else None
    words = Markup('<time title="{}">{}</time>').format(
        full(reader.moment(int(seconds))), told(int(seconds), form, reader)
    )
    return (anchor(link[0], words) if link and link[0] else None) or words


def _chip(text: str, role: str, target: str = "") -> Markup:
    return Markup('<span class="mention {}" data-target="{}">{}</span>').format(
        role, target, escaped(text)
    )


def _lines(text: str, reader: Reader) -> Markup:
    out = Markup()
    before = ""
    for kind, group in groupby(text.split("\n") if text else [], key=_kind):
        lines = list(group)
        if before == kind == "p":
            out += Markup("<br>")
        out += _block(kind, lines, reader)
        before = kind
    return out


def _kind(line: str) -> str:
    if _QUOTE.match(line):
        return "blockquote"
    if _BULLET.match(line):
        return "ul"
    return "ol" if _NUMBER.match(line) else "p"


def _block(kind: str, lines: list[str], reader: Reader) -> Markup:
    if kind == "blockquote":
        inner = _lines("\n".join(_QUOTE.sub("", one, count=1) for one in lines), reader)
        return Markup("<blockquote>{}</blockquote>").format(inner)
    if kind == "p":
        return Markup("<br>").join(_lead(one) + inline(one.lstrip(" "), reader) for one in lines)
    mark = _BULLET if kind == "ul" else _NUMBER
    items = Markup().join(
        Markup("<li>{}</li>").format(inline(mark.sub("", one, count=1), reader)) for one in lines
    )
    if kind == "ul":
        return Markup("<ul>{}</ul>").format(items)
    first = _NUMBER.match(lines[0])
    return Markup('<ol start="{}">{}</ol>').format(first.group(1) if first else "1", items)


def _lead(line: str) -> Markup:
    return Markup("&nbsp;") * (len(line) - len(line.lstrip(" ")))


def _is_only_emoji(text: str) -> bool:
    rest = re.sub(r":[a-z0-9_+'-]+:|\s", "", text)
    return not rest and ":" in text
