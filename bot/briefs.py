"""Read what people wrote in a thread into the form of a scene."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.labels import LABELS, labelled
from bot.measures import (
    camera_in,
    is_bare,
    ratio_in,
    ratio_mentioned,
    seconds_in,
    seconds_mentioned,
)
from bot.mrkdwn import legible, plain, unmarked

__all__ = ["LABELS", "LONGEST_INPUT", "Brief", "ThreadMessage", "read_brief"]

LONGEST_INPUT = 3000
"""Slack opens no modal with a longer text in an input."""

_ONE_LINE = frozenset({"title", "seconds", "ratio"})
_MEASURES = {"seconds": seconds_in, "ratio": ratio_in}

_HEADING = re.compile(
    r"(?:[^\w*:\n#]|:[\w+'-]+:)*"
    r"(?:\*(?P<bold>[^*\n]{2,150})\*|#{1,6}[ \t]+(?P<hash>[^\n]{2,150})$)",
    re.MULTILINE,
)
_QUOTE = re.compile(r"[ \t]*>(?:>>)?[ \t]?")
_CHATTER = frozenset({
    "+1", "ok", "okay", "k", "go", "yes", "yep", "yeah", "yup", "thanks", "thx", "ty", "great",
    "nice", "cool", "perfect", "done", "lgtm", "same", "agreed", "awesome", "sure", "wow",
    "thank you", "sounds good", "on it", "will do", "got it", "love it", "love this", "go ahead",
    "go for it", "looks good", "all good", "makes sense",
})  # fmt: skip


@dataclass(frozen=True)
class ThreadMessage:
    """One message of a thread, its text as Slack delivers it."""

    author: str
    text: str
    ts: str = ""
    is_bot: bool = False
    is_edited: bool = False
    is_deleted: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brief:
    """A thread in the form of a scene; each text fits its input, `source_text` holds it all."""

    title: str = ""
    purpose: str = ""
    change: str = ""
    feeling: str = ""
    must_carry: str = ""
    must_not_show: str = ""
    action: str = ""
    framing: str = ""
    camera: str = ""
    seconds: float | None = None
    ratio: str | None = None
    rights: str = ""
    disclosure: str = ""
    brand: str = ""
    safety: str = ""
    brief: str = ""
    source_text: str = ""
    overflowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Piece:
    """Lines that belong to one field, or to none."""

    field: str | None
    label: str
    text: str
    is_quoted: bool


def read_brief(
    messages: Iterable[ThreadMessage], *, names: Mapping[str, str] | None = None
) -> Brief:
    """Sort a thread's text into fields; messages come oldest first.

    `names` maps member ids to the names people read. What a later line replaced, what was too
    long and what bots said is in `source_text` only.
    """
    said = _standing(messages)
    pieces = [piece for message in said for piece in _pieces_of(message, names)]
    values, loose = _sorted_out(pieces)
    if pieces and pieces[0].field is None and "title" not in values:
        values["title"], loose[0] = _heading(loose[0])
    text = unmarked("\n".join(part for part in loose if part.strip())).strip()
    return _proposed(values, text, source_text=_source(said, names))


def _proposed(values: Mapping[str, str], text: str, *, source_text: str) -> Brief:
    texts = {name: value for name, value in values.items() if name not in _MEASURES}
    texts = {"camera": camera_in(text) or ""} | texts | {"brief": text}
    return Brief(
        **{name: _fitting(value) for name, value in texts.items()},
        seconds=seconds_in(values.get("seconds", "")) or seconds_mentioned(text),
        ratio=ratio_in(values.get("ratio", "")) or ratio_mentioned(text),
        source_text=source_text,
        overflowed=tuple(name for name, value in texts.items() if len(value) > LONGEST_INPUT),
    )


def _standing(messages: Iterable[ThreadMessage]) -> list[ThreadMessage]:
    """Leave out what was deleted, and of a message delivered twice the older text.

    Slack repeats a thread's first message on every page of its replies.
    """
    kept: list[ThreadMessage] = []
    places: dict[str, int] = {}
    for message in messages:
        place = places.get(message.ts) if message.ts else None
        if place is None:
            places[message.ts] = len(kept)
            kept.append(message)
        elif _is_newer(message):
            kept[place] = message
        elif message.text != kept[place].text and not _is_newer(kept[place]):
            kept.append(message)
    return [message for message in kept if not message.is_deleted]


def _is_newer(message: ThreadMessage) -> bool:
    return message.is_edited or message.is_deleted


def _source(messages: Sequence[ThreadMessage], names: Mapping[str, str] | None) -> str:
    return "\n\n".join(_told(message, names) for message in messages)


def _told(message: ThreadMessage, names: Mapping[str, str] | None) -> str:
    author = (names or {}).get(message.author, message.author)
    marks = " (bot)" * message.is_bot + " (edited)" * message.is_edited
    lines = [f"{author}{marks}: {plain(message.text, names)}".rstrip()]
    if message.files:
        lines.append(f"[files: {', '.join(message.files)}]")
    return "\n".join(lines)


def _pieces_of(message: ThreadMessage, names: Mapping[str, str] | None) -> list[_Piece]:
    text = "" if message.is_bot else legible(message.text, names)
    if _is_chatter(text):
        return []
    pieces: list[_Piece] = []
    for piece in _line_by_line(text):
        if pieces and _goes_on(pieces[-1], piece):
            pieces[-1] = replace(pieces[-1], text=_joined(pieces[-1], piece))
        else:
            pieces.append(piece)
    return pieces


def _line_by_line(text: str) -> Iterator[_Piece]:
    lines = text.splitlines()
    quoted_on = False
    for number, line in enumerate(lines, start=1):
        quote = _QUOTE.match(line)
        quoted_on = quoted_on or line.lstrip().startswith(">>>")
        body = line[quote.end() :] if quote else line
        is_quoted = quoted_on or quote is not None
        for part in labelled(body, is_last=number == len(lines)):
            yield _Piece(part.field, part.label, part.text, is_quoted)


def _goes_on(open_piece: _Piece, piece: _Piece) -> bool:
    """Say whether a line belongs to what was begun above it; a quote ends what is no quote."""
    if piece.field is not None:
        return False
    if not open_piece.text.strip() and open_piece.field is not None:
        return True
    return piece.is_quoted == open_piece.is_quoted and open_piece.field not in _ONE_LINE


def _joined(open_piece: _Piece, piece: _Piece) -> str:
    return f"{open_piece.text}\n{piece.text}" if open_piece.text else piece.text


def _sorted_out(pieces: Sequence[_Piece]) -> tuple[dict[str, str], list[str]]:
    """Give each field its latest line, and list what has no field.

    A quote repeats what was said before, so it fills a field but replaces nothing.
    """
    values: dict[str, str] = {}
    loose: list[str] = []
    for piece in pieces:
        text = unmarked(piece.text).strip()
        if piece.field is None:
            loose.append(_quoted(piece))
        elif text and not (piece.is_quoted and piece.field in values):
            if _is_measured(piece.field, text):
                values[piece.field] = text
            if piece.field in _MEASURES and not is_bare(text):
                loose.append(f"{piece.label}: {text}")
    return values, loose


def _is_measured(field: str, text: str) -> bool:
    return field not in _MEASURES or _MEASURES[field](text) is not None


def _quoted(piece: _Piece) -> str:
    if not piece.is_quoted:
        return piece.text
    return "\n".join(f"> {line}".rstrip() for line in piece.text.splitlines())


def _heading(text: str) -> tuple[str, str]:
    """Take a bold first line as a title; one bold word before other words only stresses it."""
    found = _HEADING.match(text)
    if found is None:
        return "", text
    title = (found["bold"] or found["hash"]).strip()
    rest = text[found.end() :]
    if " " not in title and rest.partition("\n")[0].strip():
        return "", text
    return unmarked(title), text[: found.start("bold" if found["bold"] else "hash")].strip(
        "*# "
    ) + rest


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST_INPUT else text[: LONGEST_INPUT - 2].rstrip() + " \u2026"


def _is_chatter(text: str) -> bool:
    """Tell applause from brief text: emoji, mentions and a word of consent."""
    said = re.sub(r":[^\s:]+:|@\S+", " ", text.lower())
    words = re.findall(r"\+1|[^\W_]+", said)
    return all(word in _CHATTER for word in words) or " ".join(words) in _CHATTER
