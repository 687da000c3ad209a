"""The form of a production's rule book: its YAML, as one text."""

import json

from bot.rulebook import templates
from bot.rules import Book, Overtaken, Text, book_in, write
from bot.scene_form import LONGEST
from handlers.cards._parts import Json, context, moment, person, safe, section
from handlers.cards.rules import spoken
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import modal, text

CALLBACK = "rules_form"
_PAGE = 2800
"""Characters of a long book in one section, its escapes included."""
_PAGES = 60
_FILE = "Post it in the channel as a .yaml file and say @circletake rules in its thread."


def filled(book: Book, channel_id: str, *, template: str = "") -> Json:
    """Make the form with the book that counts, or with a template to put in its place."""
    if template:
        return _form(book, channel_id, templates()[template], template=template)
    body = book.edition.body if book.edition else ""
    if len(body) > LONGEST:
        return _too_long(body)
    return _form(book, channel_id, body)


def _form(book: Book, channel_id: str, body: str, *, template: str = "", told: str = "") -> Json:
    blocks = [
        context(told or _standing(book, template)),
        text("body", "Rules", body, lines=True, placeholder="name: Aurora launch",
             hint=f"YAML, at most {LONGEST:,} characters. Is it longer? {_FILE}"),
        context(f"{safe(book.production.name)}  ·  every key: docs/rules.md"),
    ]  # fmt: skip
    meta = json.dumps({"channel": channel_id, "seen": book.newest, "template": template})
    return modal(CALLBACK, "Rules", blocks, submit="Save", private_metadata=meta)


def _standing(book: Book, template: str) -> str:
    if not book.edition:
        begun = f"From the template {spoken(template)}. " if template else ""
        return f"{begun}Saved, it counts from the next order on."
    counts = f"Edition {book.newest} by {person(book.edition.made_by)}"
    if template:
        return (
            f":warning: The template {spoken(template)} would take the place of {counts}, which "
            "stays in the history."
        )
    return (
        f"{counts} counts, {moment(book.edition.made_at)}. Saved, this is edition "
        f"{book.newest + 1}."
    )


def _too_long(body: str) -> Json:
    """Show a book that no text field holds, to be copied."""
    told = (
        f"This book has {len(body):,} characters and a form holds {LONGEST:,}. Copy it and "
        f"change it. {_FILE}"
    )
    pages = list(_pages(body))
    return modal(CALLBACK, "Rules", [section(told), *pages[:_PAGES]])


def _pages(body: str) -> list[Json]:
    pages = [""]
    for line in body.splitlines():
        said = safe(line).replace("```", "` ` `")
        if len(pages[-1]) + len(said) > _PAGE:
            pages.append("")
        pages[-1] += f"{said[:_PAGE]}\n"
    return [section(f"```\n{page}```") for page in pages]


async def send(sent: Submission, house: House) -> Json | None:
    """Keep what was written as the next edition; whoever was overtaken keeps their text."""
    meta = json.loads(sent.meta)
    where, template = meta["channel"], meta["template"]
    written = Text(sent.text("body"), template, meta["seen"])
    try:
        edition = await write(house.studio, sent.actor, written, channel_id=where, key=sent.key)
    except Overtaken as overtaken:
        book = await book_in(house.studio, sent.actor, where)
        told = (
            f":warning: Edition {overtaken.number} was written meanwhile by "
            f"{person(overtaken.by)}. Your text is below as you wrote it: compare it "
            "with `/scene rules`, then save again to put it in that edition's place."
        )
        return _form(book, where, written.body, template=template, told=told)
    if edition:
        said = f"Edition {edition.number} of the rules counts now. `/scene rules` reads it."
        house.later(house.room.whisper(where, sent.actor.user_id, said, thread_ts=None))
    return None
