"""What was found: a line for each record, with the words that were looked for in bold."""

import json
from datetime import datetime

from bot.search import Found, Page
from bot.search_words import Asked, Piece
from handlers.cards._parts import (
    MARK,
    STATE,
    Json,
    actions,
    button,
    context,
    moment,
    person,
    safe,
    section,
)
from storage.models import ReferenceStatus, TakeState
from storage.search import DocumentKind

_KIND = {
    DocumentKind.SCENE: ":clapper:",
    DocumentKind.SEQUENCE: ":film_projector:",
    DocumentKind.TAKE: ":film_frames:",
    DocumentKind.NOTE: ":speech_balloon:",
    DocumentKind.DECISION: ":scales:",
    DocumentKind.REFERENCE: ":frame_with_picture:",
}
_STATUS = {
    ReferenceStatus.PROPOSED: ":large_yellow_circle:",
    ReferenceStatus.APPROVED: ":large_green_circle:",
    ReferenceStatus.RESTRICTED: ":large_orange_circle:",
    ReferenceStatus.RETIRED: ":white_circle:",
}
_WHAT = {DocumentKind.NOTE: "Note on ", DocumentKind.DECISION: "Decision on "}
_TITLE = 80


def found_card(page: Page, links: list[str | None], text: str, *, is_first: bool) -> list[Json]:
    """Draw a page of what was found; an empty one says what to try instead."""
    if not page.found:
        return [section(_nothing(page.asked) if is_first else "That was all.")]
    blocks = [section(_line(each, link)) for each, link in zip(page.found, links, strict=True)]
    if page.more is None:
        return [*blocks, context("That is all, the newest first.")]
    value = json.dumps([page.more, text])
    more = "The newest first. More words or a filter such as `status:approved` narrow it down."
    return [*blocks, context(more), actions(button("More", "find_more", value))]


def _line(each: Found, link: str | None) -> str:
    code = f"{_WHAT.get(each.kind, '')}{each.code}"
    named = f"<{link}|{code}>" if link else code
    told = "".join(map(_piece, each.pieces))
    return (
        f"{_mark(each)} *{named}*  {safe(each.title[:_TITLE])}\n"
        + (f"{told}\n" if told else "")
        + "  ·  ".join(part for part in (_state(each), _who(each.by), _when(each.at)) if part)
    )


def _mark(each: Found) -> str:
    if each.kind is DocumentKind.TAKE and isinstance(each.state, TakeState):
        return MARK.get(each.state, _KIND[each.kind])
    if isinstance(each.state, ReferenceStatus):
        return _STATUS[each.state]
    return _KIND[each.kind]


def _state(each: Found) -> str:
    if isinstance(each.state, TakeState):
        return STATE[each.state]
    return each.state.value.capitalize() if each.state else each.kind.value.capitalize()


def _who(user_id: str) -> str:
    return person(user_id) if user_id else ""


def _when(at: datetime | None) -> str:
    return moment(at)


def _piece(piece: Piece) -> str:
    return f"*{safe(piece.text)}*" if piece.is_sought else safe(piece.text)


def _nothing(asked: Asked) -> str:
    tries: list[str] = []
    if len(asked.terms) > 1 or any(" " in term for term in asked.terms):
        tries.append("fewer words, or without the quotes: all of them have to be there")
    elif asked.terms:
        tries.append("another spelling: whole words are looked for, in English also their forms")
    if asked.filtered:
        tries.append("fewer filters, or a longer time")
    return f"Nothing was found. Try {'; or '.join(tries)}."
