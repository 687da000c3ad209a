"""Check a rule book before anybody posts it, print a template, or what counts in a channel."""

import argparse
import asyncio
import sys
from difflib import get_close_matches
from pathlib import Path

from bot.errors import BadForm
from bot.rulebook import read_rules, templates
from bot.rules_words import plainly
from bot.settings import Settings
from bot.standing import unfit
from storage import Database, digests, rules


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take `check FILE`, `template NAME` or `export --channel C…`."""
    choices = parser.add_subparsers(dest="what", required=True, metavar="check | template | export")
    check = choices.add_parser("check", help="say what is wrong with a file, or read it back")
    check.add_argument("file", type=Path, metavar="FILE")
    template = choices.add_parser("template", help="print a rule book to begin with")
    template.add_argument("name", metavar="NAME", help=", ".join(templates()))
    export = choices.add_parser("export", help="print the rule book that counts in a channel")
    export.add_argument("--channel", required=True, metavar="C…", help="the team channel's id")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print it; 1 if the file cannot be read, or there is no such template or book."""
    match options.what:
        case "check":
            return _check(options.file)
        case "template":
            return _template(options.name)
        case _:
            return _export(options.channel, settings)


def _check(file: Path) -> int:
    try:
        print(plainly(read_rules(file.read_text(encoding="utf-8-sig"))))
    except UnicodeDecodeError:
        return _refused(f"{file} is no text in UTF-8.")
    except BadForm as wrong:
        return _refused(f"{file}: {wrong}")
    return 0


def _template(name: str) -> int:
    known = templates()
    if name not in known:
        near = get_close_matches(name.lower(), known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
        return _refused(f"There is no template {name}. {hint}")
    print(known[name], end="")
    return 0


def _export(channel_id: str, settings: Settings) -> int:
    if why := unfit(settings):
        return _refused(why)
    bodies = asyncio.run(_bodies(channel_id, settings))
    if bodies is None:
        return _refused(f"No production has the team channel {channel_id}.")
    if not bodies:
        return _refused(
            "This production has no rule book; `/scene rules` in its channel begins it."
        )
    print(bodies[0], end="")
    return 0


async def _bodies(channel_id: str, settings: Settings) -> list[str] | None:
    """Give the book that counts in a channel, none or one; None without a production there."""
    db = Database(settings.database)
    try:
        async with db.read() as session:
            every = await digests.every_production(session)
            meant = [each for each in every if each.channel_id == channel_id]
            books = [await rules.newest(session, each) for each in meant]
    finally:
        await db.close()
    return [book.body for book in books if book] if meant else None


def _refused(why: str) -> int:
    print(why, file=sys.stderr)
    return 1
