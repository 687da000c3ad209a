"""A production's rule book: every change is an edition of its own, and none is lost."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import pairwise, zip_longest

from bot import log
from bot.crew import Power, must, production_in, role_for
from bot.errors import NotNow
from bot.ground import rules_of
from bot.people import Actor
from bot.rulebook import Rules, read_rules
from bot.rules_words import counted
from bot.studio import Studio
from storage import Session, cards, deliveries, rules, scenes, takes
from storage.models import CardKind, Production, RuleBook

_REDRAWN = 1000
"""The newest scenes, and the takes that wait longest, whose cards show new rules at once."""
_LISTED = 20
_COMPARED = 150_000
"""Characters that are read to compare editions: more would take longer than Slack waits."""


@dataclass(frozen=True)
class Book:
    """A production's rule book in one of its editions."""

    production: Production
    edition: RuleBook | None
    """None while there is none at all."""
    rules: Rules
    newest: int
    """The number of the edition that counts; 0 without one."""
    may_change: bool
    """Whether whoever looks at it may."""


@dataclass(frozen=True)
class Text:
    """A rule book as somebody wrote it."""

    body: str
    template: str = ""
    seen: int | None = None
    """The number of the edition that they had before them; None to follow whichever counts."""


class Overtaken(NotNow):
    """Somebody else wrote an edition meanwhile."""

    def __init__(self, number: int, by: str) -> None:
        super().__init__(f"Edition {number} was written meanwhile. Look at it first.")
        self.number = number
        self.by = by


async def book_in(studio: Studio, actor: Actor, channel_id: str, *, number: int = 0) -> Book:
    """Give a production's rules, or one edition of them. Raises NotNow if there is no such."""
    async with studio.db.read() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        edition = newest = await rules.newest(session, production)
        known = await rules_of(session, production)
        if number:
            edition = await _edition(session, production, number)
            known = read_rules(edition.body)
        role = await role_for(session, Power.RULES, actor, production=production)
    return Book(production, edition, known, newest.number if newest else 0, role is not None)


async def may_write(studio: Studio, actor: Actor, channel_id: str) -> Book:
    """Give the rules as they stand to whoever may change them. Raises NotAllowed."""
    async with studio.db.read() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.RULES, actor, production=production)
    return await book_in(studio, actor, channel_id)


async def editions(
    studio: Studio, production: Production
) -> list[tuple[RuleBook, dict[str, int] | None]]:
    """Give the newest editions, newest first, each with what was different from the one before.

    None where there is none before, and for the older ones of books that take long to compare.
    """
    async with studio.db.read() as session:
        found = await rules.editions(session, production, last=_LISTED + 1)
    return await asyncio.to_thread(_compared, found)


def _compared(found: list[RuleBook]) -> list[tuple[RuleBook, dict[str, int] | None]]:
    read: list[Rules] = []
    room = _COMPARED
    for each in found:
        room -= len(each.body)
        if room < 0:
            break
        read.append(read_rules(each.body))
    told = [counted(before, after) for after, before in pairwise(read)]
    return list(zip_longest(found, told))[:_LISTED]


async def is_known(studio: Studio, production: Production, body: str) -> bool:
    """Say whether a text was an edition already."""
    async with studio.db.read() as session:
        found = await rules.with_text(session, production, _hash(_kept(body)))
    return found is not None


async def write(
    studio: Studio, actor: Actor, text: Text, *, channel_id: str, key: str
) -> RuleBook | None:
    """Make a text the edition that counts; None if it is already, or this delivery had its effect.

    Raises BadForm with the lines that are wrong, NotAllowed, or Overtaken.
    """
    known = read_rules(text.body)
    now = studio.clock()
    async with studio.db.begin() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.RULES, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        await scenes.hold(session, production)
        before = await rules.newest(session, production)
        body = _kept(text.body)
        if before and before.body == body:
            return None
        if before and text.seen is not None and before.number != text.seen:
            raise Overtaken(before.number, before.made_by)
        counts = counted(await rules_of(session, production), known)
        edition = RuleBook(
            workspace_id=production.workspace_id,
            production_id=production.id,
            number=await rules.next_number(session, production),
            template=text.template,
            body=body,
            sha256=_hash(body),
            made_by=actor.user_id,
            made_at=now,
        )
        session.add(edition)
        await session.flush()
        await _redraw(session, production, at=now)
        await _record(session, actor, edition, counts)
    studio.bell.ring()
    return edition


async def restore(
    studio: Studio, actor: Actor, number: int, *, channel_id: str, key: str
) -> RuleBook | None:
    """Make an older edition's text count again, as a new edition; None as for `write`."""
    async with studio.db.read() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        found = await _edition(session, production, number)
    again = Text(found.body, found.template)
    return await write(studio, actor, again, channel_id=channel_id, key=key)


async def _edition(session: Session, production: Production, number: int) -> RuleBook:
    found = await rules.edition(session, production, number)
    if found is None:
        raise NotNow(f"There is no edition {number}. `/scene rules history` lists those there are.")
    return found


def _kept(text: str) -> str:
    return f"{text.strip()}\n"


def _hash(body: str) -> str:
    return sha256(body.encode()).hexdigest()


async def _redraw(session: Session, production: Production, *, at: datetime) -> None:
    """Show the new rules where the old ones stand: on scenes, and on takes that still wait."""
    shown = await scenes.of_production(session, production, last=_REDRAWN)
    waiting = await takes.waiting(session, production, first=_REDRAWN)
    kinds = (CardKind.SCENE, CardKind.TAKE, CardKind.CLIENT_TAKE)
    subjects = [each.id for each in (*shown, *waiting)]
    await cards.redraw(session, production.workspace_id, kinds, subjects, at=at)


async def _record(
    session: Session, actor: Actor, edition: RuleBook, counts: dict[str, int]
) -> None:
    await log.record(
        session, "rules.changed", workspace_id=edition.workspace_id, actor=actor,
        at=edition.made_at,
        about=log.About(edition.production_id, sha256=edition.sha256),
        facts={"edition": edition.number, "template": edition.template, "changed": counts},
    )  # fmt: skip
